//! TagResources, UntagResources and ListTagResources over snapshots and disks.

use std::collections::BTreeMap;

use serde_json::{Map, json};

use super::super::call::{Answer, Call};
use super::super::envelope::Refusal;
use super::super::paging::{Page, Sizes};
use super::super::tags::{MOST_TAGS, TagFilter, read};

/// The most resources that one request can name.
const MOST_RESOURCES: usize = 50;

/// ListTagResources has no size of its own.
const PAGE: Sizes = Sizes { default: 50, smallest: 50, largest: 50, clamped: true };

/// Filters by resource group, and goes with no other tag.
const GROUP_KEY: &str = "acs:rm:rgId";

#[derive(Clone, Copy)]
enum Kind {
    Snapshot,
    Disk,
}

impl Kind {
    fn read(call: &Call<'_, '_>) -> Result<Self, Refusal> {
        if call.parameters.text("RegionId").is_none() {
            return Err(absent("RegionId"));
        }
        match call.parameters.text("ResourceType") {
            None => Err(absent("ResourceType")),
            Some("snapshot") => Ok(Self::Snapshot),
            Some("disk") => Ok(Self::Disk),
            Some(_) => Err(Refusal::new(
                404,
                "InvalidResourceType.NotFound",
                "The specified ResourceType is not found.",
            )),
        }
    }

    fn tags<'w>(self, call: &'w Call<'_, '_>, id: &str) -> Option<&'w BTreeMap<String, String>> {
        match self {
            Self::Snapshot => call.session.world.ecs_snapshots.get(&call.place, id).map(|it| &it.tags),
            Self::Disk => call.session.world.ecs_disks.get(&call.place, id).map(|it| &it.tags),
        }
    }

    fn set_tags(self, call: &mut Call<'_, '_>, id: &str, tags: BTreeMap<String, String>) {
        let (world, place) = (&mut *call.session.world, &call.place);
        match self {
            Self::Snapshot => world.ecs_snapshots.update(place, id, |it| it.tags = tags),
            Self::Disk => world.ecs_disks.update(place, id, |it| it.tags = tags),
        };
    }

    /// Id, resource group and tags of everything of this kind.
    fn everything<'w>(self, call: &'w Call<'_, '_>) -> Vec<(&'w str, &'w str, &'w BTreeMap<String, String>)> {
        match self {
            Self::Snapshot => call
                .session
                .world
                .ecs_snapshots
                .list(&call.place)
                .map(|it| (it.id.as_str(), it.resource_group_id.as_str(), &it.tags))
                .collect(),
            Self::Disk => call
                .session
                .world
                .ecs_disks
                .list(&call.place)
                .map(|it| (it.id.as_str(), it.resource_group_id.as_str(), &it.tags))
                .collect(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Disk => "disk",
        }
    }
}

/// The tag actions have their own codes and status for absent parameters.
fn absent(name: &str) -> Refusal {
    Refusal::new(404, &format!("MissingParameter.{name}"), format!("The parameter {name} is missing."))
}

fn read_ids(call: &Call<'_, '_>, kind: Kind) -> Result<Vec<String>, Refusal> {
    let ids = call.parameters.list("ResourceId");
    if ids.is_empty() {
        return Err(absent("ResourceIds"));
    }
    check_ids(&ids)?;
    // Nothing is tagged unless everything can be.
    if ids.iter().any(|id| kind.tags(call, id).is_none()) {
        return Err(Refusal::new(
            404,
            "InvalidResourceId.NotFound",
            "The specified ResourceIds are not found in our records.",
        ));
    }
    Ok(ids.into_iter().map(str::to_owned).collect())
}

fn check_ids(ids: &[&str]) -> Result<(), Refusal> {
    (ids.len() <= MOST_RESOURCES).then_some(()).ok_or_else(|| {
        Refusal::new(400, "NumberExceed.ResourceIds", "The maximum number of resource ids is exceeded.")
    })
}

