//! The schemas of providers, as `providers schema -json` prints them.

use super::tree::{Json, Members};
use crate::schema::saved::type_to_json;
use crate::schema::{Attribute, Block, NestedBlock, Nesting, Presence, ProviderKind, ResourceType, types};

/// Returns the schemas of some providers by their sources. What only snapform knows of a type is in it too.
pub fn schemas_json<'a>(providers: impl IntoIterator<Item = (&'a str, ProviderKind)>) -> Json {
    let schemas: Members =
        providers.into_iter().map(|(source, kind)| (source.to_owned(), provider(kind))).collect();
    let schemas = schemas.sorted().non_empty();
    Members::new().with("format_version", "1.0").maybe("provider_schemas", schemas).into()
}

fn provider(kind: ProviderKind) -> Json {
    let of = |data: bool| -> Option<Members> {
        let all = types::all().iter().filter(|each| each.provider == kind && each.data == data);
        let members: Members = all.map(|each| (each.name, resource_type(each))).collect();
        members.sorted().non_empty()
    };
    let arguments = types::provider(kind);
    let has_arguments = !(arguments.attributes.is_empty() && arguments.blocks.is_empty());
    let own = Members::new().with("version", 0_usize).maybe(
        "block",
        has_arguments.then(|| block(arguments, ("", kind_of_text(kind)), Members::new(), true)),
    );
    Members::new()
        .with("provider", own)
        .maybe("resource_schemas", of(false))
        .maybe("data_source_schemas", of(true))
        .into()
}

fn resource_type(each: &ResourceType) -> Json {
    let timeouts = each.timeouts.iter().map(|timeout| {
        let members = Members::new().with("type", "string").with("description_kind", "plain");
        (timeout.operation, members.with("optional", true).into())
    });
    let timeouts: Members = timeouts.collect();
    let timeouts = timeouts.sorted().non_empty().map(|attributes| {
        let block = Members::new().with("attributes", attributes).with("description_kind", "plain");
        Members::new().with("nesting_mode", "single").with("block", block)
    });
    let more = Members::new().maybe("timeouts", timeouts);
    // Terraform's own types say nothing of themselves, and terraform_data nothing of its attributes.
    let (description, explain) = match each.provider {
        ProviderKind::Terraform => ("", each.data),
        _ => (each.description, true),
    };
    let block = block(&each.block, (description, kind_of_text(each.provider)), more, explain);
    Members::new().with("version", each.version).with("block", block).into()
}

/// How the descriptions of a provider are written: the official ones call theirs plain, whatever they are.
fn kind_of_text(provider: ProviderKind) -> &'static str {
    if provider == ProviderKind::Terraform { "markdown" } else { "plain" }
}

fn block(
    block: &Block,
    (description, kind): (&'static str, &'static str),
    more: Members,
    explain: bool,
) -> Json {
    let attributes = block.attributes.iter().map(|each| (each.name, attribute(each, kind, explain)));
    let attributes: Members = attributes.collect();
    let mut blocks: Members = block.blocks.iter().map(|each| (each.name, nested(each, kind))).collect();
    blocks.extend(more);
    let members = Members::new()
        .maybe("attributes", attributes.sorted().non_empty())
        .maybe("block_types", blocks.sorted().non_empty());
    described(members, description, kind).into()
}

fn nested(each: &NestedBlock, kind: &'static str) -> Json {
    let mode = match each.nesting {
        Nesting::Single => "single",
        Nesting::List => "list",
        Nesting::Set => "set",
    };
    let limit = |items: usize| (items > 0).then_some(items);
    Members::new()
        .with("nesting_mode", mode)
        .with("block", block(&each.block, ("", kind), Members::new(), true))
        .maybe("min_items", limit(each.min_items))
        .maybe("max_items", limit(each.max_items).filter(|_| !each.limit_untold))
        .into()
}

fn attribute(each: &Attribute, kind: &'static str, explain: bool) -> Json {
    let members = Members::new().with("type", &type_to_json(&each.ty));
    let flag = |holds: bool| holds.then_some(true);
    described(members, if explain { each.description } else { "" }, kind)
        .maybe("deprecated", flag(each.deprecated.is_some()))
        .maybe("required", flag(each.presence == Presence::Required))
        .maybe("optional", flag(matches!(each.presence, Presence::Optional | Presence::OptionalComputed)))
        .maybe("computed", flag(each.presence.is_computed()))
        .maybe("sensitive", flag(each.sensitive))
        .into()
}

fn described(members: Members, description: &'static str, kind: &'static str) -> Members {
    if description.is_empty() {
        return members.with("description_kind", "plain");
    }
    members.with("description", description).with("description_kind", kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas(kind: ProviderKind) -> serde_json::Value {
        serde_json::from_str(&schemas_json([(kind.source(), kind)]).to_string()).unwrap()
    }

    #[test]
    fn schemas_have_terraforms_properties() {
        let all = schemas(ProviderKind::Terraform);
        assert_eq!(all["format_version"], "1.0");
        let builtin = &all["provider_schemas"]["terraform.io/builtin/terraform"];
        assert_eq!(builtin["provider"], serde_json::json!({ "version": 0 }));
        let input = &builtin["resource_schemas"]["terraform_data"]["block"]["attributes"]["input"];
        assert_eq!((&input["type"], &input["optional"]), (&"dynamic".into(), &true.into()));
        assert_eq!(input.get("computed"), None);
        let state = &builtin["data_source_schemas"]["terraform_remote_state"]["block"]["attributes"];
        assert_eq!(state["backend"]["required"], true);
    }

    #[test]
    fn the_block_of_the_tencentcloud_provider_is_the_official_one() {
        let all = schemas(ProviderKind::Tencentcloud);
        let provider = &all["provider_schemas"]["registry.terraform.io/tencentcloudstack/tencentcloud"];
        let own = &provider["provider"]["block"];
        assert_eq!(own["attributes"]["secret_id"].get("sensitive"), None);
        assert_eq!(own["attributes"]["secret_key"]["sensitive"], true);
        let blocks = &own["block_types"];
        for (name, mode, argument, needed) in [
            ("assume_role", "set", "session_duration", "optional"),
            ("assume_role_with_saml", "list", "saml_assertion", "required"),
            ("assume_role_with_web_identity", "list", "web_identity_token", "optional"),
        ] {
            let block = &blocks[name];
            assert_eq!((&block["nesting_mode"], block.get("max_items")), (&mode.into(), None), "{name}");
            let argument = &block["block"]["attributes"][argument];
            assert_eq!((&argument[needed], argument.get("sensitive")), (&true.into(), None), "{name}");
        }
        assert!(!all.to_string().contains("markdown"));
        assert!(schemas(ProviderKind::Terraform).to_string().contains("markdown"));
    }

    #[test]
    fn nested_blocks_and_timeouts_are_block_types() {
        let all = schemas(ProviderKind::Alicloud);
        let provider = &all["provider_schemas"]["registry.terraform.io/aliyun/alicloud"];
        let snapshot = &provider["resource_schemas"]["alicloud_ecs_snapshot"];
        let timeouts = &snapshot["block"]["block_types"]["timeouts"];
        assert_eq!(timeouts["nesting_mode"], "single");
        assert_eq!(timeouts["block"]["attributes"]["create"]["optional"], true);
        assert_eq!(provider["provider"]["block"]["attributes"]["secret_key"]["type"], "string");
        assert_eq!(schemas_json([]).to_string(), r#"{"format_version":"1.0"}"#);
    }
}
