//! Random modules of `terraform_data`, and random edits of them.

use super::choice::Choice;
use super::model::{Block, Call, Module, Output, Repeat};

/// An expression, and whether something in it is marked as sensitive.
struct Expression {
    text: String,
    sensitive: bool,
}

impl Expression {
    fn plain(text: impl Into<String>) -> Expression {
        Expression { text: text.into(), sensitive: false }
    }
}

/// The outputs of a module, with whether each may be sensitive.
type Outputs = Vec<(String, bool)>;

/// What an expression can refer to, with whether it may be sensitive.
struct Known {
    blocks: Vec<(String, Repeat, bool)>,
    calls: Vec<(String, Repeat, Outputs)>,
    locals: Vec<(String, bool)>,
    root: bool,
    /// Whether the argument of the module's call is sensitive.
    argument: bool,
}

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Returns a root module.
pub fn module(choice: &mut Choice) -> Module {
    inside(choice, 0, false).0
}

/// Returns a module and which of its outputs are sensitive.
fn inside(choice: &mut Choice, depth: usize, argument: bool) -> (Module, Outputs) {
    let mut known =
        Known { blocks: Vec::new(), calls: Vec::new(), locals: Vec::new(), root: depth == 0, argument };
    let mut made = Module::default();
    let blocks = 1 + choice.below(if depth == 0 { 5 } else { 3 });
    for name in &NAMES[..blocks] {
        if choice.percent(25) {
            let value = value(choice, &known, &Repeat::Once, 2);
            let name = format!("l{}", made.locals.len());
            known.locals.push((name.clone(), value.sensitive));
            made.locals.push((name, value.text));
        }
        if depth < 2 && choice.percent(if depth == 0 { 25 } else { 15 }) {
            let repeat = repeat(choice, &known);
            let argument = value(choice, &known, &repeat, 1);
            let name = format!("m{}", made.calls.len());
            let (module, outputs) = inside(choice, depth + 1, argument.sensitive);
            known.calls.push((name.clone(), repeat.clone(), outputs));
            let depends_on = depends_on(choice, &known, 15);
            let depends_on = depends_on.into_iter().filter(|on| *on != format!("module.{name}")).collect();
            made.calls.push(Call { name, repeat, argument: argument.text, depends_on, module });
        }
        let (block, sensitive) = block(choice, &known, name);
        known.blocks.push((block.name.clone(), block.repeat.clone(), sensitive));
        made.blocks.push(block);
    }
    let mut outputs = Vec::new();
    for at in 0..1 + choice.below(3) {
        let value = value(choice, &known, &Repeat::Once, 2);
        let sensitive = value.sensitive || choice.percent(10);
        let name = format!("o{at}");
        outputs.push((name.clone(), sensitive));
        let precondition = choice.percent(10).then(|| condition(choice, &known, &Repeat::Once));
        let depends_on = depends_on(choice, &known, 8);
        made.outputs.push(Output { name, value: value.text, sensitive, precondition, depends_on });
    }
    if choice.percent(30) {
        made.checks.push(("k".to_owned(), condition(choice, &known, &Repeat::Once)));
    }
    (made, outputs)
}

fn repeat(choice: &mut Choice, known: &Known) -> Repeat {
    let on = known.root;
    match choice.below(10) {
        0 => Repeat::Count("2".into()),
        1 => Repeat::Count("var.n".into()),
        2 if on => Repeat::Count("var.on ? 1 : 0".into()),
        2 => Repeat::Count("1".into()),
        3 => Repeat::ForEach("toset(var.list)".into()),
        4 => Repeat::ForEach("{ a = 1, b = var.n }".into()),
        5 => Repeat::ForEach("toset([\"a\"])".into()),
        _ => Repeat::Once,
    }
}

