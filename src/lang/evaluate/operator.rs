//! Operators and conditionals.

use super::super::convert::{ConvertError, convert, unify};
use super::super::equality::equal;
use super::super::number::Number;
use super::super::refinement::{Lengths, Refinement};
use super::super::syntax::{BinaryOperator, Expression, UnaryOperator};
use super::super::types::Type;
use super::super::value::{Kind, Value};
use super::{Evaluator, split};

impl Evaluator<'_> {
    pub(super) fn unary(
        &mut self,
        operator: UnaryOperator,
        operand: &Expression,
        whole: &Expression,
    ) -> Value {
        let given = self.value(operand);
        let ty = if operator == UnaryOperator::Negate { Type::Number } else { Type::Bool };
        let value = match convert(&given, &ty) {
            Ok(value) => value.unmarked_deep(),
            Err(reason) => {
                let detail = format!("Unsuitable value for unary operand: {reason}.");
                self.error("Invalid operand", detail, operand.range, whole.range, operand);
                return Value::unknown_not_null(ty);
            }
        };
        let result = match &value.kind {
            Kind::Null(_) => {
                let detail = "Error during operation: argument must not be null.";
                self.error("Operation failed", detail, whole.range, whole.range, operand);
                return Value::unknown_not_null(ty);
            }
            Kind::Bool(value) => (!value).into(),
            Kind::Number(number) => Kind::Number(number.negate()).into(),
            _ => Value::unknown_not_null(ty),
        };
        Value::with_marks(result, given.deep_marks())
    }

    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        whole: &Expression,
    ) -> Value {
        use BinaryOperator::{And, Equal, NotEqual, Or};
        let (given_left, given_right) = (self.value(left), self.value(right));
        if matches!(operator, Equal | NotEqual) {
            let result = equal(&given_left, &given_right);
            return match result.kind {
                Kind::Bool(value) if operator == NotEqual => Value { kind: Kind::Bool(!value), ..result },
                _ => result,
            };
        }
        let ty = if matches!(operator, And | Or) { Type::Bool } else { Type::Number };
        let result_type = match operator {
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo => Type::Number,
            _ => Type::Bool,
        };
        let a = self.operand(convert(&given_left, &ty), "left", left, whole);
        let b = self.operand(convert(&given_right, &ty), "right", right, whole);
        let (Some(a), Some(b)) = (a, b) else {
            return Value::unknown_not_null(result_type);
        };
        if a.is_null() || b.is_null() {
            let detail = "Error during operation: argument must not be null.";
            self.error("Operation failed", detail, whole.range, whole.range, whole);
            return Value::unknown_not_null(result_type);
        }
        let marks = given_left.deep_marks() | given_right.deep_marks();
        let result = match (&a.kind, &b.kind) {
            (Kind::Bool(a), Kind::Bool(b)) => Ok(if operator == And { *a && *b } else { *a || *b }.into()),
            (Kind::Number(a), Kind::Number(b)) => arithmetic(operator, a, b),
            _ => Ok(undecided(operator, &a, &b)
                .map_or_else(|| Value::unknown_not_null(result_type.clone()), Value::from)),
        };
        match result {
            Ok(value) => value.with_marks(marks),
            Err(reason) => {
                let detail = format!("Error during operation: {reason}.");
                self.error("Operation failed", detail, whole.range, whole.range, whole);
                Value::unknown_not_null(result_type)
            }
        }
    }

    fn operand(
        &mut self,
        converted: Result<Value, ConvertError>,
        side: &str,
        operand: &Expression,
        whole: &Expression,
    ) -> Option<Value> {
        match converted {
            Ok(value) => Some(value),
            Err(reason) => {
                let detail = format!("Unsuitable value for {side} operand: {reason}.");
                self.error("Invalid operand", detail, operand.range, whole.range, operand);
                None
            }
        }
    }

    pub(super) fn conditional(
        &mut self,
        condition: &Expression,
        yes: &Expression,
        no: &Expression,
        whole: &Expression,
    ) -> Value {
        let yes_result = self.apart(|evaluator| evaluator.value(yes));
        let no_result = self.apart(|evaluator| evaluator.value(no));
        self.choose(condition, (yes, yes_result), (no, no_result), whole)
    }

    /// Chooses between two results that are there already, each with what is wrong with it.
    pub(super) fn choose(
        &mut self,
        condition: &Expression,
        yes: (&Expression, (Value, crate::diagnostic::Diagnostics)),
        no: (&Expression, (Value, crate::diagnostic::Diagnostics)),
        whole: &Expression,
    ) -> Value {
        let (yes_expression, (yes_value, yes_found)) = yes;
        let (no_expression, (no_value, no_found)) = no;
        let (yes_type, no_type) = (yes_value.type_of(), no_value.type_of());
        let untyped_null = |value: &Value| matches!(value.kind, Kind::Null(Type::Dynamic));
        let result_type = if untyped_null(&yes_value) {
            Some(no_type.clone())
        } else if untyped_null(&no_value) {
            Some(yes_type.clone())
        } else if yes_type == Type::Dynamic || no_type == Type::Dynamic {
            Some(Type::Dynamic)
        } else {
            unify(&[yes_type.clone(), no_type.clone()])
        };
        let Some(result_type) = result_type else {
            let detail = format!(
                "The true and false result expressions must have consistent types. {}",
                describe_mismatch(&yes_type, &no_type)
            );
            let range = yes_expression.range.to(no_expression.range);
            return self.error("Inconsistent conditional result types", detail, range, whole.range, whole);
        };
        let (condition_value, marks) = split(self.value(condition));
        if condition_value.is_null() {
            let detail = "The condition value is null. Conditions must either be true or false.";
            self.error("Null condition", detail, condition.range, whole.range, condition);
            return Value::unknown(result_type);
        }
        let chosen = match convert(&condition_value, &Type::Bool) {
            Err(_) => {
                let detail = "The condition expression must be of type bool.";
                self.error("Incorrect condition type", detail, condition.range, whole.range, condition);
                return Value::unknown(result_type);
            }
            Ok(value) => value.as_bool(),
        };
        let Some(chosen) = chosen else {
            let failed = yes_found.has_errors() || no_found.has_errors();
            self.found.extend(yes_found);
            self.found.extend(no_found);
            let both = marks | yes_value.marks | no_value.marks;
            let value =
                if failed { Value::unknown(result_type) } else { one_of(&yes_value, &no_value, result_type) };
            return value.with_marks(both);
        };
        let (value, found, side, expression) = if chosen {
            (yes_value, yes_found, "true", yes_expression)
        } else {
            (no_value, no_found, "false", no_expression)
        };
        self.found.extend(found);
        match convert(&value, &result_type) {
            Ok(value) => value.with_marks(marks),
            Err(reason) => {
                let detail = format!("The {side} result value has the wrong type: {reason}.");
                self.error(
                    "Inconsistent conditional result types",
                    detail,
                    expression.range,
                    whole.range,
                    whole,
                )
            }
        }
    }
}

