//! Conversions between types, choices among values, and marks.

use super::define::{computed, function};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::convert::{convert, unify};
use crate::lang::marks::Marks;
use crate::lang::{Kind, Members};

const V: Parameter = Parameter::new("v", Shape::Any).null().unknown().dynamic().marked();
const VALUE: Parameter = Parameter::new("value", Shape::Any).null().unknown().dynamic().marked();
const BOOLS: Parameter = Parameter::new("list", Shape::List(&Shape::Bool));

pub(super) const FUNCTIONS: &[Function] = &[
    conversion("tobool", |args, _, _| to(&args[0], &Type::Bool)),
    conversion("tonumber", |args, _, _| to(&args[0], &Type::Number)),
    conversion("tostring", |args, _, _| to(&args[0], &Type::String)),
    conversion("tolist", |args, _, _| to(&args[0], &Type::list(Type::Dynamic))),
    conversion("toset", |args, _, _| to(&args[0], &Type::set(Type::Dynamic))),
    conversion("tomap", |args, _, _| to(&args[0], &Type::map(Type::Dynamic))),
    function("alltrue", &[BOOLS], Shape::Bool, |args, _, _| Ok(all(&args[0], false))),
    function("anytrue", &[BOOLS], Shape::Bool, |args, _, _| Ok(all(&args[0], true))),
    computed("coalesce", &[], coalesce_type, coalesce)
        .with_rest(Parameter::new("vals", Shape::Any).null().unknown().dynamic()),
    computed("sensitive", &[VALUE], own_type, |args, _, _| Ok(args[0].clone().sensitive())).may_be_null(),
    computed("nonsensitive", &[VALUE], own_type, |args, _, _| {
        Ok(Value { kind: args[0].kind.clone(), marks: args[0].marks.without(Marks::SENSITIVE) })
    })
    .may_be_null(),
    function("issensitive", &[VALUE], Shape::Bool, |args, _, _| {
        Ok(if args[0].marks.is_sensitive() {
            true.into()
        } else if args[0].is_known() {
            false.into()
        } else {
            Value::unknown(Type::Bool)
        })
    })
    .may_be_null(),
    computed("ephemeralasnull", &[VALUE], own_type, |args, _, _| Ok(ephemeral_as_null(&args[0])))
        .may_be_null(),
];

type Call = fn(&[Value], &Type, &Environment) -> Result<Value, ArgumentError>;

const fn conversion(name: &'static str, call: Call) -> Function {
    // Everything reaches these functions, so nobody asks for the type of a result that is not there.
    computed(name, &[V], |_| Ok(Type::Dynamic), call).may_be_null()
}

fn own_type(args: &[Value]) -> Result<Type, ArgumentError> {
    Ok(args[0].type_of())
}

fn to(value: &Value, want: &Type) -> Result<Value, ArgumentError> {
    let converted = convert(value, want).map_err(|_| {
        let (from, into) = (value.type_of().friendly(), want.friendly_constraint());
        ArgumentError::argument(
            0,
            match (value.as_str(), want) {
                _ if value.deep_marks().is_hidden() => {
                    format!("cannot convert this {} {from} to {into}", value.deep_marks().word())
                }
                (Some(text), Type::Bool) => {
                    format!("cannot convert {text:?} to bool; only the strings \"true\" or \"false\" are allowed")
                }
                (Some(text), Type::Number) => format!(
                    "cannot convert {text:?} to number; given string must be a decimal representation of a number"
                ),
                _ => format!("cannot convert {from} to {into}"),
            },
        )
    })?;
    // As in Terraform, nothing but the type is known of the result here.
    Ok(if value.is_known() { converted } else { Value::unknown(converted.type_of()).with_marks(value.marks) })
}

/// Goes through truth values until one is `decisive`; null counts as false.
fn all(list: &Value, decisive: bool) -> Value {
    let mut unknown = false;
    for item in list.elements().unwrap_or_default() {
        if !item.is_known() {
            // With `alltrue` an unknown value hides what comes behind it, as in Terraform.
            if !decisive {
                return Value::unknown(Type::Bool);
            }
            unknown = true;
        } else if item.as_bool().unwrap_or(false) == decisive {
            return decisive.into();
        }
    }
    if unknown { Value::unknown(Type::Bool) } else { (!decisive).into() }
}

fn coalesce_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let types: Vec<Type> = args.iter().map(Value::type_of).collect();
    unify(&types).ok_or_else(|| ArgumentError::call("all arguments must have the same type"))
}

fn coalesce(args: &[Value], ty: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    for (at, arg) in args.iter().enumerate() {
        let value = convert(arg, ty).map_err(|error| ArgumentError::argument(at, error.to_string()))?;
        if !value.is_known() {
            return Ok(Value::unknown(ty.clone()));
        }
        if !value.is_null() && value.as_str() != Some("") {
            return Ok(value);
        }
    }
    Err(ArgumentError::call("no non-null, non-empty-string arguments"))
}

fn ephemeral_as_null(value: &Value) -> Value {
    if value.marks.is_ephemeral() {
        return Value::null(value.type_of()).with_marks(value.marks.without(Marks::EPHEMERAL));
    }
    if !value.deep_marks().is_ephemeral() {
        return value.clone();
    }
    let list = |items: &[Value]| items.iter().map(ephemeral_as_null).collect::<Vec<_>>().into();
    let members = |members: &Members| {
        members
            .iter()
            .map(|(name, value)| (name.clone(), ephemeral_as_null(value)))
            .collect::<Members>()
            .into()
    };
    let kind = match &value.kind {
        Kind::List(ty, items) => Kind::List(ty.clone(), list(items)),
        Kind::Set(ty, items) => Kind::Set(ty.clone(), list(items)),
        Kind::Tuple(items) => Kind::Tuple(list(items)),
        Kind::Map(ty, map) => Kind::Map(ty.clone(), members(map)),
        Kind::Object(object) => Kind::Object(members(object)),
        other => other.clone(),
    };
    Value { kind, marks: value.marks }
}
