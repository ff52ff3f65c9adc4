//! Settles the open intents of earlier runs: reads what the decision needs, decides, and binds what was found to its
//! old address. What today's configuration makes of it is the business of the plan that follows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use super::event::{Action, Event, EventSink, Recovery, Subject};
use super::kind::{declared_of, system_of};
use super::ledger::deposed_key;
use super::missed;
use super::options::Options;
use super::proof::{Holders, Strange, examine, rather};
use super::recover::{Claim, Evidence, Open, Spot, Verdict, decide, settled_at, spot_of};
use super::resolve::Companion;
use super::store::Journal;
use crate::cloud::{Known, Life, Object as Found, Observed, Reader, short};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::Value;
use crate::lang::address::{Address, Mode, ProviderAddress, Resource};
use crate::plan::remembered::Origin;
use crate::plan::{ObjectName, prior, remembered};
use crate::schema::ResourceType;
use crate::state::{
    Intent, IntentAction, Object, ObjectKey, ResourceKey, State, Target, intent::INTENT_TYPE,
};

/// What became of one intent.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The intent.
    pub intent: Intent,
    /// Its outcome.
    pub outcome: Recovery,
}

/// The state after recovery.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// The state, with what was found bound to its address.
    pub state: State,
    /// What became of each intent, the oldest first.
    pub findings: Vec<Finding>,
    /// Whether the state differs from the one given.
    pub changed: bool,
}

impl Recovered {
    /// Returns the number of intents that are settled now.
    pub fn settled(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_settled()).count()
    }

    /// Returns an error for each intent that is still open: while there is one, nothing may be created at its address.
    pub fn blocking(&self) -> Diagnostics {
        self.findings.iter().filter_map(Finding::blocks).collect()
    }
}

impl Finding {
    fn is_settled(&self) -> bool {
        matches!(
            self.outcome,
            Recovery::Adopted { .. }
                | Recovery::NotFound
                | Recovery::Deleted { .. }
                | Recovery::NotDeleted { .. }
        )
    }

    fn blocks(&self) -> Option<Diagnostic> {
        let Intent { id, address, action, time, .. } = &self.intent;
        let begun = format!("An earlier run began to {} {address} at {time}, and died.", action.as_str());
        let (summary, rest) = match &self.outcome {
            Recovery::Undecided { candidates, why } => {
                let list: String = candidates.iter().map(|id| format!("\n  - {}", short(id))).collect();
                (
                    "Outcome of an earlier create is not clear",
                    format!(
                        "What became of it cannot be decided: {why}.{list}\n\nNothing was touched. Say which object it \
                         is, or that it is none of them:\n    snapform intents adopt {id} OBJECT_ID\n    snapform \
                         intents forget {id}"
                    ),
                )
            }
            Recovery::Unread { why } => (
                "Outcome of an earlier call could not be read",
                format!("What became of it could not be found out: {why}\n\nNothing was touched."),
            ),
            Recovery::NotSettled { until } => (
                "Outcome of an earlier call is not settled yet",
                format!("Nothing is concluded before {until}, because a cloud may show late what it took."),
            ),
            Recovery::Alive { run } => (
                "Another run is at work",
                format!("The run {run} that began it is alive; wait until it has ended."),
            ),
            _ => return None,
        };
        Some(Diagnostic::error(summary, format!("{begun} {rest}")).about(address))
    }
}

/// Returns system and id of all objects that belong to an address.
pub(crate) fn owned(state: &State) -> BTreeSet<(String, String)> {
    let objects = state.objects().filter(|(key, ..)| key.resource_type != INTENT_TYPE);
    objects
        .filter_map(|(key, _, _, object)| Some((system_of(&key.resource_type).to_owned(), object.id()?)))
        .collect()
}

