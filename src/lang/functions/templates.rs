//! Templates from files and strings. They see the variables given to them and nothing else.

use std::sync::Arc;

use super::define::{computed, function, text};
use super::files::{PATH, PathArgument};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::diagnostic::{Diagnostics, Severity, SourceRange, Sources};
use crate::lang::Members;
use crate::lang::evaluate::evaluate_alone;
use crate::lang::syntax::{
    Expression, Node, ObjectKey, Template, TemplatePart, is_identifier, parse_template,
};

// The type of the result of a file is that of the one interpolation in a template that is nothing else, so it
// is not known before the template is evaluated.
pub(super) const FUNCTIONS: &[Function] = &[
    computed("templatefile", &[PATH, Parameter::new("vars", Shape::Any)], |_| Ok(Type::Dynamic), file)
        .may_be_null(),
    function(
        "templatestring",
        &[Parameter::new("template", Shape::String).marked(), Parameter::new("vars", Shape::Any).marked()],
        Shape::String,
        string,
    ),
];

fn file(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let path = PathArgument::of(&args[0]);
    let source = path.read_text(environment)?;
    let name = if path.marks.is_empty() { text(&args[0]).to_owned() } else { path.shown() };
    Ok(render(&name, &source, &args[1], environment)?.with_marks(path.marks))
}

fn string(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let marks = args[0].marks | args[1].marks;
    let rendered = render("<templatestring argument>", text(&args[0]), &args[1], environment)?;
    let rendered = crate::lang::convert::convert(&rendered, &Type::String)
        .map_err(|error| ArgumentError::argument(0, format!("template result: {error}")))?;
    Ok(rendered.with_marks(marks))
}

/// Tells what is wrong with the first argument of `templatestring` as an expression: it must refer to a
/// text from elsewhere, since a text written right there could have been a template in the first place.
pub(in crate::lang) fn check_template_argument(expression: &Expression) -> Result<(), &'static str> {
    match &expression.node {
        Node::Traversal(..) | Node::Relative(..) | Node::Index(..) => Ok(()),
        Node::Parentheses(inner) => check_template_argument(inner),
        Node::Template(_) | Node::Null | Node::Bool(_) | Node::Number(_) => Err(
            "invalid template expression: templatestring is only for rendering templates retrieved dynamically from elsewhere, and so does not support providing a literal template; consider using a template string expression instead",
        ),
        _ => Err(
            "invalid template expression: must be a direct reference to a single string from elsewhere, containing valid Terraform template syntax",
        ),
    }
}

fn render(name: &str, source: &str, vars: &Value, environment: &Environment) -> Result<Value, ArgumentError> {
    let mut sources = Sources::new();
    let id = sources.add(name, source);
    let (template, found) = parse_template(id, source);
    if found.has_errors() {
        return Err(failed(&found, &sources));
    }
    let Some(variables) = vars.members() else {
        return Err(ArgumentError::argument(1, "invalid vars value: must be a map"));
    };
    if let Some(wrong) = variables.keys().find(|name| !is_identifier(name)) {
        return Err(ArgumentError::argument(
            1,
            format!(
                "invalid template variable name {wrong:?}: must start with a letter, followed by zero or more letters, digits, and underscores"
            ),
        ));
    }
    check_uses(&template, variables, &sources)?;
    let value =
        evaluate_alone(&template, variables, environment).map_err(|found| failed(&found, &sources))?;
    Ok(value.with_marks(vars.marks))
}

/// Writes the first error and how many others there are.
fn failed(found: &Diagnostics, sources: &Sources) -> ArgumentError {
    let errors: Vec<_> = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    let Some(first) = errors.first() else { return ArgumentError::call("the template is not valid") };
    let place = first.subject.map(|range| format!("{}: ", place(range, sources))).unwrap_or_default();
    let others = match errors.len() - 1 {
        0 => String::new(),
        others => format!(", and {others} other diagnostic(s)"),
    };
    ArgumentError::call(format!("{place}{}; {}{others}", first.summary, first.detail))
}

