//! The parents of what a finished plan creates and deletes: is there room, and does a usable point stay?
//!
//! In: the plan, and what a look at its providers and parents found. Out: findings. Nothing here reads anything; [`needed`]
//! says what there is to look at, once for each provider and each parent.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::Value;
use crate::lang::address::{Address, ProviderAddress};
use crate::schema::parent::{joined, parent_attributes};
use crate::schema::{ProviderKind, ResourceType, types};

use super::Plan;
use super::change::Change;
use super::lost_state::{self, Doubles};
use super::no_parent::{self, Sight};
use super::step::StepAction;

/// So many parents are named in one message.
const NAMED: usize = 10;

/// A parent, as one provider configuration reaches it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parent {
    /// The provider configuration.
    pub provider: ProviderAddress,
    /// The type of its points.
    pub type_name: &'static str,
    /// Its id; the parts of a table's joined by colons.
    pub id: Arc<str>,
}

/// What a plan has to know before it is shown.
#[derive(Clone, Debug, Default)]
pub struct Needed {
    /// The provider configurations that the plan changes something with.
    pub providers: BTreeSet<ProviderAddress>,
    /// The parents that the plan creates points of or deletes points from, and an object that names each.
    pub parents: BTreeMap<Parent, Value>,
    /// Those of them that have to have room for another point.
    pub growing: BTreeSet<Parent>,
}

impl Needed {
    /// Leaves out providers and their parents.
    pub fn retain(&mut self, keep: impl Fn(&ProviderAddress) -> bool) {
        self.providers.retain(|provider| keep(provider));
        self.parents.retain(|parent, _| keep(&parent.provider));
        self.growing.retain(|parent| keep(&parent.provider));
    }
}

/// Where a provider configuration works.
pub type AccountAndRegion = (Arc<str>, Arc<str>);

/// What a look at providers and parents found.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The account and region of each provider configuration, or why it cannot be used.
    pub places: BTreeMap<ProviderAddress, Result<AccountAndRegion, String>>,
    /// The provider configurations whose account the cloud does not tell.
    pub unnamed: BTreeMap<ProviderAddress, Unnamed>,
    /// What each parent holds.
    pub parents: BTreeMap<Parent, Result<Points, Unseen>>,
    /// Parents that were looked for, because nothing lies on them, and not seen.
    pub unseen: BTreeMap<Parent, Sight>,
}

/// An account that the cloud does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// What the cloud answered instead.
    pub why: Arc<str>,
    /// Whether the keys say for longer than this run who they are.
    pub lasts: bool,
}

/// The points of one parent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// The ids of all points.
    pub all: BTreeSet<Arc<str>>,
    /// The ids of those that are usable.
    pub usable: BTreeSet<Arc<str>>,
    /// The most points that it can keep, if the cloud tells or documents that.
    pub most: Option<u64>,
    /// The names of those that have one, by id.
    pub names: BTreeMap<Arc<str>, Arc<str>>,
}

/// What else counts when a plan is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Circumstances {
    /// Whether the user says that what is not shown is as the configuration and the state say.
    pub accept_gone: bool,
    /// Whether the state knows of no recovery point at all.
    pub without_state: bool,
}

/// Why the points of a parent are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// Whether the credentials may not read them.
    pub denied: bool,
    /// What happened, and what to do.
    pub why: String,
}

/// What a plan does to one parent: steps and the addresses behind them.
#[derive(Default)]
struct Doings<'a> {
    creates: Vec<(usize, &'a Address)>,
    deletes: Vec<(usize, &'a Address, Option<&'a str>)>,
}

/// Returns what a plan has to know of its providers and parents.
pub fn needed(plan: &Plan) -> Needed {
    let mut needed = Needed::default();
    for change in &plan.changes {
        let objects = match &change.change {
            Change::Create { after } => [None, Some(after)],
            Change::Replace { before, after, .. } => [Some(before), Some(after)],
            Change::Update { .. } => [None, None],
            Change::Delete { before } => [Some(before), None],
            Change::NoOp { .. } | Change::Read { .. } | Change::Forget { .. } => continue,
        };
        let Some(resource_type) = clouds_type(&change.address) else { continue };
        needed.providers.insert(change.provider.clone());
        for (after, object) in [false, true].into_iter().zip(objects) {
            let Some(object) = object else { continue };
            if let Some(parent) = parent_of(&change.provider, resource_type, object) {
                if after {
                    needed.growing.insert(parent.clone());
                }
                needed.parents.entry(parent).or_insert_with(|| object.unmarked_deep());
            }
        }
    }
    needed
}