fn block(choice: &mut Choice, known: &Known, name: &str) -> (Block, bool) {
    let repeat = repeat(choice, known);
    let input = choice.percent(90).then(|| value(choice, known, &repeat, 2));
    let triggers = choice.percent(35).then(|| value(choice, known, &repeat, 1));
    let sensitive = [&input, &triggers].into_iter().flatten().any(|value| value.sensitive);
    let create_first = match choice.below(10) {
        0 | 1 => Some(true),
        2 => Some(false),
        _ => None,
    };
    let mut triggered_by = Vec::new();
    if choice.percent(25)
        && let Some((name, of, _)) = pick(choice, &known.blocks)
    {
        let (name, of) = (name.clone(), of.clone());
        let key = match (&of, &repeat) {
            (Repeat::Count(_), Repeat::Count(_)) if choice.percent(50) => "[count.index]",
            (Repeat::ForEach(_), Repeat::ForEach(_)) if choice.percent(50) => "[each.key]",
            (Repeat::Count(_), _) if choice.percent(60) => "[0]",
            (Repeat::ForEach(_), _) if choice.percent(60) => "[\"a\"]",
            _ => "",
        };
        let attribute = match (&of, key) {
            (Repeat::Once, _) | (_, "[0]" | "[\"a\"]" | "[count.index]" | "[each.key]") => {
                choice.of(&["", "", ".id", ".output", ".input"])
            }
            _ => "",
        };
        triggered_by.push(format!("terraform_data.{name}{key}{attribute}"));
    }
    let ignored = choice.percent(8).then(|| choice.of(&["[input]", "[triggers_replace]", "all"]).to_owned());
    let precondition = choice.percent(15).then(|| condition(choice, known, &repeat));
    let postcondition = choice.percent(15).then(|| {
        let own = [
            "self.id != \"\"",
            "self.output == self.input",
            "self.input != \"nothing\"",
            "self.triggers_replace == null",
        ];
        choice.of(&own).to_owned()
    });
    let depends_on = depends_on(choice, known, 15);
    let block = Block {
        name: name.to_owned(),
        repeat,
        input: input.map(|value| value.text),
        triggers: triggers.map(|value| value.text),
        create_first,
        triggered_by,
        ignored,
        precondition,
        postcondition,
        depends_on,
    };
    (block, sensitive)
}

fn pick<'a, T>(choice: &mut Choice, from: &'a [T]) -> Option<&'a T> {
    (!from.is_empty()).then(|| &from[choice.below(from.len())])
}

fn depends_on(choice: &mut Choice, known: &Known, percent: usize) -> Vec<String> {
    if !choice.percent(percent) {
        return Vec::new();
    }
    if choice.percent(25)
        && let Some((name, ..)) = pick(choice, &known.calls)
    {
        return vec![format!("module.{name}")];
    }
    pick(choice, &known.blocks).map(|(name, ..)| format!("terraform_data.{name}")).into_iter().collect()
}

fn condition(choice: &mut Choice, known: &Known, repeat: &Repeat) -> String {
    let value = value(choice, known, repeat, 1);
    match choice.below(6) {
        0 => "var.n < 3".to_owned(),
        1 => "length(var.list) > 1".to_owned(),
        2 if known.root => "var.on".to_owned(),
        3 => format!("jsonencode({}) != \"x\"", value.text),
        4 => format!("length(jsonencode({})) < 60", value.text),
        _ => format!("try(length({}) > 0, true)", value.text),
    }
}

