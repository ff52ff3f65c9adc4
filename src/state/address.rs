//! Addresses as text: those saved in a state, and those given to the `state` commands.

use std::sync::Arc;

use super::key::{InstanceKey, Mode, ResourceKey};
use crate::lang::address::{ModuleInstance, ModuleStep};

/// What an address names: a module with everything below it, a resource with all its instances, or one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A module instance, or, without a last key, all instances of the call.
    Module(ModuleInstance),
    /// A resource, and one instance of it where a key is given.
    Resource(ResourceKey, Option<InstanceKey>),
}

impl Target {
    /// Returns what a text names; nothing when it is no address.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let mut steps = Vec::new();
        let mut first = reader.name()?;
        while first == "module" {
            reader.skip('.')?;
            let name = Arc::from(reader.name()?);
            steps.push(ModuleStep { name, key: reader.key()? });
            if reader.rest.is_empty() {
                return Some(Self::Module(ModuleInstance(steps.into())));
            }
            reader.skip('.')?;
            first = reader.name()?;
        }
        let mode = if first == "data" { Mode::Data } else { Mode::Managed };
        if mode == Mode::Data {
            reader.skip('.')?;
            first = reader.name()?;
        }
        reader.skip('.')?;
        let name = reader.name()?.to_owned();
        let key = reader.key()?;
        let module = ModuleInstance(steps.into()).to_string();
        let resource = ResourceKey { module, mode, resource_type: first.to_owned(), name };
        reader.rest.is_empty().then_some(Self::Resource(resource, key))
    }
}

/// Returns the module that a saved text names; the empty text is the root module.
pub(crate) fn parse_module(text: &str) -> Option<ModuleInstance> {
    if text.is_empty() {
        return Some(ModuleInstance::root());
    }
    match Target::parse(text)? {
        Target::Module(module) => Some(module),
        Target::Resource(..) => None,
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, expected: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?;
        Some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
        let end = self.rest.find(|character| !is_part(character)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let starts_well = name.starts_with(|character: char| character.is_alphabetic() || character == '_');
        self.rest = rest;
        starts_well.then_some(name)
    }

    /// Reads `[0]` or `["k"]`; the inner value is none where there is no bracket.
    fn key(&mut self) -> Option<Option<InstanceKey>> {
        let Some(rest) = self.rest.strip_prefix('[') else { return Some(None) };
        if let Some(text) = rest.strip_prefix('"') {
            let (key, rest) = read_literal(text)?;
            self.rest = rest.strip_prefix(']')?;
            return Some(Some(InstanceKey::Key(key.into())));
        }
        let (number, rest) = rest.split_once(']')?;
        self.rest = rest;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Some(InstanceKey::Index(number.parse().ok()?)))
    }
}

/// Reads a string literal behind its opening quote; returns the string and what follows the closing one.
fn read_literal(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut characters = text.char_indices();
    while let Some((offset, character)) = characters.next() {
        match character {
            '"' => return Some((out, &text[offset + 1..])),
            '\\' => match characters.next()?.1 {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                'u' => out.push(read_code(&mut characters, 4)?),
                'U' => out.push(read_code(&mut characters, 8)?),
                escaped @ ('"' | '\\') => out.push(escaped),
                _ => return None,
            },
            '$' | '%' if text[offset + 1..].starts_with(&format!("{character}{{")) => {
                characters.next();
                out.push(character);
            }
            other => out.push(other),
        }
    }
    None
}

fn read_code(characters: &mut std::str::CharIndices<'_>, digits: usize) -> Option<char> {
    let code: String = characters.take(digits).map(|(_, character)| character).collect();
    char::from_u32(u32::from_str_radix(&code, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_it_is_printed() {
        for text in [
            "a.b",
            "data.a.b",
            "a.b[0]",
            r#"a.b["k.\"]\\ $${x} \n"]"#,
            r#"module.m.module.n["x"].data.a.b[3]"#,
            "module.m[1].a-b.c_d",
        ] {
            let Some(Target::Resource(key, instance)) = Target::parse(text) else {
                panic!("{text} is refused")
            };
            assert_eq!(key.object_address(&super::super::ObjectKey::current(instance)), text);
        }
        let Some(Target::Module(module)) = Target::parse("module.m[\"a\"]") else { panic!() };
        assert_eq!(module.to_string(), "module.m[\"a\"]");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "", "a", "a.", ".a", "a.b[", "a.b[x]", "a.b[-1]", "a.b[\"k]", "module", "module.", "a.b.c", "1.b",
        ] {
            assert_eq!(Target::parse(text), None, "{text}");
        }
    }
}