fn too_many_tags() -> Refusal {
    Refusal::new(400, "NumberExceed.Tags", "The maximum number of tags is exceeded.")
}

pub(super) fn tag_resources(call: &mut Call<'_, '_>) -> Answer {
    let kind = Kind::read(call)?;
    let added = read(call.parameters, &too_many_tags())?;
    if added.is_empty() {
        return Err(absent("Tags"));
    }
    let mut lower: Vec<_> = added.keys().map(|key| key.to_lowercase()).collect();
    lower.sort();
    lower.dedup();
    if lower.len() < added.len() {
        return Err(Refusal::new(403, "TagKey.Duplication", "The tag keys are the same but for their case."));
    }
    let ids = read_ids(call, kind)?;
    let mut merged = Vec::with_capacity(ids.len());
    for id in ids {
        let mut tags = kind.tags(call, &id).cloned().unwrap_or_default();
        tags.extend(added.clone());
        if call.session.effects.quota || tags.len() > MOST_TAGS {
            return Err(Refusal::new(
                403,
                "QuotaExceed.Tags",
                "The number of tags of the resource exceeds the limit of 20.",
            ));
        }
        merged.push((id, tags));
    }
    for (id, tags) in merged {
        kind.set_tags(call, &id, tags);
    }
    Ok(Map::new())
}

pub(super) fn untag_resources(call: &mut Call<'_, '_>) -> Answer {
    let kind = Kind::read(call)?;
    let keys: Vec<String> = call.parameters.list("TagKey").into_iter().map(str::to_owned).collect();
    if keys.len() > MOST_TAGS {
        return Err(too_many_tags());
    }
    // All counts only when no key is named.
    let all = keys.is_empty() && call.parameters.boolean("All")?.unwrap_or(false);
    for id in read_ids(call, kind)? {
        let mut tags = kind.tags(call, &id).cloned().unwrap_or_default();
        tags.retain(|key, _| !all && !keys.contains(key));
        kind.set_tags(call, &id, tags);
    }
    Ok(Map::new())
}

pub(super) fn list_tag_resources(call: &mut Call<'_, '_>) -> Answer {
    let kind = Kind::read(call)?;
    let ids = call.parameters.list("ResourceId");
    check_ids(&ids)?;
    let value_alone = Refusal::new(400, "InvalidParameter.TagValue", "A tag value needs its tag key.");
    let filter = TagFilter::read(call.parameters, &value_alone)?;
    if ids.is_empty() && filter.is_empty() {
        return Err(absent("ResourceIds"));
    }
    let by_group =
        call.parameters.key_values("Tag").into_iter().find(|tag| tag.key.as_deref() == Some(GROUP_KEY));
    if by_group.is_some() && call.parameters.key_values("Tag").len() > 1 {
        return Err(super::super::tags::mismatch());
    }
    let mut found = Vec::new();
    for (id, group, tags) in kind.everything(call) {
        let selected = match &by_group {
            Some(wanted) => wanted.value.as_deref().is_none_or(|wanted| wanted == group),
            None => filter.accepts(tags),
        };
        let named = ids.is_empty() || ids.contains(&id);
        if !named || !selected {
            continue;
        }
        for (key, value) in tags {
            let named = filter.is_empty() || by_group.is_some() || filter.names(key);
            if named {
                found.push((format!("{id}/{key}"), id, key, value));
            }
        }
    }
    let page = Page::by_token(call.parameters, PAGE)?;
    let (items, token) = page.cut(&found, |(mark, ..)| mark);
    let items: Vec<_> = items
        .iter()
        .map(|(_, id, key, value)| {
            json!({"ResourceId": id, "ResourceType": kind.name(), "TagKey": key, "TagValue": value})
        })
        .collect();
    let mut answer = Map::new();
    answer.insert("TagResources".to_owned(), json!({ "TagResource": items }));
    answer.insert("NextToken".to_owned(), json!(token.unwrap_or_default()));
    Ok(answer)
}
