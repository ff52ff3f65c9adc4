//! Parents that the cloud does not show: nothing can be created on them.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::lang::address::Address;

use super::survey::{Parent, listed};

/// What a look for a parent found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// A complete list does not hold it.
    NotShown,
    /// The look was refused, or failed; with what happened and what to do.
    Unread {
        /// Whether the credentials may not look.
        denied: bool,
        /// What happened.
        why: String,
    },
}

/// Returns what is to be said of parents on which a plan creates points and which were not seen, each with an address of those.
///
/// Credentials with narrow rights see shorter lists, so `accept_gone` says that what is not shown is there all the same.
pub fn judge(unseen: &[(&Parent, &Address, &Sight)], accept_gone: bool) -> Diagnostics {
    let mut missing: BTreeMap<(&str, &str), Vec<(&Parent, &Address)>> = BTreeMap::new();
    let mut unread: BTreeMap<(bool, &str), Vec<(&Parent, &Address)>> = BTreeMap::new();
    for (parent, address, sight) in unseen {
        let group = match sight {
            Sight::NotShown => missing.entry((&parent.provider.source, parent.type_name)).or_default(),
            Sight::Unread { denied, why } => unread.entry((*denied, why)).or_default(),
        };
        group.push((parent, address));
    }
    let mut found = Diagnostics::new();
    for parents in missing.into_values() {
        let mut detail = format!(
            "The service does not show what these points are to be made of:\n{}\n\nNothing is created. Check the ids, and that account and region of the provider are those of the objects.",
            names(&parents)
        );
        detail.push_str(match accept_gone {
            true => " With -accept-gone this is no error: the create will tell.",
            false => {
                " If the credentials may not list all objects and these do exist, say so with -accept-gone."
            }
        });
        let severity = if accept_gone { Severity::Warning } else { Severity::Error };
        let detail = if accept_gone { detail.replace("Nothing is created. ", "") } else { detail };
        found.push(about(
            Diagnostic { severity, ..Diagnostic::error("Parent does not exist", detail) },
            &parents,
        ));
    }
    for ((denied, why), parents) in unread {
        let detail = format!(
            "Whether these exist could not be read, so a wrong id would only show when the point is created:\n{}\n\n{why}",
            names(&parents)
        );
        let severity = if denied { Severity::Warning } else { Severity::Error };
        let summary = "Failed to look for the parent of a point";
        found.push(about(Diagnostic { severity, ..Diagnostic::error(summary, detail) }, &parents));
    }
    found
}

fn names(parents: &[(&Parent, &Address)]) -> String {
    listed(parents.iter().map(|(parent, address)| format!("{parent}, for {address}")))
}

fn about(found: Diagnostic, parents: &[(&Parent, &Address)]) -> Diagnostic {
    match parents.first() {
        Some((_, address)) => found.about(address),
        None => found,
    }
}