/// Returns what speaks against a plan, or has to be said of it, after a look at its providers and parents.
pub fn judge(plan: &Plan, survey: &Survey, circumstances: Circumstances) -> Diagnostics {
    let mut found = Diagnostics::new();
    for (provider, place) in &survey.places {
        if let Err(why) = place {
            found.push(unusable_provider(plan, provider, why));
        }
    }
    found.extend(survey.unnamed.iter().map(|(provider, unnamed)| unknown_account(provider, unnamed)));
    let doings = doings(plan, survey);
    let mut unseen: BTreeMap<(bool, &str), Vec<(&Parent, &Doings<'_>)>> = BTreeMap::new();
    let mut bare: BTreeMap<bool, Vec<(&Parent, &Address)>> = BTreeMap::new();
    let mut not_seen: Vec<(&Parent, &Address, &Sight)> = Vec::new();
    let mut doubles = Doubles::default();
    for (parent, doing) in &doings {
        if let (Some(sight), Some((_, address))) = (survey.unseen.get(parent), doing.creates.first()) {
            not_seen.push((parent, address, sight));
        }
        match survey.parents.get(parent) {
            None => {}
            Some(Err(Unseen { denied, why })) => {
                let error = !denied && !doing.creates.is_empty();
                unseen.entry((error, why)).or_default().push((parent, doing));
            }
            Some(Ok(points)) => {
                found.extend(too_many(plan, parent, doing, points));
                for (at, address) in doing.creates.iter().filter(|_| circumstances.without_state) {
                    if let Some(name) = name_of_step(plan, *at, parent.type_name) {
                        doubles.look(address, &name, points);
                    }
                }
                if let Some((for_good, address)) = left_bare(plan, doing, points) {
                    bare.entry(for_good).or_default().push((parent, address));
                }
            }
        }
    }
    found.extend(no_parent::judge(&not_seen, circumstances.accept_gone));
    found.extend(doubles.warning());
    for ((error, why), parents) in unseen {
        let first = parents.iter().find_map(|(_, doing)| doing.first());
        let detail = format!(
            "What these parents hold could not be read, so it is not known whether they have room for what is created, and whether a usable point stays:\n{}\n\n{why}",
            listed(parents.iter().map(|(parent, _)| parent.to_string()))
        );
        let summary = "Failed to read the points of a parent";
        let finding =
            if error { Diagnostic::error(summary, detail) } else { Diagnostic::warning(summary, detail) };
        found.push(match first {
            Some(address) => finding.about(address),
            None => finding,
        });
    }
    for (for_good, parents) in bare {
        found.push(without_usable_point(for_good, &parents));
    }
    found
}

impl std::fmt::Display for Parent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = match self.type_name {
            "alicloud_ecd_snapshot" => "desktop",
            "tencentcloud_cfs_snapshot" => "file system",
            "tencentcloud_tcaplus_snapshot" => "table",
            _ => "disk",
        };
        write!(f, "{word} {}", self.id)
    }
}

impl<'a> Doings<'a> {
    fn first(&self) -> Option<&'a Address> {
        let create = self.creates.first().map(|(_, address)| *address);
        create.or_else(|| self.deletes.first().map(|(_, address, _)| *address))
    }
}

fn clouds_type(address: &Address) -> Option<&'static ResourceType> {
    let resource_type = types::resource(&address.resource.type_name)?;
    (resource_type.provider != ProviderKind::Terraform).then_some(resource_type)
}

fn parent_of(provider: &ProviderAddress, resource_type: &ResourceType, object: &Value) -> Option<Parent> {
    let names = parent_attributes(resource_type.name);
    let id = joined(names, &object.unmarked_deep()).filter(|id| !names.is_empty() && !id.is_empty())?;
    // The older name of a type means the same points.
    let name = match resource_type.name {
        "alicloud_snapshot" => "alicloud_ecs_snapshot",
        name => name,
    };
    let type_name = types::resource(name)?.name;
    Some(Parent { provider: provider.clone(), type_name, id: id.into() })
}

