//! The program in a directory, alone and beside Terraform: locks, states, and the commands that need no cloud.

#![allow(clippy::unwrap_used)]

#[path = "support/oracles.rs"]
mod oracles;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use snapform::state::{
    BackendError, LocalBackend, LockOptions, Object, ObjectKey, RawJson, ResourceKey, Session, State,
};

const BUILTIN: &str = "provider[\"terraform.io/builtin/terraform\"]";

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(1).build().unwrap()
}

fn open(folder: &Path, timeout: u64) -> Result<Session, BackendError> {
    let backend = Box::new(LocalBackend::new(folder.join("terraform.tfstate")));
    let options = LockOptions { lock: true, timeout: Duration::from_secs(timeout) };
    runtime().block_on(Session::open(backend, "OperationTypeApply", &options))
}

fn read_file(folder: &Path) -> State {
    State::read(&std::fs::read(folder.join("terraform.tfstate")).unwrap()).unwrap()
}

fn names(state: &State) -> Vec<String> {
    state.resources.keys().map(|key| key.name.clone()).collect()
}

/// Reads a program's output up to a line that contains a text.
fn wait_for(child: &mut Child, text: &str) -> BufReader<std::process::ChildStdout> {
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        assert!(reader.read_line(&mut line).unwrap() > 0, "the program ended; it said:\n{seen}");
        seen.push_str(&line);
        if line.contains(text) {
            return reader;
        }
    }
}

fn drain(mut reader: BufReader<std::process::ChildStdout>) -> String {
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut reader, &mut rest).unwrap();
    rest
}

#[test]
fn a_terraform_that_waits_for_our_lock_reads_what_we_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut terraform) = oracles::terraform(folder.path()) else { return };
    let config = "resource \"terraform_data\" \"theirs\" {}\nresource \"terraform_data\" \"ours\" {}\n";
    std::fs::write(folder.path().join("main.tf"), config).unwrap();
    let mut session = open(folder.path(), 0).unwrap();
    let mut state = runtime().block_on(session.read()).unwrap();

    terraform.args(["apply", "-auto-approve", "-no-color", "-lock-timeout=60s"]);
    let mut child = terraform.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let output = wait_for(&mut child, "Acquiring state lock");
    let attributes = r#"{"id":"made-by-snapform","input":null,"output":null,"triggers_replace":null}"#;
    let object = Object { attributes: RawJson::parse(attributes).ok(), ..Object::default() };
    state.put_object(&ResourceKey::managed("terraform_data", "ours"), BUILTIN, ObjectKey::default(), object);
    runtime().block_on(session.write(&mut state)).unwrap();
    runtime().block_on(session.close()).unwrap();

    let output = drain(output);
    assert!(child.wait().unwrap().success(), "{output}");
    assert!(output.contains("1 added, 0 changed, 0 destroyed"), "{output}");
    let after = read_file(folder.path());
    assert_eq!(names(&after), ["ours", "theirs"]);
    assert_eq!(after.lineage, state.lineage);
    let ours = after.object(&ResourceKey::managed("terraform_data", "ours"), &ObjectKey::default()).unwrap();
    assert_eq!(ours.id().as_deref(), Some("made-by-snapform"));
}

#[test]
fn we_respect_the_lock_of_a_terraform_at_work_and_then_read_what_it_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let Some(mut terraform) = oracles::terraform(folder.path()) else { return };
    // The provisioner holds Terraform in its apply until somebody opens the pipe.
    let config = "resource \"terraform_data\" \"a\" {\n  provisioner \"local-exec\" {\n    command = \"cat go\"\n  }\n}\n";
    std::fs::write(folder.path().join("main.tf"), config).unwrap();
    let pipe = folder.path().join("go");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    terraform.args(["apply", "-auto-approve", "-no-color"]);
    let mut child = terraform.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let output = wait_for(&mut child, "Executing");

    let Err(refused) = open(folder.path(), 0) else { panic!("the lock was not respected") };
    let BackendError::Locked { holder: Some(holder), .. } = &refused else { panic!("{refused}") };
    assert_eq!(holder.operation, "OperationTypeApply");
    assert!(refused.detail().contains("Version:   1."), "{}", refused.detail());

    let waiting = std::thread::spawn({
        let folder = folder.path().to_owned();
        move || open(&folder, 60)
    });
    std::fs::File::options().write(true).open(&pipe).unwrap().write_all(b"go").unwrap();
    let mut session = waiting.join().unwrap().unwrap();
    let state = runtime().block_on(session.read()).unwrap();
    runtime().block_on(session.close()).unwrap();
    drain(output);
    assert!(child.wait().unwrap().success());
    assert_eq!(names(&state), ["a"]);
}

