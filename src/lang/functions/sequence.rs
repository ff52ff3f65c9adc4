//! Lists, tuples and what else has elements in an order.

use super::define::{computed, function, integer, number, same, split_marks, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::convert::{convert, unify};
use crate::lang::marks::Marks;
use crate::lang::number::Number;
use crate::lang::refinement::{Numbers, Refinement};
use crate::lang::value::Kind;
use unicode_segmentation::UnicodeSegmentation;

const ANY_LIST: Parameter = Parameter::new("list", Shape::List(&Shape::Any));
const STRINGS: Parameter = Parameter::new("list", Shape::List(&Shape::String));
const LIST: Parameter = Parameter::new("list", Shape::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    computed(
        "chunklist",
        &[ANY_LIST.marked(), Parameter::new("size", Shape::Number).marked()],
        |args| Ok(Type::list(args[0].type_of())),
        chunk_list,
    ),
    computed("coalescelist", &[], coalesce_list_type, coalesce_list)
        .with_rest(Parameter::new("vals", Shape::Any).null().unknown().dynamic()),
    function("compact", &[STRINGS], Shape::List(&Shape::String), |args, ty, _| {
        if !args[0].is_wholly_known() {
            return Ok(Value::unknown(ty.clone()));
        }
        let items = args[0].elements().unwrap_or_default().iter().filter(|item| !text(item).is_empty());
        Ok(Value::list(Type::String, items.cloned().collect()))
    }),
    computed("concat", &[], concat_type, concat).with_rest(Parameter::new("seqs", Shape::Any).marked()),
    function("contains", &[LIST, Parameter::new("value", Shape::Any)], Shape::Bool, contains),
    computed("distinct", &[ANY_LIST], |args| Ok(args[0].type_of()), distinct),
    computed("element", &[LIST.marked(), Parameter::new("index", Shape::Number)], element_type, element)
        .may_be_null(),
    computed("flatten", &[LIST.marked()], flatten_type, flatten),
    function("index", &[LIST, Parameter::new("value", Shape::Any)], Shape::Number, index),
    function(
        "length",
        &[Parameter::new("value", Shape::Any).dynamic().unknown().marked()],
        Shape::Number,
        length,
    ),
    computed("one", &[LIST], one_type, one).may_be_null(),
    function("range", &[], Shape::List(&Shape::Number), range)
        .with_rest(Parameter::new("params", Shape::Number)),
    computed("reverse", &[LIST.marked()], reverse_type, reverse),
    computed(
        "slice",
        &[
            LIST.marked(),
            Parameter::new("start_index", Shape::Number),
            Parameter::new("end_index", Shape::Number),
        ],
        slice_type,
        slice,
    ),
    function("sort", &[STRINGS.unknown()], Shape::List(&Shape::String), sort),
];

type Outcome = Result<Value, ArgumentError>;

fn items(value: &Value) -> &[Value] {
    value.elements().unwrap_or_default()
}

/// Returns a list or a tuple, as the type says.
fn sequence(ty: &Type, items: Vec<Value>) -> Value {
    match ty {
        Type::List(element) => Value::list((**element).clone(), items),
        _ => Value::tuple(items),
    }
}

fn chunk_list(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    let (list, marks) = split_marks(&args[0]);
    let (size, size_marks) = split_marks(&args[1]);
    let marks = marks | size_marks;
    let size = integer(&size).map_err(|error| ArgumentError::call(format!("invalid size: {error}")))?;
    let Ok(size) = usize::try_from(size) else {
        return Err(ArgumentError::call("the size argument must be positive"));
    };
    let Type::List(inner) = ty else { return Ok(Value::unknown(ty.clone())) };
    let chunks = match (items(&list), size) {
        ([], _) => Vec::new(),
        (_, 0) => vec![list.clone()],
        (items, size) => items.chunks(size).map(|chunk| sequence(inner, chunk.to_vec())).collect(),
    };
    Ok(sequence(ty, chunks).with_marks(marks))
}

fn coalesce_list_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let first =
        args.first().ok_or_else(|| ArgumentError::call("at least one argument is required"))?.type_of();
    let mut same = true;
    for arg in args {
        if !arg.is_known() {
            return Ok(Type::Dynamic);
        }
        let ty = arg.type_of();
        if !matches!(ty, Type::List(_) | Type::Tuple(_)) {
            return Err(ArgumentError::call("coalescelist arguments must be lists or tuples"));
        }
        same &= ty == first;
    }
    Ok(if same { first } else { Type::Dynamic })
}