/// Puts the steps of a plan together by parent. Provider configurations of one account and region reach the same parents.
fn doings<'a>(plan: &'a Plan, survey: &Survey) -> BTreeMap<Parent, Doings<'a>> {
    let mut first_of_place: BTreeMap<(&str, &str, &str), &ProviderAddress> = BTreeMap::new();
    let mut same: BTreeMap<&ProviderAddress, &ProviderAddress> = BTreeMap::new();
    for (provider, place) in &survey.places {
        if let Ok((account, region)) = place {
            same.insert(
                provider,
                first_of_place.entry((&provider.source, account, region)).or_insert(provider),
            );
        }
    }
    let mut all: BTreeMap<Parent, Doings<'a>> = BTreeMap::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let (change, creates) = match step.action {
            StepAction::Create { change } => (change, true),
            StepAction::Delete { change } => (change, false),
            _ => continue,
        };
        let Some(change) = plan.changes.get(change) else { continue };
        let object = if creates { change.change.after() } else { change.change.before() };
        let (Some(object), Some(resource_type)) = (object, clouds_type(&change.address)) else { continue };
        let Some(provider) = same.get(&change.provider) else { continue };
        let Some(parent) = parent_of(provider, resource_type, object) else { continue };
        let doing = all.entry(parent).or_default();
        if creates {
            doing.creates.push((at, &change.address));
        } else {
            let id = object.get("id").and_then(Value::as_str);
            doing.deletes.push((at, &change.address, id));
        }
    }
    all
}

fn unusable_provider(plan: &Plan, provider: &ProviderAddress, why: &str) -> Diagnostic {
    let addresses: Vec<&Address> = plan
        .changes
        .iter()
        .filter(|change| change.provider == *provider && change.is_change())
        .map(|change| &change.address)
        .collect();
    let detail = format!(
        "{provider} cannot be used, and the plan changes {} of its objects. Nothing is changed.\n\n{why}",
        addresses.len()
    );
    let error = Diagnostic::error("Provider cannot be used", detail);
    match addresses.first() {
        Some(address) => error.about(address),
        None => error,
    }
}

fn unknown_account(provider: &ProviderAddress, Unnamed { why, lasts }: &Unnamed) -> Diagnostic {
    let keys = match lasts {
        true => {
            "The key stands for it: what an interrupted run leaves open is settled by a run with the same key"
        }
        false => {
            "The keys are temporary, of a role that is not known: what an interrupted run leaves open is settled by \
             \"snapform intents adopt\" and \"snapform intents forget\" alone"
        }
    };
    Diagnostic::warning(
        "Account is not known",
        format!(
            "The cloud does not tell which account {provider} works with.\n\n{why}\n\n{keys}, and no recovery point counts as \
             gone without -accept-gone. Grant the permission sts:GetCallerIdentity to the user or role of the key."
        ),
    )
}

/// Returns the error for a parent that would have to keep more points than it can, at the worst moment of the plan.
fn too_many(plan: &Plan, parent: &Parent, doing: &Doings<'_>, points: &Points) -> Option<Diagnostic> {
    let most = usize::try_from(points.most?).unwrap_or(usize::MAX);
    let creates = doing.creates.len();
    let kept = points.all.len();
    if creates == 0 || kept.saturating_add(creates) <= most {
        return None;
    }
    let own = doing.deletes.iter().filter(|(_, _, id)| id.is_some_and(|id| points.all.contains(id)));
    let deletes: Vec<usize> = own.map(|(at, ..)| *at).collect();
    let waiting: Vec<usize> = doing.creates.iter().map(|(at, _)| *at).collect();
    let before = pairs(plan, &waiting, &deletes);
    if kept + creates - before <= most {
        return None;
    }
    let address = doing.creates.last().map(|(_, address)| *address)?;
    let remedy = match parent.type_name {
        "tencentcloud_cbs_disk_backup" => {
            "Delete backup points first, or raise the disk's quota of backup points."
        }
        _ => {
            "Delete points first. If the service granted more than it documents, say so with SNAPFORM_POINTS_PER_PARENT, such as \"alicloud_ecs_snapshot=512\"."
        }
    };
    let detail = format!(
        "The {parent} has {kept} points and can keep {most}. The plan creates {creates} more of it, and {before} that it deletes make room before. The service would refuse what is beyond, so nothing is changed. {remedy}"
    );
    Some(Diagnostic::error("No room for another recovery point", detail).about(address))
}

