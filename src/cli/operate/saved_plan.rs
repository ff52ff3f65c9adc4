//! Saved plans: written by `plan -out`, carried out by `apply FILE`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::config::MemoryFiles;
use crate::disk;
use crate::plan::file::{MAX_BYTES, PlanFileError, Saved, plan_digest};
use crate::plan::planner::{self, Planned};
use crate::plan::{Observations, Options};

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
    let withheld: BTreeSet<Arc<str>> =
        planner::withheld_variables(&operation.project.config, &operation.project.sources);
    let variables = planned
        .plan
        .variables
        .iter()
        .filter(|(name, _)| !withheld.contains(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let sources = operation.project.sources.iter();
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
            .filter(|(_, name, _)| is_configuration(name))
            .map(|(_, name, content)| (name.to_owned(), content.to_owned()))
            .collect(),
        state: String::from_utf8_lossy(&operation.state.to_bytes()).into_owned(),
        state_digest: operation.state.content_digest(),
        observations: observations.clone(),
        plan_digest: plan_digest(&planned.plan),
    };
    let (bytes, digest) = saved.to_bytes()?;
    write_private(Path::new(path), &bytes).map_err(|error| {
        Failure::new(
            "Failed to write plan file",
            format!("The plan could not be written to {path}: {error}."),
        )
    })?;
    Ok(digest)
}

/// Values of variables are inside, so nobody else may read the file.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn is_configuration(name: &str) -> bool {
    [".tf", ".tf.json", ".snap.hcl"].iter().any(|ending| name.ends_with(ending))
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

/// Returns the files of the configuration that a plan was made from.
pub fn files_of(saved: &Saved) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    for (path, content) in &saved.sources {
        files.insert(path, content.as_bytes());
    }
    files
}

/// Refuses a plan that was made on another state.
///
/// # Errors
/// The state has moved on.
pub fn refuse_stale(operation: &Operation<'_>, saved: &Saved) -> anyhow::Result<()> {
    if operation.state.content_digest() == saved.state_digest {
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
