//! The reference pages under `docs/resources/`, made of the schemas: one page per type, and a list of all.
//!
//! Pure: schemas in, Markdown out. The test below holds the files against it; `SNAPFORM_BLESS=1` rewrites them.

mod example;

use super::types;
use super::{Attribute, NestedBlock, Nesting, Presence, ProviderKind, ResourceType};
use crate::lang::Type;

/// Types that no official provider has.
const NO_PROVIDER_HAS: &[&str] = &[
    "tencentcloud_cbs_disk_backups",
    "tencentcloud_cfs_snapshots",
    "tencentcloud_tcaplus_snapshot",
    "tencentcloud_tcaplus_snapshots",
];

/// Other names of a type, and the type.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("alicloud_snapshot", "alicloud_ecs_snapshot"),
    ("alicloud_disks", "alicloud_ecs_disks"),
    ("alicloud_snapshots", "alicloud_ecs_snapshots"),
];

/// Returns every page: its path below `docs/resources/`, and its text.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = vec![("README.md".to_owned(), index())];
    pages.extend(types::all().iter().map(|each| (path(each), page(each))));
    pages
}

fn path(resource_type: &ResourceType) -> String {
    let folder = if resource_type.data { "data/" } else { "" };
    format!("{folder}{}.md", resource_type.name)
}

fn index() -> String {
    let mut text = "# Resource types and data sources\n\n\
         Names and arguments are those of the official providers (alicloud 1.289.0, tencentcloud 1.83.25). What only \
         snapform has is marked on each page: Terraform refuses a configuration that uses it.\n"
        .to_owned();
    for (title, data) in [("Resource types", false), ("Data sources", true)] {
        text.push_str(&format!("\n## {title}\n\n| type | what it is |\n| --- | --- |\n"));
        for each in types::all().iter().filter(|each| each.data == data) {
            text.push_str(&format!("| [`{}`]({}) | {} |\n", each.name, path(each), cell(each.description)));
        }
    }
    text
}

/// Returns the page of a type.
pub fn page(resource_type: &ResourceType) -> String {
    let kind = if resource_type.data { "Data source" } else { "Resource type" };
    let mut text = format!("# {kind} `{}`\n\n{}\n", resource_type.name, resource_type.description);
    if let Some((_, other)) = OTHER_NAMES.iter().find(|(name, _)| *name == resource_type.name) {
        text.push_str(&format!("\nThe older name of [`{other}`]({other}.md), with the same arguments.\n"));
    }
    if resource_type.provider != ProviderKind::Terraform {
        text.push_str(&format!("\nProvider: `{}`.\n", short_source(resource_type.provider)));
    }
    if let Some(example) = example::of(resource_type) {
        text.push_str(&format!("\n## Example\n\n```hcl\n{}\n```\n", example.trim()));
    }
    text.push_str(&arguments(resource_type));
    text.push_str(&attributes(resource_type));
    text.push_str(&timeouts(resource_type));
    if let Some(import) = import(resource_type) {
        text.push_str(&import);
    }
    text.push_str(&only_here(resource_type));
    text
}

fn short_source(provider: ProviderKind) -> &'static str {
    provider.source().trim_start_matches("registry.terraform.io/")
}

/// Tells whether users write an attribute. `id` is declared as if they could, and no configuration does.
fn is_argument(attribute: &Attribute) -> bool {
    attribute.presence.is_configurable() && attribute.name != "id"
}

fn arguments(resource_type: &ResourceType) -> String {
    let given: Vec<&Attribute> =
        resource_type.block.attributes.iter().filter(|each| is_argument(each)).collect();
    if given.is_empty() && resource_type.block.blocks.is_empty() {
        return String::new();
    }
    let (required, optional): (Vec<&Attribute>, Vec<&Attribute>) =
        given.into_iter().partition(|each| each.presence == Presence::Required);
    let mut text = "\n## Arguments\n".to_owned();
    for (title, rows) in [("Required", required), ("Optional", optional)] {
        if rows.is_empty() {
            continue;
        }
        let head = if resource_type.data {
            "| name | type | meaning and limits |\n| --- | --- | --- |\n"
        } else {
            "| name | type | a change | meaning and limits |\n| --- | --- | --- | --- |\n"
        };
        text.push_str(&format!("\n{title}:\n\n{head}"));
        rows.iter().for_each(|each| text.push_str(&argument(each, resource_type.data)));
    }
    for nested in &resource_type.block.blocks {
        text.push_str(&nested_block(nested, resource_type.data));
    }
    text
}

