//! tag 2018-08-13: the tags of CFS and CBS objects, by their six-part names.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::answer::{Answer, ApiError, Fields, error, fields};
use super::parameters::{Arguments, Kind, TAGS, TEXTS, optional, required};
use super::{Action, Context};
use crate::sandbox::world::{Place, World};

/// The actions of this service.
pub(super) static ACTIONS: &[Action] = &[
    Action {
        name: "ModifyResourceTags",
        parameters: &[
            required("Resource", Kind::Text),
            optional("ReplaceTags", TAGS),
            optional("DeleteTags", Kind::List(&Kind::Object(&[required("TagKey", Kind::Text)]))),
        ],
        per_second: 20,
        run: modify,
    },
    Action {
        name: "DescribeResourceTagsByResourceIds",
        parameters: &[
            required("ServiceType", Kind::Text),
            required("ResourcePrefix", Kind::Text),
            required("ResourceIds", TEXTS),
            required("ResourceRegion", Kind::Text),
            optional("Offset", Kind::Unsigned),
            optional("Limit", Kind::Unsigned),
            optional("Category", Kind::Text),
        ],
        per_second: 20,
        run: describe,
    },
];

/// Tags that one resource may carry.
const TAGS_PER_RESOURCE: usize = 50;

/// An object that carries tags.
enum Target {
    CfsSnapshot(Place, String),
    FileSystem(Place, String),
    CbsDisk(Place, String),
}

impl Target {
    /// Returns the object behind a service, prefix and id.
    fn find(service: &str, prefix: &str, place: Place, id: &str) -> Result<Self, ApiError> {
        match (service, prefix) {
            ("cfs", "snap") => Ok(Self::CfsSnapshot(place, id.to_owned())),
            ("cfs", "filesystem") => Ok(Self::FileSystem(place, id.to_owned())),
            ("cvm" | "cbs", "volume" | "disk") => Ok(Self::CbsDisk(place, id.to_owned())),
            ("cfs" | "cvm" | "cbs", _) => {
                let message = format!("The service {service} has no resources with the prefix {prefix}.");
                Err(error("InvalidParameterValue.ResourcePrefixInvalid", message))
            }
            _ => Err(error(
                "InvalidParameterValue.ServiceTypeInvalid",
                format!("There is no service {service}."),
            )),
        }
    }

    fn tags<'a>(&self, world: &'a World) -> Option<&'a BTreeMap<String, String>> {
        match self {
            Self::CfsSnapshot(place, id) => world.cfs_snapshots.get(place, id).map(|object| &object.tags),
            Self::FileSystem(place, id) => world.file_systems.get(place, id).map(|object| &object.tags),
            Self::CbsDisk(place, id) => world.cbs_disks.get(place, id).map(|object| &object.tags),
        }
    }

    fn set_tags(&self, world: &mut World, tags: BTreeMap<String, String>) {
        match self {
            Self::CfsSnapshot(place, id) => {
                world.cfs_snapshots.update(place, id, |object| object.tags = tags)
            }
            Self::FileSystem(place, id) => world.file_systems.update(place, id, |object| object.tags = tags),
            Self::CbsDisk(place, id) => world.cbs_disks.update(place, id, |object| object.tags = tags),
        };
    }
}

/// Reads `qcs::service:region:account:prefix/id`; the account may be `uin/` or `uin/<number>`.
fn parse_resource(context: &Context, name: &str) -> Result<Target, ApiError> {
    let malformed = || {
        let message = "Resource must have six parts: qcs:project:service:region:account:prefix/id.";
        error("InvalidParameterValue.ResourceDescriptionError", message)
    };
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let ["qcs", _, service, region, account, resource] = parts[..] else { return Err(malformed()) };
    let account = account.strip_prefix("uin/").ok_or_else(malformed)?;
    if !account.is_empty() && account != context.place.account {
        return Err(error("InvalidParameterValue.UinInvalid", "The resource belongs to another account."));
    }
    let (prefix, id) = resource.split_once('/').ok_or_else(malformed)?;
    Target::find(service, prefix, Place::new(&context.place.account, region), id)
}