/// Settles the open intents of a state.
///
/// With `wait` it waits until everything is settled, as apply and refresh do; otherwise it says what is not settled yet.
/// `locked` tells that the state's lock is held, so that no other run can be at work.
///
/// # Errors
///
/// The intents in the state cannot be read.
pub async fn recover(
    state: State,
    reader: &dyn Reader,
    journal: &dyn Journal,
    events: &dyn EventSink,
    options: &Options,
    wait: bool,
    locked: bool,
) -> Result<Recovered, Diagnostics> {
    let asked = options.clock.now();
    loop {
        let recovered = attempt(state.clone(), reader, journal, options, locked, asked).await?;
        let until = recovered.findings.iter().filter_map(|finding| match finding.outcome {
            Recovery::NotSettled { until } => Some(until),
            _ => None,
        });
        let Some(until) = until.max().filter(|_| wait) else {
            recovered.findings.iter().for_each(|finding| tell(events, finding));
            return Ok(recovered);
        };
        let open = recovered
            .findings
            .iter()
            .filter(|finding| matches!(finding.outcome, Recovery::NotSettled { .. }));
        open.for_each(|finding| tell(events, finding));
        let left = Duration::try_from(until.duration_since(options.clock.now())).unwrap_or_default();
        tokio::time::sleep(left + Duration::from_millis(1)).await;
    }
}

fn tell(events: &dyn EventSink, finding: &Finding) {
    let Some(address) = address_of(&finding.intent) else { return };
    let action = match finding.intent.action {
        IntentAction::Create => Action::Create,
        IntentAction::Update => Action::Update,
        IntentAction::Delete => Action::Delete,
    };
    let subject = Subject { address, deposed: None };
    events.heard(&Event::Recovered { subject, action, outcome: finding.outcome.clone() });
}

async fn attempt(
    state: State,
    reader: &dyn Reader,
    journal: &dyn Journal,
    options: &Options,
    locked: bool,
    asked: jiff::Timestamp,
) -> Result<Recovered, Diagnostics> {
    let intents = state.intents().map_err(|error| {
        Diagnostics::from(Diagnostic::error(
            "Intents cannot be read",
            format!("The state holds intents of an earlier run that cannot be used: {error}."),
        ))
    })?;
    let mut findings: Vec<(usize, Finding)> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut places: Vec<usize> = Vec::new();
    let mut here: BTreeMap<String, Result<(), Elsewhere>> = BTreeMap::new();
    let mut unless_proven: BTreeMap<String, String> = BTreeMap::new();
    for (at, intent) in intents.into_iter().enumerate() {
        let spot = format!("{} {} {}", intent.provider, intent.account, intent.region);
        if !here.contains_key(&spot) {
            here.insert(spot.clone(), check_place(reader, &intent).await);
        }
        // An id that was answered, or that a person gave, says which object it is; its absence would say nothing.
        let named = intent.action == IntentAction::Create && intent.object.is_some();
        let ready = match here[&spot].clone() {
            Err(Elsewhere::Perhaps(why)) if named => {
                unless_proven.insert(intent.id.clone(), why);
                open_of(&intent)
            }
            Err(Elsewhere::Perhaps(why) | Elsewhere::Certainly(why)) => Err(why),
            Ok(()) => open_of(&intent),
        };
        match ready {
            Ok(ready) => {
                open.push(ready);
                places.push(at);
            }
            Err(why) => findings.push((at, Finding { intent, outcome: Recovery::Unread { why } })),
        }
    }
    let now = options.clock.now();
    let settle = |intent: &Intent| options.settle.of(&intent.provider);
    let alive: BTreeSet<String> = open
        .iter()
        .filter(|open| !locked && settled_at(&open.intent, settle(&open.intent), asked) > now)
        .map(|open| open.intent.run.clone())
        .collect();
    let claims = examine_answers(reader, &open, &accepted(journal, &open), &Holders::of(&state)).await;
    let owned = owned(&state);
    let on_parents = read_parents(reader, &open, &claims, (now, asked), &settle).await;
    let observed = read_deleted(reader, &open).await;
    let verdicts = decide(
        &open,
        &Evidence {
            claims: &claims,
            on_parents: &on_parents,
            observed: &observed,
            owned: &owned,
            alive: &alive,
            now,
            asked,
            settle: &settle,
        },
    );
    let mut state = state;
    let before = state.object_count();
    let mut left = Vec::new();
    for ((at, open), verdict) in places.into_iter().zip(&open).zip(verdicts) {
        let settled =
            Some(settled_at(&open.intent, settle(&open.intent), asked)).filter(|settled| now < *settled);
        let claim = claims.get(&open.intent.id);
        let verdict = match unless_proven.remove(&open.intent.id) {
            Some(why) if !matches!(claim, Some(Claim::Proven(_))) => Verdict::Unread(why),
            _ => verdict,
        };
        let (deleted, vanished) = (verdict == Verdict::Deleted, verdict == Verdict::NotFound);
        let outcome = carry_out(&mut state, reader, open, claim, verdict, settled).await;
        if deleted {
            left.extend(remove_by_id(&mut state, &open.intent));
        }
        if vanished && let Some(Claim::Unshown(id)) = claim {
            left.extend(never_shown(open, id));
        }
        findings.push((at, Finding { intent: open.intent.clone(), outcome }));
    }
    // Whether the delete was sent is not known, only that its object is not shown.
    missed::remember(&mut state, left, now);
    findings.sort_by_key(|(at, _)| *at);
    let findings: Vec<Finding> = findings.into_iter().map(|(_, finding)| finding).collect();
    let changed = findings.iter().any(Finding::is_settled) || state.object_count() != before;
    Ok(Recovered { state, findings, changed })
}

