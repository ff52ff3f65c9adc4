//! The tree of differences, and how it prints.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scalar::{self, Scalar};
use super::style::{Action, Options, Style, attribute_name, indentation, padded, quoted};

/// What happens to a value, and what it looks like.
#[derive(Clone, Debug)]
pub(super) struct Diff {
    pub action: Action,
    /// Whether this value forces the replacement of its object.
    pub replace: bool,
    pub look: Look,
}

#[derive(Clone, Debug)]
pub(super) enum Look {
    Scalar(Scalar),
    Sensitive {
        inner: Action,
        before: bool,
        after: bool,
    },
    /// Known after apply; with what was there before, if anything.
    Unknown(Option<Box<Diff>>),
    Object(BTreeMap<Arc<str>, Diff>),
    Map(BTreeMap<Arc<str>, Diff>),
    List(Vec<Diff>),
    Set(Vec<Diff>),
    /// The value changes its type.
    Type(Box<Diff>, Box<Diff>),
    Block {
        attributes: BTreeMap<Arc<str>, Diff>,
        blocks: Vec<(Arc<str>, Vec<Diff>)>,
    },
}

/// What the places around a value decide of its look.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    /// Leaves out ` -> null` behind what is deleted.
    pub no_null: bool,
    /// Shows what does not change too.
    pub show_unchanged: bool,
    /// Leaves out the symbols, and the room for them.
    pub no_symbols: bool,
}

pub(super) struct Printer<'a> {
    pub options: &'a Options,
}

impl Diff {
    pub fn new(action: Action, replace: bool, look: Look) -> Self {
        Self { action, replace, look }
    }
}

fn is_important(name: &str) -> bool {
    matches!(name, "id" | "name" | "tags")
}

