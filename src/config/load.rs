//! Reads the files of the root module and of all modules it calls.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange, Sources};
use crate::lang::address::ModulePath;
use crate::lang::syntax::{Block, Body, json, parse_body};

use super::assemble::assemble;
use super::block::Reader;
use super::files::{ConfigFiles, FileKind};
use super::module::{Config, Module};
use super::{provider_rules, settings};

/// The deepest nesting of module calls. Terraform has no limit and does not end when a module calls itself.
const MAX_DEPTH: usize = 64;
/// The greatest number of modules, each call counted.
const MAX_MODULES: usize = 10_000;
/// The largest file, in bytes.
const MAX_FILE_BYTES: usize = 64 << 20;

/// Returns the configuration in a folder of `files`, as far as it could be read, and everything that is wrong in it.
/// The texts are added to `sources` under their paths.
pub fn load(files: &dyn ConfigFiles, folder: &Path, sources: &mut Sources) -> (Config, Diagnostics) {
    let mut loader = Loader { files, sources, found: Diagnostics::new(), modules: 0 };
    let root = loader.module(folder, ModulePath::root(), "".into(), None);
    let config = Config { root: root.unwrap_or_default() };
    let mut found = loader.found;
    found.extend(provider_rules::check(&config));
    (config, found)
}

struct Loader<'a> {
    files: &'a dyn ConfigFiles,
    sources: &'a mut Sources,
    found: Diagnostics,
    modules: usize,
}

