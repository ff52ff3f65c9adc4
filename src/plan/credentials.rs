//! What of a configuration feeds the credentials of providers and backends.
//!
//! Plan files keep none of it: values of such variables have to be given again, and texts that stand in the configuration
//! are cut out of it. What goes through a resource is no credential any more, since the state keeps it anyway.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::graph::NodeKey;
use crate::config::{Config, Module, ModuleCall};
use crate::diagnostic::SourceRange;
use crate::lang::Root;
use crate::lang::address::ModulePath;
use crate::lang::reference::references;
use crate::lang::syntax::{
    Block as SyntaxBlock, BlockShape, Body, Expression, Node, StepKind, Template, TemplatePart,
};
use crate::schema::shape::Resolve;
use crate::schema::{Attribute, Block, ProviderKind, types};

/// The variables, local values and outputs that feed credentials, and the texts of which they are made.
#[derive(Debug, Default)]
pub struct Credentials {
    nodes: BTreeSet<NodeKey>,
    texts: BTreeSet<SourceRange>,
}

impl Credentials {
    /// Returns those of a configuration.
    pub fn of(config: &Config) -> Self {
        let mut search = Search { config, found: Self::default(), open: Vec::new() };
        for module in config.modules() {
            for (reference, provider) in &module.providers {
                let source = module.provider_source(&reference.name);
                let Some(kind) = ProviderKind::of_source(&source) else { continue };
                let schema = types::provider(kind);
                for body in provider.arguments.layers(&shapes(schema)) {
                    search.secrets(&module.path, &body, schema);
                }
            }
        }
        if let Some(backend) = &config.root.backend {
            let (body, _) = backend.body.resolve(&[]);
            for attribute in body.attributes.values() {
                search.take(&ModulePath::root(), &attribute.expression);
            }
        }
        while let Some(node) = search.open.pop() {
            search.follow(&node);
        }
        search.found
    }

    /// Tells whether an object of the configuration feeds credentials.
    pub fn contains(&self, node: &NodeKey) -> bool {
        self.nodes.contains(node)
    }

    /// Returns the root module's variables that feed credentials.
    pub fn variables(&self) -> BTreeSet<Arc<str>> {
        let of_root = self.nodes.iter().filter_map(|node| match node {
            NodeKey::Variable(module, name) if module.is_root() => Some(name.clone()),
            _ => None,
        });
        of_root.collect()
    }

    /// Returns where the texts stand that credentials are made of.
    pub fn texts(&self) -> impl Iterator<Item = SourceRange> + '_ {
        self.texts.iter().copied()
    }
}

fn shapes(schema: &Block) -> Vec<BlockShape<'_>> {
    schema.blocks.iter().map(|nested| BlockShape { name: nested.name, labels: 0 }).collect()
}

struct Search<'c> {
    config: &'c Config,
    found: Credentials,
    open: Vec<NodeKey>,
}

impl<'c> Search<'c> {
    /// Takes the arguments of a provider block that its schema says are sensitive.
    fn secrets(&mut self, module: &ModulePath, body: &Body, schema: &Block) {
        for attribute in body.attributes.values() {
            if schema.attribute(&attribute.name).is_some_and(Attribute::is_secret) {
                self.take(module, &attribute.expression);
            }
        }
        for block in body.blocks.iter() {
            let (name, inner) = match &*block.block_type {
                "dynamic" => (block.labels.first().map(|label| &*label.text), content_of(block)),
                name => (Some(name), Some(&block.body)),
            };
            let nested = schema.blocks.iter().find(|nested| Some(nested.name) == name);
            if let Some((nested, inner)) = nested.zip(inner) {
                if &*block.block_type == "dynamic" {
                    // What the block is repeated for may hold what its arguments are.
                    let repeated = block.body.attributes.get("for_each");
                    repeated.into_iter().for_each(|each| self.take(module, &each.expression));
                }
                let (inner, _) = inner.resolve(&shapes(&nested.block));
                self.secrets(module, &inner, &nested.block);
            }
        }
    }

