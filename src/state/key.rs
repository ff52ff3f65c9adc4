//! The names of resources and their objects inside a state, in the order in which Terraform saves them.

use std::fmt;

/// Whether a resource is managed or only read. The order is that of the saved words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A data source (`data`).
    Data,
    /// A resource that we create and destroy (`managed`).
    Managed,
}

impl Mode {
    /// Returns the word that the state file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Managed => "managed",
        }
    }
}

/// The key of one instance of a resource with `count` or `for_each`, or of one instance of a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IndexKey {
    /// A position of `count`.
    Number(i64),
    /// A key of `for_each`.
    Text(String),
}

impl fmt::Display for IndexKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(formatter, "[{number}]"),
            Self::Text(text) => write!(formatter, "[{}]", quote(text)),
        }
    }
}

/// Returns a string as an HCL literal, safe to paste and free of control characters.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                out.push(character);
                out.push(character);
            }
            control if control.is_control() || is_direction_mark(control) => {
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Marks that make a terminal show text in another order than it has.
fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Names one resource: the entry of a state that holds its instances.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey {
    /// The module instance as text, such as `module.m["k"].module.n`; empty for the root module.
    pub module: String,
    /// Managed or data.
    pub mode: Mode,
    /// The type, such as `alicloud_ecs_snapshot`.
    pub resource_type: String,
    /// The name in the configuration.
    pub name: String,
}

impl ResourceKey {
    /// Returns the key of a managed resource of the root module.
    pub fn managed(resource_type: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            module: String::new(),
            mode: Mode::Managed,
            resource_type: resource_type.into(),
            name: name.into(),
        }
    }

    /// Returns the address of one object, such as `module.m.t.n["k"]`, with `(deposed object 4876beeb)` where it is one.
    pub fn object_address(&self, object: &ObjectKey) -> String {
        let mut address = self.to_string();
        if let Some(index) = &object.index {
            address.push_str(&index.to_string());
        }
        if let Some(deposed) = &object.deposed {
            address.push_str(&format!(" (deposed object {deposed})"));
        }
        address
    }
}

impl fmt::Display for ResourceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_empty() {
            write!(formatter, "{}.", self.module)?;
        }
        if self.mode == Mode::Data {
            formatter.write_str("data.")?;
        }
        write!(formatter, "{}.{}", self.resource_type, self.name)
    }
}

/// Names one object of a resource: the current one of an instance, or a deposed one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// The instance; none without `count` and `for_each`.
    pub index: Option<IndexKey>,
    /// Eight hexadecimal digits when the object waits for its destruction.
    pub deposed: Option<String>,
}

impl ObjectKey {
    /// Returns the key of the current object of an instance.
    pub fn current(index: Option<IndexKey>) -> Self {
        Self { index, deposed: None }
    }
}
