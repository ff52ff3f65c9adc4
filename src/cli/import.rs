//! `import`: binds an object that exists to an address.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::operate::ImportArguments;
use super::operate::{self, Operation, Project, instance};
use super::{Failure, Global, output};
use crate::config::{DiskFiles, has_configuration};
use crate::lang::address::Address;
use crate::plan::{Options, Target};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: ImportArguments) -> anyhow::Result<ExitCode> {
    let address = instance(&arguments.address)?;
    let folder = arguments.config.as_deref().unwrap_or(".");
    let files = DiskFiles::new(folder);
    if !has_configuration(&files, Path::new("")) {
        return Err(Failure::new(
            "No configuration files",
            format!(
                "The directory {} does not contain any configuration files (.tf or .tf.json). To specify a different configuration directory, use the -config=\"...\" command line option.",
                global.working_folder.join(folder).display()
            ),
        )
        .into());
    }
    let project = Project::load_from(&files, global, &arguments.variables, arguments.operation.input)?;
    let events = operate::listener(global);
    let mut operation =
        Operation::begin_with(global, project, "OperationTypeImport", &arguments.operation, events).await?;
    let result = import(&mut operation, &address, &arguments.id).await;
    operation.end(result).await
}

async fn import(operation: &mut Operation<'_>, address: &Address, id: &str) -> anyhow::Result<ExitCode> {
    let module = operation.project.config.module(&address.module.path());
    if module.is_none_or(|module| !module.resources.contains_key(&address.resource)) {
        return Err(Failure::new(
            "Resource block missing",
            format!(
                "Before importing this resource, please create its configuration. For example:\n\nresource {:?} {:?} {{\n  # (resource arguments)\n}}",
                address.resource.type_name, address.resource.name
            ),
        )
        .into());
    }
    if operation.state.current(address).is_some() {
        return Err(Failure::new(
            "Resource already managed by Snapform",
            format!("The address {address} has an object already. Remove it first with \"snapform state rm\" if the other object is to take its place."),
        )
        .into());
    }
    let options = Options {
        targets: vec![Target::Resource(
            address.module.clone(),
            address.resource.clone(),
            address.key.clone(),
        )],
        imports: vec![(address.clone(), id.into())],
        ..Options::default()
    };
    operation.settle_intents(&options, true).await?;
    output::print(&format!("{address}: Importing from ID {id:?}...\n"))?;
    let shared = &*operation;
    let mut state = shared
        .with_plan(&options, uuid::Uuid::new_v4(), async |planned, _observations| {
            if planned.found.has_errors() {
                return Err(shared.failure(planned.found.clone()).into());
            }
            operate::print_findings(shared.global, &shared.project.sources, &planned.found, false)?;
            Ok(operate::refreshed_state(&shared.state, &planned.plan))
        })
        .await?;
    if state.current(address).is_none() {
        return Err(Failure::new(
            "Nothing was imported",
            format!("The configuration has no instance {address}. Give the key of one that count or for_each makes."),
        )
        .into());
    }
    if let Some(session) = &mut operation.session {
        session.write(&mut state).await?;
    }
    let name = operation.global.product();
    output::print(&format!(
        "\nImport successful!\n\nThe resources that were imported are shown above. These resources are now in\nyour {name} state and will henceforth be managed by {name}.\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}
