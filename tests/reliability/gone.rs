//! Only what is gone leaves the state: no trouble with reading is ever taken for an absence.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use snapform::sandbox::Seed;
use snapform::sandbox::http::{Request, Response};

use super::cloud::{Cloud, action};
use super::kill::PROVIDERS;
use super::systems::Baseline;
use super::world::{Directory, Said};

/// Points of each system in the state.
pub const POINTS: usize = 6;

/// What can go wrong with reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// The access key was deleted.
    DeletedKey,
    /// The key belongs to another account.
    OtherAccount,
    /// The provider works in another region now.
    OtherRegion,
    /// The key may not read.
    Denied,
    /// The key may read nothing of what there is, and the list does not say so.
    Filtered,
    /// The list says how many there are and shows fewer.
    PartlyFiltered,
    /// What is ours moves to another page while the list is read.
    Shifting,
    /// A page for people instead of an answer, as from a hotel's network.
    Page,
    /// The same from a broken gateway.
    BrokenGateway,
}

const TROUBLES: [Trouble; 9] = [
    Trouble::DeletedKey,
    Trouble::OtherAccount,
    Trouble::OtherRegion,
    Trouble::Denied,
    Trouble::Filtered,
    Trouble::PartlyFiltered,
    Trouble::Shifting,
    Trouble::Page,
    Trouble::BrokenGateway,
];

/// A system: the kind of its points in the sandbox, and their block.
pub const SYSTEMS: [(&str, &str); 5] = [
    (
        "ecs-snapshot",
        "resource \"alicloud_ecs_snapshot\" \"a\" {\n  disk_id = \"d-bp10000000000000000a\"\n  snapshot_name = \"nightly\"\n",
    ),
    (
        "ecd-snapshot",
        "resource \"alicloud_ecd_snapshot\" \"a\" {\n  desktop_id = \"ecd-1000000000000000a\"\n  source_disk_type = \"DATA\"\n  snapshot_name = \"nightly\"\n",
    ),
    (
        "cfs-snapshot",
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name = \"nightly\"\n",
    ),
    (
        "cbs-disk-backup",
        "resource \"tencentcloud_cbs_disk_backup\" \"a\" {\n  disk_id = \"disk-1000000b\"\n  disk_backup_name = \"nightly\"\n",
    ),
    (
        "tcaplus-snapshot",
        "resource \"tencentcloud_tcaplus_snapshot\" \"a\" {\n  cluster_id = \"19162256624\"\n  table_group_id = \"1\"\n  table_name = \"tb_player\"\n  snapshot_name = \"nightly-${count.index}\"\n",
    ),
];

/// Returns a configuration with so many points of one system.
pub fn config(block: &str) -> String {
    format!("{PROVIDERS}{block}  count = {POINTS}\n}}\n")
}

/// Returns whether a request lists points.
fn lists_points(request: &Request) -> bool {
    ["DescribeSnapshots", "DescribeCfsSnapshots", "DescribeDiskBackups"].contains(&action(request).as_str())
}

fn is_tencent(request: &Request) -> bool {
    request.header("x-tc-action").is_some()
}

/// Takes points out of an answer that lists them; with `honest` it still says how many there are.
fn hide(response: &mut Response, hidden: &dyn Fn(&str) -> bool, honest: bool) {
    fn cut(value: &mut Value, hidden: &dyn Fn(&str) -> bool, honest: bool) {
        let Some(members) = value.as_object_mut() else { return };
        for (name, member) in members.iter_mut() {
            match (name.as_str(), &mut *member) {
                ("Snapshot" | "Snapshots" | "DiskBackupSet" | "TableResults", Value::Array(items)) => {
                    items.retain(|item| {
                        let id = ["SnapshotId", "DiskBackupId", "SnapshotName"].iter();
                        !id.filter_map(|field| item[field].as_str()).any(hidden)
                    });
                }
                ("TotalCount", number) if !honest => *number = json!(0),
                _ => cut(member, hidden, honest),
            }
        }
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return };
    cut(&mut body, hidden, honest);
    response.body = body.to_string().into_bytes();
}

