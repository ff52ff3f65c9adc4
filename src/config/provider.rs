//! `provider` blocks, `required_providers`, and references to provider configurations.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::diagnostic::{Diagnostics, SourceRange};
use crate::lang::syntax::{Body, Expression, Node, StepKind, is_identifier};
use crate::schema::content::Arguments;
use crate::schema::shape::Shape;

use super::block::{Declared, NAME_RULE, Reader};
use super::constant::{constant, constant_string};
use super::traversal;
use super::version::Constraint;

/// A provider configuration.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The name in the module, and the alias.
    pub reference: ProviderReference,
    /// The settings.
    pub arguments: Arguments,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// A provider configuration as a module names it: `alicloud` or `alicloud.shanghai`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderReference {
    /// The name of the provider in the module.
    pub name: Arc<str>,
    /// The alias.
    pub alias: Option<Arc<str>>,
}

/// An entry of `required_providers`.
#[derive(Clone, Debug)]
pub struct RequiredProvider {
    /// The name of the provider in the module.
    pub name: Arc<str>,
    /// The full source, such as `registry.terraform.io/aliyun/alicloud`.
    pub source: Arc<str>,
    /// The versions that are allowed.
    pub constraint: Option<Constraint>,
    /// The aliases that callers must pass configurations for.
    pub aliases: Vec<Arc<str>>,
    /// The value of the entry.
    pub declaration: SourceRange,
}

impl fmt::Display for ProviderReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.alias {
            Some(alias) => write!(f, ".{alias}"),
            None => Ok(()),
        }
    }
}

const RESERVED: [&str; 4] = ["count", "depends_on", "for_each", "source"];
const HIDDEN: &[&str] =
    &["alias", "version", "count", "depends_on", "for_each", "source", "_", "lifecycle", "locals"];
const SHAPE: Shape<'static> = Shape {
    attributes: &[
        ("alias", false),
        ("version", false),
        ("count", false),
        ("depends_on", false),
        ("for_each", false),
        ("source", false),
    ],
    blocks: &[("_", &[]), ("lifecycle", &[]), ("locals", &[])],
};

/// Reads a provider configuration, reporting what is wrong in it.
pub(super) fn read(reader: &mut Reader<'_>, block: &Declared) -> Option<Provider> {
    let content = SHAPE.partial_content(&block.arguments, reader.found);
    let name = block.label(0);
    if !check_local_name(reader, &name, block.declaration) {
        return None;
    }
    let mut alias = None;
    if let Some(attribute) = content.attribute("alias") {
        alias = constant_string(attribute, reader.found);
        if alias.as_deref().is_none_or(|alias| !is_identifier(alias)) {
            let detail = format!("An alias must be a valid name. {NAME_RULE}");
            reader.error("Invalid provider configuration alias", detail, attribute.expression.range);
        }
    }
    if let Some(attribute) = content.attribute("version") {
        let detail = "Terraform 0.13 and earlier allowed provider version constraints inside the provider configuration block, but that is now deprecated and will be removed in a future version of Terraform. To silence this warning, move the provider version constraint into the required_providers block.";
        let summary = "Version constraints inside provider configuration blocks are deprecated";
        let warning = crate::diagnostic::Diagnostic::warning(summary, detail);
        reader.found.push(warning.at(attribute.expression.range));
        if let Some(text) = constant_string(attribute, reader.found) {
            version(reader, &text, attribute.expression.range);
        }
    }
    for name in RESERVED {
        if let Some(attribute) = content.attribute(name) {
            let detail = format!(
                "The provider argument name {name:?} is reserved for use by Terraform in a future version."
            );
            reader.error("Reserved argument name in provider block", detail, attribute.name_range);
        }
    }
    let mut arguments = block.arguments.hiding(HIDDEN);
    let mut escape = None;
    for inner in &content.blocks {
        if &*inner.block_type != "_" {
            let detail = format!(
                "The block type name {:?} is reserved for use by Terraform in a future version.",
                inner.block_type
            );
            reader.error("Reserved block type name in provider block", detail, inner.type_range);
        } else if let Some(first) = escape {
            let message = "The special block type \"_\" can be used to force particular arguments to be interpreted as provider-specific rather than as meta-arguments, but each provider block can have only one such block. The first escaping block was at {}.";
            reader.duplicate("Duplicate escaping block", message, first, inner.header_range);
        } else {
            escape = Some(inner.header_range);
            arguments.add_escaped(inner.body.clone());
        }
    }
    Some(Provider { reference: ProviderReference { name, alias }, arguments, declaration: block.declaration })
}

