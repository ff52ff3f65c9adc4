//! The text of a resource block for an object.

use crate::config::{ProviderReference, format};
use crate::lang::address::{InstanceKey, Resource};
use crate::lang::syntax::is_identifier;
use crate::lang::{Kind, Value};
use crate::schema::saved::from_untyped_json;
use crate::schema::{Attribute, Block, Nesting, Presence, ResourceType};

/// Returns the block in canonical style. Whatever can be given stands in it: what the object does not have as null, and
/// what must not be seen as null too.
pub(super) fn text(
    resource: &Resource,
    resource_type: &ResourceType,
    provider: Option<&ProviderReference>,
    object: &Value,
) -> String {
    let mut out = format!("resource {:?} {:?} {{\n", &*resource.type_name, &*resource.name);
    if let Some(provider) = provider {
        out.push_str(&format!("provider = {provider}\n"));
    }
    write_block(&resource_type.block, object, &mut out);
    out.push('}');
    format::format(&out)
}

fn write_block(block: &Block, object: &Value, out: &mut String) {
    let mut attributes: Vec<&Attribute> = block.attributes.iter().filter(|each| is_written(each)).collect();
    attributes.sort_by_key(|each| each.name);
    for each in attributes {
        let value = object.get(each.name).cloned().unwrap_or_else(|| Value::null(each.ty.clone()));
        out.push_str(&format!("{} = ", each.name));
        write_attribute(each, &value, out);
        out.push('\n');
    }
    let mut blocks: Vec<_> = block.blocks.iter().collect();
    blocks.sort_by_key(|each| each.name);
    for nested in blocks {
        let Some(value) = object.get(nested.name).filter(|value| !value.is_null()) else { continue };
        let single = std::slice::from_ref(value);
        let objects = match nested.nesting {
            Nesting::Single => single,
            Nesting::List | Nesting::Set => value.elements().unwrap_or_default(),
        };
        for object in objects {
            out.push_str(&format!("{} {{\n", nested.name));
            write_block(&nested.block, object, out);
            out.push_str("}\n");
        }
    }
}

/// Left out is what cannot be given, what should not be any more, and what Terraform would not know.
fn is_written(each: &Attribute) -> bool {
    let is_id = each.name == "id" && each.presence == Presence::OptionalComputed;
    each.presence.is_configurable() && each.deprecated.is_none() && !each.ours_only && !is_id
}

fn write_attribute(each: &Attribute, value: &Value, out: &mut String) {
    if each.sensitive || value.deep_marks().is_sensitive() {
        out.push_str("null # sensitive");
        return;
    }
    match value.as_str() {
        // Providers say "" where nothing was given.
        Some("") if each.presence != Presence::Required => out.push_str("null"),
        Some(text) => match structure(text) {
            Some(value) => {
                out.push_str("jsonencode(");
                write_value(&value, out);
                out.push(')');
            }
            None => out.push_str(&quoted(text)),
        },
        None => write_value(value, out),
    }
}

/// Returns the array or object that a text holds as JSON; people write it with `jsonencode`.
fn structure(text: &str) -> Option<Value> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    (json.is_array() || json.is_object()).then(|| from_untyped_json(&json))
}

fn write_value(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Null(_) | Kind::Unknown(..) => out.push_str("null"),
        Kind::Bool(value) => out.push_str(&value.to_string()),
        Kind::Number(number) => out.push_str(&number.to_string()),
        Kind::String(text) => out.push_str(&quoted(text)),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write_value(item, out);
            }
            out.push(']');
        }
        Kind::Map(_, members) | Kind::Object(members) if members.is_empty() => out.push_str("{}"),
        Kind::Map(_, members) | Kind::Object(members) => {
            out.push_str("{\n");
            for (name, member) in members.iter() {
                out.push_str(&if is_identifier(name) { name.to_string() } else { quoted(name) });
                out.push_str(" = ");
                write_value(member, out);
                out.push('\n');
            }
            out.push('}');
        }
    }
}

/// Returns a string in quotes, with everything escaped that means something in them.
pub(super) fn quoted(text: &str) -> String {
    let key = InstanceKey::Key(text.into()).to_string();
    // An instance key is a string between brackets.
    key.strip_prefix('[').and_then(|key| key.strip_suffix(']')).unwrap_or(&key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Type;
    use crate::schema::types;

    fn block_of(type_name: &str, members: &[(&str, Value)]) -> String {
        let resource_type = types::resource(type_name).unwrap();
        let null = resource_type.block.null_object().members().cloned().unwrap();
        let given = members.iter().map(|(name, value)| ((*name).into(), value.clone()));
        let object = Value::object(null.into_iter().chain(given));
        text(&Resource::managed(type_name, "db"), resource_type, None, &object)
    }

    #[test]
    fn everything_that_can_be_given_is_written() {
        assert_eq!(
            block_of("terraform_data", &[("id", Value::string("x"))]),
            "resource \"terraform_data\" \"db\" {\n  input            = null\n  triggers_replace = null\n}"
        );
        // As Terraform 1.11 wrote it.
        let given = [("disk_id", Value::string("d-1")), ("category", Value::string("standard"))];
        assert_eq!(
            block_of("alicloud_ecs_snapshot", &given),
            "resource \"alicloud_ecs_snapshot\" \"db\" {\n  category          = \"standard\"\n  description       = null\n  disk_id           = \"d-1\"\n  force             = null\n  resource_group_id = null\n  retention_days    = null\n  snapshot_name     = null\n  tags              = null\n}"
        );
        let tags = Value::object([("a-b", Value::string("c${d}")), ("1x", Value::string(""))]);
        let text = block_of("alicloud_ecs_snapshot", &[("disk_id", Value::string("d-1")), ("tags", tags)]);
        assert!(text.contains("  disk_id "), "{text}");
        assert!(text.contains("    \"1x\" = \"\"\n    a-b  = \"c$${d}\"\n"), "{text}");
        assert!(!text.contains("\n  id ") && !text.contains("create_time"), "{text}");
    }

    #[test]
    fn texts_that_hold_json_structures_are_encoded_again() {
        let mut out = String::new();
        let any = Attribute::new("a", Type::String, Presence::Optional, "");
        for (text, expected) in [
            ("{\"a\":[1,true]}", "jsonencode({\na = [1, true]\n})"),
            ("12", "\"12\""),
            ("", "null"),
            ("a\"b", "\"a\\\"b\""),
        ] {
            out.clear();
            write_attribute(&any, &Value::string(text), &mut out);
            assert_eq!(out, expected);
        }
        out.clear();
        write_attribute(&any.clone().sensitive(), &Value::string("x"), &mut out);
        assert_eq!(out, "null # sensitive");
    }
}