fn page(status: u16) -> Response {
    Response::new(status, "text/html", "<html><body><h1>Welcome to our network</h1></body></html>")
}

fn denied(request: &Request) -> Response {
    if is_tencent(request) {
        let error = json!({"Code": "UnauthorizedOperation", "Message": "You are not authorized."});
        let body = json!({"Response": {"Error": error, "RequestId": "r-1"}});
        return Response::new(200, "application/json", body.to_string());
    }
    let body = json!({"Code": "Forbidden.RAM", "Message": "User not authorized.", "RequestId": "r-1", "HostId": "h"});
    Response::new(403, "application/json", body.to_string())
}

/// Keeps our points off every page of a list, as when they move up from the second page to the first between the two reads:
/// somebody else's are in their places, and the number is right. Who asks for one by its id is shown it.
fn shift(request: &Request, response: &mut Response) {
    let asked = format!("{}{}", request.query, String::from_utf8_lossy(&request.body));
    if !lists_points(request) || asked.contains("SnapshotId") {
        return;
    }
    let ours = String::from_utf8_lossy(&response.body).into_owned();
    let renamed = ours.replace("\"SnapshotId\":\"", "\"SnapshotId\":\"other-");
    response.body = renamed.into_bytes();
}

/// Returns what is to be run, and how, while the trouble lasts.
fn trouble(
    kind: &'static str,
    trouble: Trouble,
    cloud: &Arc<Cloud>,
    directory: &Directory,
) -> Vec<(&'static str, &'static str)> {
    let key = |cloud: &str, account: &str| json!({"id": format!("{cloud}-other-key"), "secret": "other", "cloud": cloud, "account": account});
    let seed = |kind: &str, object: Value| {
        let objects = [(kind.to_owned(), vec![object.as_object().unwrap().clone()])].into_iter().collect();
        cloud.sandbox().seed(&Seed { objects, ..Seed::default() }).unwrap();
    };
    match trouble {
        Trouble::DeletedKey => {
            cloud.sandbox().delete("access-key", snapform::sandbox::DEFAULT_ALIBABA_ACCESS_KEY_ID).unwrap();
            cloud.sandbox().delete("access-key", snapform::sandbox::DEFAULT_TENCENT_SECRET_ID).unwrap();
        }
        Trouble::OtherAccount => {
            seed("account", json!({"id": "2000000000000002", "cloud": "alibaba"}));
            seed("account", json!({"id": "200000000002", "cloud": "tencent", "app_id": 1_250_000_002}));
            seed("access-key", key("alibaba", "2000000000000002"));
            seed("access-key", key("tencent", "200000000002"));
            return vec![
                ("ALICLOUD_ACCESS_KEY", "alibaba-other-key"),
                ("ALICLOUD_SECRET_KEY", "other"),
                ("TENCENTCLOUD_SECRET_ID", "tencent-other-key"),
                ("TENCENTCLOUD_SECRET_KEY", "other"),
            ];
        }
        Trouble::OtherRegion => {
            let block = SYSTEMS.iter().find(|(each, _)| *each == kind).unwrap().1;
            let moved = config(block).replacen("cn-hangzhou", "cn-beijing", 1).replacen(
                "ap-guangzhou",
                "ap-beijing",
                1,
            );
            directory.configure(&moved);
        }
        Trouble::Denied => cloud.answer_with(|request, response| {
            if lists_points(request) {
                *response = denied(request);
            }
        }),
        Trouble::Filtered => cloud.answer_with(|request, response| {
            if lists_points(request) {
                hide(response, &|_| true, false);
            }
        }),
        Trouble::PartlyFiltered => {
            let hidden: Vec<String> = directory.remembered().into_iter().take(2).collect();
            cloud.answer_with(move |request, response| {
                if lists_points(request) {
                    hide(response, &|id| hidden.iter().any(|each| each.rsplit(':').next() == Some(id)), true);
                }
            });
        }
        Trouble::Shifting => cloud.answer_with(shift),
        Trouble::Page => cloud.answer_with(|_, response| *response = page(200)),
        Trouble::BrokenGateway => cloud.answer_with(|_, response| *response = page(502)),
    }
    Vec::new()
}

