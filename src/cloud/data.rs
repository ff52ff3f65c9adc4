//! What reading a data source yields, and how it becomes an object and an output file.

use std::collections::HashSet;
use std::sync::Arc;

use regex::Regex;

use super::error::{CloudError, ErrorClass};
use super::fields::Fields;
use super::object::{complete, filled, list_value, map_value, number_value, string_value, texts};
use super::settings::Environment;
use crate::lang::{Kind, Type, Value};
use crate::schema::{ResourceType, saved};

/// Where an attribute of a result item comes from.
pub(crate) enum Column {
    /// Text at a path of the answer, null when absent.
    Text(&'static str),
    /// A whole number at a path, 0 when absent, as the providers have it.
    Number(&'static str),
    /// A boolean at a path, false when absent.
    Flag(&'static str),
    /// Anything else.
    Made(fn(&Fields) -> Value),
}

impl Column {
    fn read(&self, fields: &Fields) -> Value {
        match self {
            Column::Text(path) => string_value(fields.text(path)),
            Column::Number(path) => number_value(Some(fields.integer(path).unwrap_or(0))),
            Column::Flag(path) => Value::from(fields.flag(path).unwrap_or(false)),
            Column::Made(make) => make(fields),
        }
    }
}

/// Builds a result item.
pub(crate) fn row(columns: &[(&'static str, Column)], fields: &Fields) -> Value {
    Value::object(columns.iter().map(|(name, column)| (*name, column.read(fields))))
}

/// Makes the tags of an item.
pub(crate) fn tags(fields: &Fields, path: &str, key: &str, value: &str) -> Value {
    map_value(fields.pairs(path, key, value))
}

/// Returns a path for the empty text that the providers put where a name is absent when matching it.
pub(crate) fn name_or_nil(fields: &Fields, path: &str) -> String {
    fields.text(path).unwrap_or_else(|| "<nil>".to_owned())
}

/// The result of reading a data source.
pub(crate) struct DataRead {
    /// The value of `id`.
    pub(crate) id: String,
    /// The attribute that holds the items.
    pub(crate) list: &'static str,
    /// The items, in the order of the answer.
    pub(crate) items: Vec<Value>,
    /// Attributes besides `id` and the list.
    pub(crate) others: Vec<(&'static str, Value)>,
    /// The file that the user wants the items in.
    pub(crate) output: Option<String>,
}

impl DataRead {
    /// Returns the whole object: arguments as given, and what was read.
    pub(crate) fn into_object(self, resource_type: &ResourceType, config: &Value) -> Value {
        let object_type = resource_type.object_type();
        let element = match &object_type {
            Type::Object(object) => match object.attributes.get(self.list) {
                Some(Type::List(element)) => (**element).clone(),
                _ => Type::Dynamic,
            },
            _ => Type::Dynamic,
        };
        let items =
            self.items.into_iter().map(|item| with_texts(complete(&element, &item, Vec::new()))).collect();
        let items: Value = Kind::List(element, Arc::new(items)).into();
        let mut read = vec![("id", Value::string(self.id))];
        read.extend(self.others);
        read.push((self.list, items.clone()));
        let object = complete(&object_type, config, read);
        with_empty_lists(object, self.list, items)
    }

    /// Writes the items to the file that the user named, as the providers do: a JSON array, indented by tabs.
    pub(crate) fn write_output(&self, environment: &Environment) -> Result<(), CloudError> {
        let Some(path) = &self.output else { return Ok(()) };
        let path = environment.path(path);
        let items: Vec<serde_json::Value> =
            self.items.iter().map(|item| saved::to_json(item, &item.type_of())).collect();
        let mut text = Vec::new();
        let tabs = serde_json::ser::PrettyFormatter::with_indent(b"\t");
        let mut writer = serde_json::Serializer::with_formatter(&mut text, tabs);
        let failed = |why: String| {
            CloudError::new(
                ErrorClass::Invalid,
                "",
                "",
                format!("{} cannot be written: {why}", path.display()),
            )
            .with_remedy("Choose another output file, or make its folder.")
        };
        serde::Serialize::serialize(&items, &mut writer).map_err(|error| failed(error.to_string()))?;
        std::fs::write(&path, text).map_err(|error| failed(error.to_string()))
    }
}

/// Texts that an answer leaves out are empty in the objects of a list, not null: so the providers' framework saves them.
fn with_texts(object: Value) -> Value {
    let kind = match object.kind {
        Kind::Null(Type::String) => return Value::string(""),
        Kind::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), with_texts(value.clone())));
            Kind::Object(Arc::new(members.collect()))
        }
        Kind::List(element, items) if matches!(element, Type::Object(_)) => {
            let items = items.iter().cloned().map(with_texts).collect();
            Kind::List(element, Arc::new(items))
        }
        other => other,
    };
    Value { kind, marks: object.marks }
}

/// An empty result is an empty list, never null: `for_each` over it must work.
fn with_empty_lists(object: Value, list: &str, items: Value) -> Value {
    let Some(members) = object.members() else { return object };
    let mut members = (*members).clone();
    members.insert(list.into(), items);
    for name in ["ids", "names"] {
        if let Some(value) = members.get_mut(name)
            && value.is_null()
        {
            *value = list_value([]);
        }
    }
    Value { kind: Kind::Object(Arc::new(members)), marks: object.marks }
}

/// Returns the id that the providers give a result: the checksum of all ids, each followed by a dash.
pub(crate) fn checksum<'a>(ids: impl IntoIterator<Item = &'a String>) -> String {
    let mut crc = flate2::Crc::new();
    for id in ids {
        crc.update(id.as_bytes());
        crc.update(b"-");
    }
    crc.sum().to_string()
}

/// The filters `ids` and `name_regex`, which the Alibaba provider applies by itself.
pub(crate) struct Selection {
    ids: HashSet<String>,
    name: Option<Regex>,
}

impl Selection {
    /// Reads the filters.
    pub(crate) fn of(config: &Value) -> Result<Selection, CloudError> {
        let name = filled(config, "name_regex").map(Regex::new).transpose().map_err(|error| {
            CloudError::new(
                ErrorClass::Invalid,
                "",
                "",
                format!("name_regex is not a regular expression: {error}"),
            )
        })?;
        Ok(Selection { ids: texts(config, "ids").into_iter().collect(), name })
    }

