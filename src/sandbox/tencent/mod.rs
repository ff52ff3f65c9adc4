//! Tencent Cloud API 3.0: cfs, cbs, tcaplusdb, tag and sts on one port.
//!
//! A call is identified (`identify`: action, version, region and key from headers or parameters), its
//! signature verified, then the gateway counts it and its service executes it. The service comes from
//! the scope of the signature, never from `Host`, which may be an address.
//!
//! Adding an action: a line in its service's `ACTIONS` with its parameters and documented rate.

mod answer;
mod cbs;
mod cbs_daily;
mod cbs_disks;
mod cfs;
mod cfs_file_systems;
mod cfs_list;
mod identify;
mod parameters;
mod settings;
mod signature;
mod signature_old;
mod sts;
mod tag;
mod tcaplusdb;
mod tcaplusdb_tables;
#[cfg(test)]
mod tests;

use answer::{Answer, ApiError, envelope, error, server_error};
use identify::Identified;
use parameters::{Arguments, Parameter};
pub(crate) use settings::SETTINGS;

use super::Sandbox;
use super::clock::{parse_plain, plain_text};
use super::default_world::DEFAULT_TENCENT_REGION;
use super::http::{Reply, Request};
use super::options::Options;
use super::session::{Call, Refusal, Session};
use super::traffic::Rate;
use super::world::{AccessKey, Place, World};

/// An action of a service.
struct Action {
    name: &'static str,
    parameters: &'static [Parameter],
    /// Documented calls per second.
    per_second: usize,
    run: fn(&mut Context, &Arguments) -> Answer,
}

/// A service with its version.
struct Service {
    name: &'static str,
    version: &'static str,
    /// Whether calls must name a region.
    regional: bool,
    actions: &'static [Action],
}

static SERVICES: &[Service] = &[
    Service { name: "cfs", version: "2019-07-19", regional: true, actions: cfs::ACTIONS },
    Service { name: "cbs", version: "2017-03-12", regional: true, actions: cbs::ACTIONS },
    Service { name: "tcaplusdb", version: "2019-08-23", regional: true, actions: tcaplusdb::ACTIONS },
    Service { name: "tag", version: "2018-08-13", regional: false, actions: tag::ACTIONS },
    Service { name: "sts", version: "2018-08-13", regional: false, actions: sts::ACTIONS },
];

/// The regions of the vendor's Go SDK.
pub(super) const REGIONS: &[&str] = &[
    "ap-bangkok",
    "ap-beijing",
    "ap-chengdu",
    "ap-chongqing",
    "ap-guangzhou",
    "ap-guangzhou-open",
    "ap-hongkong",
    "ap-jakarta",
    "ap-mumbai",
    "ap-nanjing",
    "ap-seoul",
    "ap-shanghai",
    "ap-shanghai-fsi",
    "ap-shenzhen-fsi",
    "ap-singapore",
    "ap-tokyo",
    "eu-frankfurt",
    "eu-moscow",
    "na-ashburn",
    "na-siliconvalley",
    "na-toronto",
    "sa-saopaulo",
];

/// What an action works with.
struct Context<'a, 'world> {
    session: &'a mut Session<'world>,
    /// Account and region of the call.
    place: Place,
    /// Who calls; `None` for calls that need no signature.
    key: Option<AccessKey>,
    app_id: u64,
}

impl Context<'_, '_> {
    /// Returns `YYYY-MM-DD hh:mm:ss` in the vendor's time zone.
    fn time(&self, ms: i64) -> String {
        plain_text(ms, self.zone_hours())
    }

    /// Returns the milliseconds of such a text.
    fn parse_time(&self, text: &str) -> Option<i64> {
        parse_plain(text, self.zone_hours())
    }

    fn zone_hours(&self) -> i8 {
        if self.session.options.is(&settings::TIME_ZONE, "utc") { 0 } else { 8 }
    }
}

/// Deletes what the vendor deletes along with a parent: the backup points of a disk, and, where the documents
/// are silent, what the setting says.
pub(crate) fn parent_deleted(world: &mut World, options: &Options, kind: &str, id: &str) {
    let along = options.is(&settings::PARENT_DESTROYED, "delete");
    match kind {
        "cbs-disk" => world.disk_backups.delete_children(id),
        "cfs-file-system" if along => world.cfs_snapshots.delete_children(id),
        "tcaplus-table" if along => world.tcaplus_snapshots.delete_children(id),
        _ => {}
    }
}

/// Answers one call.
pub(crate) fn handle(sandbox: &Sandbox, request: &Request) -> Reply {
    match prepare(sandbox, request) {
        Ok(prepared) => execute(sandbox, request, prepared),
        Err(error) => envelope(Err(error)).into(),
    }
}

