//! The patterns of `fileset`: `*`, `**`, `?`, classes, alternatives in braces, `\` before a character.
//!
//! They are matched by translation into a regular expression, whose time is linear.

use std::path::{Path, PathBuf};

/// A pattern, divided into the folder that holds all matches and what is matched below it.
pub(super) struct Pattern {
    folder: PathBuf,
    /// How many names a match has within the folder; nothing when there may be any number.
    depth: Option<usize>,
    regex: regex::Regex,
}

/// Why a pattern is none, in Terraform's words.
const SYNTAX: &str = "syntax error in pattern";

impl Pattern {
    /// Compiles a clean pattern.
    pub(super) fn new(pattern: &str) -> Result<Self, &'static str> {
        let names: Vec<&str> = pattern.split('/').collect();
        let special = |name: &&str| name.contains(['*', '?', '[', '{', '\\']);
        // The last name is always matched, since the folder is what is walked through.
        let fixed = names.iter().position(special).unwrap_or(names.len()).min(names.len() - 1);
        let folder = match fixed {
            0 => PathBuf::from("."),
            1 if names[0].is_empty() => PathBuf::from("/"),
            _ => PathBuf::from(names[..fixed].join("/")),
        };
        let mut source = String::from("(?s)^");
        for (at, name) in names[fixed..].iter().enumerate() {
            let last = fixed + at + 1 == names.len();
            match (*name, last) {
                ("**", false) => source.push_str("(?:[^/]+/)*"),
                ("**", true) => source.push_str(".*"),
                (name, _) => {
                    translate(name, &mut source)?;
                    if !last {
                        source.push('/');
                    }
                }
            }
        }
        source.push('$');
        let regex = regex::Regex::new(&source).map_err(|_| SYNTAX)?;
        let open = names[fixed..].iter().any(|name| name.contains("**"));
        let depth = (!open).then(|| names.len() - fixed);
        Ok(Self { folder, depth, regex })
    }

    /// Returns the folder that all matches are in.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns how deep below the folder matches are; nothing when they may be anywhere.
    pub(super) fn depth(&self) -> Option<usize> {
        self.depth
    }

    /// Tells whether a path within the folder matches.
    pub(super) fn matches(&self, path: &str) -> bool {
        self.regex.is_match(path)
    }
}

fn translate(name: &str, out: &mut String) -> Result<(), &'static str> {
    let mut depth = 0;
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '{' => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            '[' => rest = class(rest, out).ok_or(SYNTAX)?,
            '\\' => {
                let escaped = rest.chars().next().ok_or(SYNTAX)?;
                rest = &rest[escaped.len_utf8()..];
                literal(escaped, out);
            }
            c => literal(c, out),
        }
    }
    if depth > 0 { Err(SYNTAX) } else { Ok(()) }
}

fn literal(c: char, out: &mut String) {
    out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
}

/// Translates a class, from behind its bracket, and returns what is behind it.
fn class<'a>(mut rest: &'a str, out: &mut String) -> Option<&'a str> {
    out.push('[');
    if let Some(after) = rest.strip_prefix('^') {
        out.push_str("^/");
        rest = after;
    }
    let mut first = true;
    loop {
        if let Some(after) = rest.strip_prefix(']').filter(|_| !first) {
            out.push(']');
            return Some(after);
        }
        first = false;
        let low = character(&mut rest)?;
        out.push_str(&format!("\\x{{{:x}}}", low as u32));
        if rest.starts_with('-') && !rest.starts_with("-]") {
            rest = &rest[1..];
            let high = character(&mut rest)?;
            if high < low {
                return None;
            }
            out.push_str(&format!("-\\x{{{:x}}}", high as u32));
        }
    }
}

fn character(rest: &mut &str) -> Option<char> {
    let mut chars = rest.chars();
    let c = match chars.next()? {
        '\\' => chars.next()?,
        c => c,
    };
    *rest = chars.as_str();
    Some(c)
}