/// Why nothing may be concluded about an intent from what the cloud shows here.
#[derive(Clone)]
enum Elsewhere {
    /// It was sent in another account or region, or the question failed.
    Certainly(String),
    /// Nobody knows whether this is the account in which it was sent.
    Perhaps(String),
}

/// An object can only be missed in the account and region in which it was asked for.
async fn check_place(reader: &dyn Reader, intent: &Intent) -> Result<(), Elsewhere> {
    let provider = provider_of(intent).map_err(Elsewhere::Certainly)?;
    let place = reader.place(&provider).await.map_err(|error| Elsewhere::Certainly(error.to_string()))?;
    let was = (intent.account.as_str(), intent.region.as_str());
    if (!was.1.is_empty() && was.1 != &*place.region) || place.is_other_than(was.0) {
        return Err(Elsewhere::Certainly(format!(
            "it was made in account {} and region {}, but {} now works in account {} and region {}. Run once with the old \
             settings of the provider, or settle it with \"snapform intents adopt\" or \"snapform intents forget\".",
            was.0, was.1, intent.provider, place.account, place.region
        )));
    }
    if place.is_of(was.0) || (was.0.is_empty() && place.unnamed.is_none()) {
        return Ok(());
    }
    let told = match &place.unnamed {
        Some(why) => format!(" ({why})"),
        None => String::new(),
    };
    Err(Elsewhere::Perhaps(format!(
        "nobody knows whether {} still works in the account in which it was sent, because the cloud did not tell the \
         account{told}. Run once with the permanent key with which it was sent, or settle it with \"snapform intents adopt\" \
         or \"snapform intents forget\". With the permission sts:GetCallerIdentity the account would be known.",
        intent.provider
    )))
}

fn provider_of(intent: &Intent) -> Result<ProviderAddress, String> {
    prior::parse_provider(&intent.provider)
        .ok_or_else(|| format!("the provider address {:?} cannot be read.", intent.provider))
}

fn open_of(intent: &Intent) -> Result<Open, String> {
    let resource = Resource {
        mode: Mode::Managed,
        type_name: intent.resource_type.as_str().into(),
        name: Arc::from(""),
    };
    let resource_type = prior::find_type(&resource)
        .ok_or_else(|| format!("the type {} is not known here.", intent.resource_type))?;
    let declared = declared_of(resource_type, &intent.parameters, &intent.sensitive)?;
    Ok(Open { intent: intent.clone(), resource_type, declared })
}

fn address_of(intent: &Intent) -> Option<Address> {
    match Target::parse(&intent.address)? {
        Target::Resource(key, instance) => Some(key.resource_address().instance(instance)),
        Target::Module(_) => None,
    }
}

/// Returns the ids that were answered to creates, by intent: the journal knows them first, the intents longer.
fn accepted(journal: &dyn Journal, open: &[Open]) -> BTreeMap<String, Arc<str>> {
    let runs: BTreeSet<&str> = open.iter().map(|open| open.intent.run.as_str()).collect();
    let lines = runs.into_iter().flat_map(|run| journal.read(run));
    let mut accepted: BTreeMap<String, Arc<str>> =
        lines.map(|line| (line.intent, line.object.into())).collect();
    for Open { intent, .. } in open.iter().filter(|open| open.intent.action == IntentAction::Create) {
        if let Some(id) = &intent.object {
            accepted.entry(intent.id.clone()).or_insert_with(|| id.as_str().into());
        }
    }
    accepted
}

