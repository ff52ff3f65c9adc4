//! How few calls, and never too many in a second: what the program sends, counted by a served sandbox that keeps the quotas.

#![allow(clippy::unwrap_used)] // helpers outside #[test] functions fail the test just the same

#[path = "support/five_systems.rs"]
mod five_systems;
#[path = "support/program.rs"]
mod program;

use std::time::Duration;

use five_systems::{System, state_of};
use program::Folder;
use snapform::sandbox::clock::Clock;
use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_TENCENT_SECRET_ID,
    DEFAULT_TENCENT_SECRET_KEY, Options, Sandbox, Seed, Server,
};
use tokio::runtime::Runtime;

/// Calls that may be refused or repeated on a machine that stalls: what leaves in one second can then arrive in the next.
const STALLED: u64 = 3;

/// A served world and a folder whose runs go there.
struct World {
    sandbox: Sandbox,
    folder: Folder,
    runtime: Runtime,
    _server: Server,
}

impl World {
    fn new(settings: &[(&str, &str)], seed: &Seed, configuration: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let mut options = Options::default();
        settings.iter().for_each(|(name, value)| options.set(name, value).unwrap());
        let sandbox = Sandbox::open(None, options).unwrap();
        sandbox.seed(seed).unwrap();
        let server = Server::bind("127.0.0.1:0".parse().unwrap(), sandbox.clone());
        let server = runtime.block_on(server).unwrap();
        let mut folder = Folder::with_main(configuration);
        for (name, value) in [
            ("SNAPFORM_ENDPOINT", format!("http://{}", server.address()).as_str()),
            ("ALICLOUD_REGION", "cn-hangzhou"),
            ("TENCENTCLOUD_REGION", "ap-guangzhou"),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ALIBABA_ACCESS_KEY_ID),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ALIBABA_ACCESS_KEY_SECRET),
            ("TENCENTCLOUD_SECRET_ID", DEFAULT_TENCENT_SECRET_ID),
            ("TENCENTCLOUD_SECRET_KEY", DEFAULT_TENCENT_SECRET_KEY),
        ] {
            folder.set(name, value);
        }
        Self { sandbox, folder, runtime, _server: server }
    }

    fn calls(&self, system: System, action: &str) -> u64 {
        self.sandbox.calls().get(&format!("{}:{action}", system.service())).map_or(0, |count| count.total)
    }

    fn throttled(&self) -> u64 {
        self.sandbox.calls().values().map(|count| count.throttled).sum()
    }
}

#[test]
fn a_refresh_among_many_foreign_points_takes_the_fewest_calls() {
    const POINTS: usize = 220;
    const PARENTS: usize = 11;
    const COMMANDS: u64 = 4;
    let (mut seed, mut configuration, mut remembered) = (Seed::default(), String::new(), Vec::new());
    for system in System::ALL {
        system.seed_parents(&mut seed, PARENTS);
        system.seed_points(&mut seed, POINTS, PARENTS, "p");
        system.seed_points(&mut seed, POINTS * 10, PARENTS, "foreign");
        configuration.push_str(&system.block(POINTS, PARENTS));
        remembered.push(system.remembered(POINTS, PARENTS));
    }
    let world = World::new(&[("limits.clock", "sandbox")], &seed, &configuration);
    world.folder.write("terraform.tfstate", &state_of(remembered));
    world.folder.run(&["refresh"]).succeeded();
    // Within the same second: each command knows of the calls of those before.
    for _ in 1..COMMANDS {
        world.folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    }
    let pages = (POINTS * 11).div_ceil(100);
    for system in System::ALL {
        let most = match system {
            // Lists of ids.
            System::Ecs | System::Cbs => POINTS.div_ceil(100) + 5,
            // One list per parent, of as many pages as it takes, or all pages of everything.
            System::Ecd | System::Cfs => (PARENTS * (POINTS * 11 / PARENTS).div_ceil(100)).min(pages),
            System::Tcaplus => PARENTS.min(pages),
        };
        let calls = world.calls(system, system.describe());
        // The commands each read everything once.
        assert!(
            calls <= COMMANDS * most as u64 + STALLED,
            "{system:?}: {calls} calls, at most {most} for each command"
        );
        assert!(calls > 0, "{system:?}");
    }
    assert!(world.throttled() <= STALLED, "{:?}", world.sandbox.calls());
}

#[test]
fn no_second_sees_more_creates_than_the_quota() {
    let (points, parents) = (50, System::Cbs.parents_for(50));
    let mut seed = Seed::default();
    System::Cbs.seed_parents(&mut seed, parents);
    let world = World::new(&[("cbs.create-ms", "200")], &seed, &System::Cbs.block(points, parents));
    let begun = std::time::Instant::now();
    world.folder.run(&["apply", "-auto-approve"]).succeeded();
    let calls = world.sandbox.calls();
    let creates = &calls["cbs:CreateDiskBackup"];
    assert_eq!(creates.total - creates.throttled, 50);
    assert!(creates.throttled <= STALLED, "{creates:?}");
    assert!(creates.busiest_second as u64 <= 20 + STALLED, "{creates:?}");
    // Twenty at once, twenty after a second, ten after two.
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn a_client_that_sends_21_in_a_second_is_throttled_and_ends_well() {
    let (points, parents) = (21, 21);
    let mut seed = Seed::default();
    System::Cbs.seed_parents(&mut seed, parents);
    let settings = [("limits.clock", "sandbox"), ("cbs.create-ms", "0")];
    let world = World::new(&settings, &seed, &System::Cbs.block(points, parents));
    // All calls come at the same instant until the first was refused; from then on time passes.
    let start = world.sandbox.now_ms();
    world.sandbox.set_clock(Clock::Standing { at_ms: start }).unwrap();
    let sandbox = world.sandbox.clone();
    let watch = world.runtime.spawn(async move {
        while sandbox.calls().values().all(|count| count.throttled == 0) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        sandbox.set_clock(Clock::default()).unwrap();
        sandbox.advance_ms(2_000).unwrap();
    });
    world.folder.run(&["apply", "-auto-approve", "-rate=1000/s", "-stats"]).succeeded().saying("21 added");
    world.runtime.block_on(watch).unwrap();
    let calls = world.sandbox.calls();
    let creates = &calls["cbs:CreateDiskBackup"];
    assert!(creates.throttled >= 1, "{creates:?}");
    assert_eq!(creates.total - creates.throttled, 21);
}
