//! `sandbox`: serve, fill, show, break and empty the emulator.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::arguments::maintain::{SandboxArguments, SandboxCommand, SandboxPlace, SandboxServeArguments};
use super::failure::Failure;
use super::global::Global;
use super::output;
use crate::sandbox::command::{self, FaultRequest, Serve, Target};

/// Runs the command.
///
/// # Errors
///
/// The sandbox cannot be opened, reached or served, or refuses what it is given.
pub async fn run(global: &Global, arguments: SandboxArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        SandboxCommand::Serve(arguments) => serve(&arguments).await?,
        SandboxCommand::Seed(arguments) => {
            let target = target(global, arguments.place);
            blocking(move |out| command::seed(&target, Path::new(&arguments.file), out)).await?;
        }
        SandboxCommand::List(arguments) => {
            let target = target(global, arguments.place);
            blocking(move |out| command::list(&target, arguments.json, out)).await?;
        }
        SandboxCommand::Fault(arguments) => {
            let target = target(global, arguments.place);
            let request = FaultRequest {
                name: arguments.name,
                service: arguments.service,
                action: arguments.action,
                nth: arguments.nth,
                count: arguments.count,
                set: arguments.set,
                clear: arguments.clear,
            };
            blocking(move |out| command::fault(&target, &request, out)).await?;
        }
        SandboxCommand::Reset(arguments) => {
            let target = target(global, arguments.place);
            blocking(move |out| command::reset(&target, None, out)).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn target(global: &Global, place: SandboxPlace) -> Target {
    match (place.endpoint, place.store) {
        (Some(endpoint), _) => Target::Endpoint(endpoint),
        (None, Some(store)) => Target::Store(PathBuf::from(store)),
        (None, None) => Target::Store(global.world_folder()),
    }
}

/// Runs a command that may wait for another process, and prints what it wrote.
async fn blocking(
    run: impl FnOnce(&mut Vec<u8>) -> Result<(), command::CommandError> + Send + 'static,
) -> anyhow::Result<()> {
    let text = tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        run(&mut out).map(|()| String::from_utf8_lossy(&out).into_owned())
    });
    output::print(&text.await??)
}

async fn serve(arguments: &SandboxServeArguments) -> anyhow::Result<()> {
    let listen = arguments.listen.parse().map_err(|_| {
        let detail = format!(
            "The address {:?} is not of the form IP:PORT, such as 127.0.0.1:8080. The sandbox listens on loopback addresses only.",
            arguments.listen
        );
        Failure::new("Invalid address", detail)
    })?;
    let request = Serve {
        listen,
        store: arguments.store.as_ref().map(PathBuf::from),
        seed: arguments.seed.as_ref().map(PathBuf::from),
        set: arguments.set.clone(),
    };
    command::serve(&request, &mut std::io::stdout(), interrupted()).await?;
    Ok(())
}

/// Is ready when the program is asked to end.
async fn interrupted() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        // Without the handler the signal ends the program at once, which loses nothing either.
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