fn value(choice: &mut Choice, known: &Known, repeat: &Repeat, depth: usize) -> Expression {
    if depth > 0 && choice.percent(45) {
        let (a, b) = (value(choice, known, repeat, depth - 1), value(choice, known, repeat, depth - 1));
        let sensitive = a.sensitive || b.sensitive;
        let (a, b) = (a.text, b.text);
        let text = match choice.below(9) {
            0 | 1 => format!("[{a}, {b}]"),
            2 | 3 => format!("{{ p = {a}, q = {b} }}"),
            4 => format!("[{a}]"),
            5 => format!("{{ p = [{a}], q = {{ r = {b} }} }}"),
            6 if known.root => format!("var.on ? [{a}] : [{b}]"),
            7 => format!("try({a}, {b})"),
            _ => format!("jsonencode([{a}, {b}])"),
        };
        return Expression { text, sensitive };
    }
    match choice.below(16) {
        0 if known.root => Expression { text: "var.s".into(), sensitive: true },
        0 => Expression { text: "var.x".into(), sensitive: known.argument },
        1 => Expression::plain("var.n"),
        2 => Expression::plain("var.list"),
        3 | 4 => match repeat {
            Repeat::Once => Expression::plain(choice.of(&["\"k\"", "7", "true", "[]", "{}"])),
            Repeat::Count(_) => Expression::plain(choice.of(&["count.index", "\"i${count.index}\""])),
            Repeat::ForEach(_) => Expression::plain(choice.of(&["each.key", "each.value"])),
        },
        5 => match pick(choice, &known.locals) {
            Some((name, sensitive)) => Expression { text: format!("local.{name}"), sensitive: *sensitive },
            None => Expression::plain("\"z\""),
        },
        6 | 7 => match pick(choice, &known.calls) {
            Some((name, repeat, outputs)) => {
                let Some((output, sensitive)) = pick(choice, outputs) else { return Expression::plain("0") };
                let text = match repeat {
                    Repeat::Once => format!("module.{name}.{output}"),
                    Repeat::Count(_) => format!("module.{name}[*].{output}"),
                    Repeat::ForEach(_) => format!("[for k, m in module.{name} : m.{output}]"),
                };
                Expression { text, sensitive: *sensitive }
            }
            None => Expression::plain("\"y\""),
        },
        8..=12 => match pick(choice, &known.blocks) {
            Some((name, repeat, sensitive)) => {
                let attribute = choice.of(&["id", "id", "output", "output", "input", "triggers_replace"]);
                let whole = choice.percent(6);
                let text = match repeat {
                    _ if whole => format!("terraform_data.{name}"),
                    Repeat::Once => format!("terraform_data.{name}.{attribute}"),
                    Repeat::Count(_) => match choice.below(3) {
                        0 => format!("terraform_data.{name}[0].{attribute}"),
                        1 => format!("terraform_data.{name}[*].{attribute}"),
                        _ => format!("try(terraform_data.{name}[1].{attribute}, null)"),
                    },
                    Repeat::ForEach(_) => match choice.below(3) {
                        0 => format!("terraform_data.{name}[\"a\"].{attribute}"),
                        1 => format!("[for r in terraform_data.{name} : r.{attribute}]"),
                        _ => format!("{{ for k, r in terraform_data.{name} : k => r.{attribute} }}"),
                    },
                };
                Expression { text, sensitive: *sensitive && (whole || attribute != "id") }
            }
            None if known.root => Expression::plain("var.v"),
            None => Expression { text: "var.x".into(), sensitive: known.argument },
        },
        13 if choice.percent(30) => {
            let inner = value(choice, known, repeat, 0);
            Expression { text: format!("sensitive({})", inner.text), sensitive: true }
        }
        _ if known.root => Expression::plain(choice.of(&["var.v", "\"k-${var.v}\"", "\"k\""])),
        _ => Expression::plain(choice.of(&["\"k\"", "\"w\"", "1.5", "null"])),
    }
}

/// Changes a module here and there, as its author would between two plans.
pub fn edit(choice: &mut Choice, module: &mut Module) {
    for _ in 0..choice.below(4) {
        edit_once(choice, module);
    }
}

