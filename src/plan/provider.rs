//! Provider configurations, as far as they are known.

use std::sync::Arc;

use crate::diagnostic::SourceRange;
use crate::lang::Value;
use crate::lang::address::ProviderAddress;

/// Arguments that say with which accounts a provider may work. They change nothing of where it looks, so reads need not wait for
/// them; the first write does.
const GUARDS: [&str; 3] = ["account_id", "allowed_account_ids", "forbidden_account_ids"];

/// The evaluated block of a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderConfig {
    /// The arguments; an object of nulls when there is no block.
    pub value: Value,
    /// The arguments that are not known yet.
    pub unknown: Vec<UnknownArgument>,
}

/// An argument of a provider that something which comes first decides.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownArgument {
    /// Its name.
    pub name: Arc<str>,
    /// What it comes from, as written.
    pub references: Vec<String>,
    /// Where its expression stands.
    pub range: Option<SourceRange>,
}

impl ProviderConfig {
    /// Returns a configuration that is known.
    pub fn known(value: Value) -> Self {
        Self { value, unknown: Vec::new() }
    }

    /// Tells whether all arguments are known.
    pub fn is_known(&self) -> bool {
        self.unknown.is_empty()
    }

    /// Tells whether everything is known that says where the provider looks, and as whom.
    pub fn may_read(&self) -> bool {
        self.missing().next().is_none()
    }

    /// Returns the unknown arguments without which nothing can be read.
    pub fn missing(&self) -> impl Iterator<Item = &UnknownArgument> {
        self.unknown.iter().filter(|argument| !GUARDS.contains(&&*argument.name))
    }

    /// Returns which arguments are not known, and what they come from.
    pub fn explain(&self, provider: &ProviderAddress) -> String {
        let arguments: Vec<String> = self
            .unknown
            .iter()
            .map(|UnknownArgument { name, references, .. }| match references.is_empty() {
                true => format!("{name:?} is not known"),
                false => format!("{name:?} comes from {}", references.join(" and ")),
            })
            .collect();
        format!(
            "The configuration for {provider} depends on values that cannot be determined until apply: {}.",
            arguments.join(", ")
        )
    }
}
