//! `import`: binds an object that exists to an address.

use std::path::Path;
use std::process::ExitCode;

use super::arguments::operate::ImportArguments;
use super::operate::{self, Operation, Project, instance};
use super::{Failure, Global, output};
use crate::config::{DiskFiles, has_configuration};
use crate::lang::address::Address;
use crate::plan::{Options, PlanMode, TARGETING_SUMMARY, Target, remembered};
use crate::state::{self, Mode, ResourceKey};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: ImportArguments) -> anyhow::Result<ExitCode> {
    let data = |key: &ResourceKey| key.mode == Mode::Data;
    if matches!(&state::Target::parse(&arguments.address), Some(state::Target::Resource(key, _)) if data(key))
    {
        return Err(Failure::new(
            "A managed resource address is required. Importing into a data resource is not allowed.",
            "",
        )
        .into());
    }
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
        let place = match address.module.is_root() {
            true => "the root module".to_owned(),
            false => address.module.to_string(),
        };
        return Err(Failure::new(
            format!("resource address \"{address}\" does not exist in the configuration."),
            format!(
                "Before importing this resource, please create its configuration in {place}. For example:\n\nresource {:?} {:?} {{\n  # (resource arguments)\n}}",
                address.resource.type_name, address.resource.name
            ),
        )
        .into());
    }
    if operation.state.current(address).is_some() {
        return Err(Failure::new(
            "Resource already managed by Snapform",
            format!("Snapform is already managing a remote object for {address}. To import to this address you must first remove the existing object from the state."),
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
    output::print(&format!(
        "{address}: Importing from ID {id:?}...\n{address}: Import prepared!\n  Prepared {} for import\n",
        address.resource.type_name
    ))?;
    let shared = &*operation;
    let seed = uuid::Uuid::new_v4();
    let (mut state, observations) = shared
        .with_plan(&options, seed, async |planned, observations| {
            if planned.found.has_errors() {
                return Err(shared.failure(planned.found.clone()).into());
            }
            // Narrowing the plan to the address is our own doing, and no news to anybody.
            let found =
                planned.found.iter().filter(|found| found.summary != TARGETING_SUMMARY).cloned().collect();
            operate::print_findings(shared.global, &shared.project.sources, &found, false)?;
            Ok((operate::refreshed_state(&shared.state, &planned.plan), observations.clone()))
        })
        .await?;
    if state.current(address).is_none() {
        return Err(Failure::new(
            "Nothing was imported",
            format!("The configuration has no instance {address}. Give the key of one that count or for_each makes."),
        )
        .into());
    }
    // Outputs say what the object is, not what the configuration would make of it.
    operation.state = state.clone();
    let offline = Options {
        mode: PlanMode::RefreshOnly,
        refresh: false,
        targets: options.targets,
        ..Options::default()
    };
    let outputs = operation
        .with_plan_from(&offline, seed, observations, async |planned, _observations| {
            Ok(if planned.found.has_errors() { Default::default() } else { planned.plan.outputs.clone() })
        })
        .await?;
    remembered::put_known_outputs(&outputs, &mut state);
    if let Some(session) = &mut operation.session {
        session.write(&mut state).await?;
    }
    let name = operation.global.product();
    output::print(&format!(
        "\nImport successful!\n\nThe resources that were imported are shown above. These resources are now in\nyour {name} state and will henceforth be managed by {name}.\n"
    ))?;
    Ok(ExitCode::SUCCESS)
}
