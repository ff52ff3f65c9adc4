//! Bad input: each is refused with the place, the rule and the remedy, and no cloud hears of it.

use std::io::{Read, Write};
use std::net::TcpListener;

use snapform::sandbox::faults::Fault;
use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_TENCENT_SECRET_ID,
    DEFAULT_TENCENT_SECRET_KEY, Sandbox, Server,
};

use crate::golden;
use crate::program::{Folder, points};

/// Name, what stands in `main.tf`, and what the refusal must say.
const BAD: &[(&str, &str, &[&str])] = &[
    (
        "unknown-argument",
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_nam   = \"a\"\n}\n",
        &["on main.tf line 3", "Did you mean"],
    ),
    (
        "wrong-type",
        "resource \"alicloud_ecs_snapshot\" \"a\" {\n  disk_id        = \"d-bp10000000000000000a\"\n  retention_days = \"soon\"\n}\n",
        &["on main.tf line 3", "a number is required"],
    ),
    (
        "missing-argument",
        "resource \"tencentcloud_cbs_disk_backup\" \"a\" {\n  disk_backup_name = \"a\"\n}\n",
        &["on main.tf line 1", "\"disk_id\" is required"],
    ),
    (
        "cfs-name-of-65-characters",
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name  = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n}\n",
        &["on main.tf line 3", "at most 64 characters"],
    ),
    (
        "ecs-names-with-a-reserved-beginning",
        "resource \"alicloud_ecs_snapshot\" \"a\" {\n  disk_id       = \"d-bp10000000000000000a\"\n  snapshot_name = \"automatic\"\n}\n\nresource \"alicloud_ecs_snapshot\" \"b\" {\n  disk_id       = \"d-bp10000000000000000a\"\n  snapshot_name = \"http://backup\"\n}\n",
        &["on main.tf line 3", "begin with \"auto\"", "on main.tf line 8", "begin with \"http://\""],
    ),
    (
        "21-tags",
        "resource \"alicloud_ecs_snapshot\" \"a\" {\n  disk_id = \"d-bp10000000000000000a\"\n  tags    = { for number in range(21) : \"tag${number}\" => \"x\" }\n}\n",
        &["on main.tf line 3", "At most 20 tags"],
    ),
    (
        "retention-out-of-range",
        "resource \"alicloud_ecs_snapshot\" \"a\" {\n  disk_id        = \"d-bp10000000000000000a\"\n  retention_days = 0\n}\n\nresource \"alicloud_ecs_snapshot\" \"b\" {\n  disk_id        = \"d-bp10000000000000000a\"\n  retention_days = 65537\n}\n",
        &["on main.tf line 3", "on main.tf line 8", "from 1 to 65536"],
    ),
    (
        "unknown-references",
        "variable \"name\" {\n  default = \"a\"\n}\n\nresource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = local.file_system\n  snapshot_name  = var.nmae\n}\n\noutput \"id\" {\n  value = tencentcloud_cfs_snapshot.b.id\n}\n",
        &["on main.tf line 6", "on main.tf line 7", "on main.tf line 11"],
    ),
    (
        "cycle",
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name  = tencentcloud_cfs_snapshot.b.id\n}\n\nresource \"tencentcloud_cfs_snapshot\" \"b\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name  = tencentcloud_cfs_snapshot.a.id\n}\n",
        &["Cycle: tencentcloud_cfs_snapshot.a, tencentcloud_cfs_snapshot.b", "main.tf:8"],
    ),
    (
        "bad-hcl",
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id =\n}\n",
        &["on main.tf line 2", "Invalid expression"],
    ),
    (
        "duplicate-resource",
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n}\n\nresource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000b\"\n}\n",
        &["on main.tf line 5", "already declared at\nmain.tf:1,1-41"],
    ),
];

/// A configuration with which nothing is wrong.
const GOOD: &str = r#"
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "before-upgrade"
}

resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "before-upgrade"
}
"#;

