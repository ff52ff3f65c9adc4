//! CreateSnapshot, with its ClientToken.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::json;

use super::super::call::{Answer, Call};
use super::super::encoding::hex;
use super::super::envelope::Refusal;
use super::super::naming::{check_ecs_description, check_ecs_name, check_retention};
use super::super::parameters::Parameters;
use super::super::settings::{
    ECS_BUSY, ECS_CONCURRENT, ECS_READY_MS, ECS_SNAPSHOTS, ECS_TOKEN_HOURS, name_rules,
};
use super::super::tags;
use crate::sandbox::world::{ClientToken, EcsDisk, EcsSnapshot};

pub(super) const DAY_MS: i64 = 86_400_000;

pub(super) fn create_snapshot(call: &mut Call<'_, '_>) -> Answer {
    let parameters = call.parameters;
    let disk_id = parameters.required("DiskId")?.to_owned();
    let draft = read_draft(call)?;
    let token = read_token(parameters)?;
    if let Some(token) = &token
        && let Some(answer) = remembered(call, token)?
    {
        return Ok(answer_id(&answer));
    }

    let not_found = || Refusal::new(404, "InvalidDiskId.NotFound", "The specified disk does not exist.");
    let disk = call.session.world.ecs_disks.get(&call.place, &disk_id).ok_or_else(not_found)?;
    check_disk(disk)?;
    check_room(call, disk)?;

    let mut life = call.session.begin_life(&ECS_READY_MS);
    life.expires_ms =
        draft.retention_days.map(|days| call.session.now_ms.saturating_add(i64::from(days) * DAY_MS));
    let id = call.session.ids.next_id("s-", 20);
    let name = match (draft.name, call.session.effects.default_name) {
        (None, true) => format!("snapshot-{id}"),
        (name, _) => name.unwrap_or_default(),
    };
    let snapshot = EcsSnapshot {
        place: call.place.clone(),
        id: id.clone(),
        disk_id,
        name,
        description: draft.description,
        life,
        modified_ms: call.session.now_ms,
        retention_days: draft.retention_days,
        tags: draft.tags,
        resource_group_id: draft.resource_group_id,
        source_disk_size_gib: disk.size_gib,
        source_disk_type: disk.disk_type.clone(),
        category: draft.category,
        snapshot_type: "user".to_owned(),
        encrypted: disk.encrypted,
        kms_key_id: disk.kms_key_id.clone(),
        usage: "none".to_owned(),
        link_id: disk.id.replacen("d-", "sl-", 1),
        product_code: disk.product_code.clone(),
        instant_access: draft.instant_access,
        instant_access_retention_days: draft.instant_access_retention_days,
        locked: false,
    };
    call.session.world.ecs_snapshots.insert(snapshot);
    if let Some(token) = token {
        let hours = call.session.options.number(&ECS_TOKEN_HOURS);
        call.session.world.client_tokens.insert(ClientToken {
            place: call.place.clone(),
            id: token_key(&token),
            fingerprint: fingerprint(parameters),
            answer: id.clone(),
            expires_ms: call.session.now_ms.saturating_add(hours.saturating_mul(3_600_000)),
        });
    }
    Ok(answer_id(&id))
}

fn answer_id(id: &str) -> serde_json::Map<String, serde_json::Value> {
    [("SnapshotId".to_owned(), json!(id))].into_iter().collect()
}

/// What the request alone decides about the new snapshot.
struct Draft {
    name: Option<String>,
    description: String,
    retention_days: Option<u32>,
    resource_group_id: String,
    tags: std::collections::BTreeMap<String, String>,
    category: String,
    instant_access: bool,
    instant_access_retention_days: Option<u32>,
}

fn read_draft(call: &Call<'_, '_>) -> Result<Draft, Refusal> {
    let parameters = call.parameters;
    let rules = name_rules(call.session.options);
    let name = parameters.text("SnapshotName").map(str::to_owned);
    if let Some(name) = &name {
        check_ecs_name(name, rules)?;
    }
    let description = parameters.text("Description").unwrap_or_default().to_owned();
    check_ecs_description(&description, 2, rules)?;
    let retention_days = parameters.text("RetentionDays").map(check_retention).transpose()?;
    let too_many = Refusal::new(403, "QuotaExceed.Tags", "The number of tags exceeds the limit of 20.");
    let tags = tags::read(parameters, &too_many)?;
    let resource_group_id = parameters.text("ResourceGroupId").unwrap_or_default().to_owned();
    check_resource_group(&resource_group_id)?;
    let instant_access = parameters.boolean("InstantAccess")?.unwrap_or(false);
    let category = read_category(parameters)?;
    if instant_access && category.is_some() {
        return Err(Refusal::new(
            403,
            "InvalidCategoryAndInstantAccess.Malformed",
            "Category and InstantAccess cannot be specified together.",
        ));
    }
    let instant_access_retention_days = parameters
        .text("InstantAccessRetentionDays")
        .map(|text| {
            text.parse().ok().filter(|days| (1..=65535).contains(days)).ok_or_else(|| {
                Refusal::new(
                    403,
                    "InvalidInstantAccessRetentionDays.Malformed",
                    "The specified InstantAccessRetentionDays is not valid.",
                )
            })
        })
        .transpose()?;
    Ok(Draft {
        name,
        description,
        retention_days,
        resource_group_id,
        tags,
        category: category.unwrap_or_else(|| "standard".to_owned()),
        instant_access,
        instant_access_retention_days,
    })
}

