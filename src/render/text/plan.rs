//! The text of a plan.

use super::compare::{Layout, block, untyped};
use super::pair::{Matcher, Pair};
use super::style::{Action, Options, Style, attribute_name, padded, rule, safe, wrap};
use super::tree::{Context, Diff, Printer};
use crate::lang::address::Mode;
use crate::plan::{ActionReason, Change, Plan, PlanMode, ReplaceOrder, ResourceChange};
use crate::schema::types;

/// Why a change is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// It is planned.
    Planned,
    /// It was found in the cloud.
    Found,
}

/// Returns the text of a plan, from the note about changes made elsewhere to the changes of outputs.
pub fn plan(plan: &Plan, options: &Options) -> String {
    Writer { plan, options, out: String::new() }.write()
}

/// Returns what stands below a plan: where it was saved, or that it was not.
pub fn closing_note(saved_to: Option<&str>, generated: Option<&str>, options: &Options) -> String {
    if options.in_automation {
        return String::new();
    }
    let mut out = rule(options);
    if let Some(path) = generated {
        let text = format!(
            "{} has generated configuration and written it to {}. Please review the configuration and edit it as necessary before adding it to version control.",
            options.name,
            safe(path)
        );
        out.push_str(&format!("\n{}\n", wrap(&text, options.width)));
    }
    match saved_to {
        Some(path) => {
            out.push_str(&format!("\nSaved the plan to: {}\n", safe(path)));
            let hint = "To perform exactly these actions, run the following command to apply:";
            let command = options.command;
            out.push_str(&format!("\n{}\n    {command} apply {:?}\n", wrap(hint, options.width), path));
        }
        None => {
            let text = format!(
                "Note: You didn't use the -out option to save this plan, so {} can't guarantee to take exactly these actions if you run \"{} apply\" now.",
                options.name, options.command
            );
            out.push_str(&format!("\n{}\n", wrap(&text, options.width)));
        }
    }
    out
}

struct Writer<'a> {
    plan: &'a Plan,
    options: &'a Options,
    out: String,
}

/// Returns what happens to the object as a whole.
fn action(change: &ResourceChange) -> Action {
    match &change.change {
        Change::NoOp { .. } => Action::NoOp,
        Change::Create { .. } => Action::Create,
        Change::Read { .. } => Action::Read,
        Change::Update { .. } => Action::Update,
        Change::Replace { order: ReplaceOrder::DeleteFirst, .. } => Action::DeleteThenCreate,
        Change::Replace { order: ReplaceOrder::CreateFirst, .. } => Action::CreateThenDelete,
        Change::Delete { .. } => Action::Delete,
        Change::Forget { .. } => Action::Forget,
    }
}

fn compare(change: &ResourceChange, relevant: Matcher) -> Diff {
    let (before, mut after) = (change.change.before(), change.change.after());
    if matches!(change.change, Change::Forget { .. }) {
        after = before;
    }
    let mut pair = Pair::new(before, after);
    pair.replace = Matcher::Paths(change.replace_paths.clone());
    pair.relevant = relevant;
    let resource = &change.address.resource;
    let ty = match resource.mode {
        Mode::Managed => types::resource(&resource.type_name),
        Mode::Data => types::data_source(&resource.type_name),
    };
    let layout = match ty {
        Some(ty) => Layout::of(&ty.block).with_timeouts(ty.timeouts.iter().map(|timeout| timeout.operation)),
        None => Layout::of_values([before, after]),
    };
    block(&pair, &layout)
}