/// Clouds that another program could use too.
struct Clouds {
    sandbox: Sandbox,
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

fn clouds() -> Clouds {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = Sandbox::in_memory().unwrap();
    let server = runtime.block_on(Server::bind(([127, 0, 0, 1], 0).into(), sandbox.clone())).unwrap();
    Clouds { sandbox, server, _runtime: runtime }
}

/// Lets the program in a folder use an endpoint, with credentials that are right or wrong.
fn connect(folder: &mut Folder, endpoint: &str, right: bool) {
    let value = |text: &'static str| if right { text } else { "nobody-knows-this" };
    folder.set("SNAPFORM_ENDPOINT", endpoint);
    folder.set("ALICLOUD_ACCESS_KEY", value(DEFAULT_ALIBABA_ACCESS_KEY_ID));
    folder.set("ALICLOUD_SECRET_KEY", value(DEFAULT_ALIBABA_ACCESS_KEY_SECRET));
    folder.set("ALICLOUD_REGION", "cn-hangzhou");
    folder.set("TENCENTCLOUD_SECRET_ID", value(DEFAULT_TENCENT_SECRET_ID));
    folder.set("TENCENTCLOUD_SECRET_KEY", value(DEFAULT_TENCENT_SECRET_KEY));
    folder.set("TENCENTCLOUD_REGION", "ap-guangzhou");
}

#[test]
fn bad_configurations_are_refused_before_any_call() {
    let clouds = clouds();
    for (name, main, texts) in BAD {
        let mut folder = Folder::with_main(main);
        connect(&mut folder, &format!("http://{}", clouds.server.address()), true);
        let run = folder.run(&["apply", "-auto-approve"]).ended_with(1);
        golden::check(&format!("refusals/{name}"), &run.text());
        assert_eq!(run.out, "", "{name}");
        texts.iter().for_each(|text| assert!(run.err.contains(text), "{name}: {text:?}\n{}", run.err));
        assert!(!folder.path().join("terraform.tfstate").exists(), "{name}");
        assert_eq!(clouds.sandbox.calls().len(), 0, "{name}");
    }
    assert_eq!(points(&clouds.sandbox), []);
}

#[test]
fn every_refusal_names_the_column_in_json() {
    for (name, main, _) in BAD {
        let run = Folder::with_main(main).run(&["validate", "-json"]).ended_with(1);
        let answer: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(answer["valid"], false, "{name}");
        for diagnostic in answer["diagnostics"].as_array().unwrap() {
            let start = &diagnostic["range"]["start"];
            assert!(
                start["line"].as_u64() > Some(0) && start["column"].as_u64() > Some(0),
                "{name}: {diagnostic}"
            );
            assert_eq!(diagnostic["range"]["filename"], "main.tf", "{name}");
        }
    }
}

#[test]
fn unreadable_states_are_refused_and_kept() {
    let clouds = clouds();
    for (name, state, text) in [
        ("cut off", "{\"version\": 4, \"terr", "The state cannot be read"),
        (
            "newer",
            "{\"version\": 5, \"terraform_version\": \"9.0.0\", \"serial\": 1, \"lineage\": \"a\"}",
            "version",
        ),
        ("no JSON", "hello", "The state cannot be read"),
    ] {
        let mut folder = Folder::with_main(GOOD);
        connect(&mut folder, &format!("http://{}", clouds.server.address()), true);
        folder.write("terraform.tfstate", state);
        for command in
            [&["plan"][..], &["apply", "-auto-approve"], &["destroy", "-auto-approve"], &["state", "list"]]
        {
            let run = folder.run(command).ended_with(1);
            assert!(run.err.contains(text) && run.err.contains("terraform.tfstate"), "{name}: {}", run.err);
        }
        assert_eq!(
            std::fs::read_to_string(folder.path().join("terraform.tfstate")).unwrap(),
            state,
            "{name}"
        );
    }
    assert_eq!(clouds.sandbox.calls().len(), 0);
}

#[test]
fn wrong_credentials_are_named_and_nothing_is_created() {
    let clouds = clouds();
    let mut folder = Folder::with_main(GOOD);
    connect(&mut folder, &format!("http://{}", clouds.server.address()), false);
    folder
        .run(&["plan"])
        .ended_with(1)
        .saying("Provider cannot be used")
        .saying("AuthFailure.SecretIdNotFound");
    folder
        .run(&["apply", "-auto-approve"])
        .ended_with(1)
        .saying("AuthFailure.SecretIdNotFound")
        .saying("TENCENTCLOUD_SECRET_ID")
        .saying("InvalidAccessKeyId.NotFound")
        .saying("ALIBABA_CLOUD_ACCESS_KEY_ID")
        .saying("on main.tf line 2")
        .saying("on main.tf line 7")
        .saying("equest id");
    assert_eq!(points(&clouds.sandbox), []);
}

#[test]
fn missing_credentials_are_named_and_nothing_is_sent() {
    let clouds = clouds();
    let mut folder = Folder::with_main(GOOD);
    folder.set("SNAPFORM_ENDPOINT", &format!("http://{}", clouds.server.address()));
    folder.set("ALICLOUD_REGION", "cn-hangzhou");
    folder.set("TENCENTCLOUD_REGION", "ap-guangzhou");
    folder
        .run(&["apply", "-auto-approve"])
        .ended_with(1)
        .saying("no credentials for provider tencentcloud")
        .saying("no credentials for provider alicloud")
        .saying("TENCENTCLOUD_SECRET_ID")
        .saying("ALIBABA_CLOUD_ACCESS_KEY_ID");
    assert_eq!(clouds.sandbox.calls().len(), 0);
}

#[test]
fn an_endpoint_that_refuses_connections_is_named() {
    // Bound and dropped: nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut folder = Folder::with_main(GOOD);
    connect(&mut folder, &format!("http://{address}"), true);
    folder
        .run(&["apply", "-auto-approve"])
        .ended_with(1)
        .saying(&format!("could not connect to http://{address}"))
        .saying("SNAPFORM_ENDPOINT")
        .saying("on main.tf line 2");
}

#[test]
fn an_endpoint_that_answers_html_is_quoted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 16384];
            let _ = stream.read(&mut request);
            let page = "<html><title>Welcome to the hotel</title></html>";
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
            let _ = write!(stream, "{head} {}\r\n\r\n{page}", page.len());
        }
    });
    let mut folder = Folder::with_main(GOOD);
    connect(&mut folder, &format!("http://{address}"), true);
    folder
        .run(&["apply", "-auto-approve"])
        .ended_with(1)
        .saying("text/html")
        .saying("Welcome to the hotel")
        .saying("any proxy in between");
}

