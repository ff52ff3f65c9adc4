//! Texts with interpolations and directives.

use super::super::convert::convert;
use super::super::marks::Marks;
use super::super::refinement::{Refinement, stable_prefix};
use super::super::syntax::{Expression, Template, TemplatePart};
use super::super::types::Type;
use super::super::value::{Kind, Value};
use super::{Evaluator, split};

/// A text that grows; once a part is unknown, only the text before it is kept. As in Terraform, what is known of the beginning
/// of that part does not count.
#[derive(Default)]
struct Text {
    text: String,
    unknown: bool,
    marks: Marks,
}

impl Text {
    fn push(&mut self, text: &str) {
        if !self.unknown {
            self.text.push_str(text);
        }
    }

    fn finish(self) -> Value {
        let value = if self.unknown {
            Value::refined(Type::String, Refinement::NOT_NULL.with_prefix(&stable_prefix(&self.text)))
        } else {
            Value::string(self.text)
        };
        Value::with_marks(value, self.marks)
    }
}

impl Evaluator<'_> {
    pub(super) fn template(&mut self, template: &Template, whole: &Expression) -> Value {
        match &template.parts[..] {
            // The value itself, whatever its type.
            [TemplatePart::Interpolation(expression)] => self.value(expression),
            [TemplatePart::Text(text, _)] => Value::string(text),
            _ => self.text(template, whole),
        }
    }

    fn text(&mut self, template: &Template, whole: &Expression) -> Value {
        let mut text = Text::default();
        self.parts(template, whole, &mut text);
        self.wrote(text.finish(), whole)
    }

    fn parts(&mut self, template: &Template, whole: &Expression, text: &mut Text) {
        for part in &template.parts {
            match part {
                TemplatePart::Text(literal, _) => {
                    if self.may_write(text.text.len() + literal.len(), whole) {
                        text.push(literal);
                    }
                }
                TemplatePart::Interpolation(expression) => {
                    let value = self.value(expression);
                    self.interpolate(value, expression, whole, text);
                }
                TemplatePart::If { condition, yes, no, .. } => {
                    let yes = self.apart(|evaluator| evaluator.text(yes, whole));
                    let no = self.apart(|evaluator| match no {
                        Some(no) => evaluator.text(no, whole),
                        None => Value::string(""),
                    });
                    let value = self.choose(condition, (condition, yes), (condition, no), whole);
                    self.interpolate(value, condition, whole, text);
                }
                TemplatePart::For { key_variable, value_variable, collection, body, .. } => {
                    let mut inner = Text::default();
                    let names = (key_variable, value_variable);
                    let (known, marks) = self.for_each_part(names, collection, whole, |evaluator| {
                        evaluator.parts(body, whole, &mut inner);
                    });
                    text.marks |= marks | inner.marks;
                    text.unknown |= !known || inner.unknown;
                    if self.may_write(text.text.len() + inner.text.len(), whole) {
                        text.push(&inner.text);
                    }
                }
            }
        }
    }

    fn interpolate(&mut self, value: Value, expression: &Expression, whole: &Expression, text: &mut Text) {
        let (value, marks) = split(value);
        text.marks |= marks;
        if value.is_null() {
            let detail = "The expression result is null. Cannot include a null value in a string template.";
            self.error(
                "Invalid template interpolation value",
                detail,
                expression.range,
                whole.range,
                expression,
            );
            text.unknown = true;
            return;
        }
        match convert(&value, &Type::String) {
            Ok(value) => match &value.kind {
                Kind::String(part) => {
                    if self.may_write(text.text.len() + part.len(), whole) {
                        text.push(part);
                    }
                }
                _ => text.unknown = true,
            },
            Err(reason) => {
                let detail = format!("Cannot include the given value in a string template: {reason}.");
                self.error(
                    "Invalid template interpolation value",
                    detail,
                    expression.range,
                    whole.range,
                    expression,
                );
                text.unknown = true;
            }
        }
    }
}