/// Looks at what the cloud shows under the ids that it answered.
async fn examine_answers(
    reader: &dyn Reader,
    open: &[Open],
    accepted: &BTreeMap<String, Arc<str>>,
    holders: &Holders,
) -> BTreeMap<String, Claim> {
    let mut claims = BTreeMap::new();
    let mut claimed: BTreeSet<(&str, Arc<str>)> = BTreeSet::new();
    for open in open.iter().filter(|open| open.intent.action == IntentAction::Create) {
        let Some(id) = accepted.get(&open.intent.id) else { continue };
        let type_name = open.resource_type.name;
        let own =
            address_of(&open.intent).map(|address| (ResourceKey::from(&address), ObjectKey::from(&address)));
        let is_new = !open.intent.existing.iter().any(|existing| **existing == **id)
            && holders.other(type_name, id, |holder| own.as_ref() == Some(holder)).is_none()
            && claimed.insert((system_of(type_name), id.clone()));
        let claim = if is_new { examine_answer(reader, open, id).await } else { Claim::Refuted };
        claims.insert(open.intent.id.clone(), claim);
    }
    release_what_others_name(open, &mut claims);
    claims
}

/// What an unnamed create was answered and another open one on its parent names may be that of the other one.
fn release_what_others_name(open: &[Open], claims: &mut BTreeMap<String, Claim>) {
    let is_open = |open: &&Open| open.intent.action == IntentAction::Create;
    let unproven: Vec<&Open> = open
        .iter()
        .filter(is_open)
        .filter(|open| !matches!(claims.get(&open.intent.id), Some(Claim::Proven(_))))
        .collect();
    for open in open.iter().filter(is_open) {
        let Some(Claim::Proven(object)) = claims.get(&open.intent.id) else { continue };
        let spot = spot_of(&open.intent);
        let others = unproven
            .iter()
            .filter(|other| other.intent.parent == open.intent.parent && spot_of(&other.intent) == spot);
        let mut strange =
            others.filter_map(|other| rather(open.resource_type, &open.declared, &other.declared, object));
        if let Some(strange) = strange.next() {
            let claim = Claim::Suspect(object.id.clone(), strange.why().to_owned());
            claims.insert(open.intent.id.clone(), claim);
        }
    }
}

async fn examine_answer(reader: &dyn Reader, open: &Open, id: &Arc<str>) -> Claim {
    let Open { intent, resource_type, declared } = open;
    match observe(reader, intent, resource_type, declared, id).await {
        Some(Observed::Present(object)) => match examine(resource_type, declared, &object) {
            Ok(()) => Claim::Proven(object),
            Err(Strange::Name(why)) => Claim::Suspect(id.clone(), why),
            Err(Strange::Parent(_)) => Claim::Refuted,
        },
        Some(Observed::Absent) => Claim::Unshown(id.clone()),
        Some(Observed::Unread(error)) => Claim::Unread(error.to_string()),
        None => Claim::Unread("the provider of the intent cannot be read".to_owned()),
    }
}

/// Returns an accepted object that no read has shown, to be kept in mind.
fn never_shown(open: &Open, id: &str) -> Option<(ObjectName, String, Object)> {
    let Open { intent, resource_type, declared } = open;
    let mut object = Object::default();
    let value = remembered::accepted_value(declared, id);
    remembered::put_made(resource_type, &value, true, &origin_of(intent), &mut object);
    Some((ObjectName { address: address_of(intent)?, deposed: None }, intent.provider.clone(), object))
}

fn origin_of(intent: &Intent) -> Origin {
    Origin {
        account: intent.account.as_str().into(),
        region: intent.region.as_str().into(),
        accepted: intent.time.parse().ok(),
    }
}