/// What a command said, with the names of the two programs made equal and without layout.
fn said(output: &Output) -> (String, String, Option<i32>) {
    let plain = |bytes: &[u8]| {
        let text =
            String::from_utf8_lossy(bytes).replace("terraform", "snapform").replace("Terraform", "Snapform");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    (plain(&output.stdout), plain(&output.stderr), output.status.code())
}

#[test]
fn commands_that_need_no_cloud_print_and_save_the_same_as_terraform() {
    let folder = tempfile::tempdir().unwrap();
    let (theirs, ours) = (folder.path().join("theirs"), folder.path().join("ours"));
    for folder in [&theirs, &ours] {
        std::fs::create_dir_all(folder.join("m")).unwrap();
        std::fs::write(folder.join("main.tf"), CONFIG).unwrap();
        std::fs::write(folder.join("m/main.tf"), "resource \"terraform_data\" \"x\" {}\n").unwrap();
    }
    for arguments in [&["init", "-no-color"][..], &["apply", "-auto-approve", "-no-color"]] {
        let Some(mut terraform) = oracles::terraform(&theirs) else { return };
        let output = terraform.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::copy(theirs.join("terraform.tfstate"), ours.join("terraform.tfstate")).unwrap();
    for line in COMMANDS.lines().filter(|line| !line.is_empty()) {
        // Errors are compared by exit code alone where the line says so: their words are our own.
        let (own_words, line) = line.strip_prefix("! ").map_or((false, line), |line| (true, line));
        let arguments: Vec<_> = line.split(' ').collect();
        let Some(mut terraform) = oracles::terraform(&theirs) else { return };
        let expected = said(&terraform.env("TF_CLI_ARGS", "-no-color").args(&arguments).output().unwrap());
        let mut snapform = Command::new(env!("CARGO_BIN_EXE_snapform"));
        let found = said(&snapform.current_dir(&ours).args(&arguments).output().unwrap());
        assert_eq!(found.2, expected.2, "{line}: {found:?} instead of {expected:?}");
        assert_eq!(found.0, expected.0, "{line}");
        if !own_words {
            assert_eq!(found.1, expected.1, "{line}");
        }
        let files =
            [&theirs, &ours].map(|folder| std::fs::read_to_string(folder.join("terraform.tfstate")).unwrap());
        assert_eq!(files[1], files[0], "the state after {line}");
    }
}

/// Runs snapform in a folder, free of the surroundings' settings.
fn snapform(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snapform"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("TF_") || name.starts_with("SNAPFORM_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).args(line.split(' ')).stdin(Stdio::null()).output().unwrap()
}

fn specimen() -> &'static str {
    include_str!("../state/specimens/terraform-1.11.4/td-01-create.tfstate")
}

#[test]
fn the_state_moves_to_another_backend_only_when_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("terraform.tfstate"), specimen()).unwrap();
    let config = "terraform {\n  backend \"local\" {\n    path = \"kept/s.tfstate\"\n  }\n}\n";
    std::fs::write(file("main.tf"), config).unwrap();

    // Nothing goes on in a new place as if nothing had been made yet.
    let idle = snapform(folder.path(), "plan");
    assert_eq!(idle.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&idle.stderr).contains("Backend initialization required"), "{idle:?}");
    let refused = snapform(folder.path(), "init");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("-migrate-state"));
    assert!(!file("kept").exists() && !file(".terraform").exists());

    let done = snapform(folder.path(), "init -migrate-state");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(std::fs::read_to_string(file("kept/s.tfstate")).unwrap(), specimen());
    let listed = snapform(folder.path(), "state list terraform_data.n");
    assert_eq!(String::from_utf8_lossy(&listed.stdout), "terraform_data.n[0]\nterraform_data.n[1]\n");
    assert!(snapform(folder.path(), "init").status.success());

    std::fs::write(file("main.tf"), config.replace("kept/s", "kept/t")).unwrap();
    let changed = snapform(folder.path(), "state list");
    assert!(String::from_utf8_lossy(&changed.stderr).contains("Backend configuration block has changed"));
    std::fs::write(file("main.tf"), "").unwrap();
    let unset = snapform(folder.path(), "state list");
    assert!(String::from_utf8_lossy(&unset.stderr).contains("Unsetting the previously set backend"));
}

