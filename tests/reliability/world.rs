//! A directory, the program at work in it, and what must be true when it is done.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;
use snapform::sandbox::command::environment;

use super::cloud::Cloud;

/// The settle time of these tests: the sandbox shows everything earlier, on a busy machine too.
pub const SETTLE: &str = "4s";

/// Settings that make the sandbox as fast as the tests need it.
pub const QUICK: [(&str, &str); 8] = [
    ("limits", "off"),
    ("list-lag-ms", "250"),
    ("cfs.create-ms", "80"),
    ("cfs.delete-ms", "50"),
    ("cbs.create-ms", "80"),
    ("tcaplusdb.create-ms", "80"),
    ("tcaplusdb.delete-ms", "50"),
    ("ecs.ready-ms", "80"),
];

/// A directory.
pub struct Directory {
    /// Where it lies.
    pub folder: tempfile::TempDir,
}

/// What a command said.
pub struct Said {
    /// How it ended.
    pub status: ExitStatus,
    /// Both outputs.
    pub text: String,
}

impl Directory {
    /// Returns a directory with a configuration.
    pub fn new(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let directory = Self { folder };
        directory.configure(config);
        directory
    }

    /// Replaces the configuration.
    pub fn configure(&self, config: &str) {
        fs::write(self.path().join("main.tf"), config).unwrap();
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The state file.
    pub fn state_file(&self) -> PathBuf {
        self.path().join("terraform.tfstate")
    }

    /// Returns a command of the program.
    pub fn command(&self, cloud: &Cloud, arguments: &[&str]) -> Command {
        let program = std::env::var_os("SNAPFORM_PROGRAM");
        let mut command = Command::new(program.unwrap_or_else(|| env!("CARGO_BIN_EXE_snapform").into()));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("SNAPFORM_SETTLE", SETTLE).env("NO_COLOR", "1");
        command.envs(environment(&cloud.endpoint)).stdin(Stdio::null());
        command
    }

    /// Starts a command whose output goes to a file.
    pub fn start(&self, cloud: &Cloud, arguments: &[&str]) -> Child {
        let out = File::create(self.output()).unwrap();
        let mut command = self.command(cloud, arguments);
        command.stdout(out.try_clone().unwrap()).stderr(out).spawn().unwrap()
    }

    fn output(&self) -> PathBuf {
        self.path().join("output.txt")
    }

    /// Waits for the end of what was started.
    pub fn end(&self, mut child: Child) -> Said {
        let status = child.wait().unwrap();
        let text = fs::read(self.output()).unwrap();
        Said { status, text: String::from_utf8_lossy(&text).into_owned() }
    }

    /// Runs a command.
    pub fn run(&self, cloud: &Cloud, arguments: &[&str]) -> Said {
        self.end(self.start(cloud, arguments))
    }

    /// Applies without asking.
    pub fn apply(&self, cloud: &Cloud) -> Said {
        self.run(cloud, &["apply", "-auto-approve", "-no-color"])
    }

    /// The ids in the state.
    pub fn remembered(&self) -> Vec<String> {
        remembered(&serde_json::from_slice(&fs::read(self.state_file()).unwrap()).unwrap())
    }

    /// The open intents.
    pub fn intents(&self, cloud: &Cloud) -> Vec<Value> {
        let said = self.run(cloud, &["intents", "list", "-json"]);
        let listed: Value = serde_json::from_str(&said.text).unwrap_or_else(|_| panic!("{}", said.text));
        listed["intents"].as_array().unwrap().clone()
    }
}

/// Returns the ids of all managed objects of a state.
pub fn remembered(state: &Value) -> Vec<String> {
    let mut ids = Vec::new();
    for resource in state["resources"].as_array().into_iter().flatten() {
        let kind = resource["type"].as_str().unwrap();
        if resource["mode"] == "managed" && kind != "terraform_data" {
            for instance in resource["instances"].as_array().unwrap() {
                ids.push(instance["attributes"]["id"].as_str().unwrap_or(kind).to_owned());
            }
        }
    }
    ids.sort();
    ids
}

/// Panics unless the points of the cloud are exactly those of the state, `declared` of them, beside a colleague's.
pub fn check(cloud: &Cloud, remembered: &[String], declared: usize, colleague: &BTreeSet<String>) {
    let living: Vec<String> = cloud.living().difference(colleague).cloned().collect();
    assert_eq!(living, remembered, "the cloud (left) and the state (right)");
    assert_eq!(living.len(), declared, "declared");
    assert_eq!(cloud.sandbox().harmed(), [""; 0], "points of somebody else were deleted");
    let all = cloud.living();
    assert!(colleague.iter().all(|id| all.contains(id)), "a colleague's point was deleted");
}

/// Returns small numbers, the same from the same seed.
pub struct Draw(pub u64);

impl Draw {
    /// Returns a number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}