/// Lists the parents of the creates about which something can be concluded.
async fn read_parents(
    reader: &dyn Reader,
    open: &[Open],
    claims: &BTreeMap<String, Claim>,
    (now, asked): (jiff::Timestamp, jiff::Timestamp),
    settle: &dyn Fn(&Intent) -> Duration,
) -> BTreeMap<Spot, Result<Vec<Found>, String>> {
    let mut read = BTreeMap::new();
    for open in open {
        let Open { intent, resource_type, declared } = open;
        let concluded = intent.action == IntentAction::Create
            && !matches!(claims.get(&intent.id), Some(Claim::Proven(_) | Claim::Unread(_)))
            && settled_at(intent, settle(intent), asked) <= now;
        let spot = spot_of(intent);
        if !concluded || read.contains_key(&spot) {
            continue;
        }
        let found = match provider_of(intent) {
            Ok(provider) => {
                reader.on_parent(&provider, resource_type, declared).await.map_err(|error| error.to_string())
            }
            Err(why) => Err(why),
        };
        read.insert(spot, found);
    }
    read
}

/// Looks for the objects of deletes, twice for those that are not found.
async fn read_deleted(reader: &dyn Reader, open: &[Open]) -> BTreeMap<String, Observed> {
    let mut read = BTreeMap::new();
    for open in open.iter().filter(|open| open.intent.action == IntentAction::Delete) {
        let Some(id) = &open.intent.object else { continue };
        let mut found = observe(reader, &open.intent, open.resource_type, &open.declared, id).await;
        if matches!(found, Some(Observed::Absent)) {
            found = observe(reader, &open.intent, open.resource_type, &open.declared, id).await;
        }
        if let Some(found) = found {
            read.insert(open.intent.id.clone(), found);
        }
    }
    read
}

async fn observe(
    reader: &dyn Reader,
    intent: &Intent,
    resource_type: &ResourceType,
    declared: &Value,
    id: &str,
) -> Option<Observed> {
    let provider = provider_of(intent).ok()?;
    let known = [Known { id: id.into(), value: remembered::accepted_value(declared, id), alone: true }];
    reader.observe(&provider, resource_type, &known).await.into_iter().next()
}

/// `unsettled` is the end of the settle time while it runs.
async fn carry_out(
    state: &mut State,
    reader: &dyn Reader,
    open: &Open,
    claim: Option<&Claim>,
    verdict: Verdict,
    unsettled: Option<jiff::Timestamp>,
) -> Recovery {
    let intent = &open.intent;
    let object: Arc<str> = intent.object.as_deref().unwrap_or_default().into();
    match verdict {
        Verdict::Adopt(id) => {
            let found = match claim {
                Some(Claim::Proven(object)) => Some(Observed::Present(object.clone())),
                _ => observe(reader, intent, open.resource_type, &open.declared, &id).await,
            };
            bind(state, open, &id, found, unsettled)
        }
        Verdict::NotFound => {
            state.remove_intent(&intent.id);
            Recovery::NotFound
        }
        Verdict::Deleted => {
            state.remove_intent(&intent.id);
            Recovery::Deleted { id: object }
        }
        Verdict::NotDeleted => {
            state.remove_intent(&intent.id);
            Recovery::NotDeleted { id: object }
        }
        Verdict::NotSettled(until) => Recovery::NotSettled { until },
        Verdict::Alive => Recovery::Alive { run: intent.run.clone() },
        Verdict::Undecided(candidates, why) => Recovery::Undecided { candidates, why },
        Verdict::Unread(why) => Recovery::Unread { why },
    }
}

/// Binds an object to the address of its intent. One that stands there already becomes deposed: nothing is lost.
fn bind(
    state: &mut State,
    open: &Open,
    id: &Arc<str>,
    found: Option<Observed>,
    unsettled: Option<jiff::Timestamp>,
) -> Recovery {
    let Open { intent, resource_type, declared } = open;
    let Some(address) = address_of(intent) else {
        return Recovery::Unread { why: format!("the address {:?} cannot be read.", intent.address) };
    };
    let (value, life) = match (found, unsettled) {
        (Some(Observed::Present(found)), _) => (found.value.marked_like(declared), Some(found.life)),
        // Bound now, it could be found gone by the read of the plan, and be made a second time.
        (_, Some(until)) => return Recovery::NotSettled { until },
        // The read failed, or it is gone: the id is what matters, and the next read tells the rest.
        _ => (remembered::accepted_value(declared, id), None),
    };
    let pending = !matches!(life, Some(Life::Usable | Life::Expired(_) | Life::Failed(_)));
    let (resource, current) = (ResourceKey::from(&address), ObjectKey::from(&address));
    if let Some(prior) =
        state.object(&resource, &current).filter(|object| object.id().as_deref() != Some(id)).cloned()
    {
        let key = deposed_key(Some(&intent.marker), &address);
        let deposed = ObjectKey { deposed: Some(key.to_string()), ..current.clone() };
        state.put_object(&resource, &intent.provider, deposed, prior);
        state.remove_object(&resource, &current);
    }
    let mut object = state.object(&resource, &current).cloned().unwrap_or_default();
    remembered::put_made(resource_type, &value, pending, &origin_of(intent), &mut object);
    let companion = Companion {
        dependencies: intent.dependencies.clone(),
        create_before_destroy: intent.create_before_destroy,
    };
    object.dependencies = companion.dependencies;
    object.create_before_destroy = companion.create_before_destroy;
    object.tainted = matches!(life, Some(Life::Failed(_)));
    state.put_object(&resource, &intent.provider, current, object);
    state.remove_intent(&intent.id);
    Recovery::Adopted { id: id.clone(), pending }
}

