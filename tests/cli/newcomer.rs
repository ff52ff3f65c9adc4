//! What somebody meets who comes to the program for the first time.

use std::fs::File;
use std::io::{Read, Write};
use std::process::Stdio;

use nix::pty::{Winsize, openpty};
use nix::sys::termios::{LocalFlags, tcgetattr};

use crate::program::Folder;

const VARIABLES: &str = "variable \"n\" {\n  type = number\n}\nvariable \"asked\" {}\noutput \"o\" {\n  value = \"${var.n}${var.asked}\"\n}\n";

const POINT: &str = "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name  = \"n1\"\n}\noutput \"id\" {\n  value = tencentcloud_cfs_snapshot.a.id\n}\n";

#[test]
fn files_with_carriage_returns_are_taken_by_every_command() {
    let folder = Folder::with_main(
        "variable \"a\" {}\r\noutput \"o\" {\r\n  value = [var.a,\r\n    <<EOT\r\nx\r\nEOT\r\n  ]\r\n}\r\n",
    );
    folder.write("terraform.tfvars", "\u{feff}# why\r\na = {\r\n  b = 1\r\n}\r\n");
    folder.run(&["validate"]).succeeded();
    folder.run(&["apply", "-auto-approve"]).succeeded();
    folder.run(&["output", "-json", "o"]).succeeded().saying("[{\"b\":1},\"x\\r\\n\"]");
    folder.run(&["fmt", "-check"]).ended_with(3).saying("terraform.tfvars").not_saying("main.tf");
    folder.run(&["fmt"]).succeeded();
    let formatted = std::fs::read_to_string(folder.path().join("terraform.tfvars")).unwrap();
    assert_eq!(formatted, "# why\r\na = {\r\n  b = 1\r\n}\r\n");
    folder.write("more.tf.json", "\u{feff}{}");
    folder.run(&["validate"]).ended_with(1).saying("byte order mark");
}

#[test]
fn a_broken_values_file_is_told_before_anything_is_asked() {
    let folder = Folder::with_main(VARIABLES);
    for (file, says) in
        [("n = \n", "Invalid expression"), ("n = \"x\"\n", "Invalid value for input variable")]
    {
        folder.write("terraform.tfvars", file);
        folder.run(&["plan"]).ended_with(1).saying(says).not_saying("Enter a value");
    }
    folder.write("terraform.tfvars", "n = 1\n");
    folder.run(&["plan"]).saying("Enter a value");
}

#[test]
fn wrong_expressions_and_wrong_values_come_in_one_run() {
    let folder = Folder::with_main(&format!("{VARIABLES}output \"p\" {{\n  value = upper()\n}}\n"));
    folder.write("terraform.tfvars", "n = \"x\"\n");
    let planned = folder.run(&["plan"]).ended_with(1).not_saying("Enter a value");
    planned.saying("Not enough function arguments").saying("Invalid value for input variable");
}

#[test]
fn a_run_on_the_sandbox_says_so() {
    let mut folder = Folder::with_main(POINT);
    folder.run(&["plan"]).ended_with(1).saying("add -sandbox to the");
    folder
        .sandboxed(&["plan"])
        .succeeded()
        .saying("On the embedded sandbox (-sandbox): no cloud is called")
        .saying("This plan is for the sandbox; no cloud was called.");
    folder.set("SNAPFORM_SANDBOX", "1");
    let applied = folder.run(&["apply", "-auto-approve"]).succeeded();
    assert!(
        applied.err.starts_with("On the embedded sandbox (SNAPFORM_SANDBOX is set): no cloud is called"),
        "{}",
        applied.err
    );
    applied.saying("Resources: 1 added, 0 changed, 0 destroyed. No cloud was called.\n");
    let stream = folder.run(&["plan", "-json"]).succeeded();
    assert!(stream.out.lines().nth(1).unwrap().contains("\"type\":\"snapform_sandbox\""), "{}", stream.out);
    assert_eq!(stream.err, "");
    // Pipes get the data alone.
    let shown = folder.run(&["output", "-raw", "id"]).succeeded();
    assert!(shown.out.starts_with("snapcfs-") && shown.err.is_empty(), "{}", shown.err);
    folder.run(&["destroy", "-auto-approve"]).succeeded().saying("destroyed. No cloud was called.\n");
}

#[test]
fn official_types_that_are_spelt_like_ours_are_foreign() {
    let folder = Folder::with_main(
        "resource \"tencentcloud_cbs_snapshot\" \"a\" {\n  storage_id = \"disk-1\"\n}\ndata \"alicloud_nas_snapshots\" \"b\" {}\n",
    );
    folder.run(&["validate"]).succeeded();
    folder.run(&["plan"]).ended_with(1).saying("Foreign resource without state").not_saying("Did you mean");
}

#[test]
fn init_takes_what_wrappers_and_the_environment_give_it() {
    let mut folder = Folder::with_main(POINT);
    folder.write("x.tfvars", "");
    let given = [
        "init",
        "-input=false",
        "-no-color",
        "-var-file=x.tfvars",
        "-var",
        "a=b",
        "-target=a.b",
        "-backend=true",
        "-reconfigure",
    ];
    folder.run(&given).succeeded();
    folder.set("TF_CLI_ARGS", "-compact-warnings");
    for words in [&["init"] as &[&str], &["validate"], &["output"], &["show"]] {
        folder.run(words).succeeded();
    }
    folder.run(&["output"]).saying("Warnings:\n\n- No outputs found\n");
}