fn coalesce_list(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    for arg in args {
        if !arg.is_known() {
            return Ok(Value::unknown(ty.clone()));
        }
        if !items(arg).is_empty() {
            return Ok(arg.clone());
        }
    }
    Err(ArgumentError::call("no non-null arguments"))
}

fn concat_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let types: Vec<Type> = args.iter().map(Value::type_of).collect();
    if types.is_empty() {
        return Err(ArgumentError::call("at least one argument is required"));
    }
    if types.iter().all(|ty| matches!(ty, Type::List(_)))
        && let Some(common) = unify(&types)
    {
        return Ok(common);
    }
    let mut elements = Vec::new();
    for (at, (arg, ty)) in args.iter().zip(types).enumerate() {
        match ty {
            Type::Tuple(types) => elements.extend(types.iter().cloned()),
            Type::List(_) if !arg.is_known() => return Ok(Type::Dynamic),
            Type::List(element) => elements.extend(items(arg).iter().map(|_| (*element).clone())),
            other => {
                let message = format!("all arguments must be lists or tuples; got {}", other.friendly());
                return Err(ArgumentError::argument(at, message));
            }
        }
    }
    Ok(Type::tuple(elements))
}

fn concat(args: &[Value], ty: &Type, environment: &Environment) -> Outcome {
    let lengths = args.iter().map(|arg| arg.length().unwrap_or(0) as u64);
    environment.budget.allows_elements(lengths.fold(0, u64::saturating_add))?;
    let mut all = Vec::new();
    let mut marks = Marks::NONE;
    for (at, arg) in args.iter().enumerate() {
        marks |= arg.marks;
        let converted = match ty {
            Type::List(_) => {
                convert(arg, ty).map_err(|error| ArgumentError::argument(at, error.to_string()))?
            }
            _ => arg.clone(),
        };
        all.extend(items(&converted).iter().cloned());
    }
    Ok(sequence(ty, all).with_marks(marks))
}

fn contains(args: &[Value], _: &Type, _: &Environment) -> Outcome {
    if args[0].elements().is_none() {
        return Err(ArgumentError::call("argument must be list, tuple, or set"));
    }
    let mut unknown = false;
    for item in items(&args[0]) {
        match same(item, &args[1]) {
            Some(true) => return Ok(true.into()),
            Some(false) => {}
            None => unknown = true,
        }
    }
    Ok(if unknown { Value::unknown(Type::Bool) } else { false.into() })
}

fn distinct(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    if !args[0].is_wholly_known() {
        return Ok(Value::unknown(ty.clone()));
    }
    let mut seen = std::collections::HashSet::new();
    let kept = items(&args[0]).iter().filter(|item| seen.insert(*item)).cloned().collect();
    Ok(sequence(ty, kept))
}

/// Returns the position of an element; the index starts over behind the last one.
fn wrapped(index: &Value, length: usize) -> Result<usize, ArgumentError> {
    let index = integer(index).map_err(|error| ArgumentError::call(format!("invalid index: {error}")))?;
    if length == 0 {
        return Err(ArgumentError::call("cannot use element function with an empty list"));
    }
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    Ok(usize::try_from(index.rem_euclid(length)).unwrap_or(0))
}

fn element_type(args: &[Value]) -> Result<Type, ArgumentError> {
    match args[0].type_of() {
        Type::List(element) => Ok((*element).clone()),
        Type::Tuple(elements) => {
            if !args[1].is_known() {
                return Ok(Type::Dynamic);
            }
            let at = wrapped(&args[1], elements.len())?;
            // Terraform counts from the end in lists only.
            if elements.len() > 1 && number(&args[1]).is_negative() {
                return Err(ArgumentError::call(
                    "cannot use element function with a negative index of a tuple",
                ));
            }
            Ok(elements[at].clone())
        }
        other => Err(ArgumentError::call(format!("cannot read elements from {}", other.friendly()))),
    }
}

fn element(args: &[Value], _: &Type, _: &Environment) -> Outcome {
    let at = wrapped(&args[1], items(&args[0]).len())?;
    Ok(items(&args[0])[at].clone().with_marks(args[0].marks))
}

