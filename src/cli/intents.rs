//! `intents`: what an interrupted apply left open.

use std::process::ExitCode;

use super::arguments::maintain::{
    IntentsAdoptArguments, IntentsArguments, IntentsCommand, IntentsForgetArguments, IntentsListArguments,
};
use super::arguments::values::StatePathArguments;
use super::state::close;
use super::{Failure, Global, output};
use crate::lang::PathStep;
use crate::state::{Intent, IntentAction, Journal, State};

/// Runs the subcommand.
pub(crate) async fn run(global: &Global, arguments: IntentsArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        IntentsCommand::List(arguments) => list(global, &arguments).await,
        IntentsCommand::Forget(arguments) => forget(global, &arguments).await,
        IntentsCommand::Adopt(arguments) => adopt(global, &arguments).await,
    }
}

async fn list(global: &Global, arguments: &IntentsListArguments) -> anyhow::Result<ExitCode> {
    let state = global.read_state(&StatePathArguments::default()).await?;
    let intents = state.intents()?;
    if arguments.json {
        let items =
            intents.iter().map(|intent| to_json(global, intent)).collect::<anyhow::Result<Vec<_>>>()?;
        let json = serde_json::json!({ "format_version": "1.0", "intents": items });
        output::print_line(crate::state::RawJson::from_value(&json).to_indented())?;
        return Ok(ExitCode::SUCCESS);
    }
    if intents.is_empty() {
        output::print_line("No open intents.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for intent in &intents {
        let accepted = accepted(global, intent)?.map(|id| format!(", accepted as {id}")).unwrap_or_default();
        let place = [&intent.account, &intent.region].map(String::as_str).join("/");
        text.push_str(&format!(
            "{}  {} {}{accepted}\n    {} on {} ({place}), since {}, run {}\n",
            intent.id,
            intent.action.as_str(),
            intent.address,
            intent.resource_type,
            shown_parent(intent),
            intent.time,
            intent.run
        ));
    }
    text.push_str(
        "\nThe next apply settles these by itself where that is safe. Where it asks you to decide:\n  snapform intents \
         adopt INTENT ID\n  snapform intents forget INTENT\n",
    );
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn accepted(global: &Global, intent: &Intent) -> anyhow::Result<Option<String>> {
    if intent.object.is_some() {
        return Ok(intent.object.clone());
    }
    let lines = Journal::read(&global.journal_folder(), &intent.run)?;
    Ok(lines.into_iter().find(|line| line.intent == intent.id).map(|line| line.object))
}

/// What stands for a sensitive value.
const HIDDEN: &str = "(sensitive value)";

/// Returns the parent, unless what names it is sensitive.
fn shown_parent(intent: &Intent) -> &str {
    let names = crate::schema::parent::parent_attributes(&intent.resource_type);
    let is_hidden = intent.sensitive.iter().any(|path| match path.first() {
        Some(PathStep::Attribute(name)) => names.contains(&&**name),
        _ => false,
    });
    if is_hidden { HIDDEN } else { &intent.parent }
}

/// Returns the parameters; one that is sensitive in any part is hidden as a whole.
fn shown_parameters(intent: &Intent) -> anyhow::Result<serde_json::Value> {
    let mut parameters = intent.parameters.to_value()?;
    for path in &intent.sensitive {
        if let Some(PathStep::Attribute(name)) = path.first()
            && let Some(parameter) = parameters.get_mut(&**name)
        {
            *parameter = HIDDEN.into();
        }
    }
    Ok(parameters)
}

fn to_json(global: &Global, intent: &Intent) -> anyhow::Result<serde_json::Value> {
    Ok(serde_json::json!({
        "id": intent.id,
        "action": intent.action.as_str(),
        "address": intent.address,
        "provider": intent.provider,
        "type": intent.resource_type,
        "account": intent.account,
        "region": intent.region,
        "parent": shown_parent(intent),
        "parameters": shown_parameters(intent)?,
        "run": intent.run,
        "time": intent.time,
        "existing": intent.existing,
        "accepted": accepted(global, intent)?,
    }))
}

/// Says which object an intent led to. The next apply or refresh reads it and binds it to the address, exactly as if
/// the cloud's answer had arrived; this command needs no cloud and cannot bind an object that does not exist.
async fn adopt(global: &Global, arguments: &IntentsAdoptArguments) -> anyhow::Result<ExitCode> {
    let mut session =
        global.session("intents-adopt", &arguments.lock, &StatePathArguments::default()).await?;
    let ended = async {
        let mut state = session.read().await?;
        let open = state.intents()?;
        let mut intent = find(&open, &arguments.intent)?.clone();
        check_adoptable(&state, &open, &intent, &arguments.id)?;
        intent.object = Some(arguments.id.clone());
        state.put_intent(&intent);
        session.write(&mut state).await?;
        output::print_line(format!(
            "{} will be bound to {} by the next apply or refresh.",
            arguments.id, intent.address
        ))?;
        Ok(ExitCode::SUCCESS)
    }
    .await;
    close(session, ended).await
}

fn check_adoptable(state: &State, open: &[Intent], intent: &Intent, id: &str) -> anyhow::Result<()> {
    let refused = |why: String| Err(Failure::new("The object cannot be adopted", why).into());
    if intent.action != IntentAction::Create {
        let id = &intent.id;
        return refused(format!(
            "The intent is to {} an object that is known already. Drop it with \"snapform intents forget {id}\".",
            intent.action.as_str()
        ));
    }
    let owner = state.objects().find(|(resource, _, _, object)| {
        resource.resource_type == intent.resource_type && object.id().as_deref() == Some(id)
    });
    if let Some((resource, _, key, _)) = owner {
        return refused(format!("{id} belongs to {} already.", resource.object_address(key)));
    }
    let same = |other: &&Intent| {
        other.id != intent.id
            && other.resource_type == intent.resource_type
            && other.object.as_deref() == Some(id)
    };
    match open.iter().find(same) {
        Some(other) => refused(format!("{id} was given to the intent {} already.", other.id)),
        None => Ok(()),
    }
}

async fn forget(global: &Global, arguments: &IntentsForgetArguments) -> anyhow::Result<ExitCode> {
    let mut session =
        global.session("intents-forget", &arguments.lock, &StatePathArguments::default()).await?;
    let ended = async {
        let mut state = session.read().await?;
        let open = state.intents()?;
        let mut text = String::new();
        for name in &arguments.intents {
            let intent = find(&open, name)?;
            state.remove_intent(&intent.id);
            text.push_str(&format!("Forgot {} ({} {})\n", intent.id, intent.action.as_str(), intent.address));
        }
        session.write(&mut state).await?;
        output::print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
    .await;
    close(session, ended).await
}

/// Returns the intent whose id begins so.
pub(crate) fn find<'a>(open: &'a [Intent], name: &str) -> anyhow::Result<&'a Intent> {
    let mut found = open.iter().filter(|intent| intent.id == name);
    let mut begun = open.iter().filter(|intent| !name.is_empty() && intent.id.starts_with(name));
    match (found.next(), begun.next(), begun.next()) {
        (Some(intent), _, _) | (None, Some(intent), None) => Ok(intent),
        (None, None, _) => Err(Failure::new(
            "No such intent",
            format!("No open intent begins with {name:?}. List them with \"snapform intents list\"."),
        )
        .into()),
        (None, Some(_), Some(_)) => Err(Failure::new(
            "Ambiguous intent",
            format!("Several open intents begin with {name:?}. Write more of the id."),
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Object, ObjectKey, RawJson, ResourceKey};

    fn intent(id: &str, action: IntentAction) -> Intent {
        let text = |text: &str| text.to_owned();
        Intent {
            id: text(id),
            action,
            address: text("alicloud_ecs_snapshot.a"),
            provider: text("provider[\"registry.terraform.io/aliyun/alicloud\"]"),
            resource_type: text("alicloud_ecs_snapshot"),
            account: text("1"),
            region: text("cn-hangzhou"),
            parent: text("d-1"),
            parameters: RawJson::null(),
            sensitive: Vec::new(),
            marker: text("m"),
            run: text("r"),
            time: text("2026-11-22T18:00:00Z"),
            heartbeat: text("2026-11-22T18:00:00Z"),
            existing: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
            object: None,
        }
    }

    #[test]
    fn an_intent_is_found_by_the_beginning_of_its_id_when_that_is_unique() {
        let open = [intent("abc1", IntentAction::Create), intent("abc2", IntentAction::Create)];
        assert_eq!(find(&open, "abc2").unwrap().id, "abc2");
        assert!(find(&open, "abc").is_err() && find(&open, "").is_err() && find(&open, "x").is_err());
        assert_eq!(find(&open[..1], "a").unwrap().id, "abc1");
    }

    #[test]
    fn an_object_is_adopted_once_and_only_for_a_create() {
        let mut state = State::default();
        let attributes = RawJson::parse(r#"{"id":"s-owned"}"#).ok();
        let key = ResourceKey::managed("alicloud_ecs_snapshot", "b");
        state.put_object(
            &key,
            "provider[\"p\"]",
            ObjectKey::default(),
            Object { attributes, ..Object::default() },
        );
        let create = intent("a", IntentAction::Create);
        let given = Intent { object: Some("s-given".into()), ..intent("b", IntentAction::Create) };
        let open = [create.clone(), given];
        assert!(check_adoptable(&state, &open, &create, "s-new").is_ok());
        assert!(check_adoptable(&state, &open, &create, "s-owned").is_err());
        assert!(check_adoptable(&state, &open, &create, "s-given").is_err());
        assert!(check_adoptable(&state, &open, &intent("c", IntentAction::Delete), "s-new").is_err());
    }
}