/// Tells which systems a trouble can befall.
fn befalls(trouble: Trouble, kind: &str) -> bool {
    match trouble {
        // The others are read by id or in one answer.
        Trouble::Shifting => matches!(kind, "cfs-snapshot" | "ecd-snapshot"),
        // Lists of Alibaba Cloud that are read by token tell no number.
        Trouble::PartlyFiltered => !matches!(kind, "ecs-snapshot" | "ecd-snapshot"),
        _ => true,
    }
}

fn one(kind: &'static str, which: Trouble, baseline: &Baseline, block: &str) {
    let (cloud, directory, _world) = baseline.copy(&config(block));
    let cloud = Arc::new(cloud);
    let before = directory.remembered();
    assert_eq!(before.len(), POINTS);
    let variables = trouble(kind, which, &cloud, &directory);
    let ours =
        |cloud: &Cloud| cloud.ever().into_iter().filter(|point| point.name.starts_with("nightly")).count();
    let run = |arguments: &[&str]| {
        let mut command = directory.command(&cloud, arguments);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        Said { status: output.status, text: String::from_utf8_lossy(&text).into_owned() }
    };
    // Where these are wrong, the message says so.
    let named: &[&str] = match which {
        Trouble::DeletedKey => &["InvalidAccessKeyId", "SecretIdNotFound"],
        Trouble::OtherAccount => &["now looks in account 2"],
        Trouble::OtherRegion => &["cn-beijing", "ap-beijing"],
        _ => &[],
    };
    let plan = (!named.is_empty()).then_some(&["plan", "-no-color"][..]);
    let runs = [
        &["apply", "-refresh-only", "-auto-approve", "-no-color"][..],
        &["apply", "-auto-approve", "-no-color"],
    ];
    for arguments in plan.into_iter().chain(runs) {
        let said = run(arguments);
        let told = format!("{which:?} of {kind}: {arguments:?}\n{}", said.text);
        assert!(said.status.code().is_some() && !said.text.contains("panicked"), "{told}");
        assert_eq!(directory.remembered(), before, "{told}");
        assert_eq!(ours(&cloud), POINTS, "{told}");
        // A list that shifts is read to the end all the same; all else ends with the reason.
        let expected = if which == Trouble::Shifting { Some(0) } else { Some(1) };
        assert_eq!(said.status.code(), expected, "{told}");
        assert!(said.status.success() || said.text.contains("Error: "), "{told}");
        assert!(!said.text.contains("has been deleted"), "{told}");
        let flat = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(named.is_empty() || named.iter().any(|name| flat.contains(name)), "{told}");
    }
    cloud.answer_honestly();
    cloud.unwatch();
    if which != Trouble::DeletedKey {
        directory.configure(&config(block));
        let said = directory.run(&cloud, &["plan", "-no-color", "-detailed-exitcode"]);
        assert_eq!(said.status.code(), Some(0), "{which:?} of {kind}: afterwards\n{}", said.text);
    }
}

#[test]
fn no_trouble_with_reading_removes_anything_from_the_state() {
    let cells: Vec<_> = TROUBLES
        .iter()
        .flat_map(|which| SYSTEMS.iter().map(move |(kind, block)| (*which, *kind, *block)))
        .filter(|(which, kind, _)| befalls(*which, kind))
        .collect();
    let baselines: Vec<(&str, Baseline)> = std::thread::scope(|threads| {
        let made: Vec<_> = SYSTEMS
            .iter()
            .map(|(kind, block)| threads.spawn(|| (*kind, Baseline::of(&config(block)))))
            .collect();
        made.into_iter().map(|made| made.join().unwrap()).collect()
    });
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                while let Some((which, kind, block)) = cells.get(next.fetch_add(1, Ordering::SeqCst)).copied()
                {
                    let baseline = &baselines.iter().find(|(each, _)| *each == kind).unwrap().1;
                    if std::panic::catch_unwind(|| one(kind, which, baseline, block)).is_err() {
                        failures.lock().unwrap().push((which, kind));
                    }
                }
            });
        }
    });
    println!("{} troubles, nothing left the state but in {:?}", cells.len(), failures.lock().unwrap());
    assert!(failures.lock().unwrap().is_empty());
}