/// Collects what is in a sequence and in the sequences in it; nothing if one of them is unknown.
fn flattened(value: &Value, out: &mut Vec<Value>, marks: &mut Marks) -> Option<()> {
    value.length()?;
    *marks |= value.marks;
    for item in items(value) {
        match &item.kind {
            Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => flattened(item, out, marks)?,
            Kind::Unknown(Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Tuple(_), _) => return None,
            _ => out.push(item.clone()),
        }
    }
    Some(())
}

fn flatten_type(args: &[Value]) -> Result<Type, ArgumentError> {
    if !args[0].is_known() {
        return Ok(Type::Dynamic);
    }
    if args[0].elements().is_none() {
        return Err(ArgumentError::call("can only flatten lists, sets and tuples"));
    }
    let mut out = Vec::new();
    let known = flattened(&args[0], &mut out, &mut Marks::NONE.clone());
    Ok(known.map_or(Type::Dynamic, |()| Type::tuple(out.iter().map(Value::type_of))))
}

fn flatten(args: &[Value], _: &Type, environment: &Environment) -> Outcome {
    environment.budget.allows_elements(environment.budget.size(&args[0]).elements)?;
    let (mut out, mut marks) = (Vec::new(), Marks::NONE);
    let known = flattened(&args[0], &mut out, &mut marks);
    let value = known.map_or_else(|| Value::unknown(Type::Dynamic), |()| Value::tuple(out));
    Ok(value.with_marks(marks))
}

fn index(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    if !matches!(args[0].kind, Kind::List(..) | Kind::Tuple(_)) {
        return Err(ArgumentError::call("argument must be a list or tuple"));
    }
    if items(&args[0]).is_empty() {
        return Err(ArgumentError::call("cannot search an empty list"));
    }
    for (at, item) in (0_i64..).zip(items(&args[0])) {
        match same(item, &args[1]) {
            Some(true) => return Ok(at.into()),
            Some(false) => {}
            None => return Ok(Value::unknown(ty.clone())),
        }
    }
    Err(ArgumentError::call("item not found"))
}

fn length(args: &[Value], _: &Type, _: &Environment) -> Outcome {
    let value = match args[0].type_of() {
        Type::String => text_length(&args[0]),
        Type::Dynamic => Value::unknown(Type::Number),
        Type::Bool | Type::Number => {
            return Err(ArgumentError::call(
                "argument must be a string, a collection type, or a structural type",
            ));
        }
        _ => args[0].length_value(),
    };
    Ok(value.with_marks(args[0].marks))
}

/// Returns the number of characters of a text, of which perhaps only the beginning is known.
fn text_length(value: &Value) -> Value {
    let count = |text: &str| i64::try_from(text.graphemes(true).count()).unwrap_or(i64::MAX);
    match &value.kind {
        Kind::String(text) => count(text).into(),
        Kind::Unknown(_, refinement) => {
            let known = if refinement.is_not_null() { count(refinement.prefix()) } else { 0 };
            let numbers = Numbers { least: Some(Number::from(known)), most: None };
            Value::refined(Type::Number, Refinement::NOT_NULL.with_numbers(numbers))
        }
        _ => Value::unknown_not_null(Type::Number),
    }
}

fn not_one() -> ArgumentError {
    ArgumentError::argument(0, "must be a list, set, or tuple value with either zero or one elements")
}

fn one_type(args: &[Value]) -> Result<Type, ArgumentError> {
    match args[0].type_of() {
        Type::List(element) | Type::Set(element) => Ok((*element).clone()),
        Type::Tuple(elements) if elements.len() < 2 => Ok(elements.first().cloned().unwrap_or(Type::Dynamic)),
        _ => Err(not_one()),
    }
}

fn one(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    match (args[0].length(), items(&args[0])) {
        (None, _) => Ok(Value::unknown(ty.clone())),
        (_, []) => Ok(Value::null(ty.clone())),
        (_, [item]) => Ok(item.clone()),
        _ => Err(not_one()),
    }
}

