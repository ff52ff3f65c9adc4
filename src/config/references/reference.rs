//! What one reference names, and whether it may be named where it stands.

use crate::diagnostic::SourceRange;
use crate::lang::Root;
use crate::lang::address::{Mode, Resource};
use crate::lang::reference::Reference;
use crate::lang::syntax::StepKind;
use crate::schema::ResourceType;
use crate::schema::shape::suggest;

use super::{Checker, Place, hint, is_key};

impl<'a> Checker<'a> {
    pub(super) fn reference(&mut self, reference: &Reference, place: Place<'a>) {
        let module = self.module;
        let range = reference.range;
        match &reference.root {
            Root::Variable(name) if !module.variables.contains_key(name) => {
                let hint = hint(name, module.variables.keys()).unwrap_or_else(|| {
                    format!(" This variable can be declared with a variable {name:?} {{}} block.")
                });
                let detail = format!("An input variable with the name {name:?} has not been declared.{hint}");
                self.error("Reference to undeclared input variable", detail, range);
            }
            Root::Local(name) if !module.locals.contains_key(name) => {
                let hint = hint(name, module.locals.keys()).unwrap_or_default();
                let detail = format!("A local value with the name {name:?} has not been declared.{hint}");
                self.error("Reference to undeclared local value", detail, range);
            }
            Root::Module(name) if !module.calls.contains_key(name) => {
                let hint = hint(name, module.calls.keys()).unwrap_or_default();
                let detail =
                    format!("No module call named {name:?} is declared in {}.{hint}", module.title());
                self.error("Reference to undeclared module", detail, range);
            }
            Root::Resource(resource) => self.resource_reference(resource, reference, place),
            Root::Local(name) if place.own_local == Some(name) => {
                let detail =
                    format!("Local value local.{name} cannot use its own result as part of its expression.");
                self.error("Self-referencing local value", detail, range);
            }
            Root::Path(name) if !["cwd", "module", "root"].contains(&&**name) => {
                let hint = suggest(name, ["cwd", "module", "root"]);
                let hint = hint.map(|name| format!(" Did you mean {name:?}?")).unwrap_or_default();
                let detail = format!("The \"path\" object does not have an attribute named {name:?}.{hint}");
                self.error("Invalid \"path\" attribute", detail, range);
            }
            Root::Terraform(name) if !matches!(&**name, "workspace" | "applying") => {
                let detail = if &**name == "env" {
                    "The terraform.env attribute was deprecated in v0.10 and removed in v0.12. The \"state environment\" concept was renamed to \"workspace\" in v0.12, and so the workspace name can now be accessed using the terraform.workspace attribute.".to_owned()
                } else {
                    format!(
                        "The \"terraform\" object does not have an attribute named {name:?}. The only supported attributes are terraform.workspace, the name of the currently-selected workspace, and terraform.applying, a boolean which is true only during apply."
                    )
                };
                self.error("Invalid \"terraform\" attribute", detail, range);
            }
            Root::EachValue if !place.each => {
                let detail = "A reference to \"each.value\" has been used in a context in which it is unavailable, such as when the configuration no longer contains the value in its \"for_each\" expression. Remove this reference to each.value in your configuration to work around this error.";
                self.error("each.value cannot be used in this context", detail, range);
            }
            Root::EachKey if !place.each => {
                let detail = "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" argument is set.";
                self.error("Reference to \"each\" in context without for_each", detail, range);
            }
            Root::CountIndex if !place.count => {
                let detail = "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \"count\" argument is set.";
                self.error("Reference to \"count\" in non-counted context", detail, range);
            }
            Root::SelfObject if place.without_self => {
                let detail = "The \"self\" object is not available in this context. This object can be used only in resource provisioner, connection, and postcondition blocks.";
                self.error("Invalid \"self\" reference", detail, range);
            }
            Root::SelfObject => {
                let known = place.self_is.and_then(|own| self.types.get(own).copied().flatten());
                if let (Some(known), Some(step)) = (known, reference.rest.first())
                    && let StepKind::Attribute(name) = &step.kind
                {
                    self.attribute_of(known, name, step.range);
                }
            }
            _ => {}
        }
    }