/// Returns what is known of a value that is one of two.
fn one_of(yes: &Value, no: &Value, ty: Type) -> Value {
    if yes.is_null() && no.is_null() {
        return Value::null(ty);
    }
    let refinement = Refinement::NONE.or_not_null(yes.is_not_null() && no.is_not_null());
    let types = (yes.type_of(), no.type_of());
    let refinement = match types {
        (Type::Number, Type::Number) => refinement.with_numbers(yes.numbers().or(no.numbers())),
        (a, b) if a == b && a.is_collection() => {
            refinement.with_lengths(promised_lengths(yes).or(promised_lengths(no)))
        }
        _ => refinement,
    };
    Value::refined(ty, refinement)
}

/// Returns how many elements a collection has; as in Terraform, nothing is said here of a set with elements that may be equal.
fn promised_lengths(value: &Value) -> Lengths {
    match value.kind {
        Kind::Set(..) if value.length().is_none() => Lengths::default(),
        _ => value.lengths(),
    }
}

/// Decides a comparison of numbers that are not all known, where their bounds allow that.
fn undecided(operator: BinaryOperator, a: &Value, b: &Value) -> Option<bool> {
    let less = |a: &Value, b: &Value| {
        let (a, b) = (a.numbers(), b.numbers());
        if a.all_below(&b) { Some(true) } else { b.all_below(&a).then_some(false) }
    };
    // Whether two unknown numbers are equal is not asked of their bounds, so "not less" does not decide "or equal".
    let or_equal = |less: Option<bool>| less.filter(|less| *less || a.is_known() || b.is_known());
    match operator {
        BinaryOperator::Less => less(a, b),
        BinaryOperator::Greater => less(b, a),
        BinaryOperator::LessOrEqual => or_equal(less(a, b)),
        BinaryOperator::GreaterOrEqual => or_equal(less(b, a)),
        _ => None,
    }
}

