//! The text of saved objects: `show` without a plan, `state show`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compare::{Layout, block, untyped};
use super::pair::Pair;
use super::style::{Options, safe};
use super::tree::{Context, Printer};
use crate::lang::Value;
use crate::lang::address::{Address, Mode};
use crate::schema::types;

/// Prints nothing that changes, and without symbols.
const CONTEXT: Context = Context { no_null: true, show_unchanged: true, no_symbols: true };

/// Returns the text of one saved object, with its address above it.
pub fn object(
    address: &Address,
    deposed: Option<&str>,
    tainted: bool,
    value: &Value,
    options: &Options,
) -> String {
    let printer = Printer { options };
    let resource = &address.resource;
    let (word, ty) = match resource.mode {
        Mode::Managed => ("resource", types::resource(&resource.type_name)),
        Mode::Data => ("data", types::data_source(&resource.type_name)),
    };
    let layout = match ty {
        Some(ty) => Layout::of(&ty.block).with_timeouts(ty.timeouts.iter().map(|timeout| timeout.operation)),
        None => Layout::of_values([Some(value), None]),
    };
    let diff = block(&Pair::new(Some(value), Some(value)), &layout);
    let deposed = deposed.map(|key| format!(" (deposed object {key})")).unwrap_or_default();
    let tainted = if tainted { " (tainted)" } else { "" };
    format!(
        "# {}{deposed}:{tainted}\n{word} \"{}\" \"{}\" {}\n",
        safe(&address.to_string()),
        resource.type_name,
        resource.name,
        printer.print(&diff, 0, CONTEXT)
    )
}

/// Returns the text of a state from those of its objects, in their order, and its outputs.
pub fn state(objects: &[String], outputs: &BTreeMap<Arc<str>, (Value, bool)>, options: &Options) -> String {
    if objects.is_empty() && outputs.is_empty() {
        return "The state file is empty. No resources are represented.\n".to_owned();
    }
    let mut out: String = objects.iter().map(|object| format!("{object}\n")).collect();
    if !outputs.is_empty() {
        let printer = Printer { options };
        out.push_str("\nOutputs:\n\n");
        for (name, (value, sensitive)) in outputs {
            let mut pair = Pair::new(Some(value), Some(value));
            pair.before_sensitive |= *sensitive;
            pair.after_sensitive |= *sensitive;
            out.push_str(&format!("{name} = {}\n", printer.print(&untyped(&pair), 0, CONTEXT)));
        }
    }
    out
}