fn edit_once(choice: &mut Choice, module: &mut Module) {
    if !module.calls.is_empty() && choice.percent(35) {
        let at = choice.below(module.calls.len());
        match choice.below(5) {
            0 => rename_call(choice, module, at),
            1 => module.calls[at].argument = "\"changed\"".to_owned(),
            2 => {
                let repeat = &mut module.calls[at].repeat;
                *repeat = match repeat {
                    Repeat::Count(_) => Repeat::Count("1".into()),
                    Repeat::ForEach(_) => Repeat::ForEach("toset([\"a\", \"c\"])".into()),
                    Repeat::Once => Repeat::Once,
                };
            }
            _ => edit_once(choice, &mut module.calls[at].module),
        }
        return;
    }
    if module.blocks.is_empty() {
        return;
    }
    let at = choice.below(module.blocks.len());
    let name = module.blocks[at].name.clone();
    match choice.below(11) {
        0 | 1 => module.blocks[at].input = Some("\"changed\"".to_owned()),
        2 => module.blocks[at].triggers = Some("\"other\"".to_owned()),
        3 => {
            let first = &mut module.blocks[at].create_first;
            *first = if *first == Some(true) { None } else { Some(true) };
        }
        4 => take_out(choice, module, at),
        5 => rename_block(choice, module, at),
        6 => {
            // Keys that come and go.
            let repeat = &mut module.blocks[at].repeat;
            *repeat = match repeat {
                Repeat::Count(_) => Repeat::Count(choice.of(&["1", "3", "0"]).into()),
                Repeat::ForEach(_) => Repeat::ForEach("toset([\"a\", \"c\"])".into()),
                Repeat::Once => Repeat::Once,
            };
        }
        7 => {
            if matches!(module.blocks[at].repeat, Repeat::ForEach(_)) {
                module.blocks[at].repeat = Repeat::ForEach("toset([\"a\", \"c\"])".into());
                module.more.push(format!(
                    "moved {{\n  from = terraform_data.{name}[\"b\"]\n  to   = terraform_data.{name}[\"c\"]\n}}\n"
                ));
            } else if module.blocks[at].repeat == Repeat::Once && !is_used(module, &name) {
                module.blocks[at].repeat = Repeat::Count("2".into());
            }
        }
        8 => module.blocks[at].input = None,
        9 if !module.outputs.is_empty() => {
            let at = choice.below(module.outputs.len());
            if choice.percent(50) && !module.outputs[at].name.is_empty() {
                module.outputs[at].value = "\"changed\"".to_owned();
            } else {
                module.outputs[at].sensitive = true;
            }
        }
        _ => module.blocks[at].depends_on = Vec::new(),
    }
}

fn stands_in(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        !text[at + name.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
    })
}

fn is_used(module: &mut Module, name: &str) -> bool {
    let mut used = false;
    let wanted = format!("terraform_data.{name}");
    module.for_each_text(&mut |text| used |= stands_in(text, &wanted));
    used
}

fn renamed(text: &str, from: &str, to: &str) -> String {
    let mut rest = text;
    let mut done = String::new();
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        done.push_str(before);
        let whole = !after.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        done.push_str(if whole { to } else { from });
        rest = after;
    }
    done.push_str(rest);
    done
}

fn rename_block(choice: &mut Choice, module: &mut Module, at: usize) {
    let from = format!("terraform_data.{}", module.blocks[at].name);
    let name = format!("{}x", module.blocks[at].name);
    let to = format!("terraform_data.{name}");
    module.blocks[at].name = name;
    module.for_each_text(&mut |text| *text = renamed(text, &from, &to));
    if choice.percent(80) {
        module.more.push(format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n"));
    }
}

fn rename_call(choice: &mut Choice, module: &mut Module, at: usize) {
    let from = format!("module.{}", module.calls[at].name);
    let name = format!("{}x", module.calls[at].name);
    let to = format!("module.{name}");
    module.calls[at].name = name;
    module.for_each_text(&mut |text| *text = renamed(text, &from, &to));
    if choice.percent(80) {
        module.more.push(format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n"));
    }
}

fn take_out(choice: &mut Choice, module: &mut Module, at: usize) {
    let name = module.blocks[at].name.clone();
    if is_used(module, &name) {
        return;
    }
    module.blocks.remove(at);
    if choice.percent(50) {
        let destroy = choice.percent(50);
        module.more.push(format!(
            "removed {{\n  from = terraform_data.{name}\n  lifecycle {{\n    destroy = {destroy}\n  }}\n}}\n"
        ));
    }
}
