//! `terraform` blocks: versions, providers and the backend.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, SourceRange};
use crate::lang::syntax::{Block, Body};
use crate::schema::shape::Shape;

use super::block::{Declared, Reader};
use super::constant::constant_string;
use super::provider::{self, RequiredProvider};
use super::version::{Constraint, Version};

/// The version of Terraform whose language and formats these are.
pub const TERRAFORM_VERSION: &str = "1.11.4";

/// Where the state is kept.
#[derive(Clone, Debug)]
pub struct Backend {
    /// The kind, such as `local` or `http`.
    pub kind: Arc<str>,
    /// The settings.
    pub body: Body,
    /// Where the kind stands.
    pub kind_range: SourceRange,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// What one `terraform` block says.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) required_version: Option<(Constraint, SourceRange)>,
    pub(super) backends: Vec<Backend>,
    /// The entries of each `required_providers` block, with its header.
    pub(super) required_providers: Vec<(Vec<RequiredProvider>, SourceRange)>,
}

const SHAPE: Shape<'static> = Shape {
    attributes: &[("required_version", false), ("experiments", false), ("language", false)],
    blocks: &[
        ("backend", &["type"]),
        ("cloud", &[]),
        ("required_providers", &[]),
        ("provider_meta", &["provider"]),
    ],
};

const LOCAL_BACKEND: Shape<'static> =
    Shape { attributes: &[("path", false), ("workspace_dir", false)], blocks: &[] };

/// Reads a `terraform` block, reporting what is wrong in it.
pub(super) fn read(reader: &mut Reader<'_>, block: &Declared) -> Settings {
    let content = SHAPE.content(&block.arguments, reader.found);
    let mut settings = Settings::default();
    if let Some(attribute) = content.attribute("required_version")
        && let Some(text) = constant_string(attribute, reader.found)
    {
        let constraint = provider::version(reader, &text, attribute.expression.range);
        settings.required_version = constraint.map(|constraint| (constraint, attribute.range));
    }
    if let Some(attribute) = content.attribute("experiments") {
        let detail = "Experimental features are intended only for gathering early feedback on new language designs, and so are available only in alpha releases of Terraform.";
        reader.error("Module uses experimental features", detail, attribute.name_range);
    }
    if let Some(attribute) = content.attribute("language")
        && attribute.expression.as_keyword().as_deref() != Some("TF2021")
    {
        let detail = "The \"language\" argument accepts only the edition keyword TF2021.";
        reader.error("Invalid language edition", detail, attribute.expression.range);
    }
    for inner in &content.blocks {
        match &*inner.block_type {
            "backend" => {
                let backend = backend(inner);
                if !is_backend(&backend.kind) {
                    let detail = format!("There is no backend type named {:?}.", backend.kind);
                    reader.error("Invalid backend type", detail, backend.kind_range);
                } else if &*backend.kind == "local" {
                    LOCAL_BACKEND.content(&backend.body, reader.found);
                }
                settings.backends.push(backend);
            }
            "required_providers" => {
                let entries = provider::required(reader, &inner.body);
                settings.required_providers.push((entries, inner.header_range));
            }
            "cloud" if content.blocks.iter().any(|other| &*other.block_type == "backend") => {
                let other = content.blocks.iter().find(|other| &*other.block_type == "backend");
                let backend = other.map_or(inner.header_range, |other| other.header_range);
                let detail = format!(
                    "A module may declare either one 'cloud' block OR one 'backend' block configuring a state backend. The 'cloud' block is configured at {}; a backend is configured at {}. Remove the 'cloud' block: Snapform keeps no state in HCP Terraform.",
                    reader.place(inner.header_range),
                    reader.place(backend),
                );
                reader.error("Both a backend and cloud configuration are present", detail, backend);
            }
            "cloud" => {
                let detail = "Snapform keeps no state in HCP Terraform. Use a \"backend\" block of a kind that this version supports, or none for a local state file.";
                reader.error("Unsupported cloud block", detail, inner.header_range);
            }
            // Metadata for a provider's statistics: it changes nothing that is planned.
            _ => {}
        }
    }
    settings
}

/// Tells whether Terraform has a backend of a kind, whether or not it can be used here.
pub(super) fn is_backend(kind: &str) -> bool {
    const KINDS: &[&str] = &[
        "azurerm",
        "consul",
        "cos",
        "gcs",
        "http",
        "inmem",
        "kubernetes",
        "local",
        "oss",
        "pg",
        "remote",
        "s3",
    ];
    KINDS.contains(&kind)
}

fn backend(block: &Block) -> Backend {
    let label = block.labels.first();
    Backend {
        kind: label.map(|label| label.text.clone()).unwrap_or_default(),
        kind_range: label.map_or(block.header_range, |label| label.range),
        body: block.body.clone(),
        declaration: block.header_range,
    }
}

/// Returns the error for a module that other versions are made for; `module` is its address and source, if it is not the root.
pub(super) fn check_version(
    constraint: &Constraint,
    range: SourceRange,
    module: Option<(String, &str)>,
) -> Option<Diagnostic> {
    let advice = "To proceed, either choose another supported Terraform version or update this version constraint. Version constraints are normally set for good reason, so updating the constraint may lead to other errors or unexpected behavior.";
    if constraint.names_prerelease() {
        let detail = format!(
            "Prerelease version constraints are not supported: {constraint}. Remove the prerelease information from the constraint. Prerelease versions of terraform will match constraints using their version core only."
        );
        return Some(Diagnostic::error("Invalid required_version constraint", detail).at(range));
    }
    let ours = Version::parse(TERRAFORM_VERSION)?;
    if constraint.allows(&ours) {
        return None;
    }
    let who = match module {
        None => "This configuration".to_owned(),
        Some((address, source)) => format!("Module {address} (from {source})"),
    };
    let detail = format!("{who} does not support Terraform version {TERRAFORM_VERSION}. {advice}");
    Some(Diagnostic::error("Unsupported Terraform Core version", detail).at(range))
}
