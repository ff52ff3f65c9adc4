//! `csvdecode`.

use super::define::{computed, list_of, text};
use super::json::check_elements;
use super::{ArgumentError, Function, Parameter, Shape, Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[computed(
    "csvdecode",
    &[Parameter::new("str", Shape::String)],
    |args| if args[0].is_known() { Ok(decode(text(&args[0]))?.type_of()) } else { Ok(Type::Dynamic) },
    |args, _, _| decode(text(&args[0])),
)
.guarded(check_elements)];

/// Reads a table whose first line names the columns, as RFC 4180 has it; empty lines do not count.
fn decode(source: &str) -> Result<Value, ArgumentError> {
    let mut rows = Rows { rest: source, line: 1 };
    let Some((header, _)) = rows.next_row()? else { return Err(ArgumentError::call("missing header line")) };
    for (at, name) in header.iter().enumerate() {
        if header[..at].contains(name) {
            return Err(ArgumentError::call(format!("duplicate column name {name:?}")));
        }
    }
    let element = Type::object(header.iter().map(|name| (name.as_str(), Type::String)));
    let mut items = Vec::new();
    while let Some((row, line)) = rows.next_row()? {
        if row.len() != header.len() {
            return Err(problem(line, "wrong number of fields"));
        }
        items.push(Value::object(header.iter().map(String::as_str).zip(row.iter().map(Value::string))));
    }
    Ok(list_of(element, items))
}

fn problem(line: usize, what: &str) -> ArgumentError {
    ArgumentError::call(format!("CSV parse error on line {line}: {what}"))
}

struct Rows<'a> {
    rest: &'a str,
    line: usize,
}

impl Rows<'_> {
    /// Returns the next row that is not empty, and its line.
    fn next_row(&mut self) -> Result<Option<(Vec<String>, usize)>, ArgumentError> {
        while let Some(after) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            self.rest = after;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let start = self.line;
        let mut fields = Vec::new();
        loop {
            let (field, last) = self.field(start)?;
            fields.push(field);
            if last {
                return Ok(Some((fields, start)));
            }
        }
    }

    /// Returns a field and whether it is the last of its row.
    fn field(&mut self, start: usize) -> Result<(String, bool), ArgumentError> {
        const QUOTE: &str = "extraneous or missing \" in quoted-field";
        if let Some(mut rest) = self.rest.strip_prefix('"') {
            let mut out = String::new();
            loop {
                let Some((text, after)) = rest.split_once('"') else { return Err(problem(start, QUOTE)) };
                out.push_str(&text.replace("\r\n", "\n"));
                self.line += text.matches('\n').count();
                if let Some(after) = after.strip_prefix('"') {
                    out.push('"');
                    rest = after;
                    continue;
                }
                let last = match after.strip_prefix(',') {
                    Some(after) => {
                        self.rest = after;
                        false
                    }
                    None => match after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n')) {
                        Some(after) => {
                            self.rest = after;
                            self.line += 1;
                            true
                        }
                        None if after.is_empty() => {
                            self.rest = after;
                            true
                        }
                        None => return Err(problem(self.line, QUOTE)),
                    },
                };
                return Ok((out, last));
            }
        }
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let (field, after) = self.rest.split_at(end);
        let last = !after.starts_with(',');
        let field = if last { field.strip_suffix('\r').unwrap_or(field) } else { field };
        if field.contains('"') {
            return Err(problem(self.line, "bare \" in non-quoted-field"));
        }
        self.rest = after.get(1..).unwrap_or_default();
        if last {
            self.line += 1;
        }
        Ok((field.to_owned(), last))
    }
}
