//! `count` and `for_each`: how often a block stands.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::evaluate::{Cause, evaluate, reference_values};
use crate::lang::syntax::Expression;
use crate::lang::{Kind, Members, Scope, Type, Value};

use super::world::Expansion;

/// Returns how often a block with `count` stands. Without `partial`, an unknown number is an error.
///
/// # Errors
/// The value is not a whole number from 0, or may not be known before apply.
pub fn count(expression: &Expression, scope: &dyn Scope, partial: bool) -> Result<Expansion, Diagnostics> {
    let value = evaluate(expression, scope)?;
    let error = |summary: &str, detail: String| {
        let mut diagnostic = Diagnostic::error(summary, detail).at(expression.range);
        diagnostic.values = reference_values(
            expression,
            scope,
            &Members::new(),
            Cause {
                unknown: !value.is_wholly_known(),
                sensitive: value.deep_marks().is_sensitive(),
                ephemeral: false,
            },
        );
        Err(diagnostic.into())
    };
    let invalid = |detail: &str| error("Invalid count argument", detail.to_owned());
    if value.deep_marks().is_ephemeral() {
        return invalid(
            "The given \"count\" is derived from an ephemeral value, which means that Snapform cannot persist it between plan/apply rounds. Use only non-ephemeral values to specify the number of resource instances.",
        );
    }
    if value.is_null() {
        return invalid("The given \"count\" argument value is null. An integer is required.");
    }
    let value = match crate::lang::convert::convert(&value, &Type::Number) {
        Ok(value) => value,
        Err(why) => return error("Incorrect value type", format!("Invalid expression value: {why}.")),
    };
    let Some(number) = value.as_number() else {
        return if partial {
            Ok(Expansion::Unknown)
        } else {
            invalid(
                "The \"count\" value depends on resource attributes that cannot be determined until apply, so Snapform cannot predict how many instances will be created. To work around this, use the -target argument to first apply only the resources that the count depends on.",
            )
        };
    };
    match number.to_i64() {
        None => invalid(
            "The given \"count\" argument value is unsuitable: value must be a whole number, between -9223372036854775808 and 9223372036854775807.",
        ),
        Some(number) => match u64::try_from(number) {
            Ok(number) => Ok(Expansion::Count(number)),
            Err(_) => invalid(
                "The given \"count\" argument value is unsuitable: must be greater than or equal to zero.",
            ),
        },
    }
}

/// As [`for_each`], for an `import` block, which takes lists and tuples too: their keys are positions. Null is no import.
///
/// # Errors
/// As of [`for_each`].
pub fn for_each_of_import(
    expression: &Expression,
    scope: &dyn Scope,
    partial: bool,
) -> Result<Expansion, Diagnostics> {
    let value = evaluate(expression, scope)?;
    match &value.kind {
        Kind::List(_, items) | Kind::Tuple(items) if value.deep_marks().is_empty() => {
            let keyed = items.iter().enumerate();
            Ok(Expansion::ForEach(keyed.map(|(at, item)| (at.to_string().into(), item.clone())).collect()))
        }
        Kind::Null(_) if value.deep_marks().is_empty() => Ok(Expansion::ForEach(Members::new())),
        _ => for_each(expression, scope, partial),
    }
}

