//! One line from a terminal that does not show what is typed.
//!
//! Keys come one by one, interrupts among them: a signal would end the program while the terminal shows nothing, and leave
//! it so. The terminal is as it was before on every way out of here.

use std::io::{self, BufRead, IsTerminal, Read};

use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr};

const CTRL_C: u8 = 0x03;
const CTRL_D: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const CTRL_BACKSLASH: u8 = 0x1c;
const DELETE: u8 = 0x7f;

/// Longer lines are cut: no secret is, and the memory is bounded.
const LONGEST: usize = 1 << 20;

/// Gives the terminal back as it was.
struct Restored(Termios);

impl Drop for Restored {
    fn drop(&mut self) {
        // Of a terminal that went away there is nothing to give back.
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.0);
    }
}

/// Reads a line of standard input; what is typed at a terminal is not shown. Nothing at the end of the input.
///
/// # Errors
/// Standard input cannot be read, or the terminal cannot be told to show nothing.
pub(super) fn read_line() -> io::Result<Option<String>> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        let length = io::stdin().lock().read_line(&mut line)?;
        return Ok((length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let before = tcgetattr(io::stdin())?;
    let mut silent = before.clone();
    silent.local_flags.remove(LocalFlags::ECHO | LocalFlags::ECHONL | LocalFlags::ICANON | LocalFlags::ISIG);
    silent.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
    silent.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
    let restored = Restored(before);
    // What was typed ahead stays: scripts at a terminal answer before they are asked.
    tcsetattr(io::stdin(), SetArg::TCSADRAIN, &silent)?;
    let typed = keys(&mut io::stdin().lock());
    drop(restored);
    match typed? {
        Typed::Line(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Typed::End => Ok(None),
        Typed::Signal(signal) => {
            super::output::note("\n");
            raise(signal)?;
            Ok(None)
        }
    }
}

/// What keys came to.
#[derive(Debug, PartialEq)]
enum Typed {
    Line(Vec<u8>),
    End,
    Signal(Signal),
}

fn keys(input: &mut impl BufRead) -> io::Result<Typed> {
    let mut line = Vec::new();
    for byte in input.bytes() {
        match byte? {
            b'\n' | b'\r' => return Ok(Typed::Line(line)),
            CTRL_C => return Ok(Typed::Signal(Signal::SIGINT)),
            CTRL_BACKSLASH => return Ok(Typed::Signal(Signal::SIGQUIT)),
            CTRL_D if line.is_empty() => return Ok(Typed::End),
            CTRL_D => return Ok(Typed::Line(line)),
            CTRL_U => line.clear(),
            BACKSPACE | DELETE => {
                // A character, not a byte.
                while line.pop().is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {}
            }
            other if line.len() < LONGEST => line.push(other),
            _ => {}
        }
    }
    Ok(if line.is_empty() { Typed::End } else { Typed::Line(line) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Typed {
        keys(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn keys_mean_what_they_mean_at_any_prompt() {
        let line = |text: &str| Typed::Line(text.as_bytes().to_vec());
        assert_eq!(typed("pa\u{7f}ass\nrest"), line("pass"));
        assert_eq!(typed("é\u{8}x\r"), line("x"));
        assert_eq!(typed("\u{7f}old\u{15}new\u{4}"), line("new"));
        assert_eq!(typed("\u{4}"), Typed::End);
        assert_eq!(typed(""), Typed::End);
        assert_eq!(typed("ab\u{3}"), Typed::Signal(Signal::SIGINT));
    }
}