/// Tells whether a text can be the local name of a provider; reports one that cannot.
fn check_local_name(reader: &mut Reader<'_>, name: &str, range: SourceRange) -> bool {
    let lower = name.to_lowercase();
    if lower != name && is_source_part(&lower) {
        let detail =
            format!("Provider names must be normalized. Replace {name:?} with {lower:?} to fix this error.");
        reader.error("Invalid provider local name", detail, range);
        return false;
    }
    if !is_source_part(name) {
        let detail = format!(
            "{name} is an invalid provider local name: must contain only letters, digits, and dashes, and may not use leading or trailing dashes"
        );
        reader.error("Invalid provider local name", detail, range);
        return false;
    }
    true
}

fn is_source_part(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_alphanumeric() || c == '-')
}

/// Reads a reference to a provider configuration, reporting what is none.
pub(super) fn reference(
    expression: &Expression,
    argument: &str,
    found: &mut Diagnostics,
) -> Option<ProviderReference> {
    let summary = "Invalid provider configuration reference";
    let unquoted = traversal::unquote_reference(expression, found);
    let unwrapped = traversal::unwrap_json(&unquoted, found);
    let error = |detail: String, range| crate::diagnostic::Diagnostic::error(summary, detail).at(range);
    let Node::Traversal(name, steps) = &unwrapped.node else {
        let quoted = matches!(expression.node, Node::Template(_));
        let detail = if quoted {
            "A provider configuration reference must not be given in quotes.".to_owned()
        } else {
            needs_name(argument)
        };
        found.push(error(detail, expression.range));
        return None;
    };
    let alias = match &steps[..] {
        [] => None,
        [step] => match &step.kind {
            StepKind::Attribute(alias) => Some(alias.clone()),
            _ => {
                let detail = "Provider name must either stand alone or be followed by a period and then a configuration alias.";
                found.push(error(detail.to_owned(), step.range));
                return None;
            }
        },
        _ => {
            found.push(error(needs_name(argument), expression.range));
            return None;
        }
    };
    Some(ProviderReference { name: name.clone(), alias })
}

fn needs_name(argument: &str) -> String {
    format!(
        "The {argument} argument requires a provider type name, optionally followed by a period and then a configuration alias."
    )
}

/// Reads the entries of `required_providers`, reporting what is wrong in them.
pub(super) fn required(reader: &mut Reader<'_>, body: &Body) -> Vec<RequiredProvider> {
    let (body, more) = body.resolve(&[]);
    reader.found.extend(more);
    if let Some(block) = body.blocks.first() {
        let summary = format!("Unexpected {:?} block", block.block_type);
        reader.error(summary, "Blocks are not allowed here.", block.type_range);
    }
    let attributes = body.attributes.values();
    attributes
        .filter_map(|attribute| required_entry(reader, &attribute.name, &attribute.expression))
        .collect()
}

fn required_entry(
    reader: &mut Reader<'_>,
    name: &Arc<str>,
    expression: &Expression,
) -> Option<RequiredProvider> {
    let declaration = expression.range;
    let mut entry = RequiredProvider {
        name: name.clone(),
        source: implied_source(name),
        constraint: None,
        aliases: Vec::new(),
        declaration,
    };
    // The old form: the version alone.
    if let Some(text) = expression.as_literal_text() {
        entry.constraint = version(reader, &text, declaration);
        return Some(entry);
    }
    if !check_local_name(reader, name, declaration) {
        return None;
    }
    let summary = "Invalid required_providers object";
    if !matches!(expression.node, Node::Object(_)) {
        reader.error(summary, "required_providers entries must be strings or objects.", declaration);
        return None;
    }
    let mut sound = true;
    for (key, value) in traversal::map_items(expression, reader.found)? {
        let key_text = key.as_keyword().or_else(|| key.as_literal_text()).unwrap_or_default();
        match &*key_text {
            "version" => {
                match constant(&value, &mut Diagnostics::new()).as_ref().and_then(|value| value.as_str()) {
                    Some(text) => entry.constraint = version(reader, text, value.range),
                    None => {
                        let detail = "Version must be specified as a string.";
                        reader.error("Invalid version constraint", detail, value.range);
                        sound = false;
                    }
                }
            }
            "source" => {
                let text = constant(&value, &mut Diagnostics::new());
                match text.as_ref().and_then(|value| value.as_str()).map(full_source) {
                    Some(Some(source)) => entry.source = source,
                    Some(None) => {
                        let text = text.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
                        let (summary, detail) = source_error(text);
                        reader.error(summary, detail, value.range);
                        sound = false;
                    }
                    None => {
                        reader.error("Invalid source", "Source must be specified as a string.", value.range);
                        sound = false;
                    }
                }
            }
            "configuration_aliases" => {
                for item in traversal::list_items(&value, reader.found).unwrap_or_default() {
                    sound &= configuration_alias(reader, &mut entry, &item, value.range);
                }
            }
            _ => {
                let detail = "required_providers objects can only contain \"version\", \"source\" and \"configuration_aliases\" attributes. To configure a provider, use a \"provider\" block.";
                reader.error(summary, detail, key.range);
                return None;
            }
        }
    }
    sound.then_some(entry)
}