fn arithmetic(operator: BinaryOperator, a: &Number, b: &Number) -> Result<Value, &'static str> {
    use BinaryOperator::{
        Add, Divide, Greater, GreaterOrEqual, Less, LessOrEqual, Modulo, Multiply, Subtract,
    };
    let number = |result: Option<Number>, reason: &'static str| {
        result.map(|number| Kind::Number(number).into()).ok_or(reason)
    };
    match operator {
        Add => number(a.add(b), "can't compute sum of opposing infinities"),
        Subtract => number(a.subtract(b), "can't subtract infinity from itself"),
        Multiply => number(a.multiply(b), "can't multiply zero by infinity"),
        Divide => number(a.divide(b), "can't divide zero by zero or infinity by infinity"),
        Modulo => number(a.remainder(b), "can't use modulo with zero and infinity"),
        Less => Ok((a < b).into()),
        LessOrEqual => Ok((a <= b).into()),
        Greater => Ok((a > b).into()),
        GreaterOrEqual => Ok((a >= b).into()),
        // Those that are not for numbers never get here.
        _ => Err("the operator does not take numbers"),
    }
}

/// Says how two types differ that have no common one.
fn describe_mismatch(yes: &Type, no: &Type) -> String {
    match (yes, no) {
        (Type::Object(a), Type::Object(b)) => {
            for (name, yes) in &a.attributes {
                match b.attributes.get(name) {
                    None => {
                        return format!(
                            "The 'true' value includes object attribute {name:?}, which is absent in the 'false' value."
                        );
                    }
                    Some(no) if unify(&[yes.clone(), no.clone()]).is_none() => {
                        return format!(
                            "Type mismatch for object attribute {name:?}: {}",
                            describe_mismatch(yes, no)
                        );
                    }
                    Some(_) => {}
                }
            }
            if let Some(name) = b.attributes.keys().find(|name| !a.attributes.contains_key(*name)) {
                return format!(
                    "The 'false' value includes object attribute {name:?}, which is absent in the 'true' value."
                );
            }
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            if a.len() != b.len() {
                return format!(
                    "The 'true' tuple has length {}, but the 'false' tuple has length {}.",
                    a.len(),
                    b.len()
                );
            }
            for (at, (yes, no)) in a.iter().zip(b.iter()).enumerate() {
                if unify(&[yes.clone(), no.clone()]).is_none() {
                    return format!("Type mismatch for tuple element {at}: {}", describe_mismatch(yes, no));
                }
            }
        }
        (Type::List(a), Type::List(b)) if is_structural(a) && is_structural(b) => {
            return format!("Mismatched list element types: {}", describe_mismatch(a, b));
        }
        (Type::Set(a), Type::Set(b)) if is_structural(a) && is_structural(b) => {
            return format!("Mismatched set element types: {}", describe_mismatch(a, b));
        }
        (Type::Map(a), Type::Map(b)) if is_structural(a) && is_structural(b) => {
            return format!("Mismatched map element types: {}", describe_mismatch(a, b));
        }
        _ => {}
    }
    let (yes, no) = (yes.friendly(), no.friendly());
    if yes == no {
        return "At least one deeply-nested attribute or element is not compatible across both the 'true' and the 'false' value.".to_owned();
    }
    format!("The 'true' value is {yes}, but the 'false' value is {no}.")
}

fn is_structural(ty: &Type) -> bool {
    matches!(ty, Type::Object(_) | Type::Tuple(_))
}
