//! Version constraints such as `>= 1.5, < 2.0` and `~> 1.11`.

use std::cmp::Ordering;
use std::fmt;

/// A version: numbers, and a pre-release name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// At least three numbers.
    segments: Vec<u64>,
    /// How many numbers were written.
    written: usize,
    /// The text behind `-`.
    prerelease: String,
    /// Whether there is a `-` at all, be it with nothing behind it.
    is_prerelease: bool,
}

/// One condition on a version.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    operator: Operator,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    /// `~>`: the last written number may grow.
    Pessimistic,
}

/// Conditions that must all hold, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    text: String,
    conditions: Vec<Condition>,
}

impl Version {
    /// Parses a version; nothing if it is none.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = match text.split_once('+') {
            Some((_, "")) => return None,
            Some((version, _)) => version,
            None => text,
        };
        let (numbers, prerelease) = match text.find(|c: char| c != '.' && !c.is_ascii_digit()) {
            Some(at) => (&text[..at], text[at..].trim_start_matches('-')),
            None => (text, ""),
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '~' | '.');
        if !prerelease.chars().all(allowed) || numbers.ends_with('.') {
            return None;
        }
        let mut segments =
            numbers.split('.').map(|number| number.parse().ok()).collect::<Option<Vec<u64>>>()?;
        let written = segments.len();
        segments.resize(written.max(3), 0);
        let is_prerelease = text.len() != numbers.len();
        Some(Version { segments, written, prerelease: prerelease.to_owned(), is_prerelease })
    }

    fn compare(&self, other: &Version) -> Ordering {
        let length = self.segments.len().max(other.segments.len());
        let at = |version: &Version, at: usize| version.segments.get(at).copied().unwrap_or(0);
        for position in 0..length {
            match at(self, position).cmp(&at(other, position)) {
                Ordering::Equal => {}
                unequal => return unequal,
            }
        }
        match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_prereleases(&self.prerelease, &other.prerelease),
        }
    }
}

fn compare_prereleases(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let ordering = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (x.parse::<u64>(), y.parse::<u64>()) {
                (Ok(x), Ok(y)) => x.cmp(&y),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => x.cmp(y),
            },
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

impl Constraint {
    /// Parses conditions separated by commas; nothing if one of them is none.
    pub fn parse(text: &str) -> Option<Constraint> {
        let conditions = text.split(',').map(Condition::parse).collect::<Option<Vec<_>>>()?;
        Some(Constraint { text: text.to_owned(), conditions })
    }

    /// Tells whether a condition names a pre-release.
    pub fn names_prerelease(&self) -> bool {
        self.conditions.iter().any(|condition| condition.version.is_prerelease)
    }

    /// Returns the conditions in the order of their versions, each spelled in one way: `>= 1.2.0, < 3.0.0`.
    pub fn normalized(&self) -> String {
        let mut conditions: Vec<&Condition> = self.conditions.iter().collect();
        conditions.sort_by(|a, b| a.version.compare(&b.version).then(a.operator.cmp(&b.operator)));
        let mut texts: Vec<String> = conditions.into_iter().map(Condition::normalized).collect();
        texts.dedup();
        texts.join(", ")
    }

    /// Tells whether a version meets all conditions.
    pub fn allows(&self, version: &Version) -> bool {
        self.conditions.iter().all(|condition| condition.allows(version))
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Condition {
    fn parse(text: &str) -> Option<Condition> {
        const OPERATORS: [(&str, Operator); 7] = [
            (">=", Operator::GreaterOrEqual),
            ("<=", Operator::LessOrEqual),
            ("!=", Operator::NotEqual),
            ("~>", Operator::Pessimistic),
            ("=", Operator::Equal),
            (">", Operator::Greater),
            ("<", Operator::Less),
        ];
        let text = text.trim();
        let found = OPERATORS.iter().find_map(|(symbol, operator)| {
            let rest = text.strip_prefix(symbol)?;
            Some((*operator, rest))
        });
        let (operator, version) = found.unwrap_or((Operator::Equal, text));
        Some(Condition { operator, version: Version::parse(version.trim())? })
    }

    fn normalized(&self) -> String {
        let symbol = match self.operator {
            Operator::Equal => "",
            Operator::NotEqual => "!= ",
            Operator::Greater => "> ",
            Operator::Less => "< ",
            Operator::GreaterOrEqual => ">= ",
            Operator::LessOrEqual => "<= ",
            Operator::Pessimistic => "~> ",
        };
        // The number of numbers says which of them may grow.
        let written = match self.operator {
            Operator::Pessimistic if self.version.written <= 2 => 2,
            _ => self.version.segments.len(),
        };
        let numbers: Vec<String> =
            self.version.segments.iter().take(written).map(ToString::to_string).collect();
        let dash = if self.version.prerelease.is_empty() { "" } else { "-" };
        format!("{symbol}{}{dash}{}", numbers.join("."), self.version.prerelease)
    }

    fn allows(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        let both = !version.prerelease.is_empty() && !self.version.prerelease.is_empty();
        // A pre-release only satisfies a constraint that names a pre-release of the same version.
        let comparable = version.prerelease.is_empty() || (both && version.segments == self.version.segments);
        match self.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Greater => comparable && order == Ordering::Greater,
            Operator::Less => comparable && order == Ordering::Less,
            Operator::GreaterOrEqual => comparable && order != Ordering::Less,
            Operator::LessOrEqual => comparable && order != Ordering::Greater,
            Operator::Pessimistic => {
                let fixed = self.version.written.saturating_sub(1);
                comparable
                    && (self.version.prerelease.is_empty() || both)
                    && order != Ordering::Less
                    && version.segments.len() >= self.version.segments.len()
                    && version.segments[..fixed] == self.version.segments[..fixed]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_hold_as_written() {
        let ours = Version::parse("1.11.4").unwrap();
        for (text, expected) in [
            (">= 1.5", true),
            (">= 1.5, < 2.0.0", true),
            ("~> 1.11", true),
            ("~> 1.11.0", true),
            ("~> 1.10.0", false),
            ("~> 1", true),
            ("1.11.4", true),
            ("= 1.11.4", true),
            ("!= 1.11.4", false),
            ("> 1.11.4", false),
            ("<= v1.11.4", true),
            (">= 1.12.0-beta1", false),
            (">= 1.11.0-rc1", true),
            ("~> 1.11.0-rc1", false),
        ] {
            assert_eq!(Constraint::parse(text).unwrap().allows(&ours), expected, "{text}");
        }
    }

    #[test]
    fn a_normalized_constraint_is_sorted_and_spelled_in_one_way() {
        for (text, expected) in [
            (">= 1.2, < 3.0.0", ">= 1.2.0, < 3.0.0"),
            ("~> 1.0", "~> 1.0"),
            ("1.5,!=2.0.0, ~>1.2.3", "~> 1.2.3, 1.5.0, != 2.0.0"),
            ("= v1.2.0-beta1, 1.2.0-beta1", "1.2.0-beta1"),
        ] {
            assert_eq!(Constraint::parse(text).unwrap().normalized(), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "abc", ">> 1", "1.2.x", "1..2", ">= 1, ", "=> 1"] {
            assert!(Constraint::parse(text).is_none(), "{text}");
        }
    }
}
