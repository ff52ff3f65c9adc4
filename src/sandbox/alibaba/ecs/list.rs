//! DescribeSnapshots: filters, pages and the item's fields.

use serde_json::{Map, Value, json};

use super::super::call::{Answer, Call, ordered, walk};
use super::super::envelope::Refusal;
use super::super::paging::{Page, Sizes};
use super::super::settings::{ECS_AVAILABLE, ECS_EMPTY_IDS, ECS_NAME_FILTER, ECS_ORDER, name_matches};
use super::super::tags::{TagFilter, mismatch};
use super::change::snapshot_not_found;
use super::create::malformed_category;
use crate::sandbox::clock::{parse_utc, utc_text};
use crate::sandbox::faults::NotFound;
use crate::sandbox::world::{EcsSnapshot, Phase};

const SIZES: Sizes = Sizes { default: 10, smallest: 1, largest: 100, clamped: false };

pub(super) fn describe_snapshots(call: &mut Call<'_, '_>) -> Answer {
    call.require_region()?;
    let filter = Filter::read(call)?;
    let page = Page::by_token_or_number(call.parameters, SIZES, SIZES)?;
    refuse_dry_run(call)?;
    filter.refuse_unknown_ids(call)?;
    let (items, token, total) = match filter.select(call, &page) {
        Some((items, token)) => (items, token, 0),
        None => {
            let found = filter.find(call);
            let (items, token) = page.cut(&found, |snapshot| &snapshot.id);
            (items.to_vec(), token, found.len())
        }
    };
    let items: Vec<Value> = items.into_iter().map(|snapshot| describe(call, snapshot)).collect();
    let mut answer = Map::new();
    answer.insert("Snapshots".to_owned(), json!({ "Snapshot": items }));
    paging_fields(&mut answer, call, &page, total, token);
    Ok(answer)
}

/// Adds what both list actions say about their pages.
pub(super) fn paging_fields(
    answer: &mut Map<String, Value>,
    call: &Call<'_, '_>,
    page: &Page,
    total: usize,
    token: Option<String>,
) {
    let number = call.parameters.text("PageNumber").and_then(|text| text.parse::<u64>().ok());
    answer.insert("TotalCount".to_owned(), json!(if is_tokened(call) { 0 } else { total }));
    answer.insert("PageNumber".to_owned(), json!(number.unwrap_or(1)));
    answer.insert("PageSize".to_owned(), json!(page.size()));
    answer.insert("NextToken".to_owned(), json!(token.unwrap_or_default()));
}

/// Tells whether tokens lead through the pages. The vendor calls TotalCount meaningless then; 0 shows who
/// relies on it.
fn is_tokened(call: &Call<'_, '_>) -> bool {
    let given = |name: &str| call.parameters.text(name).is_some();
    given("NextToken") || (given("MaxResults") && !given("PageNumber"))
}

/// A dry run that passes its checks is answered as an error.
pub(super) fn refuse_dry_run(call: &Call<'_, '_>) -> Result<(), Refusal> {
    match call.parameters.boolean("DryRun")? {
        Some(true) => Err(Refusal::new(
            400,
            "DryRunOperation",
            "Request validation has been passed with DryRun flag set.",
        )),
        _ => Ok(()),
    }
}

/// Returns the creation times that `Filter.1` and `Filter.2` allow, in milliseconds.
pub(super) fn creation_window(call: &Call<'_, '_>) -> Result<(i64, i64), Refusal> {
    let (mut from, mut to) = (i64::MIN, i64::MAX);
    for filter in call.parameters.key_values("Filter") {
        let bound = match filter.key.as_deref() {
            Some("CreationStartTime") => &mut from,
            Some("CreationEndTime") => &mut to,
            _ => {
                return Err(Refusal::new(
                    404,
                    "InvalidFilterKey.NotFound",
                    "The specified filter key is not valid.",
                ));
            }
        };
        // yyyy-MM-ddTHH:mmZ, no seconds.
        let time = filter.value.as_deref().filter(|text| text.len() == 17).and_then(parse_utc);
        *bound = time.ok_or_else(|| {
            Refusal::new(404, "InvalidFilterValue", "The specified filter value is not valid.")
        })?;
    }
    Ok((from, to))
}

struct Filter<'a> {
    ids: Option<Vec<String>>,
    disk: Option<&'a str>,
    disks: Option<Vec<String>>,
    links: Option<Vec<String>>,
    name: Option<&'a str>,
    status: Option<&'a str>,
    snapshot_type: Option<&'a str>,
    disk_type: Option<String>,
    usage: Option<&'a str>,
    category: Option<String>,
    encrypted: Option<bool>,
    kms_key: Option<&'a str>,
    group: Option<&'a str>,
    tags: TagFilter,
    from_ms: i64,
    to_ms: i64,
}