struct Prepared {
    identified: Identified,
    service: &'static Service,
    action: &'static Action,
    region: String,
    app_id: u64,
}

/// Does what the gateway does before it counts: authentication, then action, version and region.
fn prepare(sandbox: &Sandbox, request: &Request) -> Result<Prepared, ApiError> {
    let identified = identify::identify(sandbox, request)?;
    let (service, action) = find(&identified)?;
    if identified.key.is_none() && !sts::needs_no_signature(action.name) {
        let message = "Only the calls that exchange an identity for a session may go without a signature.";
        return Err(error("AuthFailure.InvalidAuthorization", message));
    }
    if let Some(key) = &identified.key {
        let full = format!("{}:{}", service.name, action.name);
        let any = format!("{}:*", service.name);
        if key.denied.iter().any(|denied| *denied == full || *denied == any || denied == "*") {
            let message = format!("The caller is not authorized to perform {full}.");
            return Err(error("AuthFailure.UnauthorizedOperation", message));
        }
    }
    let (region_required, app_id) = sandbox.with_world(|world, options, _| {
        let account = identified.key.as_ref().map(|key| key.account.clone()).unwrap_or_default();
        let app_id = world.accounts.get(&Place::default(), &account).map_or(0, |account| account.app_id);
        (options.is(&settings::REGION_MISSING, "error"), app_id)
    });
    let region = match identified.region.as_str() {
        "" if service.regional && region_required => {
            return Err(error("MissingParameter", "The request is missing the required parameter `Region`."));
        }
        "" => DEFAULT_TENCENT_REGION.to_owned(),
        region if !service.regional || REGIONS.contains(&region) => region.to_owned(),
        region => return Err(error("UnsupportedRegion", format!("The region {region} is not supported."))),
    };
    Ok(Prepared { identified, service, action, region, app_id })
}

fn find(identified: &Identified) -> Result<(&'static Service, &'static Action), ApiError> {
    let Identified { service, action, version, .. } = identified;
    let named = |found: &&Service| service.as_deref().is_none_or(|name| name == found.name);
    if !SERVICES.iter().any(|found| named(&found)) {
        return Err(error("NoSuchProduct", format!("The product {service:?} does not exist.")));
    }
    let mut versions = SERVICES.iter().filter(named).filter(|found| found.version == version).peekable();
    if versions.peek().is_none() {
        return Err(error("NoSuchVersion", format!("The version {version} does not exist.")));
    }
    // SDKs write the first letter in upper case; people may not.
    let same = |found: &&Action| {
        let (head, tail) = (found.name.get(..1), found.name.get(1..));
        action.get(1..) == tail && action.get(..1).map(str::to_ascii_uppercase).as_deref() == head
    };
    versions
        .find_map(|service| Some((service, service.actions.iter().find(same)?)))
        .ok_or_else(|| error("InvalidAction", format!("The action {action} does not exist.")))
}

fn execute(sandbox: &Sandbox, request: &Request, prepared: Prepared) -> Reply {
    let Prepared { identified, service, action, region, app_id } = prepared;
    let Identified { key, source, .. } = identified;
    let account = key.as_ref().map(|key| key.account.clone()).unwrap_or_default();
    let user = key.as_ref().map(|key| key.user.clone()).unwrap_or_default();
    let per_second = sandbox.with_world(|_, options, _| options.number(&settings::CALLS_PER_SECOND));
    let per_second = usize::try_from(per_second).ok().filter(|calls| *calls > 0);
    let call = Call {
        service: service.name.to_owned(),
        action: action.name.to_owned(),
        // Limits count per sub-account.
        account: if user.is_empty() { account.clone() } else { format!("{account}/{user}") },
        region: region.clone(),
        rate: Some(Rate::per_second(per_second.unwrap_or(action.per_second))),
    };
    let refuse = |refusal| match refusal {
        Refusal::Throttled => {
            let message = format!(
                "Your current request times equals to the limit of {} in a second. Please reduce the frequency of calls.",
                per_second.unwrap_or(action.per_second)
            );
            envelope(Err(error("RequestLimitExceeded", message)))
        }
        Refusal::ServerError => server_error(),
    };
    sandbox.call(request, &call, refuse, |session| {
        let place = Place { account, region };
        let answer = parameters::read(source, action.parameters).and_then(|arguments| {
            let mut context = Context { session, place, key, app_id };
            (action.run)(&mut context, &arguments)
        });
        envelope(answer)
    })
}