    /// Lets everything pass.
    pub(crate) fn everything() -> Selection {
        Selection { ids: HashSet::new(), name: None }
    }

    /// Returns whether an item passes.
    pub(crate) fn takes(&self, id: &str, name: &str) -> bool {
        (self.ids.is_empty() || self.ids.contains(id))
            && self.name.as_ref().is_none_or(|regex| regex.is_match(name))
    }
}

/// Builds the result of an Alibaba data source: the items that pass, their ids and names.
pub(crate) fn selected(
    list: &'static str,
    found: Vec<Fields>,
    selection: &Selection,
    (id, name): (&str, &str),
    columns: &[(&'static str, Column)],
    config: &Value,
) -> DataRead {
    let mut ids = Vec::new();
    let mut names = Vec::new();
    let mut items = Vec::new();
    for fields in found {
        let own = fields.text(id).unwrap_or_default();
        if !selection.takes(&own, &name_or_nil(&fields, name)) {
            continue;
        }
        names.push(fields.text(name).unwrap_or_default());
        ids.push(own);
        items.push(row(columns, &fields));
    }
    DataRead {
        id: checksum(&ids),
        list,
        items,
        others: vec![("ids", list_value(ids)), ("names", list_value(names))],
        output: filled(config, "output_file").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_an_answer_leaves_out_are_empty_in_lists_of_objects() {
        let item = Value::object([
            ("kms_key_id", Value::null(Type::String)),
            ("size", Value::null(Type::Number)),
            ("tags", Value::null(Type::map(Type::String))),
        ]);
        let item = with_texts(item);
        assert_eq!(item.get("kms_key_id"), Some(&Value::string("")));
        assert!(item.get("size").is_some_and(Value::is_null) && item.get("tags").is_some_and(Value::is_null));
    }

    #[test]
    fn the_id_is_the_providers_checksum() {
        assert_eq!(checksum([]), "0");
        // CRC-32 of "d-1-d-2-".
        assert_eq!(checksum(&["d-1".to_owned(), "d-2".to_owned()]), checksum_by_hand(b"d-1-d-2-"));
    }

    fn checksum_by_hand(bytes: &[u8]) -> String {
        let mut crc = !0u32;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
            }
        }
        (!crc).to_string()
    }

    #[test]
    fn no_hit_is_an_empty_list() {
        let source = crate::schema::types::data_source("alicloud_ecs_disks").unwrap();
        let config = Value::object::<Arc<str>>([]);
        let read =
            selected("disks", Vec::new(), &Selection::everything(), ("DiskId", "DiskName"), &[], &config);
        let object = read.into_object(source, &config);
        for name in ["disks", "ids", "names"] {
            assert_eq!(object.get(name).and_then(Value::elements), Some(&[][..]), "{name}");
        }
        assert_eq!(filled(&object, "id"), Some("0"));
        assert_eq!(object.type_of(), source.object_type());
    }
}
