//! Parameters of an action: declared, decoded from JSON or from flattened pairs, checked.

use serde_json::{Map, Value};

use super::answer::{ApiError, error};

/// The type of a parameter.
#[derive(Debug)]
pub(super) enum Kind {
    Text,
    Unsigned,
    Signed,
    Bool,
    List(&'static Kind),
    Object(&'static [Parameter]),
}

/// A declared parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    name: &'static str,
    kind: Kind,
    required: bool,
}

/// Returns a parameter that must be given.
pub(super) const fn required(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, required: true }
}

/// Returns a parameter that may be given.
pub(super) const fn optional(name: &'static str, kind: Kind) -> Parameter {
    Parameter { name, kind, required: false }
}

/// A list of texts.
pub(super) const TEXTS: Kind = Kind::List(&Kind::Text);
/// A tag, as most services name its parts.
pub(super) const TAG: Kind =
    Kind::Object(&[required("TagKey", Kind::Text), required("TagValue", Kind::Text)]);
/// A list of tags.
pub(super) const TAGS: Kind = Kind::List(&TAG);
/// A list of filters with several values each.
pub(super) const FILTERS: Kind =
    Kind::List(&Kind::Object(&[required("Name", Kind::Text), required("Values", TEXTS)]));

/// Checked parameters.
#[derive(Debug, Clone, Default)]
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Returns a text if it was given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Returns a number if it was given.
    pub fn number(&self, name: &str) -> Option<i64> {
        let value = self.0.get(name)?;
        value.as_i64().or_else(|| value.as_u64().map(|_| i64::MAX))
    }

    /// Returns a truth value if it was given.
    pub fn truth(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// Returns whether a parameter was given.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns the texts of a list, none when it was not given.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Returns an object if it was given.
    pub fn object(&self, name: &str) -> Option<Arguments> {
        self.0.get(name)?.as_object().cloned().map(Arguments)
    }

    /// Returns the objects of a list, none when it was not given.
    pub fn objects(&self, name: &str) -> Vec<Arguments> {
        let list = self.0.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_object).cloned().map(Arguments).collect()
    }

    /// Returns the pairs of a list of tags.
    pub fn tags(&self, name: &str) -> Vec<(String, String)> {
        let part = |tag: &Arguments, name: &str| tag.text(name).unwrap_or_default().to_owned();
        self.objects(name).iter().map(|tag| (part(tag, "TagKey"), part(tag, "TagValue"))).collect()
    }
}

/// Where parameters came from.
pub(super) enum Source {
    /// A JSON body.
    Json(Vec<u8>),
    /// Flattened pairs, whose values are all texts.
    Pairs(Vec<(String, String)>),
}

/// Decodes and checks the parameters of an action.
pub(super) fn read(source: Source, declared: &[Parameter]) -> Result<Arguments, ApiError> {
    let (value, flat) = match source {
        Source::Json(body) if body.is_empty() => (Value::Object(Map::new()), false),
        Source::Json(body) => {
            let value: Value = serde_json::from_slice(&body)
                .map_err(|cause| error("InvalidParameter", format!("The body is not JSON: {cause}.")))?;
            (value, false)
        }
        Source::Pairs(pairs) => (unflatten(pairs)?, true),
    };
    let Value::Object(given) = value else {
        return Err(error("InvalidParameter", "The body must be a JSON object."));
    };
    check_object(given, declared, "", flat).map(Arguments)
}

fn check_object(
    mut given: Map<String, Value>,
    declared: &[Parameter],
    path: &str,
    flat: bool,
) -> Result<Map<String, Value>, ApiError> {
    given.retain(|_, value| !value.is_null());
    if let Some(name) = given.keys().find(|name| !declared.iter().any(|known| known.name == *name)) {
        return Err(error("UnknownParameter", format!("The parameter `{path}{name}` is not recognized.")));
    }
    let mut checked = Map::new();
    for parameter in declared {
        match given.remove(parameter.name) {
            Some(value) => {
                let value = check(value, &parameter.kind, &format!("{path}{}", parameter.name), flat)?;
                checked.insert(parameter.name.to_owned(), value);
            }
            None if parameter.required => {
                let message =
                    format!("The request is missing the required parameter `{path}{}`.", parameter.name);
                return Err(error("MissingParameter", message));
            }
            None => {}
        }
    }
    Ok(checked)
}

