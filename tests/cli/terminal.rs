//! The console as a person at a terminal has it.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use nix::pty::{Winsize, openpty};

use crate::program::Folder;

/// A console at a pseudo-terminal.
struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn open(folder: &Folder) -> Self {
        let size = Winsize { ws_row: 24, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 };
        let pair = openpty(&size, None).unwrap();
        let end = || Stdio::from(pair.slave.try_clone().unwrap());
        let mut command = folder.command(&["console", "-no-color"]);
        command.env("TERM", "xterm").stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().unwrap();
        drop(command);
        drop(pair.slave);
        let keyboard = File::from(pair.master);
        let mut master = keyboard.try_clone().unwrap();
        let (send, screen) = channel();
        // Ends when the program closes its side.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = master.read(&mut buffer) {
                if send.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keyboard, screen, seen: String::new() }
    }

    fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads until a text appears behind all that was awaited before, and returns what came until then.
    fn until(&mut self, text: &str) -> String {
        let give_up = Instant::now() + Duration::from_secs(300);
        loop {
            if let Some(at) = self.seen.find(text) {
                let rest = self.seen.split_off(at + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            let left = give_up.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("{text:?} did not appear behind:\n{}", self.seen),
            }
        }
    }

    fn exit_code(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

const UP: &str = "\x1b[A";
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

fn folder() -> Folder {
    let folder = Folder::with_main("locals {\n  word = \"terminal\"\n}\n");
    std::fs::create_dir(folder.path().join(".terraform")).unwrap();
    folder
}

#[test]
fn entries_are_answered_until_control_d_and_a_mistake_does_not_end_the_session() {
    let folder = folder();
    let mut terminal = Terminal::open(&folder);
    terminal.until("> ");
    terminal.press("upper(local.word)\r");
    terminal.until("\"TERMINAL\"");
    terminal.until("> ");
    terminal.press("local.wrod\r");
    terminal.until("Reference to undeclared local value");
    terminal.until("> ");
    terminal.press("6 * 7\r");
    terminal.until("42");
    terminal.until("> ");
    terminal.press(CTRL_D);
    assert_eq!(terminal.exit_code(), Some(0));
}

#[test]
fn an_entry_goes_on_over_several_lines_while_a_bracket_is_open() {
    let folder = folder();
    let mut terminal = Terminal::open(&folder);
    terminal.until("> ");
    terminal.press("join(\"-\", [\r");
    terminal.until(": ");
    terminal.press("\"a\",\r");
    terminal.until(": ");
    terminal.press("local.word])\r");
    terminal.until("\"a-terminal\"");
    terminal.until("> ");
    terminal.press("exit\r");
    assert_eq!(terminal.exit_code(), Some(0));
}

#[test]
fn entries_come_back_from_the_history_of_this_session_and_of_the_one_before() {
    let folder = folder();
    let mut terminal = Terminal::open(&folder);
    terminal.until("> ");
    terminal.press("length(\"four\") * 1111\r");
    terminal.until("4444");
    terminal.until("> ");
    terminal.press(UP);
    terminal.until("1111");
    terminal.press("\r");
    terminal.until("4444");
    terminal.until("> ");
    terminal.press(CTRL_C);
    assert_eq!(terminal.exit_code(), Some(0));
    let mut next = Terminal::open(&folder);
    next.until("> ");
    next.press(UP);
    next.until("1111");
    next.press("\r");
    next.until("4444");
    next.until("> ");
    next.press(CTRL_D);
    assert_eq!(next.exit_code(), Some(0));
}
