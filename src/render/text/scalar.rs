//! Truth values, numbers and strings; among the latter JSON and texts of several lines.

use super::collection::{align, number};
use super::compare;
use super::pair::Pair;
use super::style::{Action, Style, indentation, quoted, safe};
use super::tree::{Context, Diff, Printer};
use crate::lang::{Kind, Value};
use crate::schema::saved::from_untyped_json;

/// The two sides of a scalar.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// A string and what is in it.
struct Text<'a> {
    source: &'a str,
    json: Option<Value>,
    several_lines: bool,
}

impl<'a> Text<'a> {
    fn of(value: Option<&'a Value>) -> Option<Self> {
        let source = value.and_then(Value::as_str)?;
        let looks_like_json = source.starts_with('{') || source.starts_with('[');
        let json = looks_like_json
            .then(|| serde_json::from_str::<serde_json::Value>(source).ok())
            .flatten()
            .map(|json| from_untyped_json(&json));
        let several_lines = json.is_none() && source.contains('\n');
        Some(Self { source: if several_lines { source.trim() } else { source }, json, several_lines })
    }
}

fn simple(printer: &Printer<'_>, value: Option<&Value>) -> String {
    match value.map(|value| &value.kind) {
        Some(Kind::String(text)) => quoted(text),
        Some(Kind::Number(number)) => number.to_string(),
        Some(Kind::Bool(value)) => value.to_string(),
        _ => printer.options.null(),
    }
}

pub(super) fn print(
    printer: &Printer<'_>,
    scalar: &Scalar,
    diff: &Diff,
    level: usize,
    context: Context,
) -> String {
    let forces = printer.forces(diff.replace);
    let null = printer.null_suffix(diff.action, context);
    let (before, after) = (Text::of(scalar.before.as_ref()), Text::of(scalar.after.as_ref()));
    let is_plain =
        |text: &Option<Text<'_>>| text.as_ref().is_none_or(|text| text.json.is_none() && !text.several_lines);
    let lines = match diff.action {
        Action::Delete => match before {
            // "null -> null" would look silly.
            None if scalar.before.is_none() => return format!("{}{forces}", simple(printer, None)),
            text if is_plain(&text) => {
                return format!("{}{null}{forces}", simple(printer, scalar.before.as_ref()));
            }
            Some(text) => match &text.json {
                Some(json) => return json_text(printer, Some(json), None, diff, level, context),
                None => whole(printer, text.source, level, context),
            },
            None => Vec::new(),
        },
        Action::Create | Action::NoOp => {
            let (value, text) = match diff.action {
                Action::NoOp => (scalar.before.as_ref(), before),
                _ => (scalar.after.as_ref(), after),
            };
            match text {
                text if is_plain(&text) => return format!("{}{forces}", simple(printer, value)),
                Some(text) => match &text.json {
                    Some(json) => {
                        let before = (diff.action == Action::NoOp).then_some(json);
                        return json_text(printer, before, Some(json), diff, level, context);
                    }
                    None => whole(printer, text.source, level, context),
                },
                None => Vec::new(),
            }
        }
        _ => {
            let json = |text: &Option<Text<'_>>| text.as_ref().and_then(|text| text.json.clone());
            match (json(&before), json(&after)) {
                (Some(before), Some(after)) => {
                    return json_text(printer, Some(&before), Some(&after), diff, level, context);
                }
                (None, None) => {}
                _ => return change_of_kind(printer, scalar, diff, level, context),
            }
            if is_plain(&before) && is_plain(&after) {
                let (before, after) =
                    (simple(printer, scalar.before.as_ref()), simple(printer, scalar.after.as_ref()));
                return format!("{before} {} {after}{forces}", printer.options.arrow());
            }
            let source = |text: Option<Text<'_>>| text.map_or(String::new(), |text| text.source.to_owned());
            changed_lines(printer, &source(before), &source(after), level, context)
        }
    };
    let (indent, blank) = (indentation(level), printer.blank(context));
    format!("<<-EOT{forces}\n{}\n{indent}{blank}EOT{null}", lines.join("\n"))
}