fn check_tag(key: &str, value: &str) -> Result<(), ApiError> {
    let refuse = |code: &str, message: &str| Err(error(&format!("InvalidParameterValue.{code}"), message));
    if key.is_empty() {
        return refuse("TagKeyEmpty", "A tag key is empty.");
    }
    if key.len() > 127 {
        return refuse("TagKeyLengthExceeded", "A tag key may have 127 bytes at most.");
    }
    if key.chars().any(char::is_control) {
        return refuse("TagKeyCharacterIllegal", "A tag key has characters that are not allowed.");
    }
    if value.len() > 255 {
        return refuse("TagValueLengthExceeded", "A tag value may have 255 bytes at most.");
    }
    if value.chars().any(char::is_control) {
        return refuse("TagValueCharacterIllegal", "A tag value has characters that are not allowed.");
    }
    Ok(())
}

fn modify(context: &mut Context, arguments: &Arguments) -> Answer {
    let target = parse_resource(context, arguments.text("Resource").unwrap_or_default())?;
    let replace = arguments.tags("ReplaceTags");
    let deleted = arguments.objects("DeleteTags");
    let deleted: Vec<&str> = deleted.iter().filter_map(|tag| tag.text("TagKey")).collect();
    let empty_list = |name: &str, empty: bool| arguments.has(name) && empty;
    if empty_list("ReplaceTags", replace.is_empty())
        || empty_list("DeleteTags", deleted.is_empty())
        || (replace.is_empty() && deleted.is_empty())
    {
        return Err(error("InvalidParameter.Tag", "Give ReplaceTags or DeleteTags; neither may be empty."));
    }
    if replace.len() > 10 || deleted.len() > 10 {
        return Err(error(
            "LimitExceeded.TagNumPerRequest",
            "A request may replace and delete 10 tags each.",
        ));
    }
    for (index, (key, value)) in replace.iter().enumerate() {
        check_tag(key, value)?;
        if replace[..index].iter().any(|(other, _)| other == key) {
            return Err(error("InvalidParameterValue.TagKeyDuplicate", "A tag key is given twice."));
        }
        if deleted.contains(&key.as_str()) {
            let message = "A tag key cannot be replaced and deleted at once.";
            return Err(error("InvalidParameterValue.DeleteTagsParamError", message));
        }
    }
    let world = &mut *context.session.world;
    let tags = target.tags(world);
    let mut tags = tags
        .cloned()
        .ok_or_else(|| error("InvalidParameterValue.ResourceIdInvalid", "The resource does not exist."))?;
    tags.retain(|key, _| !deleted.contains(&key.as_str()));
    tags.extend(replace);
    if tags.len() > TAGS_PER_RESOURCE {
        let message = format!("A resource may have {TAGS_PER_RESOURCE} tags.");
        return Err(error("LimitExceeded.ResourceAttachedTags", message));
    }
    target.set_tags(world, tags);
    Ok(Fields::new())
}

fn describe(context: &mut Context, arguments: &Arguments) -> Answer {
    let text = |name: &str| arguments.text(name).unwrap_or_default();
    let ids = arguments.texts("ResourceIds");
    if ids.is_empty() || ids.len() > 50 {
        return Err(error("LimitExceeded.ResourceNumPerRequest", "ResourceIds takes 1 to 50 ids."));
    }
    let limit = arguments.number("Limit").unwrap_or(15).max(1);
    let offset = arguments.number("Offset").unwrap_or(0);
    if offset % limit != 0 {
        let message = "Offset must be a multiple of Limit.";
        return Err(error("InvalidParameterValue.OffsetInvalid", message));
    }
    // All tags here are made by users; the vendor's own do not exist.
    let category = arguments.text("Category").unwrap_or("All");
    let service = text("ServiceType");
    let place = Place::new(&context.place.account, text("ResourceRegion"));
    let mut found: Vec<Value> = Vec::new();
    for id in ids {
        let target = Target::find(service, text("ResourcePrefix"), place.clone(), id)?;
        let tags = target.tags(context.session.world).filter(|_| category != "System");
        for (key, value) in tags.into_iter().flatten() {
            found.push(json!({
                "TagKey": key, "TagValue": value, "ResourceId": id, "TagKeyMd5": md5(key), "TagValueMd5": md5(value),
                "ServiceType": service, "Category": "Custom",
            }));
        }
    }
    let total = found.len();
    let begin = usize::try_from(offset).unwrap_or(usize::MAX).min(total);
    let page: Vec<Value> =
        found.into_iter().skip(begin).take(usize::try_from(limit).unwrap_or(usize::MAX)).collect();
    Ok(fields(json!({"TotalCount": total, "Offset": offset, "Limit": limit, "Tags": page})))
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