#[test]
fn init_tells_what_is_built_in_and_what_is_not() {
    let folder = Folder::new();
    folder.run(&["init"]).succeeded().saying("Snapform initialized in an empty directory!");
    folder.write("main.tf", "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n    }\n    alicloud = {\n      source  = \"aliyun/alicloud\"\n      version = \">= 2.0\"\n    }\n  }\n}\n");
    let told = folder.run(&["init"]).succeeded();
    let told = told
        .saying("- aliyun/alicloud is built in to Snapform")
        .saying("- hashicorp/aws is not part of Snapform");
    told.saying("Provider version constraint does not hold").saying("main.tf line 6");
    folder.edit("main.tf", ">= 2.0", "~> 1.200");
    folder.run(&["init"]).succeeded().not_saying("Warning");
}

#[test]
fn own_files_that_mean_nothing_yet_are_refused() {
    let folder = Folder::with_main("");
    folder.write("a.snap.hcl", "# nothing\n");
    folder.run(&["validate"]).succeeded();
    folder.write("a.snap.hcl", "rotation \"x\" {\n}\nkeep = 1\n");
    let refused = folder.run(&["plan"]).ended_with(1);
    refused.saying("Unsupported block type").saying("a.snap.hcl line 1").saying("a.snap.hcl line 3");
    folder.write("a.snap.hcl", "");
    folder.write("b.snap.json", "{\"rotation\": {}}");
    folder.run(&["plan"]).ended_with(1).saying("b.snap.json line 1");
}

#[test]
fn unknown_commands_lead_to_nothing_dangerous() {
    let folder = Folder::new();
    for word in ["test", "status", "list"] {
        folder.run(&[word]).ended_with(1).saying("has no command named").not_saying("Did you mean");
    }
}

#[test]
fn many_equal_errors_are_one_and_the_end_counts() {
    let folder = Folder::with_main(
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  count          = 40\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name  = \"n-${count.index}\"\n}\nresource \"terraform_data\" \"after\" {\n  input = tencentcloud_cfs_snapshot.a[0].id\n}\n",
    );
    folder.sandboxed(&["plan"]).succeeded();
    folder
        .sandboxed(&["sandbox", "fault", "quota", "-service=cfs", "-action=CreateCfsSnapshot", "-count=1000"])
        .succeeded();
    let failed = folder.sandboxed(&["apply", "-auto-approve"]).ended_with(1);
    assert_eq!(failed.err.matches("Error: ").count(), 1, "{}", failed.err);
    failed
        .saying("39 more objects failed in the same way")
        .saying("Apply incomplete: 0 added, 0 changed, 0 destroyed; 40 failed, 1 left.");
}

#[test]
fn addresses_and_workspaces_of_the_directory_complete() {
    let folder = Folder::with_main("resource \"terraform_data\" \"a\" {\n  for_each = toset([\"x\"])\n}\n");
    folder.run(&["apply", "-auto-approve"]).succeeded();
    let offered = folder.run(&["__complete", "--", "plan", "-target=t"]).succeeded();
    assert_eq!(offered.out, "-target=terraform_data.a[\"x\"]\n");
    folder.run(&["workspace", "new", "prod"]).succeeded();
    let offered = folder.run(&["__complete", "--", "workspace", "select", ""]).succeeded();
    assert_eq!(offered.out, "default\nprod\n");
    for shell in ["bash", "zsh", "fish"] {
        folder.run(&["completion", shell]).succeeded().saying("snapform __complete");
    }
    folder.run(&["completion", "man"]).succeeded().saying(".SS workspace select");
}

/// Types `keys` at the prompt of a sensitive variable; returns the screen, the exit code, and whether the terminal shows keys
/// again at the end.
fn prompted(keys: &str) -> (String, Option<i32>, bool) {
    let folder = Folder::with_main(
        "variable \"s\" {\n  sensitive = true\n}\noutput \"o\" {\n  value = length(var.s) == 6 ? \"six\" : \"other\"\n  sensitive = true\n}\noutput \"n\" {\n  value = nonsensitive(length(var.s))\n}\n",
    );
    let size = Winsize { ws_row: 24, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 };
    let pair = openpty(&size, None).unwrap();
    let end = || Stdio::from(pair.slave.try_clone().unwrap());
    let mut command = folder.command(&["plan", "-no-color"]);
    let mut child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
    drop(command);
    let mut keyboard = File::from(pair.master);
    let mut screen = String::new();
    let mut buffer = [0; 4096];
    let shows = |keyboard: &File| tcgetattr(keyboard).unwrap().local_flags.contains(LocalFlags::ECHO);
    while !screen.contains("Enter a value: ") {
        let length = keyboard.read(&mut buffer).unwrap();
        screen.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    while shows(&keyboard) {
        std::thread::yield_now();
    }
    keyboard.write_all(keys.as_bytes()).unwrap();
    let mut reader = keyboard.try_clone().unwrap();
    let watched = std::thread::spawn(move || {
        let mut rest = Vec::new();
        // The other side is open here too, so the end is told by the last words or by the line of an interrupt.
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = reader.read(&mut buffer) {
            rest.extend_from_slice(&buffer[..length]);
        }
        String::from_utf8_lossy(&rest).into_owned()
    });
    let code = child.wait().unwrap().code();
    let shown = shows(&keyboard);
    drop(pair.slave);
    drop(keyboard);
    screen.push_str(&watched.join().unwrap());
    (screen, code, shown)
}

#[test]
fn a_sensitive_value_is_not_shown_while_it_is_typed() {
    let (screen, code, shows) = prompted("hunter\u{7f}r\n");
    assert_eq!(code, Some(0), "{screen}");
    assert!(!screen.contains("hunte") && screen.contains("+ n = 6") && shows, "{screen}");
}

#[test]
fn an_interrupt_gives_the_terminal_back_as_it_was() {
    let (screen, code, shows) = prompted("hunt\u{3}");
    assert_eq!(code, None, "a signal ends the program: {screen}");
    assert!(!screen.contains("hunt") && shows, "{screen}");
}
