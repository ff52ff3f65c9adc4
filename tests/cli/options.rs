//! What narrows a plan, and what is written into blocks by others: files of addresses, `dynamic` blocks, the width of the window.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;

use nix::pty::{Winsize, openpty};

use crate::program::Folder;

const THREE: &str = "resource \"terraform_data\" \"three\" {\n  for_each = toset([\"a\", \"b\", \"c\"])\n}\n";

#[test]
fn files_of_addresses_narrow_a_plan_as_targets_do() {
    let folder = Folder::new();
    folder.write("main.tf", THREE);
    folder.write(
        "list.txt",
        "\u{feff}# what to do\r\n\r\nterraform_data.three[\"a\"]\r\n  terraform_data.three[\"c\"]\r\n",
    );
    folder.write("none.txt", "# nothing\n");
    folder.write("bad.txt", "terraform_data.three\nthree\n");
    let plan = folder.run(&["plan", "-no-color", "-target-file=list.txt"]);
    assert!(plan.out.contains("Plan: 2 to add"), "{plan:?}");
    let plan = folder.run(&["plan", "-no-color", "-exclude-file=list.txt", "-exclude-file=none.txt"]);
    assert!(plan.out.contains("Plan: 1 to add"), "{plan:?}");
    for (flags, said) in [
        (&["-target-file=none.txt"][..], "No targets"),
        (&["-target-file=bad.txt"][..], "on bad.txt line 2"),
        (&["-target-file=missing.txt"][..], "cannot be read"),
        (&["-target-file=list.txt", "-exclude=terraform_data.three"][..], "mutually-exclusive"),
    ] {
        let refused = folder.run(&[&["plan", "-no-color"], flags].concat());
        assert!(refused.code == Some(1) && refused.err.contains(said), "{refused:?}");
    }
    let done = folder.run(&["apply", "-auto-approve", "-no-color", "-target-file=list.txt"]);
    assert!(done.out.contains("2 added"), "{done:?}");
    let gone = folder.run(&["destroy", "-auto-approve", "-no-color", "-target-file=list.txt"]);
    assert!(gone.out.contains("2 destroyed"), "{gone:?}");
}

const DYNAMIC: &str = r#"
variable "waits" {
  type    = list(string)
  default = ["90m"]
}
resource "terraform_data" "t" { input = ["50m"] }
resource "tencentcloud_cfs_snapshot" "known" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "known"
  dynamic "timeouts" {
    for_each = var.waits
    content {
      create = timeouts.value
    }
  }
}
resource "tencentcloud_cfs_snapshot" "later" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "later"
  dynamic "timeouts" {
    for_each = terraform_data.t.output
    iterator = wait
    content {
      create = wait.value
    }
  }
}
"#;

#[test]
fn timeouts_may_be_made_by_a_dynamic_block() {
    let folder = Folder::new();
    folder.write("main.tf", DYNAMIC);
    let none = folder.run(&["-sandbox", "plan", "-no-color", "-var=waits=[]"]);
    assert!(none.code == Some(0) && !none.out.contains("90m"), "{none:?}");
    let two = folder.run(&["-sandbox", "plan", "-no-color", "-var=waits=[\"1m\", \"2m\"]"]);
    assert!(two.err.contains("Too many timeouts blocks"), "{two:?}");
    let bad = folder.run(&["-sandbox", "plan", "-no-color", "-var=waits=[\"soon\"]"]);
    assert!(bad.err.contains("is no duration") && bad.err.contains("line 13"), "{bad:?}");
    let done = folder.run(&["-sandbox", "apply", "-auto-approve", "-no-color"]);
    assert!(done.code == Some(0) && done.out.contains("+ create = \"90m\""), "{done:?}");
    let again = folder.run(&["-sandbox", "plan", "-no-color", "-detailed-exitcode"]);
    assert_eq!(again.code, Some(0), "{again:?}");
}

/// Returns what a plan that fails prints into a window of so many columns.
fn in_a_window(folder: &Folder, columns: u16, told: Option<&str>) -> String {
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let pair = openpty(&size, None).unwrap();
    let end = || Stdio::from(pair.slave.try_clone().unwrap());
    let mut command = folder.command(&["plan", "-no-color"]);
    command.env_remove("COLUMNS").stdin(end()).stdout(end()).stderr(end());
    if let Some(told) = told {
        command.env("COLUMNS", told);
    }
    let mut child = command.spawn().unwrap();
    drop(command);
    drop(pair.slave);
    let mut master = File::from(pair.master);
    let (mut screen, mut buffer) = (Vec::new(), [0; 4096]);
    // Reading from a window whose program has ended is an error.
    while let Ok(length @ 1..) = master.read(&mut buffer) {
        screen.extend_from_slice(&buffer[..length]);
    }
    child.wait().unwrap();
    String::from_utf8_lossy(&screen).replace("\r\n", "\n")
}

#[test]
fn diagnostics_fill_the_window() {
    let folder = Folder::new();
    folder.write("main.tf", "output \"o\" {\n  value = local.missing\n}\nvariable \"v\" {\n  default = [1, \"a\"]\n  type = list(number)\n}\n");
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let narrow = widest(&in_a_window(&folder, 50, None));
    let wide = widest(&in_a_window(&folder, 160, None));
    assert!(narrow <= 50, "{narrow}");
    assert!(wide > 78 && wide <= 160, "{wide}");
    assert!(widest(&in_a_window(&folder, 160, Some("60"))) <= 60);
}