    fn resource_reference(&mut self, resource: &Resource, reference: &Reference, place: Place<'a>) {
        let (adjective, other) = match resource.mode {
            Mode::Managed => ("managed", Some(Resource { mode: Mode::Data, ..resource.clone() })),
            Mode::Data => ("data", None),
        };
        let (type_name, name) = (&resource.type_name, &resource.name);
        let Some(block) = self.module.resources.get(resource) else {
            let hint = other
                .filter(|other| self.module.resources.contains_key(other))
                .map(|other| format!("\n\nDid you mean the data resource {other}?"))
                .unwrap_or_default();
            let detail = format!(
                "A {adjective} resource {type_name:?} {name:?} has not been declared in {}.{hint}",
                self.module.title()
            );
            self.error("Reference to undeclared resource", detail, reference.range);
            return;
        };
        if place.own == Some(resource) {
            let detail = format!("Configuration for {resource} may not refer to itself.");
            self.error("Self-referential block", detail, reference.range);
            return;
        }
        if block.check.is_some() && block.check.as_ref() != place.check {
            let detail = format!(
                "The referenced {adjective} resource {type_name:?} {name:?} is not available from this context."
            );
            self.error("Reference to scoped resource", detail, reference.range);
        }
        let mut rest = &reference.rest[..];
        let repeated = block.count.is_some() || block.for_each.is_some();
        match rest.first() {
            Some(step) if is_key(step) => {
                if !repeated {
                    let detail = format!(
                        "Because {resource} does not have \"count\" or \"for_each\" set, references to it must not include an index key. Remove the bracketed index to refer to the single instance of this resource."
                    );
                    let range = SourceRange { end: step.range.end, ..reference.range };
                    self.error("Unexpected resource instance key", detail, range);
                    return;
                }
                rest = &rest[1..];
            }
            Some(_) if repeated => {
                let (argument, example) =
                    if block.count.is_some() { ("count", "count.index") } else { ("for_each", "each.key") };
                let detail = format!(
                    "Because {resource} has {argument:?} set, its attributes must be accessed on specific instances.\n\nFor example, to correlate with indices of a referring resource, use:\n    {resource}[{example}]"
                );
                self.error("Missing resource instance key", detail, reference.range);
                return;
            }
            _ => {}
        }
        let Some(step) = rest.first() else { return };
        let known = self.types.get(resource).copied().flatten();
        match (&step.kind, known) {
            (StepKind::Attribute(name), _) if &**name == "count" => {
                let detail = format!(
                    "The special \"count\" attribute is no longer supported after Terraform v0.12. Instead, use length({resource}) to count resource instances."
                );
                let range = SourceRange { end: step.range.end, ..reference.range };
                self.error("Invalid resource count attribute", detail, range);
            }
            (StepKind::Attribute(name), Some(known)) => self.attribute_of(known, name, step.range),
            (StepKind::Key(_) | StepKind::Index(_), Some(_)) => {
                let detail = "Only attribute access is allowed here, using the dot operator.";
                self.error("Invalid index operation", detail, step.range);
            }
            _ => {}
        }
    }

    /// Reports an attribute that a type does not have.
    pub(super) fn attribute_of(&mut self, known: &ResourceType, name: &str, range: SourceRange) {
        let timeouts = (!known.timeouts.is_empty()).then_some("timeouts");
        let attributes = known.block.attributes.iter().map(|attribute| attribute.name);
        let mut names: Vec<&str> =
            attributes.chain(known.block.blocks.iter().map(|nested| nested.name)).chain(timeouts).collect();
        if names.contains(&name) {
            return;
        }
        names.sort_unstable();
        let hint = suggest(name, names).map(|name| format!(" Did you mean {name:?}?")).unwrap_or_default();
        let detail =
            format!("This object has no argument, nested block, or exported attribute named {name:?}.{hint}");
        self.error("Unsupported attribute", detail, range);
    }
}
