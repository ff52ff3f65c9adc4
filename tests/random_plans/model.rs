//! A configuration as data: what is generated, edited, and written down as HCL.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How often a block stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Repeat {
    /// Once, without a key.
    Once,
    /// `count`, with its expression.
    Count(String),
    /// `for_each`, with its expression.
    ForEach(String),
}

/// A `resource "terraform_data"` block. Expressions are kept as text.
#[derive(Clone, Debug)]
pub struct Block {
    pub name: String,
    pub repeat: Repeat,
    pub input: Option<String>,
    pub triggers: Option<String>,
    pub create_first: Option<bool>,
    pub triggered_by: Vec<String>,
    pub ignored: Option<String>,
    pub precondition: Option<String>,
    pub postcondition: Option<String>,
    pub depends_on: Vec<String>,
}

/// An `output` block.
#[derive(Clone, Debug)]
pub struct Output {
    pub name: String,
    pub value: String,
    pub sensitive: bool,
    pub precondition: Option<String>,
    pub depends_on: Vec<String>,
}

/// A `module` block with the module that it calls.
#[derive(Clone, Debug)]
pub struct Call {
    pub name: String,
    pub repeat: Repeat,
    pub argument: String,
    pub depends_on: Vec<String>,
    pub module: Module,
}

/// A module.
#[derive(Clone, Debug, Default)]
pub struct Module {
    pub blocks: Vec<Block>,
    pub calls: Vec<Call>,
    pub locals: Vec<(String, String)>,
    pub outputs: Vec<Output>,
    /// Name and condition.
    pub checks: Vec<(String, String)>,
    /// Further blocks as they are written: `moved`, `removed`.
    pub more: Vec<String>,
}

/// The variables of every root module; `ROOT` declares them.
pub const ROOT: &str = r#"variable "v" { default = "one" }
variable "n" { default = 2 }
variable "on" { default = true }
variable "list" { default = ["a", "b"] }
variable "s" {
  default   = "hidden"
  sensitive = true
}
"#;

/// The variables of every called module.
pub const CALLED: &str = r#"variable "x" {}
variable "n" { default = 2 }
variable "list" { default = ["a", "b"] }
"#;

impl Repeat {
    fn line(&self) -> String {
        match self {
            Repeat::Once => String::new(),
            Repeat::Count(count) => format!("  count = {count}\n"),
            Repeat::ForEach(each) => format!("  for_each = {each}\n"),
        }
    }
}

fn condition(kind: &str, condition: Option<&String>, text: &mut String) {
    if let Some(condition) = condition {
        let _ = write!(
            text,
            "    {kind} {{\n      condition     = {condition}\n      error_message = \"It does not hold.\"\n    }}\n"
        );
    }
}

impl Block {
    fn write(&self, text: &mut String) {
        let _ = write!(text, "resource \"terraform_data\" \"{}\" {{\n{}", self.name, self.repeat.line());
        for (name, value) in [("input", &self.input), ("triggers_replace", &self.triggers)] {
            if let Some(value) = value {
                let _ = writeln!(text, "  {name} = {value}");
            }
        }
        if !self.depends_on.is_empty() {
            let _ = writeln!(text, "  depends_on = [{}]", self.depends_on.join(", "));
        }
        let mut lifecycle = String::new();
        if let Some(first) = self.create_first {
            let _ = writeln!(lifecycle, "    create_before_destroy = {first}");
        }
        if !self.triggered_by.is_empty() {
            let _ = writeln!(lifecycle, "    replace_triggered_by = [{}]", self.triggered_by.join(", "));
        }
        if let Some(ignored) = &self.ignored {
            let _ = writeln!(lifecycle, "    ignore_changes = {ignored}");
        }
        condition("precondition", self.precondition.as_ref(), &mut lifecycle);
        condition("postcondition", self.postcondition.as_ref(), &mut lifecycle);
        if !lifecycle.is_empty() {
            let _ = write!(text, "  lifecycle {{\n{lifecycle}  }}\n");
        }
        text.push_str("}\n");
    }
}