#[test]
fn more_destroys_than_allowed_are_refused_also_from_a_saved_plan() {
    let folder = Folder::with_main("resource \"terraform_data\" \"a\" {\n  count = 3\n}\n");
    folder.run(&["apply", "-auto-approve"]).succeeded();
    folder.run(&["plan", "-destroy", "-max-destroy=2"]).ended_with(1).saying("Too many objects to destroy");
    folder.run(&["plan", "-destroy", "-out=all"]).succeeded();
    folder.run(&["apply", "-max-destroy=2", "all"]).ended_with(1).saying("Too many objects to destroy");
    folder.run(&["apply", "-max-destroy=3", "all"]).succeeded();
}

#[test]
fn points_that_a_parent_has_no_room_for_are_refused_while_planning() {
    for (block, most) in [
        ("resource \"tencentcloud_cbs_disk_backup\" \"a\" {\n  disk_id = \"disk-1000000a\"\n", 10),
        ("resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n", 100),
        ("resource \"alicloud_ecs_snapshot\" \"a\" {\n  disk_id = \"d-bp10000000000000000a\"\n", 256),
    ] {
        let mut folder = Folder::with_main(&format!("{block}  count = {}\n}}\n", most + 1));
        folder.set("ALICLOUD_REGION", "cn-hangzhou");
        folder
            .sandboxed(&["apply", "-auto-approve"])
            .ended_with(1)
            .saying("No room for another recovery point")
            .saying(&format!("can keep {most}"))
            .saying("on main.tf line 1");
        assert_eq!(folder.points(), []);
        folder.write("main.tf", &format!("{block}  count = {most}\n}}\n"));
        folder.sandboxed(&["plan"]).succeeded().saying(&format!("{most} to add"));
    }
}

#[test]
fn a_plan_that_takes_the_last_usable_point_of_a_parent_says_so() {
    let main = |name: &str, first: bool| {
        format!(
            "resource \"tencentcloud_cbs_disk_backup\" \"a\" {{\n  disk_id = \"disk-1000000a\"\n  disk_backup_name = \"{name}\"\n  lifecycle {{\n    create_before_destroy = {first}\n  }}\n}}\n"
        )
    };
    const BARE: &str = "Parent without any usable recovery point";
    let folder = Folder::with_main(&main("one", false));
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().not_saying(BARE);
    folder.write("main.tf", &main("two", false));
    folder.sandboxed(&["plan"]).succeeded().saying(BARE).saying("disk disk-1000000a");
    folder.write("main.tf", &main("two", true));
    folder.sandboxed(&["plan"]).succeeded().not_saying(BARE);
    folder.sandboxed(&["plan", "-destroy"]).succeeded().saying(BARE);
}

#[test]
fn a_read_that_fails_is_no_absence() {
    let clouds = clouds();
    let mut folder = Folder::with_main(GOOD);
    connect(&mut folder, &format!("http://{}", clouds.server.address()), true);
    folder.run(&["apply", "-auto-approve"]).succeeded().saying("Resources: 2 added");
    let before = points(&clouds.sandbox);
    let fault =
        serde_json::json!({"kind": "server-error-html", "action": "DescribeCfsSnapshots", "count": 1000});
    let fault: Fault = serde_json::from_value(fault).unwrap();
    clouds.sandbox.arm(fault).unwrap();
    folder.run(&["apply", "-auto-approve"]).ended_with(1).not_saying("will be created");
    clouds.sandbox.disarm_all().unwrap();
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    assert_eq!(points(&clouds.sandbox), before);
}