/// Tells whether there is a moment, or even an end, without any usable point of a parent that has one now, and which delete
/// is behind it.
fn left_bare<'a>(plan: &Plan, doing: &Doings<'a>, points: &Points) -> Option<(bool, &'a Address)> {
    let usable = points.usable.len();
    let ends: Vec<(usize, &Address)> = doing
        .deletes
        .iter()
        .filter(|(_, _, id)| id.is_some_and(|id| points.usable.contains(id)))
        .map(|(at, address, _)| (*at, *address))
        .collect();
    let (_, last) = ends.last()?;
    if usable == 0 || ends.len() < usable {
        return None;
    }
    let creates: Vec<usize> = doing.creates.iter().map(|(at, _)| *at).collect();
    let waiting: Vec<usize> = ends.iter().map(|(at, _)| *at).collect();
    let first = pairs(plan, &waiting, &creates);
    (usable + first <= ends.len()).then_some((creates.is_empty(), last))
}

fn without_usable_point(for_good: bool, parents: &[(&Parent, &Address)]) -> Diagnostic {
    let names = listed(parents.iter().map(|(parent, address)| format!("{parent}, of which {address} goes")));
    let detail = if for_good {
        format!(
            "Nothing could be restored to these any more once the plan is carried out (points that an automatic policy makes are not counted):\n{names}\n\nKeep a point, or create another one first, unless this is meant so."
        )
    } else {
        format!(
            "Nothing could be restored to these from the moment the last usable point is destroyed until the new one is usable (points that an automatic policy makes are not counted):\n{names}\n\nWith create_before_destroy in the lifecycle block the new point comes first."
        )
    };
    let warning = Diagnostic::warning("Parent without any usable recovery point", detail);
    match parents.first() {
        Some((_, address)) => warning.about(address),
        None => warning,
    }
}

/// Returns the name that the object of a create is to have.
fn name_of_step(plan: &Plan, step: usize, type_name: &str) -> Option<Arc<str>> {
    let StepAction::Create { change } = plan.steps.get(step)?.action else { return None };
    lost_state::name_of(type_name, plan.changes.get(change)?.change.after()?)
}

pub(super) fn listed(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    let mut text: Vec<String> = lines.iter().take(NAMED).map(|line| format!("  - {line}")).collect();
    if lines.len() > NAMED {
        text.push(format!("  - and {} more", lines.len() - NAMED));
    }
    text.join("\n")
}

/// Returns the most steps of `waiting` that can each have a step of `helping` of its own which always comes before it.
///
/// With steps that add one and helping steps that take one away, in whatever order the plan allows, the sum is at its worst
/// the number of waiting steps less this number: a largest matching leaves exactly the steps that nothing compensates.
fn pairs(plan: &Plan, waiting: &[usize], helping: &[usize]) -> usize {
    if helping.is_empty() {
        return 0;
    }
    let before: Vec<Vec<usize>> = waiting
        .iter()
        .map(|step| {
            let behind = everything_before(plan, *step);
            (0..helping.len()).filter(|at| behind.contains(&helping[*at])).collect()
        })
        .collect();
    let mut partner: Vec<Option<usize>> = vec![None; helping.len()];
    (0..waiting.len())
        .filter(|step| improve(*step, &before, &mut partner, &mut vec![false; helping.len()]))
        .count()
}

/// Finds a helping step for a waiting one, moving others to other partners where that makes room.
fn improve(step: usize, before: &[Vec<usize>], partner: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for helper in &before[step] {
        if std::mem::replace(&mut tried[*helper], true) {
            continue;
        }
        let free = match partner[*helper] {
            None => true,
            Some(other) => improve(other, before, partner, tried),
        };
        if free {
            partner[*helper] = Some(step);
            return true;
        }
    }
    false
}