fn configuration_alias(
    reader: &mut Reader<'_>,
    entry: &mut RequiredProvider,
    item: &Expression,
    range: SourceRange,
) -> bool {
    if traversal::absolute_traversal(item, reader.found).is_none() {
        return false;
    }
    let summary = "Invalid configuration_aliases value";
    let Some(reference) = reference(item, "configuration_aliases", &mut Diagnostics::new()) else {
        let detail = "Configuration aliases can only contain references to local provider configuration names in the format of provider.alias";
        reader.error(summary, detail, range);
        return false;
    };
    if reference.name != entry.name {
        let detail = format!(
            "Configuration aliases must be prefixed with the provider name. Expected {:?}, but found {:?}.",
            entry.name, reference.name
        );
        reader.error(summary, detail, range);
        return false;
    }
    entry.aliases.extend(reference.alias);
    true
}

/// Parses a version constraint, reporting what is none.
pub(super) fn version(reader: &mut Reader<'_>, text: &str, range: SourceRange) -> Option<Constraint> {
    let constraint = Constraint::parse(text);
    if constraint.is_none() {
        let detail = "This string does not use correct version constraint syntax.";
        reader.error("Invalid version constraint", detail, range);
    }
    constraint
}

/// Returns the full source of a provider that no `required_providers` entry names.
pub fn implied_source(name: &str) -> Arc<str> {
    static BUILTIN: LazyLock<Arc<str>> = LazyLock::new(|| "terraform.io/builtin/terraform".into());
    static TENCENT_CLOUD: LazyLock<Arc<str>> =
        LazyLock::new(|| "registry.terraform.io/tencentcloudstack/tencentcloud".into());
    match name {
        "terraform" => BUILTIN.clone(),
        // The registry has no provider of this name under the default namespace.
        "tencentcloud" => TENCENT_CLOUD.clone(),
        _ => format!("registry.terraform.io/hashicorp/{name}").into(),
    }
}

/// Returns the full form of a source such as `aliyun/alicloud`; nothing if it is none.
pub fn full_source(text: &str) -> Option<Arc<str>> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower.split('/').collect();
    let named = |parts: &[&str]| parts.iter().all(|part| is_source_part(part));
    match &parts[..] {
        [name] if named(&[name]) => Some(format!("registry.terraform.io/hashicorp/{name}").into()),
        [namespace, name] if named(&[namespace, name]) => {
            Some(format!("registry.terraform.io/{namespace}/{name}").into())
        }
        [host, namespace, name] if named(&[namespace, name]) && !host.is_empty() => {
            Some(format!("{host}/{namespace}/{name}").into())
        }
        _ => None,
    }
}

/// Returns what is wrong with a text that is no source, in Terraform's words.
fn source_error(text: &str) -> (&'static str, String) {
    let parts: Vec<&str> = text.split('/').collect();
    let because = |what: &str, part: &str| {
        format!(
            "Invalid {what} {part:?} in source {text:?}: must contain only letters, digits, and dashes, and may not use leading or trailing dashes\""
        )
    };
    if (1..=3).contains(&parts.len()) && parts.iter().all(|part| !part.is_empty()) {
        let name = parts[parts.len() - 1];
        if !is_source_part(&name.to_lowercase()) {
            return ("Invalid provider type", because("provider type", name));
        }
        let namespace = parts.get(parts.len().wrapping_sub(2)).copied().unwrap_or_default();
        return ("Invalid provider namespace", because("provider namespace", namespace));
    }
    let detail = "The \"source\" attribute must be in the format \"[hostname/][namespace/]name\"";
    ("Invalid provider source string", detail.to_owned())
}

/// Returns a full source as people write it, without the default host.
pub fn display_source(source: &str) -> &str {
    source.strip_prefix("registry.terraform.io/").unwrap_or(source)
}