fn argument(attribute: &Attribute, data: bool) -> String {
    let change = match (data, attribute.force_new) {
        (true, _) => String::new(),
        (false, true) => " forces replacement |".to_owned(),
        (false, false) => " in place |".to_owned(),
    };
    let meaning = cell(&meaning(attribute, data));
    format!("| `{}` | {} |{change} {meaning} |\n", attribute.name, type_name(&attribute.ty))
}

/// Returns the description with what else the schema says.
fn meaning(attribute: &Attribute, data: bool) -> String {
    let mut text = attribute.description.to_owned();
    if let Some(default) = attribute.default.map(|default| default()) {
        let shown = default.as_str().map(|text| format!("{text:?}"));
        let shown = shown.or_else(|| default.as_number().map(ToString::to_string));
        let shown = shown.or_else(|| default.as_bool().map(|truth| truth.to_string()));
        text.extend(shown.map(|shown| format!(" Without it: `{}`.", shown.trim_matches('"'))));
    }
    if attribute.presence == Presence::OptionalComputed && attribute.name != "id" && !data {
        text.push_str(" The cloud gives a value when you give none.");
    }
    if !attribute.conflicts_with.is_empty() {
        let others: Vec<String> = attribute.conflicts_with.iter().map(|name| format!("`{name}`")).collect();
        text.push_str(&format!(" Not together with {}.", others.join(", ")));
    }
    if let Some(instead) = attribute.deprecated {
        text.push_str(&format!(" **Deprecated.** {instead}"));
    }
    if attribute.is_secret() {
        text.push_str(" Sensitive.");
    }
    if attribute.ours_only {
        text.push_str(" *Only snapform has it.*");
    }
    text
}

fn nested_block(nested: &NestedBlock, data: bool) -> String {
    let count = match (nested.nesting, nested.min_items, nested.max_items) {
        (Nesting::Single, ..) | (_, 0, 1) => "at most one".to_owned(),
        (_, 0, 0) => "any number".to_owned(),
        (_, least, 0) => format!("at least {least}"),
        (_, least, most) => format!("{least} to {most}"),
    };
    let mut text = format!("\nBlock `{}` ({count}):\n\n", nested.name);
    for each in &nested.block.attributes {
        text.push_str(&format!("- `{}` ({}): {}\n", each.name, type_name(&each.ty), meaning(each, data)));
    }
    text
}

fn attributes(resource_type: &ResourceType) -> String {
    let mut rows = String::new();
    let mut lists = String::new();
    for each in resource_type.block.attributes.iter().filter(|each| !is_argument(each)) {
        rows.push_str(&format!(
            "| `{}` | {} | {} |\n",
            each.name,
            type_name(&each.ty),
            cell(&meaning(each, resource_type.data))
        ));
        if let Some(members) = members(&each.ty) {
            let members: Vec<String> = members.map(|(name, ty)| format!("`{name}` {ty}")).collect();
            lists.push_str(&format!("\nEach of `{}` has {}.\n", each.name, members.join(", ")));
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "\n## Attributes\n\nBesides the arguments:\n\n| name | type | meaning |\n| --- | --- | --- |\n{rows}{lists}"
    )
}

/// Returns the type as a user writes it, without the members of objects.
fn type_name(ty: &Type) -> String {
    match members(ty) {
        Some(_) => "list of objects".to_owned(),
        None => ty.to_string(),
    }
}

fn members(ty: &Type) -> Option<impl Iterator<Item = (String, String)> + '_> {
    let Type::List(element) = ty else { return None };
    let Type::Object(object) = &**element else { return None };
    Some(object.attributes.iter().map(|(name, ty)| (name.to_string(), type_name(ty))))
}

fn timeouts(resource_type: &ResourceType) -> String {
    if resource_type.timeouts.is_empty() {
        return String::new();
    }
    let mut text = "\n## Timeouts\n\nA `timeouts` block limits how long an operation waits for the cloud, as in \
         `timeouts { create = \"90m\" }`. An object that the cloud accepted and has not finished by then stays in the \
         state as pending, and the next run waits on.\n\n| operation | without it |\n| --- | --- |\n"
        .to_owned();
    for each in resource_type.timeouts {
        text.push_str(&format!("| `{}` | {} minutes |\n", each.operation, each.default_seconds / 60));
    }
    text
}