    /// Notes the texts of an expression, and goes on with what it refers to.
    fn take(&mut self, module: &ModulePath, expression: &Expression) {
        let mut parts = Parts::default();
        parts.expression(expression);
        self.found.texts.extend(parts.texts);
        for reference in parts.references.into_iter().flat_map(|part| references(part).0) {
            match &reference.root {
                Root::Variable(name) => self.open(NodeKey::Variable(module.clone(), name.clone())),
                Root::Local(name) => self.open(NodeKey::Local(module.clone(), name.clone())),
                Root::Module(name) => {
                    let child = module.child(name.clone());
                    let output = reference.rest.iter().find_map(|step| match &step.kind {
                        StepKind::Attribute(name) => Some(name.clone()),
                        _ => None,
                    });
                    let outputs = self.config.module(&child).map(|module| &module.outputs);
                    let outputs = outputs.into_iter().flat_map(|outputs| outputs.keys());
                    let wanted = outputs.filter(|name| output.as_ref().is_none_or(|output| output == *name));
                    let wanted: Vec<NodeKey> =
                        wanted.map(|name| NodeKey::Output(child.clone(), name.clone())).collect();
                    wanted.into_iter().for_each(|output| self.open(output));
                }
                _ => {}
            }
        }
    }

    fn open(&mut self, node: NodeKey) {
        if self.found.nodes.insert(node.clone()) {
            self.open.push(node);
        }
    }

    fn follow(&mut self, node: &NodeKey) {
        let config = self.config;
        let Some(module) = config.module(node.module()) else { return };
        match node {
            NodeKey::Local(path, name) => {
                if let Some(local) = module.locals.get(name) {
                    self.take(path, &local.expression);
                }
            }
            NodeKey::Output(path, name) => {
                if let Some(output) = module.outputs.get(name) {
                    self.take(path, &output.expression);
                }
            }
            NodeKey::Variable(path, name) => self.variable(module, path, name),
            _ => {}
        }
    }

    fn variable(&mut self, module: &Module, path: &ModulePath, name: &Arc<str>) {
        let default = module.variables.get(name).and_then(|variable| variable.default_expression.as_ref());
        if let Some(default) = default {
            self.take(path, default);
        }
        let Some((parent, call)) = self.call_of(path) else { return };
        let argument = argument(call, name);
        let repeated = call.for_each.as_ref();
        if let Some(argument) = argument {
            let by_each =
                references(&argument).0.iter().any(|one| matches!(one.root, Root::EachKey | Root::EachValue));
            self.take(&parent, &argument);
            repeated.filter(|_| by_each).into_iter().for_each(|each| self.take(&parent, each));
        }
    }

    /// Returns the call of a module, and the module that it stands in.
    fn call_of(&self, path: &ModulePath) -> Option<(ModulePath, &'c ModuleCall)> {
        let (name, rest) = path.0.split_last()?;
        let parent = ModulePath(rest.into());
        let call = self.config.module(&parent)?.calls.get(name)?;
        Some((parent, call))
    }
}

/// Returns the argument of a module call for a variable.
fn argument(call: &ModuleCall, name: &str) -> Option<Expression> {
    call.arguments.resolve(&[]).0.attributes.get(name).map(|attribute| attribute.expression.clone())
}

fn content_of(block: &SyntaxBlock) -> Option<&Body> {
    block.body.blocks.iter().find(|inner| &*inner.block_type == "content").map(|inner| &inner.body)
}

/// What can become a part of the value of an expression: not what chooses (conditions, keys) or names a file, without which
/// nothing could be evaluated.
#[derive(Default)]
struct Parts<'e> {
    texts: Vec<SourceRange>,
    references: Vec<&'e Expression>,
}

impl<'e> Parts<'e> {
    fn expression(&mut self, expression: &'e Expression) {
        match &expression.node {
            Node::Traversal(..) => self.references.push(expression),
            Node::JsonText(_, inner) => {
                if let Node::Template(template) = &inner.node
                    && template.parts.iter().any(|part| !matches!(part, TemplatePart::Text(..)))
                {
                    return self.template(template);
                }
                let SourceRange { source, start, end } = expression.range;
                let end = end.saturating_sub(1).max(start + 1);
                self.texts.push(SourceRange { source, start: start + 1, end });
            }
            Node::Template(template) => self.template(template),
            Node::Parentheses(inner) | Node::Relative(inner, _) | Node::Index(inner, _) => {
                self.expression(inner);
            }
            Node::Splat { source, .. } => self.expression(source),
            Node::Tuple(items) => items.iter().for_each(|item| self.expression(item)),
            Node::Object(items) => items.iter().for_each(|item| self.expression(&item.value)),
            Node::Conditional(_, yes, no) => [yes, no].into_iter().for_each(|part| self.expression(part)),
            Node::For(tree) => {
                self.expression(&tree.collection);
                self.expression(&tree.value);
            }
            Node::Call(call) => {
                let name = call.name.strip_prefix("core::").unwrap_or(&call.name);
                let at_file =
                    name.starts_with("file") || matches!(name, "templatefile" | "pathexpand" | "abspath");
                for (at, argument) in call.arguments.iter().enumerate() {
                    let chooses = (at == 0 && at_file) || (at == 1 && name == "lookup");
                    if !chooses {
                        self.expression(argument);
                    }
                }
            }
            _ => {}
        }
    }

