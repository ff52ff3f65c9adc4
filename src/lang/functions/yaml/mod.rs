//! YAML: `yamlencode` and `yamldecode`.

mod decode;
mod encode;
mod habits;
mod scalar;

use super::define::{computed, function, text};
use super::json::{check_elements, least_bytes};
use super::{Function, Parameter, Shape, Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "yamlencode",
        &[Parameter::new("value", Shape::Any).null().unknown().dynamic()],
        Shape::String,
        |args, ty, environment| {
            if !args[0].is_wholly_known() {
                return Ok(Value::unknown(ty.clone()));
            }
            environment.budget.allows_text(least_bytes(&args[0], environment))?;
            Ok(Value::string(encode::encode(&args[0])))
        },
    )
    .may_be_null(),
    computed(
        "yamldecode",
        &[Parameter::new("src", Shape::String)],
        |args| {
            if args[0].is_known() { Ok(decode::decode(text(&args[0]))?.type_of()) } else { Ok(Type::Dynamic) }
        },
        |args, _, _| decode::decode(text(&args[0])),
    )
    .guarded(check_elements)
    .may_be_null(),
];