fn read_category(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    parameters
        .text("Category")
        .map(|category| match category.to_ascii_lowercase().as_str() {
            // Requests are documented as Standard and Flash, answers show them in lower case.
            known @ ("standard" | "flash") => Ok(known.to_owned()),
            _ => Err(malformed_category()),
        })
        .transpose()
}

pub(super) fn malformed_category() -> Refusal {
    Refusal::new(403, "InvalidSnapshotCategory.Malformed", "The specified snapshot category is not valid.")
}

/// Any id of the documented form is a group: this world has no table of them.
pub(super) fn check_resource_group(id: &str) -> Result<(), Refusal> {
    (id.is_empty() || id.starts_with("rg-")).then_some(()).ok_or_else(|| {
        Refusal::new(
            404,
            "InvalidResourceGroup.NotFound",
            "The ResourceGroup provided does not exist in our records.",
        )
    })
}

fn read_token(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let Some(token) = parameters.text("ClientToken") else { return Ok(None) };
    if token.len() > 64 || !token.is_ascii() {
        return Err(Refusal::new(
            403,
            "InvalidClientToken.Malformed",
            "The specified ClientToken is not valid.",
        ));
    }
    Ok(Some(token.to_owned()))
}

fn token_key(token: &str) -> String {
    format!("ecs/CreateSnapshot/{token}")
}

/// The documents name no set of parameters to be compared, so all of the action's count.
fn fingerprint(parameters: &Parameters) -> String {
    let meaning = parameters.meaning(&["ClientToken"]);
    let text: String = meaning.iter().map(|(name, value)| format!("{name}\u{0}{value}\u{0}")).collect();
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

fn remembered(call: &Call<'_, '_>, token: &str) -> Result<Option<String>, Refusal> {
    if call.session.effects.forgotten_token {
        return Ok(None);
    }
    let Some(earlier) = call.session.world.client_tokens.get(&call.place, &token_key(token)) else {
        return Ok(None);
    };
    if earlier.fingerprint != fingerprint(call.parameters) {
        return Err(Refusal::new(
            403,
            "IdempotentParameterMismatch",
            "The specified parameter has changed while using an already used clientToken.",
        ));
    }
    Ok(Some(earlier.answer.clone()))
}

fn check_disk(disk: &EcsDisk) -> Result<(), Refusal> {
    let refuse = |status, code, message: &str| Err(Refusal::new(status, code, message));
    if disk.lock_reasons.iter().any(|reason| reason == "security") {
        return refuse(
            403,
            "InstanceLockedForSecurity",
            "The specified operation is denied as your instance is locked for security reasons.",
        );
    }
    match disk.status.as_str() {
        "In_use" if matches!(disk.instance_status.as_str(), "" | "Running" | "Stopped") => Ok(()),
        "In_use" => refuse(
            400,
            "IncorrectInstanceStatus",
            "The current status of the resource does not support this operation.",
        ),
        "Available" if disk.attached_ms > 0 => Ok(()),
        "Available" => refuse(
            403,
            "IncorrectDiskStatus.NeverAttached",
            "The specified disk has never been attached to any instance.",
        ),
        "Transferring" => refuse(
            403,
            "IncorrectDiskStatus.Transferring",
            "The specified disk is transferring; try again later.",
        ),
        _ => refuse(403, "IncorrectDiskStatus", "The current disk status does not support this operation."),
    }
}

fn check_room(call: &Call<'_, '_>, disk: &EcsDisk) -> Result<(), Refusal> {
    let (mut kept, mut progressing) = (0, 0);
    for snapshot in call.session.world.ecs_snapshots.children(&call.place, &disk.id) {
        kept += i64::from(snapshot.snapshot_type == "user");
        progressing += i64::from(snapshot.life.is_creating(call.session.now_ms));
    }
    let concurrent = call.session.options.number(&ECS_CONCURRENT);
    if progressing >= concurrent {
        let code = call.session.options.text(&ECS_BUSY);
        let message = if code == "QuotaExceed.ConcurrentSnapshotQuota" {
            format!("The disk {} has reached its quota of {concurrent} snapshots in progress.", disk.id)
        } else {
            "A previous snapshot creation is in process.".to_owned()
        };
        return Err(Refusal::new(403, &code, message));
    }
    if call.session.effects.quota || kept >= call.session.options.number(&ECS_SNAPSHOTS) {
        return Err(Refusal::new(
            403,
            "QuotaExceed.Snapshot",
            "The snapshot quota of the specified disk is exceeded.",
        ));
    }
    Ok(())
}
