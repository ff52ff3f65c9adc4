//! The values of the root module's variables: from where they come, and who wins.
//!
//! Later wins: default, environment (`TF_VAR_`), `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars` and
//! `*.auto.tfvars.json` in one order of their names, then `-var` and `-var-file` in the order of the command line.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange, Sources};
use crate::lang::syntax::{Body, Expression, json, parse_body, parse_expression};
use crate::lang::{Type, Value};

use super::block::place;
use super::constant::constant;
use super::files::{ConfigFiles, is_ignored};
use super::module::Module;
use super::variable::Variable;

/// A `-var` or `-var-file` of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `NAME=VALUE`.
    Argument(String),
    /// A file, as named on the command line.
    File(PathBuf),
}

/// What values of variables come from.
pub struct VariableSources<'a> {
    /// The files of the working folder.
    pub files: &'a dyn ConfigFiles,
    /// The folder of the root module.
    pub folder: &'a Path,
    /// Names and values of the environment, names without `TF_VAR_`.
    pub environment: &'a [(String, String)],
    /// The assignments of the command line, in their order.
    pub assignments: &'a [Assignment],
    /// Asks for the value of a variable that has none; answers nothing when nobody can be asked.
    pub ask: &'a mut dyn FnMut(&Variable) -> Option<String>,
    /// Whether a variable without a value is unknown; otherwise it is an error.
    pub may_be_unset: bool,
}

/// Where a value was given.
#[derive(Clone, Debug, PartialEq)]
enum Origin {
    Environment,
    Argument,
    Prompt,
    File(SourceRange),
}

/// A value before the type of its variable is applied.
#[derive(Clone)]
enum Raw {
    Text(String),
    Expression(Expression),
}

type Given = BTreeMap<Arc<str>, (Raw, Origin)>;

/// Returns a value for every variable of the root module, converted, with the marks of sensitive and ephemeral ones;
/// and everything that is wrong. Notes with the variables which files give their values.
pub fn variable_values(
    root: &mut Module,
    from: &mut VariableSources<'_>,
    sources: &mut Sources,
) -> (BTreeMap<Arc<str>, Value>, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut given = collect(from, sources, &mut found);
    undeclared(root, &given, sources, &mut found);
    // Of files that could not be read nobody knows what they give.
    let unread = found.has_errors();
    let wrong = unread || !values_fit(root, &given, sources);
    let mut values = BTreeMap::new();
    for variable in root.variables.values_mut() {
        variable.given_at = match given.get(&variable.name) {
            Some((_, Origin::File(range))) => Some(*range),
            _ => None,
        };
        let variable = &*variable;
        let mut entry = given.remove(&variable.name);
        // Nobody is asked for a value that an error throws away.
        if entry.is_none() && variable.default.is_none() && !wrong {
            entry = (from.ask)(variable).map(|text| (Raw::Text(text), Origin::Prompt));
        }
        let entry = entry.map(|(raw, origin)| (evaluate(variable, raw, sources, &mut found), origin));
        let value = match (entry, &variable.default) {
            (Some((Some(value), origin)), _) => convert(variable, &value, &origin, sources, &mut found),
            (Some(_), Some(_)) => None,
            (None, Some(default)) => Some(default.clone()),
            (_, None) if from.may_be_unset || unread => None,
            (_, None) => {
                let detail = format!(
                    "The root module input variable {:?} is not set, and has no default value. Use a -var or -var-file command line argument to provide a value for this variable.",
                    variable.name
                );
                found.push(
                    Diagnostic::error("No value for required variable", detail).at(variable.declaration),
                );
                None
            }
        };
        let value = value.unwrap_or_else(|| Value::unknown(variable.constraint.ty.clone()));
        values.insert(variable.name.clone(), variable.mark(value));
    }
    (values, found)
}

/// Tells whether all given values can be read and fit their variables, so that asking for the others is worth it.
fn values_fit(root: &Module, given: &Given, sources: &Sources) -> bool {
    let mut found = Diagnostics::new();
    for variable in root.variables.values() {
        let Some((raw, origin)) = given.get(&variable.name) else { continue };
        if let Some(value) = evaluate(variable, raw.clone(), &mut Sources::new(), &mut found) {
            convert(variable, &value, origin, sources, &mut found);
        }
    }
    !found.has_errors()
}

