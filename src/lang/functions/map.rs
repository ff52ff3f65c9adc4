//! Maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::define::{computed, function, redacted, same, split_marks, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::convert::{convert, unify};
use crate::lang::marks::Marks;
use crate::lang::{Kind, Members};

const ANY_LIST: Shape = Shape::List(&Shape::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    computed("keys", &[Parameter::new("inputMap", Shape::Any).unknown().marked()], keys_type, keys),
    computed(
        "lookup",
        &[Parameter::new("inputMap", Shape::Any).marked(), Parameter::new("key", Shape::String).marked()],
        lookup_type,
        lookup,
    )
    .with_rest(Parameter::new("default", Shape::Any).null().unknown().dynamic().marked())
    .may_be_null(),
    computed(
        "matchkeys",
        &[
            Parameter::new("values", ANY_LIST),
            Parameter::new("keys", ANY_LIST),
            Parameter::new("searchset", ANY_LIST),
        ],
        match_keys_type,
        match_keys,
    ),
    computed("merge", &[], merge_type, merge)
        .with_rest(Parameter::new("maps", Shape::Any).null().dynamic().marked()),
    function(
        "transpose",
        &[Parameter::new("values", Shape::Map(&Shape::List(&Shape::String)))],
        Shape::Map(&Shape::List(&Shape::String)),
        transpose,
    ),
    computed("values", &[Parameter::new("mapping", Shape::Any).marked()], values_type, |args, ty, _| {
        let (mapping, marks) = split_marks(&args[0]);
        let items = members(&mapping).values().cloned().collect();
        Ok(match ty {
            Type::List(element) => Value::list((**element).clone(), items),
            _ => Value::tuple(items),
        }
        .with_marks(marks))
    }),
    computed(
        "zipmap",
        &[
            Parameter::new("keys", Shape::List(&Shape::String)).marked(),
            Parameter::new("values", Shape::Any).marked(),
        ],
        zip_map_type,
        zip_map,
    ),
];

type Outcome = Result<Value, ArgumentError>;

static EMPTY: Members = Members::new();

fn members(value: &Value) -> &Members {
    value.members().unwrap_or(&EMPTY)
}

fn keys_type(args: &[Value]) -> Result<Type, ArgumentError> {
    match args[0].type_of() {
        Type::Map(_) => Ok(Type::list(Type::String)),
        Type::Object(object) => Ok(Type::tuple(object.attributes.keys().map(|_| Type::String))),
        _ => Err(ArgumentError::argument(0, "must have map or object type")),
    }
}

fn keys(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    let keys = match (&args[0].kind, args[0].type_of()) {
        (Kind::Unknown(..), Type::Object(object)) => {
            Value::tuple(object.attributes.keys().map(|name| Value::string(&**name)).collect())
        }
        (Kind::Unknown(..), _) => Value::unknown(ty.clone()),
        _ => {
            let keys = members(&args[0]).keys().map(|name| Value::string(&**name)).collect();
            if matches!(ty, Type::List(_)) { Value::list(Type::String, keys) } else { Value::tuple(keys) }
        }
    };
    Ok(keys.with_marks(args[0].marks))
}

fn lookup_type(args: &[Value]) -> Result<Type, ArgumentError> {
    if args.len() > 3 {
        return Err(ArgumentError::call(format!(
            "lookup() takes two or three arguments, got {}",
            args.len()
        )));
    }
    match args[0].type_of() {
        Type::Object(_) if !args[1].is_known() => Ok(Type::Dynamic),
        Type::Object(object) => match (object.attributes.get(text(&args[1])), args.get(2)) {
            (Some(ty), _) => Ok(ty.clone()),
            (None, Some(default)) => Ok(default.type_of()),
            (None, None) => {
                let key = redacted(text(&args[1]), args[1].marks);
                Err(ArgumentError::argument(0, format!("the given object has no attribute {key}")))
            }
        },
        Type::Map(element) => {
            let default = args.get(2).map(|default| convert(default, &element));
            match default {
                Some(Err(_)) => Err(ArgumentError::argument(
                    2,
                    "the default value must have the same type as the map elements",
                )),
                _ => Ok((*element).clone()),
            }
        }
        _ => Err(ArgumentError::argument(0, "lookup() requires a map as the first argument")),
    }
}

fn lookup(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    let marks = args[0].marks | args[1].marks;
    if let Some(found) = args[0].get(text(&args[1])) {
        return Ok(found.clone().with_marks(marks));
    }
    let Some(default) = args.get(2) else {
        let key = redacted(text(&args[1]), args[1].marks);
        return Err(ArgumentError::call(format!("lookup failed to find key {key}")));
    };
    let default = convert(default, ty).map_err(|error| ArgumentError::call(error.to_string()))?;
    Ok(default.with_marks(marks))
}

fn match_keys_type(args: &[Value]) -> Result<Type, ArgumentError> {
    match unify(&[args[1].type_of(), args[2].type_of()]) {
        Some(_) => Ok(args[0].type_of()),
        None => Err(ArgumentError::call("keys and searchset must be of the same type")),
    }
}

