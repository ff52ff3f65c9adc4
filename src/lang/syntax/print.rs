//! Prints trees as text that parses to the same tree.
//!
//! Heredocs come out as quoted strings, and no layout is kept: editing a file works on its own text.

use std::fmt::{self, Display, Formatter, Write};

use super::body::{Block, Body};
use super::tree::{Expression, Node, ObjectKey, Step, StepKind, Template, TemplatePart, UnaryOperator};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.node {
            Node::Null => f.write_str("null"),
            Node::Bool(value) => write!(f, "{value}"),
            Node::Number(number) => write!(f, "{number}"),
            Node::Template(template) => quoted(f, template),
            Node::JsonText(_, template) => template.fmt(f),
            Node::Traversal(root, steps) => {
                f.write_str(root)?;
                print_steps(f, steps)
            }
            Node::Relative(source, steps) => {
                source.fmt(f)?;
                print_steps(f, steps)
            }
            Node::Index(collection, key) => write!(f, "{collection}[{key}]"),
            Node::Splat { source, each, full: true } => write!(f, "{source}[*]{each}"),
            Node::Splat { source, each, full: false } => {
                write!(f, "{source}.*")?;
                // Brackets behind this kind of splat would belong to its result.
                let Node::Relative(_, steps) = &each.node else { return Ok(()) };
                steps.iter().try_for_each(|step| match &step.kind {
                    StepKind::Index(index) => write!(f, ".{index}"),
                    _ => print_steps(f, std::slice::from_ref(step)),
                })
            }
            Node::Item | Node::Invalid(_) => Ok(()),
            Node::Tuple(items) => {
                f.write_str("[")?;
                separated(f, items)?;
                f.write_str("]")
            }
            Node::Object(items) => {
                f.write_str("{")?;
                for (at, item) in items.iter().enumerate() {
                    f.write_str(if at == 0 { " " } else { ", " })?;
                    match &item.key {
                        ObjectKey::Name(name, _) => f.write_str(name)?,
                        ObjectKey::Expression(key) => key.fmt(f)?,
                    }
                    write!(f, " = {}", item.value)?;
                }
                f.write_str(if items.is_empty() { "}" } else { " }" })
            }
            Node::Call(call) => {
                write!(f, "{}(", call.name)?;
                separated(f, &call.arguments)?;
                f.write_str(if call.expand_final { "...)" } else { ")" })
            }
            Node::Conditional(condition, yes, no) => write!(f, "{condition} ? {yes} : {no}"),
            Node::Unary(UnaryOperator::Negate, operand) => write!(f, "-{operand}"),
            Node::Unary(UnaryOperator::Not, operand) => write!(f, "!{operand}"),
            Node::Binary(operator, left, right) => write!(f, "{left} {} {right}", operator.symbol()),
            Node::For(tree) => {
                let (open, close) = if tree.key.is_some() { ('{', '}') } else { ('[', ']') };
                write!(f, "{open}for ")?;
                if let Some(key) = &tree.key_variable {
                    write!(f, "{key}, ")?;
                }
                write!(f, "{} in {} : ", tree.value_variable, tree.collection)?;
                if let Some(key) = &tree.key {
                    write!(f, "{key} => ")?;
                }
                write!(f, "{}{}", tree.value, if tree.grouping { "..." } else { "" })?;
                if let Some(condition) = &tree.condition {
                    write!(f, " if {condition}")?;
                }
                f.write_char(close)
            }
            Node::Parentheses(inner) => write!(f, "({inner})"),
        }
    }
}

fn separated(f: &mut Formatter<'_>, items: &[Expression]) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
    }
    Ok(())
}

fn print_steps(f: &mut Formatter<'_>, steps: &[Step]) -> fmt::Result {
    for step in steps {
        match &step.kind {
            StepKind::Attribute(name) => write!(f, ".{name}")?,
            StepKind::Index(index) => write!(f, "[{index}]")?,
            StepKind::Key(key) => {
                f.write_str("[\"")?;
                escaped(f, key)?;
                f.write_str("\"]")?;
            }
        }
    }
    Ok(())
}

fn quoted(f: &mut Formatter<'_>, template: &Template) -> fmt::Result {
    f.write_char('"')?;
    print_parts(f, template)?;
    f.write_char('"')
}

fn print_parts(f: &mut Formatter<'_>, template: &Template) -> fmt::Result {
    for part in &template.parts {
        match part {
            TemplatePart::Text(text, _) => escaped(f, text)?,
            TemplatePart::Interpolation(expression) => write!(f, "${{{expression}}}")?,
            TemplatePart::If { condition, yes, no, .. } => {
                write!(f, "%{{if {condition}}}")?;
                print_parts(f, yes)?;
                if let Some(no) = no {
                    f.write_str("%{else}")?;
                    print_parts(f, no)?;
                }
                f.write_str("%{endif}")?;
            }
            TemplatePart::For { key_variable, value_variable, collection, body, .. } => {
                f.write_str("%{for ")?;
                if let Some(key) = key_variable {
                    write!(f, "{key}, ")?;
                }
                write!(f, "{value_variable} in {collection}}}")?;
                print_parts(f, body)?;
                f.write_str("%{endfor}")?;
            }
        }
    }
    Ok(())
}

/// Writes the content of a quoted string.
pub(super) fn escaped(f: &mut impl Write, text: &str) -> fmt::Result {
    let mut chars = text.chars().peekable();
    while let Some(symbol) = chars.next() {
        match symbol {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            // "$${" is how "${" is written, and a dollar before it would be taken for that.
            '$' | '%' if chars.peek() == Some(&'{') => write!(f, "{symbol}{symbol}")?,
            '$' | '%' => f.write_char(symbol)?,
            control if control.is_control() && (control as u32) < 0x1_0000 => {
                write!(f, "\\u{:04x}", control as u32)?;
            }
            other => f.write_char(other)?,
        }
    }
    Ok(())
}

impl Display for Body {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        print_body(f, self, 0)
    }
}

fn print_body(f: &mut Formatter<'_>, body: &Body, indent: usize) -> fmt::Result {
    for attribute in body.attributes.values() {
        writeln!(f, "{:indent$}{} = {}", "", attribute.name, attribute.expression)?;
    }
    for Block { block_type, labels, body, .. } in body.blocks.iter() {
        write!(f, "{:indent$}{block_type}", "")?;
        for label in labels.iter() {
            f.write_str(" \"")?;
            escaped(f, &label.text)?;
            f.write_str("\"")?;
        }
        f.write_str(" {\n")?;
        print_body(f, body, indent + 2)?;
        writeln!(f, "{:indent$}}}", "")?;
    }
    Ok(())
}