impl Variable {
    /// Returns the value with the marks that the variable gives it.
    pub fn mark(&self, value: Value) -> Value {
        use crate::lang::Marks;
        let value = if self.sensitive { value.sensitive() } else { value };
        if self.ephemeral { value.with_marks(Marks::EPHEMERAL) } else { value }
    }
}

fn collect(from: &VariableSources<'_>, sources: &mut Sources, found: &mut Diagnostics) -> Given {
    let mut given = Given::new();
    for (name, value) in from.environment {
        given.insert(name.as_str().into(), (Raw::Text(value.clone()), Origin::Environment));
    }
    let names = from.files.list(from.folder).unwrap_or_default();
    let exists = |name: &str| names.iter().any(|each| each == name);
    let mut files: Vec<&str> =
        ["terraform.tfvars", "terraform.tfvars.json"].into_iter().filter(|name| exists(name)).collect();
    let is_auto = |name: &&String| {
        (name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")) && !is_ignored(name)
    };
    let mut automatic: Vec<&String> = names.iter().filter(is_auto).collect();
    automatic.sort();
    files.extend(automatic.into_iter().map(String::as_str));
    for name in files {
        file(&from.folder.join(name), from.files, sources, &mut given, found);
    }
    for assignment in from.assignments {
        match assignment {
            Assignment::File(path) => file(path, from.files, sources, &mut given, found),
            Assignment::Argument(text) => match split(text) {
                Ok((name, value)) => {
                    given.insert(name.into(), (Raw::Text(value.to_owned()), Origin::Argument));
                }
                Err(wrong) => found.push(*wrong),
            },
        }
    }
    given
}

/// Splits `NAME=VALUE`.
fn split(text: &str) -> Result<(&str, &str), Box<Diagnostic>> {
    let wrong = |detail: String| Err(Box::new(Diagnostic::error("Invalid -var option", detail)));
    let Some((name, value)) = text.split_once('=') else {
        return wrong(format!(
            "The given -var option {text:?} is not correctly specified. Must be a variable name and value separated by an equals sign, like -var=\"key=value\"."
        ));
    };
    if name.ends_with(' ') {
        return wrong(format!(
            "Variable name {name:?} is invalid due to trailing space. Did you mean -var=\"{}={}\"?",
            name.trim_end(),
            value.trim_start()
        ));
    }
    if name.is_empty() {
        return wrong(format!("The given -var option {text:?} names no variable. Write -var=\"key=value\"."));
    }
    Ok((name, value))
}

fn file(
    path: &Path,
    files: &dyn ConfigFiles,
    sources: &mut Sources,
    given: &mut Given,
    found: &mut Diagnostics,
) {
    let name = super::load::clean(path).display().to_string();
    let unreadable = |detail: String| Diagnostic::error("Failed to read variables file", detail);
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            found.push(unreadable(format!("Given variables file {name} does not exist.")));
            return;
        }
        Err(error) => {
            found.push(unreadable(format!("Error while reading {name}: {error}.")));
            return;
        }
    };
    let Ok(text) = String::from_utf8(bytes) else {
        found.push(unreadable(format!("The file {name} is not encoded in UTF-8. Save it in that encoding.")));
        return;
    };
    let id = sources.add(name.as_str(), text.as_str());
    let (body, wrong) =
        if name.ends_with(".json") { json::parse_body(id, &text) } else { parse_body(id, &text) };
    let has_errors = wrong.has_errors();
    found.extend(wrong);
    if has_errors {
        return;
    }
    add_body(&body, given, found);
}

fn add_body(body: &Body, given: &mut Given, found: &mut Diagnostics) {
    let (body, wrong) = body.resolve(&[]);
    found.extend(wrong);
    if let Some(block) = body.blocks.first() {
        let summary = format!("Unexpected {:?} block", block.block_type);
        let error = match &*block.block_type {
            "variable" => {
                let detail = "A .tfvars file is used to assign values to variables that have already been declared in .tf files, not to declare new variables.\n\nTo declare a variable, place this block in one of your .tf files, such as variables.tf.\n\nTo set a value for this variable in a tfvars file, use the definition syntax instead: the name, an equals sign, the value.";
                Diagnostic::error("Variable declaration in .tfvars file", detail)
            }
            _ => Diagnostic::error(summary, "Blocks are not allowed here."),
        };
        found.push(error.at(block.type_range));
        return;
    }
    for attribute in body.attributes.values() {
        let origin = Origin::File(attribute.range);
        given.insert(attribute.name.clone(), (Raw::Expression(attribute.expression.clone()), origin));
    }
}