fn everything_before(plan: &Plan, step: usize) -> HashSet<usize> {
    let mut seen = HashSet::new();
    let mut open = vec![step];
    while let Some(step) = open.pop() {
        for first in plan.steps.get(step).map(|step| step.after.as_slice()).unwrap_or_default() {
            if seen.insert(*first) {
                open.push(*first);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::address::{ModuleInstance, ModulePath, Resource};
    use crate::plan::{ReplaceOrder, ResourceChange, Step};

    fn provider() -> ProviderAddress {
        ProviderAddress {
            module: ModulePath::root(),
            source: "registry.terraform.io/tencentcloudstack/tencentcloud".into(),
            alias: None,
        }
    }

    fn backup(id: &str) -> Value {
        Value::object([("disk_id", Value::from("disk-1")), ("id", Value::from(id))])
    }

    fn plan(changes: Vec<(&str, Change)>, steps: Vec<(StepAction, Vec<usize>)>) -> Plan {
        let changes = changes.into_iter().map(|(name, change)| ResourceChange {
            address: Resource::managed("tencentcloud_cbs_disk_backup", name)
                .in_module(&ModuleInstance::root())
                .instance(None),
            previous_address: None,
            deposed: None,
            provider: provider(),
            change,
            reason: None,
            replace_paths: Vec::new(),
            importing: None,
            generated_config: None,
            marker: None,
        });
        Plan {
            changes: changes.collect(),
            steps: steps.into_iter().map(|(action, after)| Step { action, after }).collect(),
            ..Plan::empty(jiff::Timestamp::UNIX_EPOCH)
        }
    }

    fn survey(all: &[&str], usable: &[&str], most: Option<u64>) -> Survey {
        let ids = |ids: &[&str]| ids.iter().map(|id| Arc::from(*id)).collect();
        let parent =
            Parent { provider: provider(), type_name: "tencentcloud_cbs_disk_backup", id: "disk-1".into() };
        let points = Points { all: ids(all), usable: ids(usable), most, ..Points::default() };
        Survey {
            places: BTreeMap::from([(provider(), Ok(("1".into(), "ap-guangzhou".into())))]),
            parents: BTreeMap::from([(parent, Ok(points))]),
            unseen: BTreeMap::new(),
            unnamed: BTreeMap::new(),
        }
    }

    fn summaries(plan: &Plan, survey: &Survey) -> Vec<String> {
        judge(plan, survey, Circumstances::default()).iter().map(|found| found.summary.clone()).collect()
    }

    fn create() -> Change {
        Change::Create { after: Value::object([("disk_id", Value::from("disk-1"))]) }
    }

    fn replace(order: ReplaceOrder) -> Plan {
        let change = Change::Replace { before: backup("a"), after: backup("a"), order };
        let (create, delete) = (StepAction::Create { change: 0 }, StepAction::Delete { change: 0 });
        let steps = match order {
            ReplaceOrder::CreateFirst => vec![(create, vec![]), (delete, vec![0])],
            ReplaceOrder::DeleteFirst => vec![(delete, vec![]), (create, vec![0])],
        };
        plan(vec![("a", change)], steps)
    }

    const FULL: &str = "No room for another recovery point";
    const BARE: &str = "Parent without any usable recovery point";

    #[test]
    fn each_provider_and_parent_is_looked_at_once() {
        let needed = needed(&plan(vec![("a", create()), ("b", create())], Vec::new()));
        assert_eq!((needed.providers.len(), needed.parents.len()), (1, 1));
    }

    #[test]
    fn what_the_quota_has_no_room_for_is_refused() {
        let steps =
            vec![(StepAction::Create { change: 0 }, vec![]), (StepAction::Create { change: 1 }, vec![])];
        let plan = plan(vec![("a", create()), ("b", create())], steps);
        assert_eq!(summaries(&plan, &survey(&["x"], &["x"], Some(3))), [""; 0]);
        assert_eq!(summaries(&plan, &survey(&["x"], &["x"], Some(2))), [FULL]);
        assert_eq!(summaries(&plan, &survey(&["x"], &["x"], None)), [""; 0]);
    }

    #[test]
    fn only_deletes_that_come_before_make_room() {
        let full = survey(&["a", "b"], &["a", "b"], Some(2));
        assert_eq!(summaries(&replace(ReplaceOrder::DeleteFirst), &full), [""; 0]);
        assert_eq!(summaries(&replace(ReplaceOrder::CreateFirst), &full), [FULL]);
        let apart = plan(
            vec![("a", Change::Delete { before: backup("a") }), ("n", create())],
            vec![(StepAction::Delete { change: 0 }, vec![]), (StepAction::Create { change: 1 }, vec![])],
        );
        assert_eq!(summaries(&apart, &full), [FULL]);
    }

    #[test]
    fn a_parent_that_loses_its_last_usable_point_is_named() {
        let delete = plan(
            vec![("a", Change::Delete { before: backup("a") })],
            vec![(StepAction::Delete { change: 0 }, vec![])],
        );
        assert_eq!(summaries(&delete, &survey(&["a"], &["a"], None)), [BARE]);
        assert_eq!(summaries(&delete, &survey(&["a", "b"], &["a"], None)), [BARE]);
        assert_eq!(summaries(&delete, &survey(&["a", "b"], &["a", "b"], None)), [""; 0]);
        assert_eq!(summaries(&delete, &survey(&["a", "b"], &["b"], None)), [""; 0]);
    }

    #[test]
    fn a_replacement_that_destroys_first_leaves_a_gap_and_one_that_creates_first_does_not() {
        let one = survey(&["a"], &["a"], None);
        assert_eq!(summaries(&replace(ReplaceOrder::DeleteFirst), &one), [BARE]);
        assert_eq!(summaries(&replace(ReplaceOrder::CreateFirst), &one), [""; 0]);
    }

    #[test]
    fn a_provider_that_cannot_be_used_is_an_error_and_its_parents_are_left_out() {
        let plan = plan(vec![("a", create())], vec![(StepAction::Create { change: 0 }, vec![])]);
        let mut survey = survey(&["x"], &["x"], Some(1));
        survey.places.insert(provider(), Err("the key is unknown".into()));
        assert_eq!(summaries(&plan, &survey), ["Provider cannot be used"]);
    }

    #[test]
    fn what_may_not_be_read_is_a_warning_and_what_could_not_be_an_error() {
        let plan = plan(vec![("a", create())], vec![(StepAction::Create { change: 0 }, vec![])]);
        for denied in [true, false] {
            let mut survey = survey(&[], &[], None);
            let unseen = Unseen { denied, why: "no".into() };
            survey.parents.values_mut().for_each(|points| *points = Err(unseen.clone()));
            assert_eq!(judge(&plan, &survey, Circumstances::default()).has_errors(), !denied);
        }
    }

    fn parent() -> Parent {
        Parent { provider: provider(), type_name: "tencentcloud_cbs_disk_backup", id: "disk-1".into() }
    }

    #[test]
    fn a_parent_that_is_not_shown_is_an_error_unless_the_user_knows_better_or_nobody_may_look() {
        let plan = plan(vec![("a", create())], vec![(StepAction::Create { change: 0 }, vec![])]);
        let mut survey = survey(&[], &[], None);
        let judged = |survey: &Survey, accept_gone| {
            judge(&plan, survey, Circumstances { accept_gone, ..Circumstances::default() })
        };
        survey.unseen.insert(parent(), Sight::NotShown);
        let error = judged(&survey, false);
        assert!(error.has_errors());
        assert!(
            error.iter().any(|each| each.detail.contains("disk disk-1, for tencentcloud_cbs_disk_backup.a"))
        );
        let accepted = judged(&survey, true);
        assert!(!accepted.has_errors() && accepted.len() == 1);
        survey.unseen.insert(parent(), Sight::Unread { denied: true, why: "no".into() });
        let refused = judged(&survey, false);
        assert!(!refused.has_errors() && refused.len() == 1);
    }

    #[test]
    fn a_lost_state_is_told_with_the_blocks_that_bring_it_back() {
        let create = |name: &str| Change::Create {
            after: Value::object([
                ("disk_id", Value::from("disk-1")),
                ("disk_backup_name", Value::from(name)),
            ]),
        };
        let plan = plan(
            vec![("a", create("n")), ("b", create("n")), ("c", create("other"))],
            (0..3).map(|change| (StepAction::Create { change }, vec![])).collect(),
        );
        let mut survey = survey(&["x", "y", "z"], &["y"], None);
        let names = [("x", "n"), ("y", "n"), ("z", "third")].map(|(id, name)| (id.into(), name.into()));
        if let Some(Ok(points)) = survey.parents.get_mut(&parent()) {
            points.names = BTreeMap::from(names);
        }
        let lost = Circumstances { without_state: true, ..Circumstances::default() };
        let found = judge(&plan, &survey, lost);
        let warning = found.iter().next().unwrap();
        let blocks = "import {\n  to = tencentcloud_cbs_disk_backup.a\n  id = \"y\"\n}\n\nimport {\n  to = tencentcloud_cbs_disk_backup.b\n  id = \"x\"\n}";
        assert!(warning.detail.ends_with(blocks), "{}", warning.detail);
        assert!(judge(&plan, &survey, Circumstances::default()).is_empty());
    }
}