fn match_keys(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    let (values, keys) = (args[0].elements().unwrap_or_default(), args[1].elements().unwrap_or_default());
    if values.len() != keys.len() {
        return Err(ArgumentError::call("length of keys and values should be equal"));
    }
    let common = unify(&[args[1].type_of(), args[2].type_of()]).unwrap_or(Type::Dynamic);
    let converted =
        |value: &Value| convert(value, &common).map_err(|error| ArgumentError::call(error.to_string()));
    let (keys, wanted) = (converted(&args[1])?, converted(&args[2])?);
    let (keys, wanted) = (keys.elements().unwrap_or_default(), wanted.elements().unwrap_or_default());
    if !wanted.is_empty() && !args.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(ty.clone()));
    }
    let matches = |key: &Value| wanted.iter().any(|wanted| same(key, wanted) == Some(true));
    let found =
        values.iter().zip(keys).filter(|(_, key)| matches(key)).map(|(value, _)| value.clone()).collect();
    let Type::List(element) = ty else { return Ok(Value::unknown(ty.clone())) };
    Ok(Value::list((**element).clone(), found))
}

fn merge_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let Some(first) = args.first().map(Value::type_of) else {
        return Ok(Type::object::<&str>([]));
    };
    let mut attributes: BTreeMap<Arc<str>, Type> = BTreeMap::new();
    let (mut matching, mut known) = (true, true);
    for arg in args {
        let ty = arg.type_of();
        match &ty {
            Type::Dynamic => return Ok(Type::Dynamic),
            Type::Object(_) | Type::Map(_) if arg.is_null() => {}
            Type::Object(object) => {
                attributes.extend(object.attributes.iter().map(|(name, ty)| (name.clone(), ty.clone())));
            }
            Type::Map(element) if arg.is_known() => {
                attributes.extend(members(arg).keys().map(|name| (name.clone(), (**element).clone())));
            }
            Type::Map(_) => known = false,
            other => {
                let message = format!("arguments must be maps or objects, got {:?}", other.friendly());
                return Err(ArgumentError::call(message));
            }
        }
        matching &= ty == first;
    }
    Ok(match (matching, known) {
        (true, _) => first,
        (false, true) => Type::object(attributes),
        (false, false) => Type::Dynamic,
    })
}

fn merge(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    let mut merged: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut marks = Marks::NONE;
    let mut all_null = !args.is_empty();
    for arg in args {
        marks |= arg.marks;
        all_null &= arg.is_null();
        merged.extend(members(arg).iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    Ok(match ty {
        // Nothing but untyped nulls make an empty object.
        ty if all_null && *ty != Type::Dynamic => Value::null(ty.clone()),
        Type::Map(element) => Value::map((**element).clone(), merged),
        _ => Value::object(merged),
    }
    .with_marks(marks))
}

fn transpose(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    if !args[0].is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (name, list) in members(&args[0]) {
        if list.is_null() {
            return Err(ArgumentError::call("input must not contain null list"));
        }
        for item in list.elements().unwrap_or_default() {
            if item.is_null() {
                return Err(ArgumentError::call("input list must not contain null string"));
            }
            lists.entry(text(item)).or_default().push(Value::string(&**name));
        }
    }
    let lists = lists.into_iter().map(|(name, list)| (name, Value::list(Type::String, list)));
    Ok(Value::map(Type::list(Type::String), lists))
}

fn values_type(args: &[Value]) -> Result<Type, ArgumentError> {
    match args[0].type_of() {
        Type::Map(element) => Ok(Type::List(element)),
        Type::Object(object) => Ok(Type::tuple(object.attributes.values().cloned())),
        _ => Err(ArgumentError::call("values() requires a map as the first argument")),
    }
}

fn zip_map_type(args: &[Value]) -> Result<Type, ArgumentError> {
    match args[1].type_of() {
        Type::List(element) => Ok(Type::Map(element)),
        Type::Tuple(_) if !args[0].is_wholly_known() => Ok(Type::Dynamic),
        Type::Tuple(types) => {
            let keys = zip_keys(&args[0], types.len())?;
            Ok(Type::object(keys.into_iter().zip(types.iter().cloned())))
        }
        _ => Err(ArgumentError::call("values argument must be a list or tuple value")),
    }
}

fn zip_keys(keys: &Value, count: usize) -> Result<Vec<Arc<str>>, ArgumentError> {
    let keys = keys.elements().unwrap_or_default();
    if keys.len() != count {
        return Err(ArgumentError::call(format!(
            "number of keys ({}) does not match number of values ({count})",
            keys.len()
        )));
    }
    if let Some(at) = keys.iter().position(Value::is_null) {
        return Err(ArgumentError::call(format!("keys list has null value at index {at}")));
    }
    Ok(keys.iter().map(|key| text(key).into()).collect())
}

fn zip_map(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    let marks = args[0].deep_marks() | args[1].marks;
    if !args[0].is_wholly_known() {
        return Ok(Value::unknown(ty.clone()).with_marks(marks));
    }
    let values = args[1].elements().unwrap_or_default();
    let members = zip_keys(&args[0], values.len())?.into_iter().zip(values.iter().cloned());
    Ok(match ty {
        Type::Map(element) => Value::map((**element).clone(), members),
        _ => Value::object(members),
    }
    .with_marks(marks))
}