fn place(range: SourceRange, sources: &Sources) -> String {
    let (start, end) =
        (sources.position(range.source, range.start), sources.position(range.source, range.end));
    let name = sources.name(range.source);
    if start.line == end.line {
        format!("{name}:{},{}-{}", start.line, start.column, end.column)
    } else {
        format!("{name}:{},{}-{},{}", start.line, start.column, end.line, end.column)
    }
}

fn check_uses(template: &Expression, variables: &Members, sources: &Sources) -> Result<(), ArgumentError> {
    let mut uses = Uses::default();
    uses.expression(template);
    for (name, range) in &uses.variables {
        if !variables.contains_key(name) {
            let end = SourceRange { end: range.start + name.len() as u32, ..*range };
            let place = place(end, sources);
            let message = format!("vars map does not contain key {name:?}, referenced at {place}");
            return Err(ArgumentError::argument(1, message));
        }
    }
    if let Some((name, range)) = uses.calls.iter().find(|(name, _)| is_template_function(name)) {
        let range = SourceRange { end: range.end + 1, ..*range };
        return Err(ArgumentError::call(format!(
            "{}: Error in function call; Call to function {name:?} failed: cannot recursively call {name} from inside another template function.",
            place(range, sources)
        )));
    }
    Ok(())
}

fn is_template_function(name: &str) -> bool {
    matches!(name.strip_prefix("core::").unwrap_or(name), "templatefile" | "templatestring")
}

/// The variables and functions that a template uses.
#[derive(Default)]
struct Uses {
    variables: Vec<(Arc<str>, SourceRange)>,
    calls: Vec<(Arc<str>, SourceRange)>,
    /// The variables of the loops around.
    own: Vec<Arc<str>>,
}

impl Uses {
    fn within(&mut self, own: impl IntoIterator<Item = Arc<str>>, inner: impl FnOnce(&mut Self)) {
        let before = self.own.len();
        self.own.extend(own);
        inner(self);
        self.own.truncate(before);
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.node {
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Item | Node::Invalid(_) => {}
            Node::Template(template) => self.template(template),
            Node::Traversal(name, _) => {
                if !self.own.contains(name) {
                    self.variables.push((name.clone(), expression.range));
                }
            }
            Node::JsonText(_, inner)
            | Node::Relative(inner, _)
            | Node::Unary(_, inner)
            | Node::Parentheses(inner) => self.expression(inner),
            Node::Index(a, b) | Node::Binary(_, a, b) | Node::Splat { source: a, each: b, .. } => {
                self.expression(a);
                self.expression(b);
            }
            Node::Tuple(items) => items.iter().for_each(|item| self.expression(item)),
            Node::Object(items) => {
                for item in items {
                    if let ObjectKey::Expression(key) = &item.key {
                        self.expression(key);
                    }
                    self.expression(&item.value);
                }
            }
            Node::Call(call) => {
                self.calls.push((call.name.clone(), call.name_range));
                call.arguments.iter().for_each(|argument| self.expression(argument));
            }
            Node::Conditional(condition, yes, no) => {
                [condition, yes, no].into_iter().for_each(|part| self.expression(part));
            }
            Node::For(tree) => {
                self.expression(&tree.collection);
                let own = tree.key_variable.iter().chain([&tree.value_variable]).cloned();
                self.within(own, |uses| {
                    let parts = tree.key.iter().chain([&tree.value]).chain(&tree.condition);
                    parts.for_each(|part| uses.expression(part));
                });
            }
        }
    }

    fn template(&mut self, template: &Template) {
        for part in &template.parts {
            match part {
                TemplatePart::Text(..) => {}
                TemplatePart::Interpolation(inner) => self.expression(inner),
                TemplatePart::If { condition, yes, no, .. } => {
                    self.expression(condition);
                    self.template(yes);
                    no.iter().for_each(|no| self.template(no));
                }
                TemplatePart::For { key_variable, value_variable, collection, body, .. } => {
                    self.expression(collection);
                    let own = key_variable.iter().chain([value_variable]).cloned();
                    self.within(own, |uses| uses.template(body));
                }
            }
        }
    }
}
