//! Regular expressions: `regex`, `regexall`, and the patterns of `replace`.
//!
//! The language's syntax is RE2's. The engine here is of the same family, but spells a few things
//! differently and knows more; [`syntax`] translates and refuses what RE2 does not know.

mod syntax;

use std::sync::Arc;

use super::define::{computed, list_of, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::budget::{Budget, Exceeded};
use syntax::PatternError;

pub(super) const FUNCTIONS: &[Function] = &[
    computed(
        "regex",
        &[Parameter::new("pattern", Shape::String), Parameter::new("string", Shape::String)],
        |args| pattern_type(&args[0]),
        first,
    ),
    computed(
        "regexall",
        &[Parameter::new("pattern", Shape::String), Parameter::new("string", Shape::String)],
        |args| Ok(Type::list(pattern_type(&args[0])?)),
        all,
    ),
];

/// A compiled pattern with the names of its groups.
pub(super) struct Pattern {
    regex: ::regex::Regex,
    /// The name of each group but the whole match.
    groups: Vec<Option<Arc<str>>>,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in RE2's words.
    pub(super) fn new(pattern: &str) -> Result<Self, PatternError> {
        /// How large a compiled pattern may get, in bytes.
        const LIMIT: usize = 16 << 20;
        let (translated, groups) = syntax::translate(pattern)?;
        let regex = ::regex::RegexBuilder::new(&translated)
            .size_limit(LIMIT)
            .build()
            .map_err(|error| syntax::from_engine(&error, pattern))?;
        Ok(Self { regex, groups })
    }

    /// Replaces all matches; `$1`, `$name`, `${name}` in the replacement stand for groups, `$$` for `$`.
    ///
    /// # Errors
    /// The text would become too long.
    pub(super) fn replace_all(
        &self,
        text: &str,
        replacement: &str,
        budget: &Budget,
    ) -> Result<String, Exceeded> {
        let mut out = String::new();
        let mut end = 0;
        for captures in self.regex.captures_iter(text) {
            let Some(found) = captures.get(0) else { continue };
            out.push_str(&text[end..found.start()]);
            self.expand(&captures, replacement, &mut out, budget)?;
            end = found.end();
        }
        out.push_str(&text[end..]);
        budget.allows_text(out.len() as u64)?;
        Ok(out)
    }

    fn expand(
        &self,
        captures: &::regex::Captures<'_>,
        replacement: &str,
        out: &mut String,
        budget: &Budget,
    ) -> Result<(), Exceeded> {
        let mut rest = replacement;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                out.push('$');
                rest = after;
            } else if let Some((name, after)) = reference(after) {
                out.push_str(self.group(captures, name));
                budget.allows_text(out.len() as u64)?;
                rest = after;
            } else {
                out.push('$');
                rest = after;
            }
        }
        out.push_str(rest);
        budget.allows_text(out.len() as u64)
    }

    fn group<'t>(&self, captures: &::regex::Captures<'t>, name: &str) -> &'t str {
        let index = if name.bytes().all(|b| b.is_ascii_digit()) {
            // "007" is a name to the language, not the seventh group.
            name.parse::<usize>().ok().filter(|_| name == "0" || !name.starts_with('0'))
        } else {
            // Of groups with one name the first that matched counts.
            (1..=self.groups.len())
                .find(|at| self.groups[at - 1].as_deref() == Some(name) && captures.get(*at).is_some())
        };
        index.and_then(|index| captures.get(index)).map_or("", |found| found.as_str())
    }

    fn captures(&self, captures: &::regex::Captures<'_>) -> Value {
        let group = |at: usize| match captures.get(at) {
            Some(found) => Value::string(found.as_str()),
            None => Value::null(Type::String),
        };
        let numbers = 1..=self.groups.len();
        match self.groups.first() {
            None => group(0),
            Some(None) => Value::tuple(numbers.map(group).collect()),
            Some(Some(_)) => {
                let named = self.groups.iter().zip(numbers);
                Value::object(named.filter_map(|(name, at)| Some((name.clone()?, group(at)))))
            }
        }
    }

    fn value_type(&self) -> Option<Type> {
        let named = self.groups.iter().flatten().count();
        if self.groups.is_empty() {
            Some(Type::String)
        } else if named == 0 {
            Some(Type::tuple(self.groups.iter().map(|_| Type::String)))
        } else if named == self.groups.len() {
            Some(Type::object(self.groups.iter().flatten().map(|name| (name.clone(), Type::String))))
        } else {
            None
        }
    }
}

/// Splits the name of a group from what stands behind a `$`.
fn reference(after: &str) -> Option<(&str, &str)> {
    let end = |text: &str| text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    if let Some(braced) = after.strip_prefix('{') {
        let (name, rest) = braced.split_once('}')?;
        return (!name.is_empty() && end(name) == name.len()).then_some((name, rest));
    }
    let at = end(after);
    (at > 0).then(|| after.split_at(at))
}

fn compile(pattern: &str) -> Result<Pattern, ArgumentError> {
    Pattern::new(pattern).map_err(|error| {
        ArgumentError::argument(0, format!("invalid regexp pattern: {} in {}", error.problem, error.part))
    })
}

fn pattern_type(pattern: &Value) -> Result<Type, ArgumentError> {
    if !pattern.is_known() {
        return Ok(Type::Dynamic);
    }
    compile(text(pattern))?.value_type().ok_or_else(|| {
        ArgumentError::argument(0, "invalid regexp pattern: cannot mix both named and unnamed capture groups")
    })
}

fn first(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let pattern = compile(text(&args[0]))?;
    match pattern.regex.captures(text(&args[1])) {
        Some(captures) => Ok(pattern.captures(&captures)),
        None => Err(ArgumentError::call("pattern did not match any part of the given string")),
    }
}

fn all(args: &[Value], ty: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let pattern = compile(text(&args[0]))?;
    let element = match ty {
        Type::List(element) => (**element).clone(),
        _ => Type::Dynamic,
    };
    let found = pattern.regex.find_iter(text(&args[1])).count() as u64;
    environment.budget.allows_elements(found.saturating_mul(pattern.groups.len() as u64 + 1))?;
    let matches = pattern.regex.captures_iter(text(&args[1]));
    Ok(list_of(element, matches.map(|captures| pattern.captures(&captures))))
}
