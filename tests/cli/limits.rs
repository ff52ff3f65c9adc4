//! Input that never ends, and lines that ask for more than a machine holds.

use std::fs;
use std::os::unix::fs::symlink;

use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::program::Folder;

/// Puts a pipe that nobody writes to, or a device that never ends, in the place of a file.
fn put(folder: &Folder, name: &str, what: &str) {
    let path = folder.path().join(name);
    match what {
        "pipe" => mkfifo(&path, Mode::S_IRWXU).unwrap(),
        device => symlink(device, &path).unwrap(),
    }
}

#[test]
fn what_is_no_regular_file_is_refused_at_once_wherever_a_file_is_read() {
    let cases: &[(&str, &[&str])] = &[
        ("more.tf", &["validate"]),
        ("more.tf.json", &["plan"]),
        ("terraform.tfvars", &["plan"]),
        ("x.auto.tfvars.json", &["plan"]),
        ("v.tfvars", &["plan", "-var-file=v.tfvars"]),
        ("read.txt", &["plan"]),
        ("saved", &["apply", "saved"]),
        ("saved", &["show", "saved"]),
        ("more.tf", &["fmt"]),
        ("push", &["state", "push", "push"]),
        ("settings", &["init", "-backend-config=settings"]),
    ];
    for what in ["pipe", "/dev/zero"] {
        for (name, arguments) in cases {
            let folder = Folder::new();
            let reads =
                if *name == "read.txt" { "output \"x\" { value = filesha256(\"read.txt\") }\n" } else { "" };
            folder.write("main.tf", &format!("terraform {{\n  backend \"http\" {{}}\n}}\n{reads}"));
            if !matches!(*name, "settings") {
                folder.write("main.tf", reads);
            }
            put(&folder, name, what);
            let run = folder.run(arguments);
            assert_eq!(
                run.code,
                Some(if arguments[0] == "fmt" { 2 } else { 1 }),
                "{what} {arguments:?}: {run:?}"
            );
            let text = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains("not a regular file"), "{what} {arguments:?}: {text}");
        }
    }
}

#[test]
fn a_line_that_asks_for_too_much_is_told_with_its_place() {
    let mut folder = Folder::new();
    folder.set("SNAPFORM_LIMIT_ELEMENTS", "1000");
    folder.set("SNAPFORM_LIMIT_INSTANCES", "100");
    fs::create_dir(folder.path().join("m")).unwrap();
    folder.write("m/main.tf", "resource \"terraform_data\" \"x\" {\n  count = 20\n}\n");
    folder
        .write("main.tf", "output \"x\" {\n  value = [for a in range(100) : [for b in range(100) : a]]\n}\n");
    let run = folder.run(&["plan"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.contains("on main.tf line 2"), "{}", run.err);
    assert!(run.err.contains("SNAPFORM_LIMIT_ELEMENTS"), "{}", run.err);
    folder.write("main.tf", "module \"m\" {\n  source = \"./m\"\n  count  = 20\n}\n");
    let run = folder.run(&["plan"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.contains("on m/main.tf line 2"), "{}", run.err);
    assert!(run.err.contains("more than 100 instances"), "{}", run.err);
    folder.write("main.tf", "module \"m\" {\n  source = \"./m\"\n  count  = 2\n}\n");
    folder.run(&["plan"]).succeeded();
    folder.set("SNAPFORM_LIMIT_INSTANCES", "many");
    let run = folder.run(&["plan"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.contains("SNAPFORM_LIMIT_INSTANCES must be a whole number"), "{}", run.err);
}
