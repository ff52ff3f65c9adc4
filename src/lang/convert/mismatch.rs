//! What to say when a value cannot have a type.

use super::super::types::Type;
use super::convertible;

/// Returns what is required where a value of the type `got` was given but `want` is asked for, such as
/// "list of string required".
pub fn mismatch(got: &Type, want: &Type) -> String {
    let required = || format!("{} required", want.friendly_constraint());
    match (got, want) {
        (Type::Object(have), Type::Object(object)) => {
            let missing: Vec<String> = object
                .attributes
                .keys()
                .filter(|name| !object.optional.contains(*name) && !have.attributes.contains_key(*name))
                .map(|name| format!("{name:?}"))
                .collect();
            match &missing[..] {
                [] => {}
                [one] => return format!("attribute {one} is required"),
                [one, two] => return format!("attributes {one} and {two} are required"),
                [rest @ .., last] => {
                    return format!("attributes {}, and {last} are required", rest.join(", "));
                }
            }
            let nested = object.attributes.iter().find_map(|(name, want)| {
                let have = have.attributes.get(name)?;
                (!convertible(have, want)).then(|| format!("attribute {name:?}: {}", mismatch(have, want)))
            });
            nested.unwrap_or_else(|| "incorrect object attributes".to_owned())
        }
        (Type::Tuple(_), Type::List(element)) if **element == Type::Dynamic => {
            "all list elements must have the same type".to_owned()
        }
        (Type::Tuple(_), Type::Set(element)) if **element == Type::Dynamic => {
            "all set elements must have the same type".to_owned()
        }
        (Type::Object(_), Type::Map(element)) if **element == Type::Dynamic => {
            "all map elements must have the same type".to_owned()
        }
        (Type::Tuple(items), Type::List(want) | Type::Set(want)) => items
            .iter()
            .enumerate()
            .find(|(_, item)| !convertible(item, want))
            .map_or_else(required, |(at, item)| format!("element {at}: {}", mismatch(item, want))),
        (Type::Object(object), Type::Map(want)) => object
            .attributes
            .iter()
            .find(|(_, attribute)| !convertible(attribute, want))
            .map_or_else(required, |(name, attribute)| {
                format!("element {name:?}: {}", mismatch(attribute, want))
            }),
        (Type::List(got), Type::List(want)) => {
            format!("incorrect list element type: {}", mismatch(got, want))
        }
        (Type::Set(got), Type::Set(want)) => format!("incorrect set element type: {}", mismatch(got, want)),
        (Type::Map(got), Type::Map(want)) => format!("incorrect map element type: {}", mismatch(got, want)),
        _ => required(),
    }
}

impl Type {
    /// Returns the type in words, such as "list of string".
    pub fn friendly(&self) -> String {
        match self {
            Type::Dynamic => "dynamic".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Number => "number".to_owned(),
            Type::String => "string".to_owned(),
            Type::List(element) => format!("list of {}", element.friendly()),
            Type::Set(element) => format!("set of {}", element.friendly()),
            Type::Map(element) => format!("map of {}", element.friendly()),
            Type::Tuple(_) => "tuple".to_owned(),
            Type::Object(_) => "object".to_owned(),
        }
    }

    /// Returns a constraint in words, such as "list of any single type".
    pub fn friendly_constraint(&self) -> String {
        let element = |element: &Type| match element {
            Type::Dynamic => "any single type".to_owned(),
            other => other.friendly_constraint(),
        };
        match self {
            Type::Dynamic => "any type".to_owned(),
            Type::List(inner) => format!("list of {}", element(inner)),
            Type::Set(inner) => format!("set of {}", element(inner)),
            Type::Map(inner) => format!("map of {}", element(inner)),
            other => other.friendly(),
        }
    }
}
