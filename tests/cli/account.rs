//! Keys that may not ask, or cannot be told, whose they are.

use serde_json::json;

use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_ALIBABA_ACCOUNT,
    DEFAULT_TENCENT_ACCOUNT, DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY, Options, Sandbox, Seed,
    Server,
};

use crate::program::{Folder, points};

/// Both clouds, whose keys may do everything but ask for their account.
struct Cloud {
    sandbox: Sandbox,
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

const KEYS: [(&str, &str, &str, &str); 2] = [
    ("alibaba", DEFAULT_ALIBABA_ACCOUNT, DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET),
    ("tencent", DEFAULT_TENCENT_ACCOUNT, DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY),
];

impl Cloud {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sandbox = Sandbox::open(None, Options::default()).unwrap();
        let server = runtime.block_on(Server::bind("127.0.0.1:0".parse().unwrap(), sandbox.clone())).unwrap();
        let cloud = Self { sandbox, server, _runtime: runtime };
        cloud.deny(&["sts:GetCallerIdentity"]);
        cloud
    }

    fn deny(&self, denied: &[&str]) {
        let keys = KEYS.map(|(cloud, account, id, secret)| {
            json!({ "id": id, "secret": secret, "cloud": cloud, "account": account, "denied": denied })
        });
        let seed: Seed = serde_json::from_value(json!({ "objects": { "access-key": keys } })).unwrap();
        self.sandbox.seed(&seed).unwrap();
    }

    fn folder(&self, main: &str) -> Folder {
        let mut folder = Folder::with_main(main);
        folder.set("SNAPFORM_ENDPOINT", &format!("http://{}", self.server.address()));
        folder.set("ALICLOUD_ACCESS_KEY", DEFAULT_ALIBABA_ACCESS_KEY_ID);
        folder.set("ALICLOUD_SECRET_KEY", DEFAULT_ALIBABA_ACCESS_KEY_SECRET);
        folder.set("ALICLOUD_REGION", "cn-shanghai");
        folder.set("SNAPFORM_SETTLE", "0s");
        folder.set("TENCENTCLOUD_SECRET_ID", DEFAULT_TENCENT_SECRET_ID);
        folder.set("TENCENTCLOUD_SECRET_KEY", DEFAULT_TENCENT_SECRET_KEY);
        folder
    }

    fn calls_of_reads(&self) -> usize {
        let calls = self.sandbox.calls();
        calls.keys().filter(|name| !name.contains("sts")).count()
    }
}

const BOTH: &str = r#"
resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-uf60000000000000000a"
  snapshot_name = "n1"
}
resource "tencentcloud_cfs_snapshot" "z" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "n2"
}
"#;

#[test]
fn a_key_that_may_not_ask_for_its_account_plans_applies_and_destroys() {
    let cloud = Cloud::new();
    let folder = cloud.folder(BOTH);
    folder
        .run(&["plan"])
        .succeeded()
        .saying("2 to add")
        .saying("Warning: Account is not known")
        .saying("sts:GetCallerIdentity")
        .saying("alicloud")
        .saying("AuthFailure.UnauthorizedOperation");
    folder.run(&["apply", "-auto-approve"]).succeeded().saying("2 added");
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes");
    let state = std::fs::read_to_string(folder.path().join("terraform.tfstate")).unwrap();
    assert!(state.contains("\"account\": \"key:"), "{state}");
    assert!(!state.contains(DEFAULT_TENCENT_SECRET_ID) && !state.contains(DEFAULT_ALIBABA_ACCESS_KEY_ID));

    // Nothing counts as gone while nobody knows where was looked.
    let id = points(&cloud.sandbox).into_iter().find(|(kind, _)| kind == "cfs-snapshot").unwrap().1;
    cloud.sandbox.delete("cfs-snapshot", &id).unwrap();
    folder
        .run(&["plan"])
        .ended_with(1)
        .saying("Recovery point is not shown")
        .saying("sts:GetCallerIdentity")
        .not_saying("to add");
    folder.run(&["apply", "-auto-approve", "-accept-gone"]).succeeded().saying("1 added");

    // With the permission, the key that made them is the account.
    cloud.deny(&[]);
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().not_saying("Account is not known");
    let id = points(&cloud.sandbox).into_iter().find(|(kind, _)| kind == "cfs-snapshot").unwrap().1;
    cloud.sandbox.delete("cfs-snapshot", &id).unwrap();
    folder.run(&["apply", "-auto-approve"]).succeeded().saying("1 added");
    cloud.deny(&["sts:*"]);
    folder.run(&["destroy", "-auto-approve"]).succeeded().saying("2 destroyed");
    assert_eq!(points(&cloud.sandbox), []);
}

#[test]
fn a_guarded_account_that_cannot_be_checked_ends_the_run_before_the_first_read() {
    let cloud = Cloud::new();
    let folder = cloud.folder(BOTH);
    folder.run(&["apply", "-auto-approve"]).succeeded();
    let before = points(&cloud.sandbox);
    let data = r#"data "tencentcloud_cfs_snapshots" "all" {}"#;
    for guard in [
        "provider \"alicloud\" { account_id = \"1\" }\n",
        "provider \"tencentcloud\" { allowed_account_ids = [\"100000000001\"] }\n",
        "provider \"tencentcloud\" { forbidden_account_ids = [\"1\"] }\n",
    ] {
        let folder_of = cloud.folder(&format!("{guard}{BOTH}{data}"));
        let state = std::fs::read_to_string(folder.path().join("terraform.tfstate")).unwrap();
        folder_of.write("terraform.tfstate", &state);
        for words in [&["plan"] as &[&str], &["apply", "-auto-approve"], &["destroy", "-auto-approve"]] {
            folder_of
                .run(words)
                .ended_with(1)
                .saying("the account of the credentials is not known")
                .saying("sts:GetCallerIdentity")
                .not_saying("Destroying");
        }
    }
    assert_eq!(points(&cloud.sandbox), before);
    // Of the guarded provider nothing is asked but whose the key is.
    let cloud = Cloud::new();
    let folder = cloud.folder(&format!(
        "provider \"tencentcloud\" {{ allowed_account_ids = [\"100000000001\"] }}\n{data}\n"
    ));
    folder.run(&["plan"]).ended_with(1).saying("sts:GetCallerIdentity");
    assert_eq!(cloud.calls_of_reads(), 0, "{:?}", cloud.sandbox.calls());
}

#[test]
fn wrong_keys_are_an_error_all_the_same() {
    let cloud = Cloud::new();
    let mut folder = cloud.folder(BOTH);
    folder.set("TENCENTCLOUD_SECRET_KEY", "wrong");
    folder.run(&["plan"]).ended_with(1).saying("Provider cannot be used").saying("SignatureFailure");
}