impl Writer<'_> {
    fn paragraph(&mut self, text: &str) {
        self.out.push_str(&wrap(text, self.options.width));
        self.out.push('\n');
    }

    fn write(mut self) -> String {
        let found = self.drift();
        let changes: Vec<&ResourceChange> =
            self.plan.changes.iter().filter(|change| self.is_shown(change)).collect();
        let outputs = self.outputs();
        if changes.is_empty() && outputs.is_empty() {
            self.no_changes(found);
            return self.out;
        }
        if found {
            self.out.push_str(&rule(self.options));
        }
        let counted = changes.iter().any(|change| action(change) != Action::NoOp);
        if !changes.is_empty() {
            self.changes(&changes, counted);
        }
        if !outputs.is_empty() {
            self.out.push_str(&format!("\nChanges to Outputs:\n{outputs}\n"));
            if !counted {
                let name = self.options.name;
                self.paragraph(&format!(
                    "\nYou can apply this plan to save these new output values to the {name} state, without changing any real infrastructure."
                ));
            }
        }
        self.out
    }

    fn is_shown(&self, change: &ResourceChange) -> bool {
        match action(change) {
            Action::NoOp => change.previous_address.is_some() || change.importing.is_some(),
            Action::Delete => change.address.resource.mode == Mode::Managed,
            _ => true,
        }
    }

    fn changes(&mut self, changes: &[&ResourceChange], counted: bool) {
        let options = self.options;
        let count =
            |wanted: &[Action]| changes.iter().filter(|change| wanted.contains(&action(change))).count();
        if counted {
            let name = options.name;
            self.paragraph(&format!(
                "\n{name} used the selected providers to generate the following execution plan. Resource actions are indicated with the following symbols:"
            ));
            let legend = [
                (Action::Create, "create"),
                (Action::Update, "update in-place"),
                (Action::Delete, "destroy"),
                (Action::DeleteThenCreate, "destroy and then create replacement"),
                (Action::CreateThenDelete, "create replacement and then destroy"),
                (Action::Read, "read (data resources)"),
            ];
            for (action, words) in legend {
                if count(&[action]) > 0 {
                    self.out.push_str(&legend_line(options, action, words));
                }
            }
        }
        let wording = options.wording;
        self.out.push_str(&if self.plan.errored {
            format!("\n{wording} planned the following actions, but then encountered a problem:\n")
        } else {
            format!("\n{wording} will perform the following actions:\n")
        });
        for change in changes {
            self.change(change, Cause::Planned, &compare(change, Matcher::Always));
        }
        let replaced = [Action::DeleteThenCreate, Action::CreateThenDelete];
        let imported = changes.iter().filter(|change| change.importing.is_some()).count();
        let import = if imported > 0 { format!("{imported} to import, ") } else { String::new() };
        let (add, destroy) =
            (count(&[Action::Create]) + count(&replaced), count(&[Action::Delete]) + count(&replaced));
        let update = count(&[Action::Update]);
        self.out.push_str(&format!(
            "\n{} {import}{add} to add, {update} to change, {destroy} to destroy.\n{}",
            options.within(Style::Bold, "Plan:"),
            options.reset()
        ));
    }

    /// Writes a heading and the object.
    fn change(&mut self, change: &ResourceChange, cause: Cause, diff: &Diff) {
        let options = self.options;
        let action = action(change);
        let printer = Printer { options };
        self.out.push('\n');
        self.out.push_str(&heading(change, action, cause, options));
        let context = Context {
            show_unchanged: action == Action::NoOp && change.importing.is_some(),
            ..Context::default()
        };
        let resource = &change.address.resource;
        let word = if resource.mode == Mode::Data { "data" } else { "resource" };
        self.out.push_str(&format!(
            "{} {word} \"{}\" \"{}\" {}\n",
            options.symbol(action),
            resource.type_name,
            resource.name,
            printer.print(diff, 0, context)
        ));
    }

    fn relevant(&self, change: &ResourceChange) -> Matcher {
        if self.plan.mode == PlanMode::RefreshOnly {
            return Matcher::Always;
        }
        let paths = self.plan.relevant.iter().filter(|(address, _)| {
            *address == change.address || *address == change.address.resource_address().instance(None)
        });
        Matcher::Paths(paths.map(|(_, path)| path.clone()).collect())
    }

    /// Writes what changed outside, as far as it matters; tells whether there was anything.
    fn drift(&mut self) -> bool {
        let refresh_only = self.plan.mode == PlanMode::RefreshOnly;
        if !refresh_only && !self.plan.has_changes() {
            return false;
        }
        let drift = self.plan.drift.iter().filter_map(|change| {
            let relevant = self.relevant(change);
            let matters = relevant.matches_partly();
            let diff = compare(change, relevant);
            (refresh_only || (matters && diff.action != Action::NoOp)).then_some((change, diff))
        });
        let drift: Vec<_> = drift.collect();
        if drift.is_empty() {
            return false;
        }
        let options = self.options;
        let (name, command) = (options.name, options.command);
        let wording = options.wording;
        self.out.push_str(&if options.colour {
            format!(
                "\n\u{1b}[1m\u{1b}[36mNote:\u{1b}[0m\u{1b}[1m Objects have changed outside of {wording}\n\u{1b}[0m\n"
            )
        } else {
            format!("\nNote: Objects have changed outside of {wording}\n\n")
        });
        self.paragraph(&format!(
            "{name} detected the following changes made outside of {name} since the last \"{command} apply\" which may have affected this plan:"
        ));
        for (change, diff) in &drift {
            self.change(change, Cause::Found, diff);
        }
        self.paragraph(&if refresh_only {
            format!(
                "\n\nThis is a refresh-only plan, so {name} will not take any actions to undo these. If you were expecting these changes then you can apply this plan to record the updated values in the {name} state without changing any remote objects."
            )
        } else {
            "\n\nUnless you have made equivalent changes to your configuration, or ignored the relevant attributes using ignore_changes, the following plan may include actions to undo or respond to these changes.".to_owned()
        });
        true
    }

    fn outputs(&self) -> String {
        let printer = Printer { options: self.options };
        let diffs = self.plan.outputs.iter().map(|(name, change)| {
            let mut pair = Pair::new(change.before.as_ref(), change.after.as_ref());
            pair.before_sensitive |= change.sensitive && change.before.is_some();
            pair.after_sensitive |= change.sensitive && change.after.is_some();
            (attribute_name(name), untyped(&pair))
        });
        let diffs: Vec<_> = diffs.collect();
        let width = diffs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let lines = diffs.iter().filter(|(_, diff)| diff.action != Action::NoOp).map(|(name, diff)| {
            let text = printer.print(diff, 0, Context::default());
            format!("{} {} = {text}", self.options.symbol(diff.action), padded(name, width))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn no_changes(&mut self, found: bool) {
        let name = self.options.name;
        if self.plan.errored {
            let text = format!("{name} encountered an error while generating this plan.");
            self.out.push_str(&self.headline(Style::Red, "Planning failed.", &text));
            return;
        }
        let (headline, text) = match self.plan.mode {
            // What was found is told above, and what applying the plan means.
            PlanMode::RefreshOnly if found => return,
            PlanMode::RefreshOnly => (
                "Your infrastructure still matches the configuration.",
                format!(
                    "{name} has checked that the real remote objects still match the result of your most recent changes, and found no differences."
                ),
            ),
            PlanMode::Destroy => (
                "No objects need to be destroyed.",
                format!(
                    "Either you have not created any objects yet or the existing objects were already deleted outside of {name}."
                ),
            ),
            PlanMode::Normal => (
                "Your infrastructure matches the configuration.",
                format!(
                    "{name} has compared your real infrastructure against your configuration and found no differences, so no changes are needed."
                ),
            ),
        };
        if found {
            self.out.push_str(&rule(self.options));
        }
        self.out.push_str(&self.headline(Style::Green, "No changes.", headline));
        self.paragraph(&text);
    }

    fn headline(&self, style: Style, first: &str, rest: &str) -> String {
        let space = if rest.is_empty() { "" } else { " " };
        if !self.options.colour {
            return format!("\n{first}{space}{rest}\n\n");
        }
        let first = self.options.within(style, first);
        format!("\n\u{1b}[0m\u{1b}[1m{first}\u{1b}[1m{space}{rest}\u{1b}[0m\n\n\u{1b}[0m")
    }
}

fn legend_line(options: &Options, action: Action, words: &str) -> String {
    // Here the symbol and its words are painted as one.
    let symbol = options.symbol(action);
    let symbol = if options.colour {
        symbol.trim_end_matches(super::style::RESET).to_owned() + options.reset()
    } else {
        symbol
    };
    format!("{symbol} {words}{}\n", options.reset())
}

/// Returns the lines above an object: what happens to it and why.
fn heading(change: &ResourceChange, action: Action, cause: Cause, options: &Options) -> String {
    let mut name = change.address.to_string();
    if let Some(deposed) = &change.deposed {
        name = format!("{name} (deposed object {deposed})");
    }
    let name = safe(&name);
    let bold = |text: &str| options.within(Style::Bold, text);
    let line = |text: &str| format!("  # {text}\n");
    let told = |rest: &str| format!("{} {rest}\n", bold(&format!("  # {name}")));
    let resource = &change.address.resource;
    let mut out = String::new();
    match action {
        Action::Create => out.push_str(&told("will be created")),
        Action::Read => {
            out.push_str(&told("will be read during apply"));
            out.push_str(&match change.reason {
                Some(ActionReason::ReadBecauseConfigUnknown) => {
                    line("(config refers to values not yet known)")
                }
                Some(ActionReason::ReadBecauseDependencyPending) => {
                    line("(depends on a resource or a module with changes pending)")
                }
                Some(ActionReason::ReadBecauseCheckNested) => {
                    line("(config will be reloaded to verify a check block)")
                }
                _ => String::new(),
            });
        }
        Action::Update if cause == Cause::Found => out.push_str(&told("has changed")),
        Action::Update => out.push_str(&told("will be updated in-place")),
        Action::DeleteThenCreate | Action::CreateThenDelete => {
            out.push_str(&match change.reason {
                Some(ActionReason::ReplaceBecauseTainted) => {
                    format!("{} is tainted, so must be {}\n", bold(&format!("  # {name}")), replaced(options))
                }
                Some(ActionReason::ReplaceByRequest) => {
                    format!("{} will be {}, as requested\n", bold(&format!("  # {name}")), replaced(options))
                }
                Some(ActionReason::ReplaceByTriggers) => {
                    let name = bold(&format!("  # {name}"));
                    format!("{name} will be {} due to changes in replace_triggered_by\n", replaced(options))
                }
                _ => format!("{} must be {}\n", bold(&format!("  # {name}")), replaced(options)),
            });
        }
        Action::Delete => {
            let gone = if cause == Cause::Found {
                "has been deleted".to_owned()
            } else {
                format!("will be {}", destroyed(options))
            };
            out.push_str(&told(&gone));
            if change.deposed.is_some() {
                out.push_str(&line("(left over from a partially-failed replacement of this instance)"));
            }
            let module = change.address.module.to_string();
            let key = change.address.key.as_ref().map(ToString::to_string).unwrap_or_default();
            let block = format!("{}.{}", resource.type_name, resource.name);
            out.push_str(&match change.reason {
                Some(ActionReason::DeleteBecauseNoResourceConfig) => {
                    line(&format!("(because {block} is not in configuration)"))
                }
                Some(ActionReason::DeleteBecauseNoMoveTarget) => {
                    line(&format!("(because {name} was moved to {name}, which is not in configuration)"))
                }
                Some(ActionReason::DeleteBecauseNoModule) => {
                    line(&format!("(because {} is not in configuration)", safe(&module)))
                }
                Some(ActionReason::DeleteBecauseWrongRepetition) => match &change.address.key {
                    None => line("(because resource uses count or for_each)"),
                    Some(crate::lang::address::InstanceKey::Index(_)) => {
                        line("(because resource does not use count)")
                    }
                    Some(crate::lang::address::InstanceKey::Key(_)) => {
                        line("(because resource does not use for_each)")
                    }
                },
                Some(ActionReason::DeleteBecauseCountIndex) => {
                    line(&format!("(because index {key} is out of range for count)"))
                }
                Some(ActionReason::DeleteBecauseEachKey) => {
                    line(&format!("(because key {} is not in for_each map)", safe(&key)))
                }
                _ => String::new(),
            });
        }
        Action::Forget => {
            out.push_str(&format!(
                "{} will no longer be managed by {}, but {}\n",
                bold(&format!(" # {name}")),
                options.wording,
                emphatic(options, "will not be destroyed")
            ));
            out.push_str(" # (destroy = false is set in the configuration)\n");
        }
        Action::NoOp => {}
    }
    if let Some(previous) = change.told_previous_address() {
        let previous = safe(&previous.to_string());
        out.push_str(&if action == Action::NoOp {
            format!("{} has moved to {}\n", bold(&format!("  # {previous}")), bold(&name))
        } else {
            line(&format!("{}(moved from {previous})", options.reset()))
        });
    }
    if let Some(id) = &change.importing {
        out.push_str(&if action == Action::NoOp {
            told("will be imported")
        } else {
            line(&format!("{}(imported from \"{}\")", options.reset(), safe(id)))
        });
        if change.generated_config.is_some() {
            out.push_str(&format!("  #{} (config will be generated)\n", options.reset()));
        }
    }
    out + options.reset()
}

fn replaced(options: &Options) -> String {
    emphatic(options, "replaced")
}

fn destroyed(options: &Options) -> String {
    emphatic(options, "destroyed")
}

fn emphatic(options: &Options, word: &str) -> String {
    if options.colour { format!("\u{1b}[1m\u{1b}[31m{word}\u{1b}[0m") } else { word.to_owned() }
}
