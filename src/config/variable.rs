//! `variable` blocks.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, SourceRange};
use crate::lang::constraint::{Constraint, parse_type};
use crate::lang::syntax::{Expression, Node, StepKind};
use crate::lang::{Type, Value};
use crate::schema::shape::Shape;

use super::block::{Declared, Reader};
use super::condition::{self, Condition};
use super::constant::{constant, constant_bool, constant_string};
use super::free_names::visit;

/// Names that mean something to `module` blocks, so that no input can have them.
const RESERVED: [&str; 9] =
    ["source", "version", "count", "for_each", "depends_on", "providers", "_", "lifecycle", "locals"];

/// An input variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The name.
    pub name: Arc<str>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// The type that values are converted to, with the defaults of optional attributes.
    pub constraint: Constraint,
    /// Whether text from outside (environment, `-var`) is taken as it is rather than parsed as an expression.
    pub literal: bool,
    /// The default value, converted; nothing when a value is required.
    pub default: Option<Value>,
    /// The default value as it is written.
    pub default_expression: Option<Expression>,
    /// Whether values are hidden.
    pub sensitive: bool,
    /// Whether null is a value like others; otherwise it stands for the default.
    pub nullable: bool,
    /// Whether values are never saved.
    pub ephemeral: bool,
    /// Conditions on the value.
    pub validations: Vec<Condition>,
    /// The header of the block.
    pub declaration: SourceRange,
    /// Where a file gives the value, if one does and the module is the root.
    pub given_at: Option<SourceRange>,
}

const SHAPE: Shape<'static> = Shape {
    attributes: &[
        ("description", false),
        ("default", false),
        ("type", false),
        ("sensitive", false),
        ("nullable", false),
        ("ephemeral", false),
    ],
    blocks: &[("validation", &[])],
};

/// Reads a variable, reporting what is wrong in it.
pub(super) fn read(reader: &mut Reader<'_>, block: &Declared) -> Variable {
    let content = SHAPE.content(&block.arguments, reader.found);
    let name = block.label(0);
    reader.check_name(block, 0, "Invalid variable name");
    if RESERVED.contains(&&*name) || &*name == "provider" {
        let detail = format!(
            "The variable name {name:?} is reserved due to its special meaning inside module blocks."
        );
        reader.error("Invalid variable name", detail, block.label_range(0));
    }
    let description =
        content.attribute("description").and_then(|attribute| constant_string(attribute, reader.found));
    let (constraint, literal) = match content.attribute("type") {
        Some(attribute) => variable_type(&attribute.expression, reader.found),
        None => (Constraint::any(), true),
    };
    let mut flag = |name: &str, otherwise: bool| {
        let attribute = content.attribute(name);
        attribute.map_or(otherwise, |attribute| constant_bool(attribute, reader.found).unwrap_or(otherwise))
    };
    let sensitive = flag("sensitive", false);
    let nullable = flag("nullable", true);
    let ephemeral = flag("ephemeral", false);
    let default = content.attribute("default").map(|attribute| {
        let range = attribute.expression.range;
        let unknown = || Value::unknown(Type::Dynamic);
        let Some(value) = constant(&attribute.expression, reader.found) else { return unknown() };
        let value = constraint.apply(&value).unwrap_or_else(|reason| {
            let (detail, range) = unfit_default(&reason.to_string(), block, range);
            reader.error("Invalid default value for variable", detail, range);
            unknown()
        });
        if !nullable && value.is_null() {
            let detail = "A null default value is not valid when nullable=false.";
            reader.error("Invalid default value for variable", detail, range);
        }
        value
    });
    let validations = content
        .blocks
        .iter()
        .filter_map(|block| {
            let validation = condition::read(reader, block)?;
            refers_to_itself(reader, &name, &validation);
            Some(validation)
        })
        .collect();
    Variable {
        name,
        description,
        constraint,
        literal,
        default,
        default_expression: content.attribute("default").map(|attribute| attribute.expression.clone()),
        sensitive,
        nullable,
        ephemeral,
        validations,
        declaration: block.declaration,
        given_at: None,
    }
}

/// Returns what to say of a default that its type refuses, and where: an override file is to blame if there is one.
fn unfit_default(reason: &str, block: &Declared, range: SourceRange) -> (String, SourceRange) {
    let Some(over) = &block.overridden else {
        let detail =
            format!("This default value is not compatible with the variable's type constraint: {reason}.");
        return (detail, range);
    };
    let said = |name: &str| over.names.iter().any(|each| &**each == name);
    let detail = match (said("type"), said("default")) {
        (true, false) => {
            format!(
                "Overriding this variable's type constraint has made its default value invalid: {reason}."
            )
        }
        (false, true) => format!(
            "The overridden default value for this variable is not compatible with the variable's type constraint: {reason}."
        ),
        _ => format!("This variable's default value is not compatible with its type constraint: {reason}."),
    };
    (detail, over.declaration)
}

/// Reports a validation whose condition does not speak of the variable.
fn refers_to_itself(reader: &mut Reader<'_>, name: &str, validation: &Condition) {
    let condition = &validation.condition;
    let speaks = visit(condition, &mut |root, steps, _| match steps.first().map(|step| &step.kind) {
        Some(StepKind::Attribute(first)) if &**root == "var" && &**first == name => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    if speaks.is_continue() {
        let detail = format!(
            "The condition for variable {name:?} must refer to var.{name} in order to test incoming values."
        );
        reader.error("Invalid variable validation condition", detail, condition.range);
    }
}

/// Returns the type of a variable, and whether text from outside is taken as it is.
fn variable_type(expression: &Expression, found: &mut Diagnostics) -> (Constraint, bool) {
    if let (Node::Template(_), Some(text)) = (&expression.node, expression.as_literal_text()) {
        let (summary, detail) = quoted_type(&text);
        found.push(crate::diagnostic::Diagnostic::error(summary, detail).at(expression.range));
        return (Constraint::any(), false);
    }
    match expression.as_keyword().as_deref() {
        Some("list") => return (bare(Type::list(Type::Dynamic)), false),
        Some("map") => return (bare(Type::map(Type::Dynamic)), false),
        _ => {}
    }
    match parse_type(expression) {
        Ok(constraint) => {
            let literal = constraint.ty.is_primitive();
            (constraint, literal)
        }
        Err(wrong) => {
            found.extend(wrong);
            (Constraint::any(), false)
        }
    }
}

fn bare(ty: Type) -> Constraint {
    Constraint { ty, ..Constraint::any() }
}

fn quoted_type(text: &str) -> (&'static str, String) {
    let advice = match text {
        "string" => "Remove the quotes around \"string\".".to_owned(),
        "list" => "Remove the quotes around \"list\" and write list(string) instead to explicitly indicate that the list elements are strings.".to_owned(),
        "map" => "Remove the quotes around \"map\" and write map(string) instead to explicitly indicate that the map elements are strings.".to_owned(),
        _ => {
            let detail = "To provide a full type expression, remove the surrounding quotes and give the type expression directly.";
            return ("Invalid legacy variable type hint", detail.to_owned());
        }
    };
    let detail = format!(
        "Terraform 0.11 and earlier required type constraints to be given in quotes, but that form is now deprecated and will be removed in a future version of Terraform. {advice}"
    );
    ("Invalid quoted type constraints", detail)
}
