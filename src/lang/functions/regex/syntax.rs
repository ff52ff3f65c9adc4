//! RE2's syntax, as <https://github.com/google/re2/wiki/Syntax> has it, for an engine that differs.
//!
//! What differs: `\w`, `\d`, `\s` and `\b` are of ASCII here, `\Q…\E`, octal escapes and lone braces
//! are allowed, classes know no set operations, groups may have names that begin with a digit, and
//! there is neither `(?x)` nor a limit above 1,000 for repetitions.

use std::fmt::Write as _;
use std::sync::Arc;

/// What is wrong with a pattern, in RE2's words.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct PatternError {
    /// The kind of problem, as in "missing closing ]".
    pub problem: &'static str,
    /// The piece of the pattern it is about.
    pub part: String,
}

fn error<T>(problem: &'static str, part: impl Into<String>) -> Result<T, PatternError> {
    Err(PatternError { problem, part: part.into() })
}

/// Returns the error of a pattern that passed [`translate`] but not the engine.
pub(super) fn from_engine(error: &::regex::Error, pattern: &str) -> PatternError {
    let problem = match error {
        ::regex::Error::CompiledTooBig(_) => "expression too large",
        _ if pattern.contains("\\p") || pattern.contains("\\P") => "invalid character class range",
        _ => "invalid escape sequence",
    };
    PatternError { problem, part: pattern.to_owned() }
}

/// How deep groups may nest.
const DEPTH: usize = 200;

/// The greatest count of a repetition.
const REPEATS: u32 = 1000;

struct Translator<'a> {
    pattern: &'a str,
    at: usize,
    out: String,
    groups: Vec<Option<Arc<str>>>,
    depth: usize,
    /// Where the last repetition operator began, if nothing came behind it.
    repeated: Option<usize>,
    /// Whether there is something that a repetition operator could repeat.
    operand: bool,
}

/// The names of the groups of a pattern, but of the whole match.
pub(super) type Groups = Vec<Option<Arc<str>>>;

/// Rewrites a pattern for the engine; groups lose their names, which come beside it.
pub(super) fn translate(pattern: &str) -> Result<(String, Groups), PatternError> {
    let mut translator = Translator {
        pattern,
        at: 0,
        out: String::with_capacity(pattern.len()),
        groups: Vec::new(),
        depth: 0,
        repeated: None,
        operand: false,
    };
    while let Some(c) = translator.peek() {
        translator.item(c)?;
    }
    if translator.depth > 0 {
        return error("missing closing )", pattern);
    }
    Ok((translator.out, translator.groups))
}

impl<'a> Translator<'a> {
    fn rest(&self) -> &'a str {
        &self.pattern[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn literal(&mut self, c: char) {
        self.out.push_str(&::regex::escape(c.encode_utf8(&mut [0; 4])));
        self.operand = true;
        self.repeated = None;
    }

    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
        self.operand = true;
        self.repeated = None;
    }

    fn item(&mut self, c: char) -> Result<(), PatternError> {
        let start = self.at;
        match c {
            '(' => self.open()?,
            ')' => {
                if self.depth == 0 {
                    return error("unexpected )", self.pattern);
                }
                self.depth -= 1;
                self.at += 1;
                self.raw(")");
            }
            '|' => {
                self.at += 1;
                self.raw("|");
                self.operand = false;
            }
            '^' | '$' | '.' => {
                self.at += 1;
                self.raw(&self.pattern[start..self.at]);
            }
            '*' | '+' | '?' => {
                self.at += 1;
                self.repeat(start)?;
            }
            '{' => match self.count()? {
                Some(length) => {
                    self.at += length;
                    self.repeat(start)?;
                }
                None => {
                    self.at += 1;
                    self.literal('{');
                }
            },
            '[' => self.class()?,
            '\\' => self.escape()?,
            c => {
                self.at += c.len_utf8();
                self.literal(c);
            }
        }
        Ok(())
    }

    /// Takes a repetition operator that ends here, with the `?` that makes it lazy.
    fn repeat(&mut self, start: usize) -> Result<(), PatternError> {
        if let Some(before) = self.repeated {
            return error("invalid nested repetition operator", &self.pattern[before..self.at]);
        }
        if !self.operand {
            return error("missing argument to repetition operator", &self.pattern[start..self.at]);
        }
        if self.rest().starts_with('?') {
            self.at += 1;
        }
        self.out.push_str(&self.pattern[start..self.at]);
        self.repeated = Some(start);
        Ok(())
    }