impl Output {
    fn write(&self, text: &mut String) {
        let _ = writeln!(text, "output \"{}\" {{\n  value = {}", self.name, self.value);
        if self.sensitive {
            text.push_str("  sensitive = true\n");
        }
        if !self.depends_on.is_empty() {
            let _ = writeln!(text, "  depends_on = [{}]", self.depends_on.join(", "));
        }
        let mut rule = String::new();
        condition("precondition", self.precondition.as_ref(), &mut rule);
        text.push_str(&rule);
        text.push_str("}\n");
    }
}

impl Module {
    /// Returns the files of the module and of those it calls, by path, and their folders by call.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        self.write("", "", &mut files);
        let mut calls = vec!["{\"Key\":\"\",\"Source\":\"\",\"Dir\":\".\"}".to_owned()];
        self.list_calls("", "", &mut calls);
        files.insert(
            // What `terraform init` would note of local modules.
            ".terraform/modules/modules.json".to_owned(),
            format!("{{\"Modules\":[{}]}}", calls.join(",")),
        );
        files
    }

    fn list_calls(&self, key: &str, folder: &str, calls: &mut Vec<String>) {
        for call in &self.calls {
            let (key, folder) = (format!("{key}{}", call.name), format!("{folder}{}", call.name));
            calls.push(format!("{{\"Key\":\"{key}\",\"Source\":\"./{}\",\"Dir\":\"{folder}\"}}", call.name));
            call.module.list_calls(&format!("{key}."), &format!("{folder}/"), calls);
        }
    }

    fn write(&self, folder: &str, head: &str, files: &mut BTreeMap<String, String>) {
        let mut text = if folder.is_empty() { ROOT.to_owned() } else { head.to_owned() };
        for (name, value) in &self.locals {
            let _ = writeln!(text, "locals {{\n  {name} = {value}\n}}");
        }
        self.blocks.iter().for_each(|block| block.write(&mut text));
        for call in &self.calls {
            let _ = write!(
                text,
                "module \"{}\" {{\n  source = \"./{}\"\n{}  x = {}\n",
                call.name,
                call.name,
                call.repeat.line(),
                call.argument
            );
            if !call.depends_on.is_empty() {
                let _ = writeln!(text, "  depends_on = [{}]", call.depends_on.join(", "));
            }
            text.push_str("}\n");
            call.module.write(&format!("{folder}{}/", call.name), CALLED, files);
        }
        self.outputs.iter().for_each(|output| output.write(&mut text));
        for (name, rule) in &self.checks {
            let _ = write!(
                text,
                "check \"{name}\" {{\n  assert {{\n    condition     = {rule}\n    error_message = \"Not so.\"\n  }}\n}}\n"
            );
        }
        self.more.iter().for_each(|more| text.push_str(more));
        files.insert(format!("{folder}main.tf"), text);
    }

    /// Calls `change` with every expression of the module itself.
    pub fn for_each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        for block in &mut self.blocks {
            match &mut block.repeat {
                Repeat::Once => {}
                Repeat::Count(text) | Repeat::ForEach(text) => change(text),
            }
            let texts =
                [&mut block.input, &mut block.triggers, &mut block.precondition, &mut block.postcondition];
            texts.into_iter().flatten().for_each(&mut *change);
            block.triggered_by.iter_mut().chain(&mut block.depends_on).for_each(&mut *change);
        }
        for call in &mut self.calls {
            match &mut call.repeat {
                Repeat::Once => {}
                Repeat::Count(text) | Repeat::ForEach(text) => change(text),
            }
            change(&mut call.argument);
            call.depends_on.iter_mut().for_each(&mut *change);
        }
        for output in &mut self.outputs {
            change(&mut output.value);
            output.precondition.iter_mut().chain(&mut output.depends_on).for_each(&mut *change);
        }
        self.locals.iter_mut().map(|(_, value)| value).for_each(&mut *change);
        self.checks.iter_mut().map(|(_, rule)| rule).for_each(&mut *change);
    }
}