impl Printer<'_> {
    pub fn symbol(&self, action: Action, context: Context) -> String {
        if context.no_symbols { String::new() } else { format!("{} ", self.options.symbol(action)) }
    }

    pub fn blank(&self, context: Context) -> &'static str {
        if context.no_symbols { "" } else { "    " }
    }

    pub fn null_suffix(&self, action: Action, context: Context) -> String {
        if action == Action::Delete && !context.no_null {
            format!(" {}", self.options.painted(Style::Grey, "-> null"))
        } else {
            String::new()
        }
    }

    pub fn forces(&self, replace: bool) -> String {
        if replace {
            format!(" {}", self.options.painted(Style::Red, "# forces replacement"))
        } else {
            String::new()
        }
    }

    fn hidden(&self, what: &str, count: usize, level: usize, context: Context) -> String {
        let plural = if count == 1 { "" } else { "s" };
        let note = self.options.painted(Style::Grey, &format!("# ({count} unchanged {what}{plural} hidden)"));
        format!("{}{}{note}\n", indentation(level), self.blank(context))
    }

    /// Returns what has to be said before a value whose sensitivity changes.
    fn warnings(&self, diff: &Diff, level: usize) -> String {
        let Look::Sensitive { inner, before, after } = diff.look else { return String::new() };
        if before == after || matches!(inner, Action::Create | Action::Delete) {
            return String::new();
        }
        let indent = format!("{}  ", indentation(level));
        let word = self.options.within(Style::Yellow, "Warning");
        let text = if before {
            format!(
                "{indent}# {word}: this attribute value will no longer be marked as sensitive\n{indent}# after applying this change."
            )
        } else {
            format!(
                "{indent}# {word}: this attribute value will be marked as sensitive and will not\n{indent}# display in UI output after applying this change."
            )
        };
        let unchanged = if inner == Action::NoOp { " The value is unchanged." } else { "" };
        format!("{text}{}{unchanged}\n", self.options.reset())
    }

    /// Prints a value; further lines are indented by so many steps.
    pub fn print(&self, diff: &Diff, level: usize, context: Context) -> String {
        let forces = self.forces(diff.replace);
        match &diff.look {
            Look::Scalar(scalar) => scalar::print(self, scalar, diff, level, context),
            Look::Sensitive { .. } => {
                format!("(sensitive value){}{forces}", self.null_suffix(diff.action, context))
            }
            Look::Unknown(None) => format!("(known after apply){forces}"),
            Look::Unknown(Some(before)) => {
                let inner = Context { no_null: true, ..context };
                let before = self.print(before, level, inner);
                format!("{before} -> (known after apply){forces}")
            }
            Look::Type(before, after) => {
                let inner = Context { no_null: true, ..context };
                let (before, after) = (self.print(before, level, inner), self.print(after, level, inner));
                format!("{before} {} {after}{forces}", self.options.arrow())
            }
            Look::Object(attributes) => {
                self.members(diff, attributes, attribute_name, "attribute", level, context)
            }
            Look::Map(elements) => self.members(diff, elements, quoted, "element", level, context),
            Look::List(elements) => self.list(diff, elements, level, context),
            Look::Set(elements) => self.set(diff, elements, level, context),
            Look::Block { attributes, blocks } => self.block(diff, attributes, blocks, level, context),
        }
    }

    fn closing(&self, bracket: char, diff: &Diff, level: usize, context: Context) -> String {
        let null = self.null_suffix(diff.action, context);
        format!("{}{}{bracket}{null}", indentation(level), self.blank(context))
    }

    fn members(
        &self,
        diff: &Diff,
        members: &BTreeMap<Arc<str>, Diff>,
        written: fn(&str) -> String,
        what: &str,
        level: usize,
        context: Context,
    ) -> String {
        let forces = self.forces(diff.replace);
        if members.is_empty() {
            return format!("{{}}{}{forces}", self.null_suffix(diff.action, context));
        }
        let is_object = what == "attribute";
        let no_null = is_object || context.no_null || diff.action == Action::Delete;
        let inner = Context { no_null, ..context };
        let width = members.keys().map(|name| written(name).chars().count()).max().unwrap_or(0);
        let mut out = format!("{{{forces}\n");
        let mut unchanged = 0;
        for (name, member) in members {
            let shown =
                member.action != Action::NoOp || context.show_unchanged || (is_object && is_important(name));
            if !shown {
                unchanged += 1;
                continue;
            }
            out.push_str(&self.warnings(member, level + 1));
            out.push_str(&self.line(&padded(&written(name), width), member, level + 1, inner));
        }
        if unchanged > 0 {
            out.push_str(&self.hidden(what, unchanged, level + 1, context));
        }
        out + &self.closing('}', diff, level, context)
    }

    fn line(&self, name: &str, member: &Diff, level: usize, context: Context) -> String {
        let symbol = self.symbol(member.action, context);
        format!("{}{symbol}{name} = {}\n", indentation(level), self.print(member, level, context))
    }

    fn element(&self, element: &Diff, level: usize, context: Context) -> String {
        let symbol = self.symbol(element.action, context);
        format!("{}{symbol}{},\n", indentation(level), self.print(element, level, context))
    }

    /// Prints a list with the unchanged elements next to those that change, since the order matters.
    fn list(&self, diff: &Diff, elements: &[Diff], level: usize, context: Context) -> String {
        let forces = self.forces(diff.replace);
        if elements.is_empty() {
            return format!("[]{}{forces}", self.null_suffix(diff.action, context));
        }
        let changed = Context { no_null: true, ..context };
        let around = Context { show_unchanged: true, ..context };
        let mut out = format!("[{forces}\n");
        let mut skipped: Vec<&Diff> = Vec::new();
        let mut next = false;
        for element in elements {
            let unchanged = element.action == Action::NoOp;
            if unchanged && !next && !context.show_unchanged {
                skipped.push(element);
                continue;
            }
            if let Some((last, rest)) = skipped.split_last() {
                if !rest.is_empty() {
                    out.push_str(&self.hidden("element", rest.len(), level + 1, context));
                }
                out.push_str(&self.element(last, level + 1, around));
            }
            skipped.clear();
            next = !unchanged;
            out.push_str(&self.warnings(element, level + 1));
            out.push_str(&self.element(element, level + 1, if unchanged { around } else { changed }));
        }
        if !skipped.is_empty() {
            out.push_str(&self.hidden("element", skipped.len(), level + 1, context));
        }
        out + &self.closing(']', diff, level, context)
    }

    fn set(&self, diff: &Diff, elements: &[Diff], level: usize, context: Context) -> String {
        let forces = self.forces(diff.replace);
        if elements.is_empty() {
            return format!("[]{}{forces}", self.null_suffix(diff.action, context));
        }
        let inner = Context { no_null: true, ..context };
        let mut out = format!("[{forces}\n");
        let mut unchanged = 0;
        for element in elements {
            if element.action == Action::NoOp && !context.show_unchanged {
                unchanged += 1;
                continue;
            }
            out.push_str(&self.warnings(element, level + 1));
            out.push_str(&self.element(element, level + 1, inner));
        }
        if unchanged > 0 {
            out.push_str(&self.hidden("element", unchanged, level + 1, context));
        }
        out + &self.closing(']', diff, level, context)
    }

    fn block(
        &self,
        diff: &Diff,
        attributes: &BTreeMap<Arc<str>, Diff>,
        blocks: &[(Arc<str>, Vec<Diff>)],
        level: usize,
        context: Context,
    ) -> String {
        let forces = self.forces(diff.replace);
        if attributes.is_empty() && blocks.is_empty() {
            return format!("{{}}{forces}");
        }
        let width = attributes.keys().map(|name| attribute_name(name).chars().count()).max().unwrap_or(0);
        let mut out = format!("{{{forces}\n");
        let mut unchanged = 0;
        for (name, attribute) in attributes {
            let important = is_important(name);
            if attribute.action == Action::NoOp && !context.show_unchanged && !important {
                unchanged += 1;
                continue;
            }
            let inner = Context { show_unchanged: context.show_unchanged || important, ..context };
            out.push_str(&self.warnings(attribute, level + 1));
            out.push_str(&self.line(&padded(&attribute_name(name), width), attribute, level + 1, inner));
        }
        if unchanged > 0 {
            out.push_str(&self.hidden("attribute", unchanged, level + 1, context));
        }
        let mut unchanged = 0;
        for (name, group) in blocks {
            let mut first = true;
            for block in group {
                if block.action == Action::NoOp && !context.show_unchanged {
                    unchanged += 1;
                    continue;
                }
                // A blank line divides blocks from attributes, and groups of blocks from each other.
                if first && !attributes.is_empty() {
                    out.push('\n');
                }
                first = false;
                let symbol = self.symbol(block.action, context);
                let body = self.print(block, level + 1, context);
                out.push_str(&format!("{}{symbol}{} {body}\n", indentation(level + 1), attribute_name(name)));
            }
        }
        if unchanged > 0 {
            out.push('\n');
            out.push_str(&self.hidden("block", unchanged, level + 1, context));
        }
        out + &format!("{}{}}}", indentation(level), self.blank(context))
    }
}