impl<'a> Filter<'a> {
    fn read(call: &Call<'a, '_>) -> Result<Self, Refusal> {
        let parameters = call.parameters;
        let one_of = |name: &str, allowed: &[&str], status, code| match parameters.text(name) {
            Some(value) if !allowed.contains(&value) => {
                Err(Refusal::new(status, code, format!("The specified {name} is not valid.")))
            }
            value => Ok(value),
        };
        let not_all = |value: Option<&'a str>| value.filter(|value| *value != "all");
        let ids = parameters.json_list("SnapshotIds").ok().flatten();
        if ids.is_none() && parameters.text("SnapshotIds").is_some()
            || ids.as_ref().is_some_and(|ids| ids.len() > 100)
        {
            return Err(Refusal::new(
                403,
                "InvalidSnapshotIds.Malformed",
                "The amount or the form of the specified snapshot ids is not valid.",
            ));
        }
        let everything = call.session.options.is(&ECS_EMPTY_IDS, "everything");
        let ids = ids.filter(|ids| !(ids.is_empty() && everything));
        let disks = parameters.text("InstanceId").map(|instance| {
            let attached = call.session.world.ecs_disks.children(&call.place, instance);
            attached.map(|disk| disk.id.clone()).collect()
        });
        // One chain, or up to 100 as JSON.
        let links = parameters.text("SnapshotLinkId").map(|one| {
            parameters.json_list("SnapshotLinkId").ok().flatten().unwrap_or_else(|| vec![one.to_owned()])
        });
        let status = ["progressing", "accomplished", "failed", "all"];
        let kinds = ["auto", "user", "all"];
        let usages = ["image", "disk", "image_disk", "none"];
        let disk_type = parameters.text("SourceDiskType").map(str::to_ascii_lowercase);
        if disk_type.as_deref().is_some_and(|kind| !["system", "data"].contains(&kind)) {
            let message = "The specified SourceDiskType is not valid.";
            return Err(Refusal::new(404, "InvalidSourceDiskType", message));
        }
        let category = parameters.text("Category").map(str::to_ascii_lowercase);
        if category.as_deref().is_some_and(|it| !["standard", "flash", "archive"].contains(&it)) {
            return Err(malformed_category());
        }
        let (from_ms, to_ms) = creation_window(call)?;
        Ok(Self {
            ids,
            disk: parameters.text("DiskId"),
            disks,
            links,
            name: parameters.text("SnapshotName"),
            status: not_all(one_of("Status", &status, 404, "InvalidStatus.NotFound")?),
            snapshot_type: not_all(one_of("SnapshotType", &kinds, 404, "InvalidSnapshotType.NotFound")?),
            disk_type,
            usage: one_of("Usage", &usages, 404, "InvalidUsage")?,
            category,
            encrypted: parameters.boolean("Encrypted")?,
            kms_key: parameters.text("KMSKeyId"),
            group: parameters.text("ResourceGroupId"),
            tags: TagFilter::read(parameters, &mismatch())?,
            from_ms,
            to_ms,
        })
    }

    /// The page lists no such refusal; only a fault asks for it.
    fn refuse_unknown_ids(&self, call: &Call<'_, '_>) -> Result<(), Refusal> {
        let known = |id: &String| call.session.world.ecs_snapshots.get(&call.place, id).is_some();
        let ids = self.ids.as_deref().unwrap_or_default();
        if call.session.effects.not_found == Some(NotFound::Error) && !ids.iter().all(known) {
            return Err(snapshot_not_found());
        }
        Ok(())
    }