    /// Returns the length of `{n}`, `{n,}` or `{n,m}` here; nothing when the brace is only a character.
    fn count(&self) -> Result<Option<usize>, PatternError> {
        let rest = self.rest();
        let Some(end) = rest.find('}') else { return Ok(None) };
        let inner = &rest[1..end];
        let (least, most) = inner.split_once(',').unwrap_or((inner, inner));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let plain = |text: &str| digits(text) && (text == "0" || !text.starts_with('0'));
        if !plain(least) || !(most.is_empty() && inner.contains(',') || plain(most)) {
            return Ok(None);
        }
        let number = |text: &str| text.parse::<u32>().ok().filter(|count| *count <= REPEATS);
        let ordered = match (number(least), most.is_empty(), number(most)) {
            (Some(_), true, _) => true,
            (Some(least), false, Some(most)) => least <= most,
            _ => false,
        };
        if ordered { Ok(Some(end + 1)) } else { error("invalid repeat count", &rest[..=end]) }
    }

    fn open(&mut self) -> Result<(), PatternError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return error("expression nests too deeply", self.pattern);
        }
        let rest = self.rest();
        let named = rest.strip_prefix("(?P<").or_else(|| rest.strip_prefix("(?<"));
        if let Some(named) = named.filter(|_| !rest.starts_with("(?<=") && !rest.starts_with("(?<!")) {
            let Some((name, _)) = named.split_once('>') else { return error("invalid named capture", rest) };
            let opening = &rest[..rest.len() - named.len() + name.len() + 1];
            let valid = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !valid {
                return error("invalid named capture", opening);
            }
            self.groups.push(Some(name.into()));
            self.at += opening.len();
            self.raw("(");
        } else if let Some(behind) = rest.strip_prefix("(?") {
            let length = behind.find(|c: char| !"imsU-".contains(c)).unwrap_or(behind.len());
            let (flags, closing) = (&behind[..length], behind[length..].chars().next());
            let end = length + 2;
            let dashes = flags.matches('-').count();
            if !matches!(closing, Some(':' | ')'))
                || dashes > 1
                || flags.ends_with('-')
                || (flags.is_empty() && closing == Some(')'))
            {
                let part = closing.map_or(rest, |c| &rest[..end + c.len_utf8()]);
                let problem = if closing.is_none() {
                    "missing closing )"
                } else {
                    "invalid or unsupported Perl syntax"
                };
                return error(problem, part);
            }
            let operand = self.operand;
            self.at += end + 1;
            self.raw(&rest[..=end]);
            if closing == Some(')') {
                self.depth -= 1;
                self.operand = operand;
                return Ok(());
            }
        } else {
            self.groups.push(None);
            self.at += 1;
            self.raw("(");
        }
        self.operand = false;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let rest = self.rest();
        let Some(c) = rest[1..].chars().next() else {
            return error("trailing backslash at end of expression", "");
        };
        match c {
            'Q' => {
                let quoted = &rest[2..];
                let (quoted, length) = match quoted.split_once("\\E") {
                    Some((quoted, _)) => (quoted, quoted.len() + 4),
                    None => (quoted, rest.len()),
                };
                self.at += length;
                quoted.chars().for_each(|c| self.literal(c));
                return Ok(());
            }
            'A' | 'z' => self.raw(&rest[..2]),
            'b' => self.raw("(?-u:\\b)"),
            'B' => self.raw("\\B"),
            'p' | 'P' => return self.property(),
            _ => match perl_class(c) {
                Some(class) => self.raw(&format!("[{class}]")),
                None => {
                    let (c, length) = self.character(rest)?;
                    self.at += length;
                    self.literal(c);
                    return Ok(());
                }
            },
        }
        self.at += 1 + c.len_utf8();
        Ok(())
    }

    /// Copies `\pN`, `\p{Name}` or `\p{^Name}`.
    fn property(&mut self) -> Result<(), PatternError> {
        let rest = self.rest();
        let Some(c) = rest[2..].chars().next() else { return error("invalid character class range", rest) };
        let (name, length) = if c == '{' {
            let Some(end) = rest.find('}') else { return error("invalid character class range", rest) };
            (&rest[3..end], end + 1)
        } else {
            (&rest[2..2 + c.len_utf8()], 2 + c.len_utf8())
        };
        let (negated, name) = match name.strip_prefix('^') {
            Some(name) => (true, name),
            None => (false, name),
        };
        let letter = if negated == rest.starts_with("\\P") { 'p' } else { 'P' };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return error("invalid character class range", &rest[..length]);
        }
        self.at += length;
        self.raw(&if name == "Any" && letter == 'p' {
            "[\\x{0}-\\x{10FFFF}]".to_owned()
        } else {
            format!("\\{letter}{{{name}}}")
        });
        Ok(())
    }

    /// Returns the character that an escape stands for, and the length of the escape.
    fn character(&self, rest: &str) -> Result<(char, usize), PatternError> {
        let mut chars = rest[1..].chars();
        let Some(c) = chars.next() else { return error("trailing backslash at end of expression", "") };
        let short = &rest[..1 + c.len_utf8()];
        let refused = || PatternError { problem: "invalid escape sequence", part: short.to_owned() };
        let coded = |digits: &str, radix, length| {
            let code = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
            code.map(|c| (c, length)).ok_or_else(refused)
        };
        match c {
            'a' => Ok(('\u{7}', 2)),
            'f' => Ok(('\u{c}', 2)),
            'n' => Ok(('\n', 2)),
            'r' => Ok(('\r', 2)),
            't' => Ok(('\t', 2)),
            'v' => Ok(('\u{b}', 2)),
            'x' => {
                let braced = rest[2..].starts_with('{');
                let start = if braced { 3 } else { 2 };
                let most = if braced { rest.len() } else { 2 };
                let digits = rest[start..].bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
                let end = start + digits;
                let closed = if braced { rest[end..].starts_with('}') } else { digits == 2 };
                let code = u32::from_str_radix(&rest[start..end], 16).ok().and_then(char::from_u32);
                match code {
                    Some(c) if closed => Ok((c, end + usize::from(braced))),
                    _ => {
                        let wrong = if braced {
                            0
                        } else {
                            rest[end..].chars().take(2 - digits).map(char::len_utf8).sum()
                        };
                        error("invalid escape sequence", &rest[..end + wrong])
                    }
                }
            }
            '0'..='7' => {
                let digits = rest[1..].bytes().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
                // One digit alone, but zero, would be a reference back, which there is not.
                if c != '0' && digits < 2 { Err(refused()) } else { coded(&rest[1..=digits], 8, 1 + digits) }
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((c, 2)),
            _ => Err(refused()),
        }
    }

    fn class(&mut self) -> Result<(), PatternError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::from("[");
        if self.rest().starts_with('^') {
            out.push('^');
            self.at += 1;
        }
        let mut first = true;
        loop {
            let rest = self.rest();
            let Some(c) = rest.chars().next() else {
                return error("missing closing ]", &self.pattern[start..]);
            };
            if c == ']' && !first {
                self.at += 1;
                break;
            }
            let single_dash = c == '-' && !first && !rest.starts_with("-]");
            if single_dash {
                let next = rest[1..].chars().next().map_or(1, |c| 1 + c.len_utf8());
                if rest.len() > 1 && !rest.starts_with("-]") {
                    return error("invalid character class range", &rest[..next]);
                }
            }
            first = false;
            if let Some(named) = rest.strip_prefix("[:")
                && let Some((name, _)) = named.split_once(":]")
            {
                let part = &rest[..name.len() + 4];
                let known = [
                    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
                    "space", "upper", "word", "xdigit",
                ];
                if !known.contains(&name.trim_start_matches('^')) {
                    return error("invalid character class range", part);
                }
                out.push_str(part);
                self.at += part.len();
                continue;
            }
            if rest.starts_with("\\p") || rest.starts_with("\\P") {
                let before = std::mem::take(&mut self.out);
                let outcome = self.property();
                out.push_str(&std::mem::replace(&mut self.out, before));
                outcome?;
                continue;
            }
            if let Some(class) = rest.strip_prefix('\\').and_then(|rest| perl_class(rest.chars().next()?)) {
                match class.strip_prefix('^') {
                    Some(class) => write!(out, "[^{class}]"),
                    None => write!(out, "{class}"),
                }
                .ok();
                self.at += 2;
                continue;
            }
            let from = self.at;
            let low = self.class_character(start)?;
            let mut high = low;
            if self.rest().starts_with('-') && !self.rest().starts_with("-]") && self.rest().len() > 1 {
                self.at += 1;
                high = self.class_character(start)?;
                if high < low {
                    return error("invalid character class range", &self.pattern[from..self.at]);
                }
            }
            write!(out, "\\x{{{:x}}}", low as u32).ok();
            if high != low {
                write!(out, "-\\x{{{:x}}}", high as u32).ok();
            }
        }
        out.push(']');
        self.raw(&out);
        Ok(())
    }

    fn class_character(&mut self, start: usize) -> Result<char, PatternError> {
        let rest = self.rest();
        match rest.chars().next() {
            None => error("missing closing ]", &self.pattern[start..]),
            Some('\\') => {
                let (c, length) = self.character(rest)?;
                self.at += length;
                Ok(c)
            }
            Some(c) => {
                self.at += c.len_utf8();
                Ok(c)
            }
        }
    }
}

/// Returns the inside of a class for `\d`, `\s`, `\w` and their opposites.
fn perl_class(c: char) -> Option<&'static str> {
    Some(match c {
        'd' => "0-9",
        'D' => "^0-9",
        's' => "\\t\\n\\x{c}\\r ",
        'S' => "^\\t\\n\\x{c}\\r ",
        'w' => "0-9A-Za-z_",
        'W' => "^0-9A-Za-z_",
        _ => return None,
    })
}