#[test]
fn terraform_takes_over_the_backend_that_our_init_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let config = "terraform {\n  backend \"local\" {\n    path = \"kept/\\\"s\\\".tfstate\"\n  }\n}\nresource \"terraform_data\" \"a\" {}\n";
    std::fs::write(folder.path().join("main.tf"), config).unwrap();
    assert!(snapform(folder.path(), "init").status.success());
    assert!(snapform(folder.path(), "apply -auto-approve").status.success());
    let ours = std::fs::read_to_string(folder.path().join(".terraform/terraform.tfstate")).unwrap();
    let Some(mut plan) = oracles::terraform(folder.path()) else { return };
    let plan = plan.args(["plan", "-detailed-exitcode", "-no-color"]).output().unwrap();
    assert_eq!(plan.status.code(), Some(0), "{}", String::from_utf8_lossy(&plan.stderr));
    assert!(oracles::terraform(folder.path()).unwrap().arg("init").output().unwrap().status.success());
    let theirs = std::fs::read_to_string(folder.path().join(".terraform/terraform.tfstate")).unwrap();
    assert_eq!(ours, theirs);
}

#[test]
fn the_sandbox_has_a_state_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("terraform.tfstate"), specimen()).unwrap();
    assert!(snapform(folder.path(), "state list").status.success());
    let empty = snapform(folder.path(), "-sandbox state list");
    assert!(String::from_utf8_lossy(&empty.stderr).contains("No state file was found"));
    let mixed = snapform(folder.path(), "-sandbox state list -state=terraform.tfstate");
    assert_eq!(mixed.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&mixed.stderr).contains("belongs to"), "{mixed:?}");
}

#[test]
fn a_state_that_cannot_be_used_is_refused_with_the_way_out_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("terraform.tfstate");
    for (content, said) in [
        ("{\"version\": 3}", "upgrades the file to version 4"),
        ("{\"version\": 5}", "newer release"),
        ("{\"version\": 4, \"resources\": [", "terraform.tfstate.backup"),
    ] {
        std::fs::write(&path, content).unwrap();
        for command in ["state list", "state rm a.b", "taint a.b", "output"] {
            let output = snapform(folder.path(), command);
            let text =
                String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(output.status.code(), Some(1), "{command}: {text}");
            assert!(text.contains(said), "{command}: {text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error_worth_a_word() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("terraform.tfstate"), specimen()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_snapform"));
    command.current_dir(folder.path()).args(["state", "pull"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(141));
}

const CONFIG: &str = r#"
resource "terraform_data" "a" { input = "<1> & 2" }
resource "terraform_data" "b" {
  count = 2
  input = "x"
}
resource "terraform_data" "c" {
  for_each = toset(["k", "l"])
  input    = each.key
}
module "m" {
  source = "./m"
  count  = 2
}
output "s" { value = "x\"y" }
output "ml" { value = "a\nb\n" }
output "l" { value = tolist(["a", "b"]) }
output "t" { value = ["a", 1, true, null] }
output "m" { value = tomap({ a = 1, "b c" = 2 }) }
output "o" { value = { a = 1, b = { c = [] }, "d e" = {} } }
output "set" { value = toset(["x"]) }
output "n" { value = 1.50 }
output "bo" { value = true }
output "sec" {
  value     = "hid"
  sensitive = true
}
"#;

const COMMANDS: &str = r#"
state list
state list terraform_data.b
state list module.m
state list module.m[0]
state list nope.x
state list terraform_data.b[9]
state list -id=zzz
state show terraform_data.a
state show terraform_data.c["k"]
! state show terraform_data.nope
output
output s
output ml
output sec
output -json
output -json l
output -raw n
output -raw bo
output -raw sec
output -raw l
output nope
output -json nope
state rm terraform_data.b[1]
state rm nope.x
state mv terraform_data.a terraform_data.z
state mv terraform_data.nope terraform_data.y
state mv terraform_data.z terraform_data.c["k"]
state mv terraform_data.z terraform_data.w["k"]
state mv terraform_data.c terraform_data.d
state mv module.m[0] module.q
state mv terraform_data.d module.m.terraform_data.d
state mv terraform_data.w["k"] terraform_data.w
state mv module.m module.r
state mv terraform_data.w aws_x.y
state list
taint terraform_data.w
taint terraform_data.w
taint terraform_data.nope
taint -allow-missing terraform_data.nope
! taint data.a.b
untaint terraform_data.w
untaint terraform_data.w
state replace-provider -auto-approve hashicorp/null hashicorp/x
! force-unlock -force abc
workspace show
workspace select default
! workspace select nope
! workspace delete default
! workspace new a/b
"#;