/// Reports values of variables that the root module does not declare: an error on the command line, a warning in files.
fn undeclared(root: &Module, given: &Given, sources: &Sources, found: &mut Diagnostics) {
    let summary = "Value for undeclared variable";
    let mut in_files: Vec<(&Arc<str>, SourceRange)> = Vec::new();
    for (name, (_, origin)) in given.iter().filter(|(name, _)| !root.variables.contains_key(*name)) {
        match origin {
            Origin::Environment | Origin::Prompt => {}
            Origin::Argument => {
                let detail = format!(
                    "A variable named {name:?} was assigned on the command line, but the root module does not declare a variable of that name. To use this value, add a \"variable\" block to the configuration."
                );
                found.push(Diagnostic::error(summary, detail));
            }
            Origin::File(range) => in_files.push((name, *range)),
        }
    }
    for (name, range) in in_files.iter().take(2) {
        let detail = format!(
            "The root module does not declare a variable named {name:?} but a value was found in file {:?}. If you meant to use this value, add a \"variable\" block to the configuration.\n\nTo silence these warnings, use TF_VAR_... environment variables to provide certain \"global\" settings to all configurations in your organization. To reduce the verbosity of these warnings, use the -compact-warnings option.",
            sources.name(range.source)
        );
        found.push(Diagnostic::warning(summary, detail));
    }
    if in_files.len() > 2 {
        let detail = format!(
            "In addition to the other similar warnings shown, {} other variable(s) defined without being declared.",
            in_files.len() - 2
        );
        found.push(Diagnostic::warning("Values for undeclared variables", detail));
    }
}

/// Returns the value as it was given; nothing if it cannot be read.
fn evaluate(variable: &Variable, raw: Raw, sources: &mut Sources, found: &mut Diagnostics) -> Option<Value> {
    match raw {
        Raw::Text(text) if variable.literal => Some(Value::string(text)),
        Raw::Text(text) => {
            let id = sources.add(format!("<value for var.{}>", variable.name), text.as_str());
            let (expression, wrong) = parse_expression(id, &text);
            let has_errors = wrong.has_errors();
            found.extend(wrong);
            constant(&expression.filter(|_| !has_errors)?, found)
        }
        Raw::Expression(expression) => constant(&expression, found),
    }
}

