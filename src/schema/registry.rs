//! Which types a provider has: those we know, those that are foreign, and those that do not exist.

use crate::lang::address::{Mode, Resource};

use super::shape::suggest;
use super::{ProviderKind, ResourceType, types};

/// What we know of a resource type.
#[derive(Clone, Copy)]
pub enum Lookup {
    /// Everything.
    Known(&'static ResourceType),
    /// A known provider has, or may have, such a type, but we neither read nor change its objects.
    Foreign,
    /// The provider has no such type; with what may be meant.
    Unsupported(Meant),
    /// The provider is not one of ours.
    UnknownProvider,
}

/// What a resource type that does not exist may be a mistake for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A type with a similar name.
    Name(&'static str),
    /// A type of the same name but the other mode.
    OtherMode,
    /// Nothing we know.
    Nothing,
}

/// Returns what we know of a resource's type under a provider.
pub fn lookup(source: &str, resource: &Resource) -> Lookup {
    let Some(kind) = ProviderKind::of_source(source) else { return Lookup::UnknownProvider };
    let data = resource.mode == Mode::Data;
    let of_kind =
        |data: bool| types::all().iter().filter(move |each| each.provider == kind && each.data == data);
    let name = &*resource.type_name;
    if let Some(known) = of_kind(data).find(|each| each.name == name) {
        return Lookup::Known(known);
    }
    let similar = suggest(name, of_kind(data).map(|each| each.name));
    let other_mode = of_kind(!data).any(|each| each.name == name);
    match similar {
        Some(similar) => Lookup::Unsupported(Meant::Name(similar)),
        None if kind != ProviderKind::Terraform && !data => Lookup::Foreign,
        None if other_mode => Lookup::Unsupported(Meant::OtherMode),
        None if kind != ProviderKind::Terraform => Lookup::Foreign,
        None => Lookup::Unsupported(Meant::Nothing),
    }
}