/// One of the sides is JSON, the other is not: both are printed as a whole.
fn change_of_kind(
    printer: &Printer<'_>,
    scalar: &Scalar,
    diff: &Diff,
    level: usize,
    context: Context,
) -> String {
    let side = |scalar: Scalar, action| Diff::new(action, false, super::tree::Look::Scalar(scalar));
    let before = side(Scalar { before: scalar.before.clone(), after: None }, Action::Delete);
    let after = side(Scalar { before: None, after: scalar.after.clone() }, Action::Create);
    let look = super::tree::Look::Type(Box::new(before), Box::new(after));
    printer.print(&Diff::new(diff.action, diff.replace, look), level, context)
}

fn line(printer: &Printer<'_>, action: Action, text: &str, level: usize, context: Context) -> String {
    let symbol = if action == Action::NoOp {
        printer.blank(context).to_owned()
    } else {
        printer.symbol(action, context)
    };
    format!("{}{symbol}{}", indentation(level + 1), safe(text))
}

fn whole(printer: &Printer<'_>, text: &str, level: usize, context: Context) -> Vec<String> {
    text.split('\n').map(|text| line(printer, Action::NoOp, text, level, context)).collect()
}

fn changed_lines(
    printer: &Printer<'_>,
    before: &str,
    after: &str,
    level: usize,
    context: Context,
) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split('\n').collect(), after.split('\n').collect());
    let mut kinds = std::collections::HashMap::new();
    let mut number = |lines: &[&'_ str]| -> Vec<usize> {
        lines
            .iter()
            .map(|line| {
                let next = kinds.len();
                *kinds.entry((*line).to_owned()).or_insert(next)
            })
            .collect()
    };
    let (old_ids, new_ids) = (number(&old), number(&new));
    align(&old_ids, &new_ids, |_, _| false)
        .into_iter()
        .map(|pair| match pair {
            (Some(_), Some(at)) => line(printer, Action::NoOp, new[at], level, context),
            (Some(at), None) => line(printer, Action::Delete, old[at], level, context),
            (None, Some(at)) => line(printer, Action::Create, new[at], level, context),
            (None, None) => String::new(),
        })
        .collect()
}

fn json_text(
    printer: &Printer<'_>,
    before: Option<&Value>,
    after: Option<&Value>,
    diff: &Diff,
    level: usize,
    context: Context,
) -> String {
    let mut pair = Pair::new(before, after);
    pair.before_explicit = diff.action != Action::Create;
    pair.after_explicit = diff.action != Action::Delete;
    let inner = compare::untyped(&pair);
    let mut within = Context { no_null: true, ..context };
    let (mut note, mut forces) = (String::new(), String::new());
    let mut action = diff.action;
    if inner.action == Action::NoOp && diff.action == Action::Update {
        // The texts differ, but not what they mean: all of it is shown, with an explanation.
        let text =
            if diff.replace { "# whitespace changes force replacement" } else { "# whitespace changes" };
        note = format!(" {}", printer.options.painted(Style::Red, text));
        if !diff.replace {
            note = format!(" {text}");
        }
        within.show_unchanged = true;
        action = Action::NoOp;
    } else {
        forces = printer.forces(diff.replace);
    }
    let body = printer.print(&inner, level + 1, within);
    if matches!(diff.action, Action::Create | Action::Delete) {
        action = Action::NoOp;
    }
    let null = printer.null_suffix(diff.action, context);
    if !body.contains('\n') {
        return format!("jsonencode({body}){note}{forces}{null}");
    }
    let (indent, blank) = (indentation(level), printer.blank(context));
    let symbol = if action == Action::NoOp { blank.to_owned() } else { printer.symbol(action, context) };
    format!("jsonencode({note}\n{indent}    {symbol}{body}{forces}\n{indent}{blank}){null}")
}

/// Gives equal values equal numbers.
pub(super) fn number_values(before: &[Value], after: &[Value]) -> (Vec<usize>, Vec<usize>) {
    number(before, after, super::pair::digest, super::pair::alike)
}