/// Returns how often a block with `for_each` stands. Without `partial`, unknown keys are an error.
///
/// # Errors
/// The value is neither a map nor a set of strings, is sensitive, or has keys that are not known before apply.
pub fn for_each(expression: &Expression, scope: &dyn Scope, partial: bool) -> Result<Expansion, Diagnostics> {
    let value = evaluate(expression, scope)?;
    let error = |summary: &str, detail: String| {
        let mut diagnostic = Diagnostic::error(summary, detail).at(expression.range);
        diagnostic.values = reference_values(
            expression,
            scope,
            &Members::new(),
            Cause {
                unknown: !value.is_wholly_known(),
                sensitive: value.deep_marks().is_sensitive(),
                ephemeral: value.deep_marks().is_ephemeral(),
            },
        );
        Err(diagnostic.into())
    };
    let invalid = |detail: String| error("Invalid for_each argument", detail);
    let marks = match &value.kind {
        // Elements of a map may be sensitive: only the keys become addresses.
        Kind::Map(..) | Kind::Object(_) => value.marks,
        _ => value.deep_marks(),
    };
    if marks.is_ephemeral() {
        return invalid("The given \"for_each\" value is derived from an ephemeral value, which means that Snapform cannot persist it between plan/apply rounds. Use only non-ephemeral values to specify a resource's instance keys.".to_owned());
    }
    if marks.is_sensitive() {
        return invalid("Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. If used, the sensitive value could be exposed as a resource instance key.".to_owned());
    }
    match &value.kind {
        Kind::Null(_) => invalid("The given \"for_each\" argument value is unsuitable: the given \"for_each\" argument value is null. A map, or set of strings is allowed.".to_owned()),
        Kind::Map(_, members) | Kind::Object(members) => Ok(Expansion::ForEach((**members).clone())),
        Kind::Unknown(ty, _) => match ty {
            _ if partial => Ok(Expansion::Unknown),
            Type::Set(_) => invalid(unknown_set()),
            _ => invalid(unknown_map()),
        },
        Kind::Set(element, items) => {
            if items.is_empty() {
                return Ok(Expansion::ForEach(Members::new()));
            }
            // What is not known comes first: only then is there an element to have a type.
            if !partial && !items.iter().all(Value::is_known) {
                return invalid(unknown_set());
            }
            if !matches!(element, Type::String) {
                let name = type_name(element);
                return error("Invalid for_each set argument", format!("The given \"for_each\" argument value is unsuitable: \"for_each\" supports maps and sets of strings, but you have provided a set containing type {name}."));
            }
            let mut keys = Members::new();
            for item in items.iter() {
                match &item.kind {
                    Kind::String(key) => {
                        keys.insert(key.clone(), item.clone());
                    }
                    Kind::Unknown(..) if partial => return Ok(Expansion::Unknown),
                    Kind::Unknown(..) => return invalid(unknown_set()),
                    _ => {
                        return error("Invalid for_each set argument", "The given \"for_each\" argument value is unsuitable: \"for_each\" sets must not contain null values.".to_owned());
                    }
                }
            }
            Ok(Expansion::ForEach(keys))
        }
        _ => invalid(wrong_type(&value.type_of())),
    }
}

fn wrong_type(ty: &Type) -> String {
    format!(
        "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be a map, or set of strings, and you have provided a value of type {}.",
        type_name(ty)
    )
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Dynamic => "dynamic".to_owned(),
        Type::Tuple(_) => "tuple".to_owned(),
        Type::Object(_) => "object".to_owned(),
        Type::List(element) => format!("list of {}", type_name(element)),
        Type::Set(element) => format!("set of {}", type_name(element)),
        Type::Map(element) => format!("map of {}", type_name(element)),
        other => other.to_string(),
    }
}

fn unknown_set() -> String {
    format!(
        "The \"for_each\" set includes values derived from resource attributes that cannot be determined until apply, and so Snapform cannot determine the full set of keys that will identify the instances of this resource.\n\nWhen working with unknown values in for_each, it's better to use a map value where the keys are defined statically in your configuration and where only the values contain apply-time results.\n\n{TARGET}"
    )
}

fn unknown_map() -> String {
    format!(
        "The \"for_each\" map includes keys derived from resource attributes that cannot be determined until apply, and so Snapform cannot determine the full set of keys that will identify the instances of this resource.\n\nWhen working with unknown values in for_each, it's better to define the map keys statically in your configuration and place apply-time results only in the map values.\n\n{TARGET}"
    )
}

const TARGET: &str = "Alternatively, you could use the -target planning option to first apply only the resources that the for_each value depends on, and then apply a second time to fully converge.";
