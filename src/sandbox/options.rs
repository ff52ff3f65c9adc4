//! Named settings: every limit, duration and open question of the vendors' documents as a value.
//!
//! Where a vendor's documents leave a behaviour open, both readings exist as a setting with two values;
//! the first is the default. Each service lists its own settings next to its code.

use std::collections::BTreeMap;

/// One named setting.
#[derive(Debug)]
pub struct Setting {
    /// Name, `service.what`.
    pub name: &'static str,
    /// What it may be; for a choice the first value is the default.
    pub values: Values,
    /// What it changes.
    pub about: &'static str,
}

/// The values that a setting takes.
#[derive(Debug)]
pub enum Values {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number; the default.
    Number(i64),
    /// Any text; the default.
    Text(&'static str),
}

impl Setting {
    /// Returns a setting that is one of some words.
    pub const fn choice(name: &'static str, words: &'static [&'static str], about: &'static str) -> Self {
        Self { name, values: Values::Choice(words), about }
    }

    /// Returns a setting that is a number.
    pub const fn number(name: &'static str, default: i64, about: &'static str) -> Self {
        Self { name, values: Values::Number(default), about }
    }

    /// Returns a setting that is a text.
    pub const fn text(name: &'static str, default: &'static str, about: &'static str) -> Self {
        Self { name, values: Values::Text(default), about }
    }

    /// Returns the default as text.
    pub fn default_text(&self) -> String {
        match self.values {
            Values::Choice(words) => words.first().copied().unwrap_or_default().to_owned(),
            Values::Number(number) => number.to_string(),
            Values::Text(text) => text.to_owned(),
        }
    }
}

/// Whether rate limits are enforced.
pub static LIMITS: Setting =
    Setting::choice("limits", &["on", "off"], "whether the documented call rates are enforced");
/// Which clock the call rates count on.
pub static LIMITS_CLOCK: Setting =
    Setting::choice("limits.clock", &["machine", "sandbox"], "the clock that call rates count on");
/// Which clock signatures are judged by.
pub static SIGNATURE_CLOCK: Setting =
    Setting::choice("signature.clock", &["machine", "sandbox"], "the clock that signatures are judged by");
/// Whether signatures are verified.
pub static SIGNATURE: Setting = Setting::choice(
    "signature",
    &["verified", "ignored"],
    "ignored: the key must exist, the signature may be anything",
);
/// How long a new object stays out of lists.
pub static LIST_LAG_MS: Setting =
    Setting::number("list-lag-ms", 0, "how long a new object is missing from lists, in milliseconds");

const CORE: &[&Setting] = &[&LIMITS, &LIMITS_CLOCK, &SIGNATURE_CLOCK, &SIGNATURE, &LIST_LAG_MS];

/// Returns all settings there are.
pub fn settings() -> Vec<&'static Setting> {
    let services = [super::tencent::SETTINGS, super::alibaba::SETTINGS];
    CORE.iter().chain(services.into_iter().flatten()).copied().collect()
}

/// A setting that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// No such name.
    #[error("there is no setting {0}; docs/sandbox.md lists them")]
    Name(String),
    /// Not a value of it.
    #[error("the setting {name} cannot be {value}; it takes {allowed}")]
    Value {
        /// Name of the setting.
        name: String,
        /// What was given.
        value: String,
        /// What it takes.
        allowed: String,
    },
}

/// The settings of one emulator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    values: BTreeMap<String, String>,
    /// Start without the default world when the store is empty.
    pub empty: bool,
    /// Fail at once when another process has the store open, rather than wait for it.
    pub no_wait: bool,
}

impl Options {
    /// Returns the options with one more setting.
    ///
    /// # Errors
    /// The name is unknown or the value is not one it takes.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self, SettingError> {
        self.set(name, value)?;
        Ok(self)
    }

    /// Makes a setting.
    ///
    /// # Errors
    /// The name is unknown or the value is not one it takes.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), SettingError> {
        let all = settings();
        let setting = all.iter().find(|setting| setting.name == name);
        let setting = setting.ok_or_else(|| SettingError::Name(name.to_owned()))?;
        let allowed = match setting.values {
            Values::Choice(words) if !words.contains(&value) => Some(words.join(" or ")),
            Values::Number(_) if value.parse::<i64>().map_or(true, |number| number < 0) => {
                Some("a whole number, 0 or more".to_owned())
            }
            _ => None,
        };
        if let Some(allowed) = allowed {
            return Err(SettingError::Value { name: name.to_owned(), value: value.to_owned(), allowed });
        }
        self.values.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Returns the value of a setting as text.
    pub fn text(&self, setting: &Setting) -> String {
        self.values.get(setting.name).cloned().unwrap_or_else(|| setting.default_text())
    }

    /// Returns true when a choice has this value.
    pub fn is(&self, setting: &Setting, word: &str) -> bool {
        match (self.values.get(setting.name), &setting.values) {
            (Some(value), _) => value == word,
            (None, Values::Choice(words)) => words.first() == Some(&word),
            (None, _) => false,
        }
    }

    /// Returns the value of a number.
    pub fn number(&self, setting: &Setting) -> i64 {
        let default = if let Values::Number(number) = setting.values { number } else { 0 };
        self.values.get(setting.name).and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    /// Returns the settings that differ from their defaults, to be saved.
    pub(crate) fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_and_fault_is_in_the_documentation() {
        let page = include_str!("../../docs/sandbox.md");
        let mut missing = Vec::new();
        for setting in settings() {
            let values = match &setting.values {
                Values::Choice(words) => format!("**{}**, {}", words[0], words[1..].join(", ")),
                Values::Number(number) => format!("number, **{number}**"),
                Values::Text(text) => format!("text, **{text}**"),
            };
            let line = format!("| `{}` | {values} | {} |", setting.name, setting.about);
            if !page.lines().any(|found| found == line) {
                missing.push(line);
            }
        }
        for kind in super::super::faults::FAULT_KINDS {
            let line = format!("| `{}` |", serde_json::to_value(kind).unwrap().as_str().unwrap());
            if !page.contains(&line) {
                missing.push(line);
            }
        }
        assert!(missing.is_empty(), "docs/sandbox.md lacks:\n{}", missing.join("\n"));
    }

    #[test]
    fn a_setting_takes_its_values_only() {
        let mut options = Options::default();
        assert!(options.set("limits", "perhaps").is_err());
        assert!(options.set("cfs.create-ms", "-1").is_err());
        assert!(options.set("colour", "red").is_err());
        options.set("cfs.create-ms", "5").unwrap();
        options.set("limits", "off").unwrap();
        assert!(options.is(&LIMITS, "off") && !options.is(&LIMITS, "on"));
    }
}
