//! `intents`: what an interrupted apply left open.

use std::process::ExitCode;

use super::arguments::maintain::{
    IntentsArguments, IntentsCommand, IntentsForgetArguments, IntentsListArguments,
};
use super::arguments::values::StatePathArguments;
use super::state::close;
use super::{Failure, Global, output};
use crate::state::{Intent, Journal};

/// Runs the subcommand.
pub(crate) async fn run(global: &Global, arguments: IntentsArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        IntentsCommand::List(arguments) => list(global, &arguments).await,
        IntentsCommand::Forget(arguments) => forget(global, &arguments).await,
        IntentsCommand::Adopt(_) => super::not_available("intents adopt"),
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
            intent.parent,
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

fn to_json(global: &Global, intent: &Intent) -> anyhow::Result<serde_json::Value> {
    Ok(serde_json::json!({
        "id": intent.id,
        "action": intent.action.as_str(),
        "address": intent.address,
        "provider": intent.provider,
        "type": intent.resource_type,
        "account": intent.account,
        "region": intent.region,
        "parent": intent.parent,
        "parameters": intent.parameters.to_value()?,
        "run": intent.run,
        "time": intent.time,
        "existing": intent.existing,
        "accepted": accepted(global, intent)?,
    }))
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