fn check(value: Value, kind: &Kind, path: &str, flat: bool) -> Result<Value, ApiError> {
    let wrong = |expected: &str| {
        error("InvalidParameter", format!("The value of the parameter `{path}` is not {expected}."))
    };
    match kind {
        Kind::Text if value.is_string() => Ok(value),
        Kind::Text => Err(wrong("a string")),
        Kind::Unsigned => {
            let number =
                if flat { value.as_str().and_then(|text| text.parse().ok()) } else { value.as_u64() };
            number.map(Value::from).ok_or_else(|| wrong("an unsigned integer"))
        }
        Kind::Signed => {
            let number =
                if flat { value.as_str().and_then(|text| text.parse().ok()) } else { value.as_i64() };
            number.map(Value::from).ok_or_else(|| wrong("an integer"))
        }
        Kind::Bool if flat => match value.as_str().map(str::to_ascii_lowercase).as_deref() {
            Some("true" | "1") => Ok(Value::Bool(true)),
            Some("false" | "0") => Ok(Value::Bool(false)),
            _ => Err(wrong("a boolean")),
        },
        Kind::Bool if value.is_boolean() => Ok(value),
        Kind::Bool => Err(wrong("a boolean")),
        Kind::List(item) => {
            let Value::Array(items) = value else { return Err(wrong("a list")) };
            let items = items.into_iter().enumerate();
            let checked: Result<Vec<Value>, ApiError> =
                items.map(|(index, value)| check(value, item, &format!("{path}.{index}"), flat)).collect();
            checked.map(Value::Array)
        }
        Kind::Object(declared) => {
            let Value::Object(map) = value else { return Err(wrong("an object")) };
            check_object(map, declared, &format!("{path}."), flat).map(Value::Object)
        }
    }
}

/// Returns the tree behind `Filters.0.Values.0=x`; an object whose keys are 0, 1, … is a list.
fn unflatten(pairs: Vec<(String, String)>) -> Result<Value, ApiError> {
    let mut root = Map::new();
    for (key, text) in pairs {
        let mut at = &mut root;
        let mut parts = key.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                at.insert(part.to_owned(), Value::String(text.clone()));
                break;
            }
            let inner = at.entry(part.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(inner) = inner else {
                let message = format!("The parameter `{key}` is both a value and an object.");
                return Err(error("InvalidParameter", message));
            };
            at = inner;
        }
    }
    Ok(Value::Object(root.into_iter().map(|(key, value)| (key, lists(value))).collect()))
}

fn lists(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let mut indexed: Vec<(usize, Value)> = Vec::new();
    if !map.is_empty() && map.keys().all(|key| key.parse::<usize>().is_ok()) {
        for (key, value) in map {
            indexed.push((key.parse().unwrap_or(usize::MAX), lists(value)));
        }
        indexed.sort_by_key(|(index, _)| *index);
        return Value::Array(indexed.into_iter().map(|(_, value)| value).collect());
    }
    Value::Object(map.into_iter().map(|(key, value)| (key, lists(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &[Parameter] = &[
        required("DiskId", Kind::Text),
        optional("Limit", Kind::Unsigned),
        optional("Deep", Kind::Bool),
        optional("Filters", FILTERS),
    ];

    fn code(source: Source) -> String {
        read(source, DECLARED).expect_err("it must be refused").code
    }

    fn json(text: &str) -> Source {
        Source::Json(text.as_bytes().to_vec())
    }

    #[test]
    fn unknown_missing_and_ill_typed_parameters_have_their_codes() {
        assert_eq!(code(json(r#"{"DiskId":"d","Colour":"red"}"#)), "UnknownParameter");
        assert_eq!(code(json(r#"{"DiskId":null}"#)), "MissingParameter");
        assert_eq!(code(json(r#"{"DiskId":"d","Limit":"10"}"#)), "InvalidParameter");
        assert_eq!(code(json(r#"{"DiskId":"d","Limit":-1}"#)), "InvalidParameter");
        assert_eq!(code(json(r#"{"DiskId":"d","Filters":[{"Name":"x"}]}"#)), "MissingParameter");
        assert_eq!(code(json("[1")), "InvalidParameter");
    }

    #[test]
    fn flattened_pairs_become_lists_numbers_and_truths() {
        let pairs = [
            ("Filters.0.Values.0", "a 1"),
            ("Filters.0.Name", "disk-id"),
            ("Filters.0.Values.1", "b"),
            ("DiskId", "d"),
            ("Limit", "10"),
            ("Deep", "true"),
        ];
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let arguments = read(Source::Pairs(pairs), DECLARED).expect("the pairs are right");
        assert_eq!(arguments.number("Limit"), Some(10));
        assert_eq!(arguments.truth("Deep"), Some(true));
        assert_eq!(arguments.objects("Filters")[0].texts("Values"), ["a 1", "b"]);
    }
}
