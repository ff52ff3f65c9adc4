//! Which values must not be printed, and texts that would print them.

use super::hash::HashSet;
use super::marks::Marks;
use super::value::{Kind, Value};

/// A text that has this many bytes in a row with a hidden one says something of it.
const TELLING: usize = 4;

impl Marks {
    /// Tells whether the value must not be printed, for whichever reason.
    pub fn is_hidden(self) -> bool {
        self.is_sensitive() || self.is_ephemeral()
    }

    /// Returns the word for why the value is not printed: `sensitive`, `ephemeral`, or both.
    pub fn word(self) -> &'static str {
        match (self.is_sensitive(), self.is_ephemeral()) {
            (true, true) => "ephemeral, sensitive",
            (false, true) => "ephemeral",
            _ => "sensitive",
        }
    }
}

/// Returns a text about values, without it where it says something of what they hide.
///
/// Functions, clouds and files quote what they were given, and are not told what is hidden.
pub fn without_hidden<'v>(text: String, values: impl IntoIterator<Item = &'v Value>) -> String {
    let mut hidden = Hidden { text: &text, runs: None, found: Marks::NONE };
    for value in values {
        hidden.look(value, Marks::NONE);
    }
    match hidden.found {
        Marks::NONE => text,
        marks => format!("the reason is not shown, because it names {} value", with_article(marks)),
    }
}

/// Returns a text about values with a mark in place of each hidden one that it quotes whole.
///
/// For what clouds and disks answer, of which the rest is worth reading. Values of fewer than four bytes stay.
pub fn masked<'v>(text: String, values: impl IntoIterator<Item = &'v Value>) -> String {
    let mut secrets = Vec::new();
    for value in values {
        secrets_of(value, Marks::NONE, &mut secrets);
    }
    // The longest first: one may be a part of another.
    secrets.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
    secrets.into_iter().fold(text, |text, (secret, marks)| {
        let mark = format!("({} value)", marks.word());
        let escaped = secret.escape_debug().to_string();
        let text = if text.contains(&secret) { text.replace(&secret, &mark) } else { text };
        if escaped != secret && text.contains(&escaped) { text.replace(&escaped, &mark) } else { text }
    })
}

fn secrets_of(value: &Value, around: Marks, found: &mut Vec<(String, Marks)>) {
    let marks = around | value.marks;
    let mut note = |text: &str| {
        if marks.is_hidden() && text.len() >= TELLING {
            found.push((text.to_owned(), marks));
        }
    };
    match &value.kind {
        Kind::String(text) => note(text),
        Kind::Number(number) => note(&number.to_text_10()),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            items.iter().for_each(|item| secrets_of(item, marks, found));
        }
        Kind::Map(_, members) | Kind::Object(members) => {
            members.keys().for_each(|name| note(name));
            members.values().for_each(|item| secrets_of(item, marks, found));
        }
        _ => {}
    }
}

fn with_article(marks: Marks) -> String {
    let article = if marks.is_ephemeral() { "an" } else { "a" };
    format!("{article} {}", marks.word())
}

struct Hidden<'t> {
    text: &'t str,
    /// All runs of the text, made when the first hidden value asks for them.
    runs: Option<HashSet<&'t [u8]>>,
    found: Marks,
}

impl Hidden<'_> {
    fn look(&mut self, value: &Value, around: Marks) {
        let marks = around | value.marks;
        match &value.kind {
            Kind::String(text) => self.compare(text, marks),
            Kind::Number(number) if marks.is_hidden() => self.compare(&number.to_text_10(), marks),
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                items.iter().for_each(|item| self.look(item, marks));
            }
            Kind::Map(_, members) | Kind::Object(members) => {
                for (name, item) in members.iter() {
                    self.compare(name, marks);
                    self.look(item, marks);
                }
            }
            _ => {}
        }
    }

    fn compare(&mut self, secret: &str, marks: Marks) {
        if !marks.is_hidden() || secret.is_empty() {
            return;
        }
        let is_told = if secret.len() < TELLING {
            self.text.match_indices(secret).any(|(at, _)| {
                let beside = |character: Option<char>| !character.is_some_and(char::is_alphanumeric);
                beside(self.text[..at].chars().next_back())
                    && beside(self.text[at + secret.len()..].chars().next())
            })
        } else {
            let runs = self.runs.get_or_insert_with(|| self.text.as_bytes().windows(TELLING).collect());
            secret.as_bytes().windows(TELLING).any(|run| runs.contains(run))
        };
        if is_told {
            self.found |= marks;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, value: &Value) -> String {
        without_hidden(text.to_owned(), [value])
    }

    #[test]
    fn a_text_that_quotes_a_hidden_value_is_not_shown() {
        let secret = Value::from("hunter-2").sensitive();
        assert_eq!(
            said("cannot parse \"hunter-2\"", &secret),
            "the reason is not shown, because it names a sensitive value"
        );
        // Also where only a part of it is quoted, or it stands deep inside.
        assert!(
            said("cannot parse \"ter-2\"", &Value::object([("a", secret.clone())])).contains("not shown")
        );
        let ephemeral = Value::from("hunter-2").with_marks(Marks::EPHEMERAL);
        assert!(said("at hunter-2", &Value::tuple(vec![ephemeral])).ends_with("an ephemeral value"));
        assert!(said("at a1.", &Value::from("a1").sensitive()).contains("not shown"));
        assert!(
            said("key k9xx", &Value::object([("k9xx", Value::from(1))]).sensitive()).contains("not shown")
        );
    }

    #[test]
    fn hidden_values_that_are_quoted_whole_are_masked_and_the_rest_is_shown() {
        let values = Value::object([
            ("name", Value::from("hunter").sensitive()),
            ("longer", Value::from("hunter-2").sensitive()),
            ("open", Value::from("plain")),
        ]);
        let text = masked("hunter-2 of plain is no hunter".to_owned(), [&values]);
        assert_eq!(text, "(sensitive value) of plain is no (sensitive value)");
    }

    #[test]
    fn a_text_that_says_nothing_of_it_is_shown_and_open_values_too() {
        let secret = Value::from("hunter-2").sensitive();
        assert_eq!(said("a number is required", &secret), "a number is required");
        assert_eq!(said("at hunter-2", &Value::from("hunter-2")), "at hunter-2");
        assert_eq!(said("a bad name", &Value::from("a1").sensitive()), "a bad name");
    }
}
