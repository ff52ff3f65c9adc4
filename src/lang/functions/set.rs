//! Sets, and products of sets or lists.

use super::define::computed;
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::convert::{convert, unify};
use crate::lang::marks::Marks;
use crate::lang::refinement::{Lengths, Refinement};

const ANY_SET: Shape = Shape::Set(&Shape::Any);
const FIRST: Parameter = Parameter::new("first_set", ANY_SET);
const OTHERS: Parameter = Parameter::new("other_sets", ANY_SET);

pub(super) const FUNCTIONS: &[Function] = &[
    computed("setintersection", &[FIRST], common_type, |args, ty, _| {
        fold(args, ty, |sets| {
            let (first, others) = sets.split_first()?;
            let everywhere = |item: &&Value| others.iter().all(|set| set.contains(item));
            Some(first.iter().filter(everywhere).cloned().collect())
        })
    })
    .with_rest(OTHERS),
    computed("setunion", &[FIRST], common_type, |args, ty, _| {
        let element = element(ty);
        let converted = convert_all(args, ty)?;
        let items = converted.iter().flat_map(|set| set.elements().unwrap_or_default().iter().cloned());
        Ok(Value::set(element, items.collect()))
    })
    .with_rest(OTHERS),
    computed(
        "setsubtract",
        &[Parameter::new("a", ANY_SET), Parameter::new("b", ANY_SET)],
        common_type,
        |args, ty, _| {
            fold(args, ty, |sets| {
                let [from, what] = sets else { return None };
                Some(from.iter().filter(|item| !what.contains(item)).cloned().collect())
            })
        },
    ),
    computed("setproduct", &[], product_type, product)
        .with_rest(Parameter::new("sets", Shape::Any).unknown().marked()),
];

fn element(ty: &Type) -> Type {
    match ty {
        Type::Set(element) | Type::List(element) => (**element).clone(),
        _ => Type::Dynamic,
    }
}

/// Finds the type of set that all arguments convert to; an empty set of anything says nothing.
fn common_type(args: &[Value]) -> Result<Type, ArgumentError> {
    let says = |arg: &&Value| arg.length() != Some(0) || element(&arg.type_of()) != Type::Dynamic;
    let types: Vec<Type> = args.iter().filter(says).map(|arg| element(&arg.type_of())).collect();
    if types.is_empty() {
        return Ok(Type::set(Type::Dynamic));
    }
    unify(&types)
        .map(Type::set)
        .ok_or_else(|| ArgumentError::call("given sets must all have compatible element types"))
}

fn convert_all(args: &[Value], ty: &Type) -> Result<Vec<Value>, ArgumentError> {
    let converted = args
        .iter()
        .enumerate()
        .map(|(at, arg)| convert(arg, ty).map_err(|error| ArgumentError::argument(at, error.to_string())));
    converted.collect()
}

fn fold(
    args: &[Value],
    ty: &Type,
    combine: impl Fn(&[&[Value]]) -> Option<Vec<Value>>,
) -> Result<Value, ArgumentError> {
    if !args.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(ty.clone()));
    }
    let converted = convert_all(args, ty)?;
    let sets: Vec<&[Value]> = converted.iter().map(|set| set.elements().unwrap_or_default()).collect();
    Ok(Value::set(element(ty), combine(&sets).unwrap_or_default()))
}

fn product_type(args: &[Value]) -> Result<Type, ArgumentError> {
    if args.len() < 2 {
        return Err(ArgumentError::call("at least two arguments are required"));
    }
    let mut all_lists = true;
    let mut elements = Vec::with_capacity(args.len());
    for (at, arg) in args.iter().enumerate() {
        elements.push(match arg.type_of() {
            Type::Set(element) => {
                all_lists = false;
                (*element).clone()
            }
            Type::List(element) => (*element).clone(),
            Type::Tuple(types) if types.is_empty() => Type::Dynamic,
            Type::Tuple(types) => unify(&types)
                .ok_or_else(|| ArgumentError::argument(at, "all elements must be of the same type"))?,
            _ => return Err(ArgumentError::argument(at, "a set or a list is required")),
        });
    }
    let element = Type::tuple(elements);
    Ok(if all_lists { Type::list(element) } else { Type::set(element) })
}

/// Returns how many combinations there are of lists that are not all known. As in Terraform, nothing is said as soon as one of
/// these may be empty or has no limit.
fn product_lengths(args: &[Value]) -> Option<Lengths> {
    let mut most = 1_usize;
    for arg in args {
        if arg.length().is_none() && (arg.is_known() || arg.lengths().least == 0) {
            return None;
        }
        most = most.checked_mul(arg.lengths().most?)?;
    }
    Some(Lengths { least: most.min(1), most: Some(most) })
}

fn product(args: &[Value], ty: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let marks = args.iter().fold(Marks::NONE, |marks, arg| marks | arg.marks);
    let Type::Tuple(types) = element(ty) else { return Ok(Value::unknown(ty.clone())) };
    let mut total = 1_usize;
    for arg in args {
        let Some(length) = arg.length() else {
            let lengths = product_lengths(args).unwrap_or_default();
            return Ok(
                Value::refined(ty.clone(), Refinement::NOT_NULL.with_lengths(lengths)).with_marks(marks)
            );
        };
        total = total.saturating_mul(length);
    }
    environment.budget.allows_elements((total as u64).saturating_mul(args.len() as u64 + 1))?;
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for (at, (arg, ty)) in args.iter().zip(types.iter()).enumerate() {
        let items = arg.elements().unwrap_or_default().iter();
        let items: Vec<Value> = items
            .map(|item| convert(item, ty).map_err(|error| ArgumentError::argument(at, error.to_string())))
            .collect::<Result<_, _>>()?;
        rows = rows
            .iter()
            .flat_map(|row| items.iter().map(|item| row.iter().chain([item]).cloned().collect()))
            .collect();
    }
    let rows = rows.into_iter().map(Value::tuple).collect();
    Ok(match ty {
        Type::Set(_) => Value::set(element(ty), rows),
        _ => Value::list(element(ty), rows),
    }
    .with_marks(marks))
}