fn range(args: &[Value], _: &Type, _: &Environment) -> Outcome {
    const LIMIT: usize = 1024;
    let (start, end, step) = match args {
        [end] => (Number::from(0), number(end), None),
        [start, end] => (number(start), number(end), None),
        [start, end, step] => (number(start), number(end), Some(number(step))),
        _ => return Err(ArgumentError::call("must have one, two, or three arguments")),
    };
    let step = step.unwrap_or_else(|| Number::from(if end < start { -1 } else { 1 }));
    let down = step < Number::from(0);
    if down && end > start {
        return Err(ArgumentError::argument(1, "end must be less than start when step is negative"));
    }
    if !down && end < start {
        return Err(ArgumentError::argument(1, "end must be greater than start when step is positive"));
    }
    let mut found = Vec::new();
    let mut next = start;
    while if down { next > end } else { next < end } {
        if found.len() >= LIMIT {
            return Err(ArgumentError::call(
                "more than 1024 values were generated; either decrease the difference between start and end or use a smaller step",
            ));
        }
        found.push(Kind::Number(next.clone()).into());
        next = next.add(&step).ok_or_else(|| ArgumentError::call("the numbers are infinite"))?;
    }
    Ok(Value::list(Type::Number, found))
}

fn reverse_type(args: &[Value]) -> Result<Type, ArgumentError> {
    match args[0].type_of() {
        Type::Tuple(elements) => Ok(Type::tuple(elements.iter().rev().cloned())),
        Type::List(element) | Type::Set(element) => Ok(Type::List(element)),
        other => {
            let message = format!("can only reverse list or tuple values, not {}", other.friendly());
            Err(ArgumentError::argument(0, message))
        }
    }
}

fn reverse(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    Ok(sequence(ty, items(&args[0]).iter().rev().cloned().collect()).with_marks(args[0].marks))
}

fn slice_bounds(args: &[Value]) -> Result<Option<(usize, usize)>, ArgumentError> {
    let length = match args[0].type_of() {
        Type::Tuple(elements) => Some(elements.len()),
        _ => args[0].length(),
    };
    let mut bounds = [None; 2];
    for (at, name) in [(1, "start"), (2, "end")] {
        if !args[at].is_known() {
            continue;
        }
        let refused = |message: String| ArgumentError::argument(at, message);
        let bound = integer(&args[at]).map_err(|error| refused(format!("invalid {name} index: {error}")))?;
        let bound = usize::try_from(bound)
            .map_err(|_| refused(format!("{name} index must not be less than zero")))?;
        if length.is_some_and(|length| bound > length) {
            return Err(refused(format!("{name} index must not be greater than the length of the list")));
        }
        bounds[at - 1] = Some(bound);
    }
    match bounds {
        [Some(start), Some(end)] if start > end => {
            Err(ArgumentError::argument(1, "start index must not be greater than end index"))
        }
        [Some(start), Some(end)] => Ok(Some((start, end))),
        _ => Ok(None),
    }
}

fn slice_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let ty = args[0].type_of();
    match &ty {
        Type::List(_) | Type::Tuple(_) => {}
        Type::Set(_) => {
            return Err(ArgumentError::argument(
                0,
                "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important",
            ));
        }
        _ => return Err(ArgumentError::argument(0, "must be a list or tuple value")),
    }
    Ok(match (slice_bounds(args)?, ty) {
        (Some((start, end)), Type::Tuple(elements)) => Type::tuple(elements[start..end].iter().cloned()),
        (None, Type::Tuple(_)) => Type::Dynamic,
        (_, ty) => ty,
    })
}

fn slice(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    let Some((start, end)) = slice_bounds(args)? else { return Ok(Value::unknown(ty.clone())) };
    let part = items(&args[0]).get(start..end).unwrap_or_default().to_vec();
    Ok(sequence(ty, part).with_marks(args[0].marks))
}

fn sort(args: &[Value], ty: &Type, _: &Environment) -> Outcome {
    if !args[0].is_wholly_known() {
        return Ok(Value::refined(ty.clone(), Refinement::NOT_NULL.with_lengths(args[0].lengths())));
    }
    let mut sorted = items(&args[0]).to_vec();
    if let Some(at) = sorted.iter().position(Value::is_null) {
        return Err(ArgumentError::call(format!(
            "given list element {at} is null; a null string cannot be sorted"
        )));
    }
    sorted.sort_by(|a, b| text(a).cmp(text(b)));
    Ok(sequence(ty, sorted))
}