    fn template(&mut self, template: &'e Template) {
        for part in &template.parts {
            match part {
                TemplatePart::Text(_, range) => self.texts.push(*range),
                TemplatePart::Interpolation(inner) => self.expression(inner),
                TemplatePart::If { yes, no, .. } => {
                    self.template(yes);
                    no.iter().for_each(|no| self.template(no));
                }
                TemplatePart::For { collection, body, .. } => {
                    self.expression(collection);
                    self.template(body);
                }
            }
        }
    }
}

/// Returns a source text with other characters of the same width in the place of those in the ranges. Lines, columns and bytes of
/// everything else stay where they are.
pub fn cut(text: &str, ranges: &[(usize, usize)]) -> String {
    let inside = |at: usize| ranges.iter().any(|(start, end)| (*start..*end).contains(&at));
    let stand_in = |character: char| match character.len_utf8() {
        _ if character.is_whitespace() => character,
        1 => '*',
        2 => '\u{d7}',
        3 => '\u{2022}',
        _ => '\u{1d52a}',
    };
    text.char_indices()
        .map(|(at, character)| if inside(at) { stand_in(character) } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{MemoryFiles, load};
    use crate::diagnostic::Sources;

    /// Returns the texts that are cut out of files, and the variables that are withheld.
    fn found(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let mut memory = MemoryFiles::new();
        files.iter().for_each(|(name, text)| memory.insert(*name, text.as_bytes()));
        let mut sources = Sources::new();
        let (config, errors) = load(&memory, Path::new(""), &mut sources);
        assert!(!errors.has_errors(), "{errors:?}");
        let credentials = Credentials::of(&config);
        let mut texts: Vec<String> =
            credentials.texts().map(|range| sources.slice(range).to_owned()).collect();
        texts.sort();
        (texts, credentials.variables().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn texts_are_found_wherever_they_come_from() {
        let main = r#"
terraform {
  backend "http" {
    address  = "http://u:p@h/state"
    password = "backend"
  }
}
variable "sk" {
  default = "by-default"
}
variable "other" {
  default = "open"
}
locals {
  token = var.prod == "yes" ? "by-${local.more}" : sensitive("by-call")
  more  = lookup({ a = "by-map" }, "a")
  file  = file("name.txt")
}
variable "prod" {
  default = "no"
}
module "m" {
  source = "./m"
  key    = "by-argument"
}
provider "tencentcloud" {
  region         = "ap-guangzhou"
  secret_id      = module.m.key
  secret_key     = var.sk
  security_token = "${local.token}${local.file}"
}
"#;
        let module = "variable \"key\" {}\noutput \"key\" {\n  value = var.key\n}\n";
        let (texts, variables) = found(&[("main.tf", main), ("m/main.tf", module)]);
        for text in ["by-default", "by-", "by-call", "by-map", "by-argument", "backend", "http://u:p@h/state"]
        {
            assert!(texts.iter().any(|found| found == text), "{text}: {texts:?}");
        }
        for text in ["open", "yes", "no", "a", "name.txt", "ap-guangzhou"] {
            assert!(!texts.iter().any(|found| found == text), "{text}: {texts:?}");
        }
        assert_eq!(variables, ["sk"]);
    }

    #[test]
    fn overridden_and_json_texts_are_found_too() {
        let main = "provider \"alicloud\" {\n  secret_key = \"below\"\n}\n";
        let over = "provider \"alicloud\" {\n  secret_key = \"over\"\n}\n";
        let json = r#"{ "provider": { "tencentcloud": { "secret_key": "in-json" } } }"#;
        let (texts, _) = found(&[("main.tf", main), ("override.tf", over), ("b.tf.json", json)]);
        assert_eq!(texts, ["below", "in-json", "over"]);
    }

    #[test]
    fn what_is_cut_keeps_lines_and_bytes() {
        let text = "a = \"sécret\"\nb = 1\n";
        let cut = cut(text, &[(5, 12)]);
        assert_eq!(cut, "a = \"*\u{d7}****\"\nb = 1\n");
        assert_eq!(cut.len(), text.len());
    }
}
