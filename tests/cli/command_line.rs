//! Flags, folders, questions, signals and pipes.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use crate::program::{Folder, Run};

const POINT: &str = r#"
variable "name" {
  default = "first"
}

resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = var.name
}

output "id" {
  value = tencentcloud_cfs_snapshot.a.id
}
"#;

#[test]
fn a_folder_without_configuration_is_refused_before_anything_is_destroyed() {
    let folder = Folder::with_main(POINT);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    std::fs::remove_file(folder.path().join("main.tf")).unwrap();
    folder.sandboxed(&["plan"]).ended_with(1).saying("Error: No configuration files");
    folder.sandboxed(&["apply", "-auto-approve"]).ended_with(1).saying("Error: No configuration files");
    folder
        .sandboxed(&["import", "tencentcloud_cfs_snapshot.b", "x"])
        .ended_with(1)
        .saying("No configuration files");
    assert_eq!(folder.points().len(), 1);
    folder
        .sandboxed(&["destroy", "-auto-approve"])
        .succeeded()
        .saying("Destroy complete! Resources: 1 destroyed.");
}

#[test]
fn an_empty_file_is_a_configuration_without_anything_in_it() {
    let folder = Folder::with_main("");
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    folder.run(&["apply", "-auto-approve"]).succeeded().saying("Resources: 0 added, 0 changed, 0 destroyed.");
    folder.run(&["refresh"]).succeeded().saying("Warning: Empty or non-existent state");
}

#[test]
fn what_is_mistyped_is_explained() {
    let folder = Folder::with_main(POINT);
    for (words, text) in [
        (&["-chdir=nowhere", "plan"][..], "Error handling -chdir option"),
        (&["plam"], "no command named \"plam\""),
        (&["plan", "-bogus"], "flag provided but not defined: -bogus"),
        (&["plan", "extra"], "Too many command line arguments"),
        (&["plan", "-var", "name"], "Invalid -var option"),
        (&["plan", "-var", "nmae=x"], "Value for undeclared variable"),
        (&["plan", "-var-file", "missing.tfvars"], "missing.tfvars"),
        (&["plan", "-target", "x y"], "Invalid target"),
        (&["plan", "-destroy", "-refresh-only"], "Incompatible plan mode options"),
        (&["apply", "missing.plan"], "missing.plan"),
        (&["state", "show", "a.b"], "No "),
        (&["workspace", "select", "nope"], "nope"),
    ] {
        let run = folder.sandboxed(words).ended_with(1);
        assert!(run.err.contains(text), "{words:?}: {}", run.text());
    }
    assert_eq!(folder.points(), []);
    assert_eq!(folder.run(&[]).code, Some(127));
}

