//! cbs: the backup point that the vendor makes by itself every day, dropping the one of the day before.
//!
//! Nothing runs in the background: a call first does what would have happened by now.

use super::{Context, settings};
use crate::sandbox::world::{CbsDisk, DiskBackup, Life};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Makes the points of today for the disks that have a quota, as far as the setting asks for it.
pub(super) fn rotate(context: &mut Context) {
    if context.session.options.is(&settings::CBS_DAILY_POINTS, "off") {
        return;
    }
    let zone_ms = i64::from(context.zone_hours()) * 3_600_000;
    let now = context.session.now_ms;
    let midnight = now - (now + zone_ms).rem_euclid(DAY_MS);
    let disks = context.session.world.cbs_disks.list(&context.place);
    let due = |disk: &&CbsDisk| disk.backup_quota > 0 && !disk.no_snapshots && disk.created_ms <= midnight;
    let disks: Vec<CbsDisk> = disks.filter(due).cloned().collect();
    for disk in disks {
        rotate_disk(context, &disk, midnight);
    }
}

fn rotate_disk(context: &mut Context, disk: &CbsDisk, midnight: i64) {
    let drops_all = context.session.options.is(&settings::CBS_DAILY_DROPS, "all");
    let backups = &context.session.world.disk_backups;
    let points: Vec<&DiskBackup> = backups.children(&context.place, &disk.id).collect();
    if points.iter().any(|point| point.automatic && point.life.created_ms >= midnight) {
        return;
    }
    let leaves = |point: &&&DiskBackup| point.life.created_ms < midnight && (point.automatic || drops_all);
    let old: Vec<String> = points.iter().filter(leaves).map(|point| point.id.clone()).collect();
    let full = points.len() - old.len() >= usize::try_from(disk.backup_quota).unwrap_or(usize::MAX);
    for id in old {
        context.session.world.disk_backups.delete(&context.place, &id);
    }
    if full {
        return;
    }
    let point = DiskBackup {
        place: context.place.clone(),
        id: context.session.ids.next_id("dbp-", 8),
        disk_id: disk.id.clone(),
        name: String::new(),
        life: Life::begin(midnight, context.session.options.number(&settings::CBS_CREATE_MS)),
        size_gib: disk.size_gib,
        usage: disk.usage.clone(),
        encrypt: disk.encrypt,
        rollback_until_ms: 0,
        automatic: true,
    };
    context.session.world.disk_backups.insert(point);
}