impl Loader<'_> {
    /// Reads the module in a folder and those it calls; `source_range` is where its caller names it.
    fn module(
        &mut self,
        folder: &Path,
        path: ModulePath,
        source: Arc<str>,
        source_range: Option<SourceRange>,
    ) -> Option<Module> {
        self.modules += 1;
        let first = path.0.first().map_or("", |name| &**name);
        if path.0.len() > MAX_DEPTH || self.modules > MAX_MODULES {
            let detail = format!(
                "The call of module.{first} leads more than {MAX_DEPTH} modules deep, or to more than {MAX_MODULES} modules in all. Check that no module calls itself, directly or through others."
            );
            let error = Diagnostic::error("Too many module calls", detail);
            self.found.push(match source_range {
                Some(range) => error.at(range),
                None => error,
            });
            return None;
        }
        let (bodies, overrides) = self.bodies(folder, &source, source_range)?;
        let mut reader = Reader { sources: self.sources, found: &mut self.found };
        let mut module = assemble(&mut reader, &bodies, &overrides);
        module.path = path;
        module.folder =
            if folder.as_os_str().is_empty() { ".".to_owned() } else { folder.display().to_string() };
        module.source = source;
        let who = || (module.path.to_string(), &*module.source);
        for (constraint, range) in &module.required_versions {
            let who = (!module.path.is_root()).then(who);
            self.found.extend(settings::check_version(constraint, *range, who));
        }
        if let (Some(backend), false) = (&module.backend, module.path.is_root()) {
            let detail = "Any selected backend applies to the entire configuration, so Snapform expects provider configurations only in the root module.\n\nThis is a warning rather than an error because it's sometimes convenient to temporarily call a root module as a child module for testing purposes, but this backend configuration block will have no effect.";
            self.found
                .push(Diagnostic::warning("Backend configuration ignored", detail).at(backend.declaration));
        }
        for call in module.calls.values() {
            let Some(source) = call.source.clone() else { continue };
            let inner = clean(&folder.join(&*source));
            let path = module.path.child(call.name.clone());
            if let Some(child) = self.module(&inner, path, source, Some(call.declaration)) {
                module.children.insert(call.name.clone(), child);
            }
        }
        Some(module)
    }

    /// Reads the files of a folder: normal files and override files.
    fn bodies(
        &mut self,
        folder: &Path,
        source: &str,
        source_range: Option<SourceRange>,
    ) -> Option<(Vec<Body>, Vec<Body>)> {
        let names = match self.files.list(folder) {
            Ok(names) => names,
            Err(error) => {
                self.found.push(unreadable_folder(folder, source, source_range, &error));
                return None;
            }
        };
        let (mut bodies, mut overrides) = (Vec::new(), Vec::new());
        let mut is_empty = true;
        for name in names {
            let Some(kind) = FileKind::of(&name) else { continue };
            is_empty = false;
            let Some(body) = self.file(&folder.join(&name), kind) else { continue };
            match kind {
                FileKind { extension: true, .. } => self.extension(&body, kind),
                FileKind { overriding: true, .. } => overrides.push(body),
                _ => bodies.push(body),
            }
        }
        if is_empty && source_range.is_some() {
            let error = std::io::Error::from(std::io::ErrorKind::NotFound);
            self.found.push(unreadable_folder(folder, source, source_range, &error));
            return None;
        }
        Some((bodies, overrides))
    }

    /// Refuses what a file for snapform's own blocks holds: none of them means anything yet, and what people have written
    /// down must not be passed over. The first block that gets a meaning is read here.
    fn extension(&mut self, body: &Body, kind: FileKind) {
        let ending = if kind.json { ".snap.json" } else { ".snap.hcl" };
        let unknown = |what: &str| {
            let detail = format!(
                "Files named *{ending} are for blocks that only snapform has, and this version has none, so {what} would have no effect. Take it out, or move what Terraform knows into a .tf file."
            );
            Diagnostic::error("Unsupported block type", detail)
        };
        // All members of JSON are taken for arguments, as nothing says which of them are blocks.
        let (body, found) = body.resolve(&[]);
        self.found.extend(found);
        for block in body.blocks.iter() {
            self.found.push(unknown(&format!("the block {}", title(block))).at(block.header_range));
        }
        for attribute in body.attributes.values() {
            self.found.push(unknown(&format!("the argument {:?}", attribute.name)).at(attribute.name_range));
        }
    }

    fn file(&mut self, path: &Path, kind: FileKind) -> Option<Body> {
        let name = clean(path).display().to_string();
        let bytes = match self.files.read(path) {
            Ok(bytes) if bytes.len() <= MAX_FILE_BYTES => bytes,
            Ok(bytes) => {
                let detail = format!(
                    "The file {name:?} has {} bytes; configuration files may have {MAX_FILE_BYTES}. Split it.",
                    bytes.len()
                );
                self.found.push(Diagnostic::error("Configuration file too large", detail));
                return None;
            }
            Err(error) => {
                let detail = format!("The configuration file {name:?} could not be read: {error}.");
                self.found.push(Diagnostic::error("Failed to read file", detail));
                return None;
            }
        };
        let (text, broken) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
            }
        };
        let id = self.sources.add(name, text.as_str());
        if let Some(at) = broken {
            let detail = "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor.";
            let range = SourceRange::new(id, at, at + 1);
            self.found.push(Diagnostic::error("Invalid character encoding", detail).at(range));
            return None;
        }
        let (body, found) = if kind.json { json::parse_body(id, &text) } else { parse_body(id, &text) };
        self.found.extend(found);
        let blocks = body.blocks.clone();
        self.sources.set_blocks(id, move || blocks.iter().map(|block| (block.range, title(block))).collect());
        Some(body)
    }
}

/// Returns how messages name a block: `resource "terraform_data" "a"`.
fn title(block: &Block) -> String {
    let labels = block.labels.iter().map(|label| format!(" {:?}", label.text));
    std::iter::once(block.block_type.to_string()).chain(labels).collect()
}

fn unreadable_folder(
    folder: &Path,
    source: &str,
    range: Option<SourceRange>,
    error: &std::io::Error,
) -> Diagnostic {
    match range {
        Some(range) => {
            let detail = format!(
                "The directory {} could not be read for module source {source:?}: it does not exist, or holds no configuration files. Local paths are relative to the module that names them.",
                folder.display()
            );
            Diagnostic::error("Module not installed", detail).at(range)
        }
        None => {
            let detail = format!("The directory {} could not be read: {error}.", folder.display());
            Diagnostic::error("Failed to read module directory", detail)
        }
    }
}

/// Returns a path without `.` and with `..` resolved by its text, as the names of files in messages have it.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                _ => out.push(".."),
            },
            other => out.push(other),
        }
    }
    out
}
