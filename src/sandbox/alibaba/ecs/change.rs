//! ModifySnapshotAttribute, DeleteSnapshot and JoinResourceGroup.

use serde_json::Map;

use super::super::call::{Answer, Call};
use super::super::envelope::Refusal;
use super::super::naming::{check_ecs_description, check_ecs_name, check_retention};
use super::super::settings::{ECS_DELETE_UNKNOWN, name_rules};
use super::create::{DAY_MS, check_resource_group};

pub(super) fn modify_snapshot_attribute(call: &mut Call<'_, '_>) -> Answer {
    let parameters = call.parameters;
    let rules = name_rules(call.session.options);
    let id = parameters.required("SnapshotId")?;
    let name = parameters.text("SnapshotName");
    if let Some(name) = name {
        check_ecs_name(name, rules)?;
    }
    // An empty description is a change: it clears the old one.
    let description = parameters.sent("Description");
    if let Some(description) = description {
        check_ecs_description(description, 0, rules)?;
    }
    let retention = parameters.text("RetentionDays").map(check_retention).transpose()?;
    let instant_access = parameters.text("DisableInstantAccess");
    if name.is_none() && description.is_none() && retention.is_none() && instant_access.is_none() {
        return Err(Refusal::new(400, "NoAttributeToModify", "No attribute to be modified in this request."));
    }
    let snapshot = call.session.world.ecs_snapshots.get(&call.place, id).ok_or_else(snapshot_not_found)?;
    if snapshot.life.is_creating(call.session.now_ms) {
        return Err(Refusal::new(
            400,
            "InvalidSnapshotId.NotReady",
            "The specified snapshot creation is not completed yet.",
        ));
    }
    if let (Some(days), Some(before)) = (retention, snapshot.retention_days)
        && days < before
    {
        return Err(Refusal::new(
            400,
            "InvalidOperation.DecreaseRetentionDaysUnsupported",
            "The retention days of a snapshot can only be increased.",
        ));
    }
    let now_ms = call.session.now_ms;
    call.session.world.ecs_snapshots.update(&call.place, id, |snapshot| {
        snapshot.modified_ms = now_ms;
        if let Some(name) = name {
            snapshot.name = name.to_owned();
        }
        if let Some(description) = description {
            snapshot.description = description.to_owned();
        }
        if let Some(days) = retention {
            snapshot.retention_days = Some(days);
            snapshot.life.expires_ms =
                Some(snapshot.life.created_ms.saturating_add(i64::from(days) * DAY_MS));
        }
    });
    Ok(Map::new())
}

pub(super) fn snapshot_not_found() -> Refusal {
    Refusal::new(404, "InvalidSnapshotId.NotFound", "The specified snapshot does not exist.")
}

pub(super) fn delete_snapshot(call: &mut Call<'_, '_>) -> Answer {
    let id = call.parameters.required("SnapshotId")?;
    let force = call.parameters.boolean("Force")?.unwrap_or(false);
    let Some(snapshot) = call.session.world.ecs_snapshots.get(&call.place, id) else {
        return if call.session.unknown_is_error(&ECS_DELETE_UNKNOWN) {
            Err(snapshot_not_found())
        } else {
            Ok(Map::new())
        };
    };
    let refuse = |code, message| Err(Refusal::new(403, code, message));
    if snapshot.locked {
        return refuse("InvalidOperation.SnapshotIsLocked", "The specified snapshot is locked.");
    }
    if snapshot.usage.contains("image") {
        return refuse(
            "SnapshotCreatedImage",
            "The snapshot has been used to create an image; delete the image first.",
        );
    }
    if snapshot.usage.contains("disk") && !force {
        return refuse(
            "SnapshotCreatedDisk",
            "The snapshot has been used to create disks; set Force to delete it.",
        );
    }
    call.session.world.ecs_snapshots.delete(&call.place, id);
    Ok(Map::new())
}

pub(super) fn join_resource_group(call: &mut Call<'_, '_>) -> Answer {
    let parameters = call.parameters;
    let id = parameters.required("ResourceId")?;
    let kind = parameters.required("ResourceType")?;
    let group = parameters.required("ResourceGroupId")?;
    check_resource_group(group)?;
    let place = &call.place;
    let moved = match kind {
        "snapshot" => call
            .session
            .world
            .ecs_snapshots
            .update(place, id, |snapshot| group.clone_into(&mut snapshot.resource_group_id)),
        "disk" => call
            .session
            .world
            .ecs_disks
            .update(place, id, |disk| group.clone_into(&mut disk.resource_group_id)),
        _ => {
            return Err(Refusal::new(
                404,
                "InvalidResourceType.NotFound",
                "The specified ResourceType is not found.",
            ));
        }
    };
    moved.map(|()| Map::new()).ok_or_else(|| {
        Refusal::new(
            404,
            "InvalidResourceId.NotFound",
            "The specified ResourceId is not found in our records.",
        )
    })
}
