//! `graph`: what depends on what, for Graphviz.

use std::process::ExitCode;

use super::arguments::inspect::GraphArguments;
use super::arguments::values::StatePathArguments;
use super::operate::Project;
use super::{Failure, Global, output, show};
use crate::plan::graph;
use crate::render::dot::{self, Operation};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: GraphArguments) -> anyhow::Result<ExitCode> {
    let text = match &arguments.plan {
        Some(path) => of_saved_plan(global, path, arguments.draw_cycles)?,
        None => of_directory(global, &arguments).await?,
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn of_saved_plan(global: &Global, path: &str, mark_cycles: bool) -> anyhow::Result<String> {
    show::with_saved_plan(global, path, |project, state, planned| {
        let graph = graph::build(&project.config, &project.sources)
            .map_err(|found| Failure::of(found, project.sources.clone()))?;
        Ok(dot::planned(&project.config, &graph, &planned.plan, state, mark_cycles))
    })
}

async fn of_directory(global: &Global, arguments: &GraphArguments) -> anyhow::Result<String> {
    let project = Project::load_declared(global)?;
    let (config, sources) = (&project.config, &project.sources);
    let operation = match arguments.graph_type.as_deref() {
        None => {
            let graph = graph::build(config, sources)
                .map_err(|found| Failure::of(project.located(&found), sources.clone()))?;
            return Ok(dot::resources(&graph));
        }
        Some("plan-destroy") => Operation::Destroy,
        Some("apply") => Operation::Apply,
        Some(_) => Operation::Plan,
    };
    // Whoever asks for the circles wants to see the graph that has them.
    let graph = match graph::build(config, sources) {
        Ok(graph) => graph,
        Err(_) if arguments.draw_cycles => graph::build_unordered(config, sources),
        Err(found) => return Err(Failure::of(project.located(&found), sources.clone()).into()),
    };
    let state = global.read_state(&StatePathArguments::default()).await?;
    Ok(dot::detailed(config, &graph, &state, operation, arguments.draw_cycles))
}