/// Removes the object of a delete and returns it.
fn remove_by_id(state: &mut State, intent: &Intent) -> Option<(ObjectName, String, Object)> {
    let address = address_of(intent)?;
    let resource = ResourceKey::from(&address);
    let objects = &state.resources.get(&resource)?.objects;
    let mut all = objects.iter();
    let key = all.find(|(key, object)| key.index == address.key && object.id() == intent.object)?.0.clone();
    let object = state.remove_object(&resource, &key)?;
    let deposed = key.deposed.as_deref().map(Arc::from);
    Some((ObjectName { address, deposed }, intent.provider.clone(), object))
}

/// Binds an object to the address of an open intent, because the user says that it is its outcome.
///
/// # Errors
///
/// There is no such intent, the object belongs to another address, or the cloud does not show it.
pub async fn adopt(
    state: State,
    reader: &dyn Reader,
    intent: &str,
    object: &str,
) -> Result<Recovered, Diagnostics> {
    let (mut state, intent) = find(state, intent)?;
    let fault = |detail: String| Diagnostics::from(Diagnostic::error("Object cannot be adopted", detail));
    let open = open_of(&intent).map_err(fault)?;
    if let Some(other) = Holders::of(&state).other(&intent.resource_type, object, |_| false) {
        return Err(fault(format!("The object {object} belongs to {other} already.")));
    }
    let found = observe(reader, &intent, open.resource_type, &open.declared, object).await;
    match &found {
        Some(Observed::Present(found)) => {
            if let Err(Strange::Parent(why)) = examine(open.resource_type, &open.declared, found) {
                return Err(fault(format!("It is not what the intent asked for: {why}.")));
            }
        }
        Some(Observed::Unread(error)) => {
            return Err(fault(format!("The object {object} could not be read: {error}")));
        }
        _ => {
            return Err(fault(format!(
                "The cloud does not show an object {object}. Check the id and the region."
            )));
        }
    }
    let outcome = bind(&mut state, &open, &object.into(), found, None);
    Ok(Recovered { state, findings: vec![Finding { intent, outcome }], changed: true })
}

/// Drops an open intent, because the user says that it came to nothing.
///
/// # Errors
///
/// There is no such intent.
pub fn forget(state: State, intent: &str) -> Result<Recovered, Diagnostics> {
    let (mut state, intent) = find(state, intent)?;
    state.remove_intent(&intent.id);
    Ok(Recovered { state, findings: vec![Finding { intent, outcome: Recovery::NotFound }], changed: true })
}

/// Finds an intent by its id, or by the beginning of it where that is clear.
fn find(state: State, id: &str) -> Result<(State, Intent), Diagnostics> {
    let fault = |detail: String| Diagnostics::from(Diagnostic::error("No such intent", detail));
    let intents = state.intents().map_err(|error| fault(error.to_string()))?;
    let mut matching = intents.iter().filter(|intent| !id.is_empty() && intent.id.starts_with(id));
    match (matching.next(), matching.next()) {
        (Some(intent), None) => {
            let intent = intent.clone();
            Ok((state, intent))
        }
        (Some(_), Some(_)) => Err(fault(format!("More than one open intent begins with {id:?}."))),
        _ => Err(fault(format!("There is no open intent {id:?}. List them with \"snapform intents list\"."))),
    }
}