fn import(resource_type: &ResourceType) -> Option<String> {
    let id = example::import_id(resource_type)?;
    let name = resource_type.name;
    let text = format!(
        "\n## Import\n\nBy id, which is {}:\n\n```hcl\nimport {{\n  to = {name}.example\n  id = \"{}\"\n}}\n```\n\nor \
         `snapform import {name}.example '{}'`.\n",
        id.meaning, id.example, id.example
    );
    Some(text)
}

fn only_here(resource_type: &ResourceType) -> String {
    let head = "\n## Only in snapform\n\n";
    if NO_PROVIDER_HAS.contains(&resource_type.name) {
        let kind = if resource_type.data { "data source" } else { "resource type" };
        return format!(
            "{head}No official provider has this {kind}, so Terraform refuses a configuration that uses it.\n"
        );
    }
    let ours = |argument: bool| -> Vec<String> {
        let all = resource_type.block.attributes.iter();
        let ours = all.filter(|each| each.ours_only && is_argument(each) == argument);
        ours.map(|each| format!("`{}`", each.name)).collect()
    };
    let (mut given, read) = (ours(true), ours(false));
    if resource_type.timeouts_ours_only {
        given.push("`timeouts`".to_owned());
    }
    if given.is_empty() && read.is_empty() {
        return String::new();
    }
    let mut text = head.to_owned();
    if !given.is_empty() {
        let given = given.join(", ");
        text.push_str(&format!(
            "The official provider lacks {given}: Terraform refuses a configuration that has such an argument.\n"
        ));
    }
    if !read.is_empty() {
        let read = read.join(", ");
        text.push_str(&format!(
            "{}The official provider lacks the attributes {read}. They can be read in expressions, which Terraform then \
             refuses. They are kept beside the provider's own attributes in the state, where Terraform ignores and drops \
             them; the next refresh finds them again.\n",
            if given.is_empty() { "" } else { "\n" }
        ));
    }
    text
}

/// Returns a text that can stand in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn folder() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/resources")
    }

    #[test]
    fn the_reference_pages_are_those_of_the_schemas() {
        let bless = std::env::var_os("SNAPFORM_BLESS").is_some();
        let mut stale = Vec::new();
        for (name, text) in pages() {
            let path = folder().join(&name);
            if std::fs::read_to_string(&path).is_ok_and(|found| found == text) {
                continue;
            }
            if bless {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, text).unwrap();
            } else {
                stale.push(name);
            }
        }
        assert!(
            stale.is_empty(),
            "docs/resources is stale: {stale:?}. Run the tests with SNAPFORM_BLESS=1 and look at the difference."
        );
    }

    #[test]
    fn no_page_stands_there_without_its_type() {
        let known: BTreeSet<String> = pages().into_iter().map(|(name, _)| name).collect();
        for part in ["", "data"] {
            for entry in std::fs::read_dir(folder().join(part)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let name = if part.is_empty() { name } else { format!("{part}/{name}") };
                assert!(name == "data" || known.contains(&name), "docs/resources/{name} is of no known type");
            }
        }
    }

    #[test]
    fn every_type_has_an_example_with_its_required_arguments() {
        for each in types::all() {
            let example = example::of(each).unwrap_or_else(|| panic!("{} has no example", each.name));
            assert!(example.contains(&format!("\"{}\"", each.name)), "{}: {example}", each.name);
            for attribute in &each.block.attributes {
                let required = attribute.presence == Presence::Required;
                assert!(!required || example.contains(attribute.name), "{}: {}", each.name, attribute.name);
            }
            // The block of the type itself: its lines as far as the closing brace in the first column.
            let block = example.split(&format!("\"{}\"", each.name)).nth(1).unwrap();
            for line in block.lines().take_while(|line| *line != "}") {
                let Some((name, _)) = line.strip_prefix("  ").and_then(|line| line.split_once(" =")) else {
                    continue;
                };
                let name = name.trim_end();
                let known = each.block.attribute(name).is_some() || name == "for_each";
                assert!(name.starts_with([' ', '#']) || known, "{}: {name}", each.name);
            }
            assert_eq!(example::import_id(each).is_some(), !each.data && each.name != "terraform_data");
        }
    }

    #[test]
    fn a_page_says_what_forces_replacement_and_what_only_snapform_has() {
        let page = page(types::resource("tencentcloud_cfs_snapshot").unwrap());
        assert!(page.contains("| `file_system_id` | string | forces replacement |"), "{page}");
        assert!(page.contains("| `snapshot_name` | string | in place |"), "{page}");
        assert!(page.contains("The official provider lacks `alive_days`, `timeouts`:"), "{page}");
    }
}
