//! Values as `console`, `output` and the end of apply print them: the language's own notation.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::style::{quoted, safe};
use crate::lang::{Kind, Type, Value};

/// Returns a value in the notation of the language, as Terraform's console prints it.
pub fn value(value: &Value) -> String {
    print(value, 0)
}

/// Returns the lines of output values, as they stand behind `Outputs:`; the sensitive ones are hidden.
pub fn outputs(outputs: &BTreeMap<Arc<str>, (Value, bool)>) -> String {
    let mut out = String::new();
    for (name, (output, sensitive)) in outputs {
        let text = if *sensitive { "<sensitive>".to_owned() } else { print(&output.unmarked_deep(), 0) };
        out.push_str(&format!("{name} = {text}\n"));
    }
    out
}

fn print(value: &Value, indent: usize) -> String {
    let marks = value.marks;
    match &value.kind {
        _ if marks.is_sensitive() => "(sensitive value)".to_owned(),
        _ if marks.is_ephemeral() => "(ephemeral value)".to_owned(),
        Kind::Unknown(..) => "(known after apply)".to_owned(),
        Kind::Null(ty) => null(ty),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(string) => text(string, indent),
        Kind::Tuple(items) => sequence(items, indent),
        Kind::List(_, items) => format!("tolist({})", sequence(items, indent)),
        Kind::Set(_, items) => format!("toset({})", sequence(items, indent)),
        Kind::Object(members) => mapping(members.iter(), indent),
        Kind::Map(_, members) => format!("tomap({})", mapping(members.iter(), indent)),
    }
}

/// A text, be it a value or a key.
fn text(string: &str, indent: usize) -> String {
    if string.contains('\n') { heredoc(string, indent) } else { quoted(string) }
}

fn null(ty: &Type) -> String {
    match ty {
        Type::Dynamic => "null".to_owned(),
        Type::String => "tostring(null)".to_owned(),
        Type::Number => "tonumber(null)".to_owned(),
        Type::Bool => "tobool(null)".to_owned(),
        Type::List(element) => format!("tolist(null) /* of {} */", element.friendly()),
        Type::Set(element) => format!("toset(null) /* of {} */", element.friendly()),
        Type::Map(element) => format!("tomap(null) /* of {} */", element.friendly()),
        other => format!("null /* {} */", other.friendly()),
    }
}

fn heredoc(text: &str, indent: usize) -> String {
    let blanks = " ".repeat(indent);
    let mut delimiter = "EOT".to_owned();
    while text.split('\n').any(|line| line.trim() == delimiter) {
        delimiter.push('_');
    }
    let operator = if indent > 0 { "<<-" } else { "<<" };
    let lines: String = text.split('\n').map(|line| format!("\n{blanks}{}", safe(line))).collect();
    format!("{operator}{delimiter}{lines}\n{blanks}{delimiter}")
}

fn sequence(items: &[Value], indent: usize) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    let blanks = " ".repeat(indent);
    let lines: String =
        items.iter().map(|item| format!("\n{blanks}  {},", print(item, indent + 2))).collect();
    format!("[{lines}\n{blanks}]")
}

fn mapping<'a>(members: impl ExactSizeIterator<Item = (&'a Arc<str>, &'a Value)>, indent: usize) -> String {
    if members.len() == 0 {
        return "{}".to_owned();
    }
    let blanks = " ".repeat(indent);
    let lines: String = members
        .map(|(name, member)| {
            format!("\n{blanks}  {} = {}", text(name, indent + 2), print(member, indent + 2))
        })
        .collect();
    format!("{{{lines}\n{blanks}}}")
}
