//! Saved plans: written by `plan -out`, carried out by `apply FILE`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::config::{DiskFiles, MemoryFiles, load};
use crate::diagnostic::{SourceId, Sources};
use crate::disk;
use crate::plan::credentials::{self, Credentials};
use crate::plan::file::{Basis, MAX_BYTES, PlanFileError, Saved, plan_digest};
use crate::plan::planner::Planned;
use crate::plan::{Observations, Options};
use crate::state::{Session, output};

use super::super::{Failure, Global};
use super::{Operation, text_of};

/// Writes a plan and returns its digest.
///
/// # Errors
/// The file cannot be written.
pub fn write(
    operation: &Operation<'_>,
    path: &str,
    planned: &Planned<'_>,
    options: &Options,
    observations: &Observations,
    seed: uuid::Uuid,
) -> anyhow::Result<String> {
    let credentials = Credentials::of(&operation.project.config);
    let withheld: BTreeSet<Arc<str>> = credentials.variables();
    let variables = planned
        .plan
        .variables
        .iter()
        .filter(|(name, _)| !withheld.contains(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut cuts: BTreeMap<SourceId, Vec<(usize, usize)>> = BTreeMap::new();
    for range in credentials.texts() {
        cuts.entry(range.source).or_default().push((range.start as usize, range.end as usize));
    }
    let sources = operation.project.sources.iter();
    let sources: Vec<_> = sources.filter(|(_, name, _)| is_configuration(name)).collect();
    let saved = Saved {
        made_at: operation.now,
        seed,
        workspace: operation.project.workspace.clone(),
        sandbox: operation.global.sandbox,
        text: text_of(&planned.plan),
        options: options.clone(),
        variables,
        withheld: withheld.into_iter().collect(),
        sources: sources
            .iter()
            .map(|(id, name, content)| {
                let content = match cuts.get(id) {
                    Some(cuts) => credentials::cut(content, cuts),
                    None => (*content).to_owned(),
                };
                ((*name).to_owned(), content)
            })
            .collect(),
        cuts: sources
            .iter()
            .filter_map(|(id, name, _)| Some(((*name).to_owned(), cuts.get(id)?.clone())))
            .collect(),
        basis: Basis {
            place: operation.session.as_ref().map(Session::place).unwrap_or_default(),
            lineage: operation.state.lineage.clone(),
            serial: operation.state.serial,
        },
        state: String::from_utf8_lossy(&operation.state.to_bytes()).into_owned(),
        state_digest: operation.state.content_digest(),
        observations: observations.clone(),
        plan_digest: plan_digest(&planned.plan),
    };
    let (bytes, digest) = saved.to_bytes()?;
    // Values of variables are inside, so nobody else may read the file.
    output::write(Path::new(path), &bytes, output::Readers::Owner).map_err(|error| {
        Failure::new(
            "Failed to write plan file",
            format!("The plan could not be written to {path}: {error}."),
        )
    })?;
    Ok(digest)
}

fn is_configuration(name: &str) -> bool {
    [".tf", ".tf.json"].iter().any(|ending| name.ends_with(ending))
}

/// Reads a saved plan.
///
/// # Errors
/// The file cannot be read, is no plan of ours, or is for another sandbox mode or workspace.
pub fn read(global: &Global, path: &str) -> anyhow::Result<Saved> {
    let refuse = |detail: String| Failure::new("Failed to load plan file", detail);
    let bytes = disk::read(Path::new(path), MAX_BYTES)
        .map_err(|error| refuse(format!("{path} cannot be read: {error}.")))?;
    let saved = Saved::read(&bytes).map_err(|error| match error {
        PlanFileError::NotAPlan if bytes.starts_with(b"PK") => refuse(format!(
            "{path} is a plan file of Terraform, which only Terraform can carry out. Make a plan with \"snapform plan -out\"."
        )),
        error => refuse(format!("{path} cannot be used: {error}. Make the plan again with \"snapform plan -out\".")),
    })?;
    if saved.sandbox != global.sandbox {
        let (made, wanted) = if saved.sandbox { ("with", "without") } else { ("without", "with") };
        return Err(refuse(format!(
            "{path} was made {made} -sandbox, and this command runs {wanted} it. Neither may touch the other's objects."
        ))
        .into());
    }
    let workspace = global.workspace()?;
    if saved.workspace != workspace {
        return Err(refuse(format!(
            "{path} was made in workspace {:?}, and the selected workspace is {workspace:?}. Select the workspace of the plan first.",
            saved.workspace
        ))
        .into());
    }
    Ok(saved)
}

/// The files of the configuration that a plan was made from.
pub struct SavedFiles {
    /// The files.
    pub files: MemoryFiles,
    /// Those in which a credential is missing that was cut out of them.
    pub incomplete: Vec<String>,
}

/// Returns the files of the configuration that a plan was made from. Credentials that were cut out of a file are taken from the
/// working folder, if the same file lies there.
pub fn files_of(saved: &Saved) -> SavedFiles {
    let mut found = SavedFiles { files: MemoryFiles::new(), incomplete: Vec::new() };
    let mut now = Sources::new();
    if !saved.cuts.is_empty() {
        // What is wrong with the files of today is no matter here.
        drop(load(&DiskFiles::new("."), Path::new(""), &mut now));
    }
    for (path, content) in &saved.sources {
        let mut content: &str = content;
        if let Some((_, cuts)) = saved.cuts.iter().find(|(name, _)| name == path) {
            let same = |text: &&str| credentials::cut(text, cuts) == content;
            match now.iter().find(|(_, name, _)| name == path).map(|(_, _, text)| text).filter(same) {
                Some(whole) => content = whole,
                None => found.incomplete.push(path.clone()),
            }
        }
        found.files.insert(path, content.as_bytes());
    }
    found
}

/// Refuses a plan that was made on another state, or at another moment in the life of this one.
///
/// # Errors
/// The state is another, has moved on, or had moved on before it was put back.
pub fn refuse_stale(operation: &Operation<'_>, saved: &Saved) -> anyhow::Result<()> {
    let (basis, state) = (&saved.basis, &operation.state);
    let place = operation.session.as_ref().map(Session::place).unwrap_or_default();
    if !basis.place.is_empty() && basis.place != place {
        return Err(Failure::new(
            "Saved plan is for another state",
            format!(
                "The plan was made on the state at {}, and this command works on the one at {place}. Applied to both, it would make everything twice. Nothing was done. Apply it where it was made, or make a new plan here.",
                basis.place
            ),
        )
        .into());
    }
    let seen = operation.session.as_ref().and_then(Session::seen);
    let moved_on = seen.is_some_and(|seen| seen.lineage == saved.lineage() && seen.serial > basis.serial);
    let same = basis.place.is_empty() || (basis.lineage == state.lineage && basis.serial == state.serial);
    if same && !moved_on && state.content_digest() == saved.state_digest {
        return Ok(());
    }
    Err(Failure::new(
        "Saved plan is stale",
        "The given plan file can no longer be applied because the state was changed by another operation after the plan was created.",
    )
    .into())
}

/// Refuses to carry out another plan than the one that was shown.
///
/// # Errors
/// Planning again came to another result.
pub fn refuse_different(planned: &Planned<'_>, saved: &Saved) -> anyhow::Result<()> {
    if plan_digest(&planned.plan) == saved.plan_digest {
        return Ok(());
    }
    Err(Failure::new(
        "Saved plan does not hold any more",
        "Evaluating the saved configuration came to another plan than the one that was saved. A file that the configuration reads (with \"file\" or \"templatefile\", say) or a value that had to be given again differs. Nothing was done. Make a new plan and review it.",
    )
    .into())
}