    /// Returns a page of everything in the region; `None` when the answer needs the whole list.
    fn select<'w>(
        &self,
        call: &'w Call<'_, '_>,
        page: &'w Page,
    ) -> Option<(Vec<&'w EcsSnapshot>, Option<String>)> {
        if !is_tokened(call) || self.ids.is_some() || self.disk.is_some() {
            return None;
        }
        let newest_first = call.session.options.is(&ECS_ORDER, "newest-first");
        let all = walk(&call.session.world.ecs_snapshots, &call.place, newest_first, page.after())?;
        Some(page.select(all, |snapshot| &snapshot.id, |snapshot| self.accepts(call, snapshot)))
    }

    /// Takes the narrowest index that the filter allows.
    fn find<'w>(&self, call: &'w Call<'_, '_>) -> Vec<&'w EcsSnapshot> {
        let (table, place) = (&call.session.world.ecs_snapshots, &call.place);
        let accepts = |snapshot: &&EcsSnapshot| self.accepts(call, snapshot);
        let newest_first = call.session.options.is(&ECS_ORDER, "newest-first");
        if let Some(ids) = &self.ids {
            let mut found: Vec<&EcsSnapshot> =
                ids.iter().filter_map(|id| table.get(place, id)).filter(accepts).collect();
            found.sort_by_key(|snapshot| (snapshot.life.created_ms, &snapshot.id));
            found.dedup_by_key(|snapshot| &snapshot.id);
            return ordered(found.into_iter(), newest_first);
        }
        match self.disk {
            Some(disk) => ordered(table.children(place, disk).filter(accepts), newest_first),
            None => ordered(table.list(place).filter(accepts), newest_first),
        }
    }

    fn accepts(&self, call: &Call<'_, '_>, snapshot: &EcsSnapshot) -> bool {
        fn is<T: PartialEq + ?Sized>(wanted: Option<&T>, value: &T) -> bool {
            wanted.is_none_or(|wanted| wanted == value)
        }
        fn within(wanted: Option<&Vec<String>>, value: &String) -> bool {
            wanted.is_none_or(|wanted| wanted.contains(value))
        }
        let kind = if snapshot.snapshot_type == "user" { "user" } else { "auto" };
        call.session.lists(snapshot.life.created_ms)
            && is(self.disk, &snapshot.disk_id)
            && within(self.disks.as_ref(), &snapshot.disk_id)
            && within(self.links.as_ref(), &snapshot.link_id)
            && self.name.is_none_or(|wanted| {
                name_matches(call.session.options, &ECS_NAME_FILTER, &snapshot.name, wanted)
            })
            && is(self.status, status(snapshot, call.session.now_ms))
            && is(self.snapshot_type, kind)
            && is(self.disk_type.as_ref(), &snapshot.source_disk_type)
            && is(self.usage, &snapshot.usage)
            && is(self.category.as_ref(), &snapshot.category)
            && is(self.encrypted.as_ref(), &snapshot.encrypted)
            && is(self.kms_key, &snapshot.kms_key_id)
            && is(self.group, &snapshot.resource_group_id)
            && self.tags.accepts(&snapshot.tags)
            && (self.from_ms..=self.to_ms).contains(&snapshot.life.created_ms)
    }
}

fn status(snapshot: &EcsSnapshot, now_ms: i64) -> &'static str {
    match snapshot.life.phase(now_ms) {
        Phase::Creating { .. } => "progressing",
        Phase::Failed => "failed",
        Phase::Ready | Phase::Deleting => "accomplished",
    }
}

fn describe(call: &Call<'_, '_>, snapshot: &EcsSnapshot) -> Value {
    let now_ms = call.session.now_ms;
    let (progress, usable) = match snapshot.life.phase(now_ms) {
        Phase::Creating { percent } => (format!("{percent}%"), false),
        Phase::Failed => ("0%".to_owned(), false),
        Phase::Ready | Phase::Deleting => ("100%".to_owned(), true),
    };
    let early = call.session.options.is(&ECS_AVAILABLE, "at-once")
        && snapshot.life.is_creating(now_ms)
        && call
            .session
            .world
            .ecs_disks
            .get(&call.place, &snapshot.disk_id)
            .is_some_and(|disk| disk.category.starts_with("cloud_essd"));
    let tags: Vec<Value> = tag_list(&snapshot.tags);
    let mut item = json!({
        "SnapshotId": snapshot.id,
        "Status": status(snapshot, now_ms),
        "Progress": progress,
        "RemainTime": if usable { 0 } else { snapshot.life.remaining_seconds(now_ms) },
        "Available": usable || early,
        "Description": snapshot.description,
        "CreationTime": utc_text(snapshot.life.created_ms),
        "LastModifiedTime": utc_text(snapshot.modified_ms),
        "SnapshotType": snapshot.snapshot_type,
        "SourceDiskId": snapshot.disk_id,
        "SourceDiskSize": snapshot.source_disk_size_gib.to_string(),
        "SourceDiskType": snapshot.source_disk_type,
        "SourceStorageType": "disk",
        "Category": snapshot.category,
        "Usage": snapshot.usage,
        "Encrypted": snapshot.encrypted,
        "InstantAccess": snapshot.instant_access,
        "KMSKeyId": snapshot.kms_key_id,
        "ProductCode": snapshot.product_code,
        "SnapshotSN": snapshot.id.replacen("s-", "", 1),
        "SnapshotLinkId": snapshot.link_id,
        "ResourceGroupId": snapshot.resource_group_id,
        "RegionId": snapshot.place.region,
        "Tags": { "Tag": tags },
    });
    // These three stand in an answer only when they were given.
    if !snapshot.name.is_empty() {
        item["SnapshotName"] = json!(snapshot.name);
    }
    if let Some(days) = snapshot.retention_days {
        item["RetentionDays"] = json!(days);
    }
    if let Some(days) = snapshot.instant_access_retention_days {
        item["InstantAccessRetentionDays"] = json!(days);
    }
    item
}

/// Returns tags as the answers of this service spell them.
pub(super) fn tag_list(tags: &std::collections::BTreeMap<String, String>) -> Vec<Value> {
    tags.iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value})).collect()
}