fn convert(
    variable: &Variable,
    value: &Value,
    origin: &Origin,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Option<Value> {
    let name = &variable.name;
    let how = match origin {
        Origin::Environment => format!("set using the TF_VAR_{name} environment variable"),
        Origin::Argument => format!("set using -var=\"{name}=...\""),
        Origin::Prompt => "set using an interactive prompt".to_owned(),
        Origin::File(_) => String::new(),
    };
    let error = |summary: &str, detail: String, range| Diagnostic::error(summary, detail).at(range);
    let value = match variable.constraint.apply(value) {
        Ok(value) => value,
        Err(reason) => {
            let reason = reason.message;
            let (detail, range) = match origin {
                Origin::File(range) if variable.sensitive || variable.ephemeral => {
                    let at = place(sources, *range);
                    let word = if variable.sensitive { "sensitive" } else { "ephemeral" };
                    let detail = format!(
                        "The given value is not suitable for var.{name}, which is {word}: {reason}. Invalid value defined at {at}."
                    );
                    (detail, variable.declaration)
                }
                Origin::File(range) => {
                    let at = place(sources, variable.declaration);
                    (
                        format!("The given value is not suitable for var.{name} declared at {at}: {reason}."),
                        *range,
                    )
                }
                _ => (format!("Unsuitable value for var.{name} {how}: {reason}."), variable.declaration),
            };
            found.push(error("Invalid value for input variable", detail, range));
            return None;
        }
    };
    if !value.is_null() || variable.nullable {
        return Some(value);
    }
    if let Some(default) = &variable.default {
        return Some(default.clone());
    }
    let (detail, range) = match origin {
        Origin::File(range) => {
            let at = place(sources, variable.declaration);
            let detail = format!(
                "The given value is not suitable for var.{name} defined at {at}: required variable may not be set to null."
            );
            (detail, *range)
        }
        _ => (
            format!("Unsuitable value for var.{name} {how}: required variable may not be set to null."),
            variable.declaration,
        ),
    };
    found.push(error("Required variable not set", detail, range));
    Some(Value::unknown(Type::Dynamic))
}

#[cfg(test)]
mod tests {
    use super::super::{MemoryFiles, load};
    use super::*;

    fn values_of(
        files: &[(&str, &str)],
        environment: &[(&str, &str)],
        assignments: &[Assignment],
    ) -> (BTreeMap<Arc<str>, Value>, Vec<String>) {
        let mut memory = MemoryFiles::new();
        files.iter().for_each(|(name, text)| memory.insert(*name, *text));
        let mut sources = Sources::new();
        let (mut config, found) = load(&memory, Path::new("."), &mut sources);
        assert!(found.is_empty(), "{found:?}");
        let environment: Vec<_> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut from = VariableSources {
            files: &memory,
            folder: Path::new("."),
            environment: &environment,
            assignments,
            ask: &mut |_| None,
            may_be_unset: false,
        };
        let (values, found) = variable_values(&mut config.root, &mut from, &mut sources);
        (values, found.iter().map(|one| one.summary.clone()).collect())
    }

    fn argument(text: &str) -> Assignment {
        Assignment::Argument(text.to_owned())
    }

    #[test]
    fn later_sources_win() {
        let declared = ("main.tf", "variable \"v\" {\n  default = \"default\"\n}\n");
        let mut files = vec![declared];
        let expect =
            |files: &[(&str, &str)], environment: &[(&str, &str)], more: &[Assignment], text: &str| {
                let (values, found) = values_of(files, environment, more);
                assert_eq!(found, Vec::<String>::new());
                assert_eq!(values["v"].as_str(), Some(text));
            };
        expect(&files, &[], &[], "default");
        let environment = [("v", "environment")];
        expect(&files, &environment, &[], "environment");
        files.push(("terraform.tfvars", "v = \"tfvars\"\n"));
        expect(&files, &environment, &[], "tfvars");
        files.push(("terraform.tfvars.json", "{\"v\": \"${json}\"}"));
        expect(&files, &environment, &[], "${json}");
        files.push(("b.auto.tfvars", "v = \"b\"\n"));
        files.push(("a.auto.tfvars.json", "{\"v\": \"a\"}"));
        expect(&files, &environment, &[], "b");
        files.push(("x.tfvars", "v = \"x\"\n"));
        let file = Assignment::File("x.tfvars".into());
        expect(&files, &environment, &[argument("v=first"), file.clone()], "x");
        expect(&files, &environment, &[file, argument("v=last")], "last");
    }

    #[test]
    fn text_is_parsed_by_the_type_of_the_variable() {
        let text = "variable \"n\" {\n  type = number\n}\nvariable \"l\" {\n  type = list(string)\n}\nvariable \"s\" {\n  sensitive = true\n}\n";
        let assignments = [argument("n=12"), argument("l=[\"a\", 1]"), argument("s=[1]")];
        let (values, found) = values_of(&[("main.tf", text)], &[], &assignments);
        assert_eq!(found, Vec::<String>::new());
        assert_eq!(values["n"].as_i64(), Some(12));
        assert_eq!(values["l"].elements().unwrap()[1].as_str(), Some("1"));
        assert_eq!(values["s"].as_str(), Some("[1]"));
        assert!(values["s"].marks.is_sensitive());
    }

    #[test]
    fn wrong_and_missing_values_are_all_reported() {
        let text = "variable \"n\" {\n  type = number\n}\nvariable \"missing\" {}\n";
        let files = [("main.tf", text), ("terraform.tfvars", "a = 1\nb = 2\nc = 3\n")];
        let assignments = [argument("n=abc"), argument("zz=1"), argument("bad"), argument("n2 = 1")];
        let (_, mut found) = values_of(&files, &[("ignored", "x")], &assignments);
        found.sort();
        assert_eq!(
            found,
            [
                "Invalid -var option",
                "Invalid -var option",
                "Invalid value for input variable",
                "Value for undeclared variable",
                "Value for undeclared variable",
                "Value for undeclared variable",
                "Values for undeclared variables",
            ]
        );
    }
}