#[test]
fn the_question_is_asked_and_only_yes_is_an_answer() {
    let folder = Folder::with_main(POINT);
    let answer = |text: &str| -> Run {
        let mut child = folder.command(&["-sandbox", "apply"]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    };
    for text in ["no\n", "y\n", "Yes\n", ""] {
        answer(text).ended_with(1).saying("Do you want to perform these actions?");
        assert_eq!(folder.points(), []);
    }
    folder.sandboxed(&["apply", "-input=false"]).ended_with(1).saying("Error:");
    assert_eq!(folder.points(), []);
    answer("yes\n").succeeded().saying("Apply complete! Resources: 1 added");
}

#[test]
fn variables_come_from_all_their_sources_in_order() {
    let mut folder = Folder::with_main("variable \"a\" {}\noutput \"a\" { value = var.a }\n");
    let folder_says = |folder: &Folder, words: &[&str], value: &str| {
        let words: Vec<&str> =
            ["apply", "-auto-approve", "-input=false"].iter().chain(words).copied().collect();
        folder.run(&words).succeeded().saying(&format!("a = \"{value}\""));
    };
    folder
        .run(&["apply", "-auto-approve", "-input=false"])
        .ended_with(1)
        .saying("No value for required variable");
    folder.set("TF_VAR_a", "environment");
    folder_says(&folder, &[], "environment");
    folder.write("terraform.tfvars", "a = \"tfvars\"\n");
    folder_says(&folder, &[], "tfvars");
    folder.write("b.auto.tfvars", "a = \"auto\"\n");
    folder_says(&folder, &[], "auto");
    folder.write("c.tfvars", "a = \"file\"\n");
    folder_says(&folder, &["-var-file=c.tfvars"], "file");
    folder_says(&folder, &["-var-file=c.tfvars", "-var", "a=argument"], "argument");
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let folder = Folder::with_main(
        &POINT.replace("\"a\" {\n  file", "\"a\" {\n  count = 300\n  file").replace("a.id", "a[0].id"),
    );
    let mut child = folder.command(&["-sandbox", "plan"]).spawn().unwrap();
    let mut first = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    drop(out);
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    child.wait().unwrap();
    // The line that says where this runs, and nothing else.
    assert!(err.starts_with("On the embedded sandbox") && err.trim_end().lines().count() == 1, "{err}");
}

#[test]
fn workspaces_have_states_of_their_own() {
    let folder = Folder::with_main(POINT);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    folder.sandboxed(&["workspace", "new", "second"]).succeeded();
    folder.sandboxed(&["plan", "-detailed-exitcode"]).ended_with(2).saying("1 to add");
    folder.sandboxed(&["apply", "-auto-approve", "-var", "name=other"]).succeeded();
    assert_eq!(folder.points().len(), 2);
    folder.sandboxed(&["workspace", "delete", "second"]).ended_with(1);
    folder.sandboxed(&["workspace", "select", "default"]).succeeded();
    folder.sandboxed(&["workspace", "delete", "second"]).ended_with(1).saying("not empty");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
}

#[test]
fn the_sandbox_and_the_clouds_keep_states_of_their_own() {
    let folder = Folder::with_main("resource \"terraform_data\" \"a\" {}\n");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    assert!(!folder.path().join("terraform.tfstate").exists());
    folder.run(&["plan", "-detailed-exitcode"]).ended_with(2);
    folder.run(&["apply", "-auto-approve"]).succeeded();
    folder.sandboxed(&["destroy", "-auto-approve"]).succeeded();
    folder.run(&["plan", "-detailed-exitcode"]).succeeded();
}

#[test]
fn two_commands_on_one_sandbox_follow_each_other() {
    let folder = Folder::with_main(POINT);
    let words = ["-sandbox", "apply", "-auto-approve"];
    let children: Vec<_> = (0..2).map(|_| folder.command(&words).spawn().unwrap()).collect();
    let mut added = 0;
    for child in children {
        let run = Run::from(child.wait_with_output().unwrap()).succeeded();
        added += usize::from(run.out.contains("Resources: 1 added"));
    }
    assert_eq!(added, 1);
    assert_eq!(folder.points().len(), 1);
}

#[test]
fn a_locked_state_is_left_alone() {
    let folder = Folder::with_main(POINT);
    let mut waiting = folder.command(&["-sandbox", "apply"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(waiting.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("Do you want") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0);
    }
    folder
        .sandboxed(&["apply", "-auto-approve", "-lock-timeout=0s"])
        .ended_with(1)
        .saying("Error acquiring the state lock")
        .saying("OperationTypeApply");
    drop(waiting.stdin.take());
    waiting.wait().unwrap();
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
}

#[test]
fn an_interrupted_run_finishes_what_it_began_and_the_next_one_goes_on() {
    let folder = Folder::with_main(POINT);
    let mut child = folder.command(&["-sandbox", "apply", "-auto-approve"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("Creating...") {
        line.clear();
        assert!(out.read_line(&mut line).unwrap() > 0);
    }
    let process = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGINT).unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    child.wait().unwrap();
    assert_eq!(folder.points().len(), 1, "{rest}");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
    assert_eq!(folder.points().len(), 1);
}

#[test]
fn a_target_leaves_the_rest_alone() {
    let folder = Folder::with_main(
        "resource \"terraform_data\" \"a\" {\n  count = 2\n}\n\nresource \"terraform_data\" \"b\" {}\n",
    );
    folder
        .run(&["apply", "-auto-approve", "-target", "terraform_data.a[1]"])
        .succeeded()
        .saying("Resources: 1 added")
        .saying("Warning: Resource targeting is in effect");
    assert_eq!(folder.run(&["state", "list"]).succeeded().out, "terraform_data.a[1]\n");
}

#[test]
fn the_state_flag_names_another_file() {
    let folder = Folder::with_main("resource \"terraform_data\" \"a\" {}\n");
    folder.run(&["apply", "-auto-approve", "-state=other.tfstate"]).succeeded();
    assert!(folder.path().join("other.tfstate").exists());
    assert!(!folder.path().join("terraform.tfstate").exists());
    folder.run(&["plan", "-detailed-exitcode", "-state=other.tfstate"]).succeeded();
    folder.run(&["plan", "-detailed-exitcode"]).ended_with(2);
}

#[test]
fn a_saved_plan_is_carried_out_once() {
    let folder = Folder::with_main(POINT);
    folder.sandboxed(&["plan", "-out=day.plan"]).succeeded().saying("Saved the plan to: day.plan");
    folder
        .sandboxed(&["apply", "day.plan"])
        .succeeded()
        .saying("Resources: 1 added, 0 changed, 0 destroyed.");
    folder.sandboxed(&["apply", "day.plan"]).ended_with(1).saying("stale");
    assert_eq!(folder.points().len(), 1);
}

#[test]
fn no_colour_reaches_a_pipe() {
    let folder = Folder::with_main(POINT);
    for words in [&["plan"][..], &["-no-color", "plan"], &["plan", "-no-color"]] {
        folder.sandboxed(words).succeeded().not_saying("\u{1b}");
    }
}

#[test]
fn outputs_are_data() {
    let folder = Folder::with_main(POINT);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let id = folder.points()[0].1.clone();
    assert_eq!(folder.sandboxed(&["output", "-raw", "id"]).succeeded().out, id);
    let json: serde_json::Value =
        serde_json::from_str(&folder.sandboxed(&["output", "-json"]).succeeded().out).unwrap();
    assert_eq!(json["id"]["value"], id.as_str());
}

#[test]
fn a_thousand_instances_and_a_deep_nest_are_planned() {
    let nest = format!("{}1{}", "[".repeat(50), "]".repeat(50));
    let folder = Folder::with_main(&format!(
        "resource \"terraform_data\" \"a\" {{\n  count = 1000\n  input = count.index\n}}\n\noutput \"nest\" {{\n  value = {nest}\n}}\n"
    ));
    folder
        .run(&["plan", "-detailed-exitcode"])
        .ended_with(2)
        .saying("Plan: 1000 to add, 0 to change, 0 to destroy.");
    let folder = Folder::with_main(&format!("output \"nest\" {{\n  value = {}1\n}}\n", "(".repeat(100_000)));
    folder.run(&["plan"]).ended_with(1).saying("Nested too deeply");
}
