//! A directory as it is declared: its configuration, the values of its variables, what functions may see.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::config::{
    Assignment, Config, ConfigFiles, DiskFiles, Variable, VariableSources, WithFile, load, variable_values,
};
use crate::diagnostic::{Diagnostics, SourceRange, Sources};
use crate::lang::{Budget, Environment, Phase, Value};
use crate::plan::file::Saved;
use crate::plan::planner::{self, Validated};
use crate::plan::walk::{Input, KeptGraph};
use crate::plan::{Observations, Options};
use crate::state::{self, State};

use super::super::arguments::values::{VariableArgument, VariableArguments};
use super::super::{Failure, Global};
use super::local_files::LocalFiles;

/// Asks for the value of a variable.
type Ask<'a> = &'a mut dyn FnMut(&Variable) -> Option<String>;

/// A loaded directory.
pub struct Project {
    /// The configuration.
    pub config: Config,
    /// All texts.
    pub sources: Arc<Sources>,
    /// The values of the root module's variables.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// What functions may see.
    pub environment: Environment,
    /// The name of the workspace.
    pub workspace: String,
    /// Warnings of loading.
    pub warnings: Diagnostics,
    /// Values beyond documented limits, whether objects have them already or not.
    beyond_limits: Diagnostics,
    /// Whether the files could be read as a configuration, whatever else is wrong in it.
    is_read: bool,
    /// The graph of the configuration.
    pub graph: KeptGraph,
    /// Whether nothing is missing in the files: from those of a saved plan credentials were cut out.
    pub is_whole: bool,
}

impl Project {
    /// Loads the directory and the values of its variables, and checks everything that can be checked before anything is read.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration or the variables.
    pub fn load(global: &Global, arguments: &VariableArguments, ask: bool) -> anyhow::Result<Self> {
        Self::load_from(&DiskFiles::new("."), global, arguments, ask)
    }

    /// Loads the directory again with one more file in it, and the same values of variables.
    ///
    /// # Errors
    /// As [`Project::load`].
    pub fn with_file(&self, global: &Global, name: &str, content: &str) -> anyhow::Result<Self> {
        let disk = DiskFiles::new(".");
        let mut sources = Sources::new();
        let mut project = Self::read(&WithFile::new(&disk, name, content), global, &mut sources)?;
        project.variables = self.variables.clone();
        project.sources = Arc::new(sources);
        project.refuse_errors()
    }

    /// Loads what the files declare, and evaluates nothing.
    ///
    /// # Errors
    /// Files that cannot be read as a configuration.
    pub fn load_declared(global: &Global) -> anyhow::Result<Self> {
        let mut sources = Sources::new();
        let mut project = Self::parse(&DiskFiles::new("."), global, &mut sources)?;
        project.sources = Arc::new(sources);
        project.refuse_errors()
    }

    /// Loads the directory for a look at its values: expressions may be wrong, and variables without a value are unknown.
    ///
    /// # Errors
    /// Files that cannot be read as a configuration, and values that do not fit their variables.
    pub fn load_to_inspect(global: &Global, arguments: &VariableArguments) -> anyhow::Result<Self> {
        let files = DiskFiles::new(".");
        let mut sources = Sources::new();
        let project = Self::parse(&files, global, &mut sources)?;
        project.with_variables(&files, arguments, (false, &mut |_| None), true, sources)
    }

    /// Loads a directory whose files come from somewhere else.
    ///
    /// # Errors
    /// As [`Project::load`].
    pub fn load_from(
        files: &dyn ConfigFiles,
        global: &Global,
        arguments: &VariableArguments,
        ask: bool,
    ) -> anyhow::Result<Self> {
        let mut sources = Sources::new();
        let project = Self::read(files, global, &mut sources)?;
        let asks = ask && global.input;
        let mut ask = |variable: &Variable| if asks { super::ask::variable(variable) } else { None };
        project.with_variables(files, arguments, (asks, &mut ask), false, sources)
    }

    fn with_variables(
        mut self,
        files: &dyn ConfigFiles,
        arguments: &VariableArguments,
        (asks, ask): (bool, Ask<'_>),
        may_be_unset: bool,
        mut sources: Sources,
    ) -> anyhow::Result<Self> {
        // What is wrong with values is told together with what is wrong with expressions; nobody is asked for more then.
        let is_wrong = self.warnings.has_errors();
        if self.is_read {
            let assignments: Vec<Assignment> = arguments.0.iter().map(assignment).collect();
            let environment = variables_of_environment();
            let mut nobody = |_: &Variable| None;
            let (values, found) = variable_values(
                &mut self.config.root,
                &mut VariableSources {
                    files,
                    folder: Path::new(""),
                    environment: &environment,
                    assignments: &assignments,
                    ask: if is_wrong { &mut nobody } else { ask },
                    may_be_unset: may_be_unset || (is_wrong && asks),
                },
                &mut sources,
            );
            self.warnings.extend(found);
            self.variables = values;
        }
        self.sources = Arc::new(sources);
        self.refuse_errors()
    }

    /// Loads what a saved plan was made from. Values that are not in the plan have to be given again, unless they
    /// `may_be_unset` (to look at the plan they need not be known); others cannot be given.
    ///
    /// # Errors
    /// As [`Project::load`], and a `-var` for a value that the plan has.
    pub fn load_saved(
        global: &Global,
        saved: &Saved,
        arguments: &VariableArguments,
        ask: bool,
        may_be_unset: bool,
    ) -> anyhow::Result<Self> {
        let saved_files = super::saved_plan::files_of(saved);
        if let (Some(path), false) = (saved_files.incomplete.first(), may_be_unset) {
            return Err(Failure::new(
                "Credentials are not part of a plan",
                format!(
                    "A plan file keeps no credentials. Those that are written in {path} were to be taken from that file again, but it is not here or is not the one from which the plan was made. Apply the plan in the directory where it was made, or give credentials by variables or by the environment, and make a new plan."
                ),
            )
            .into());
        }
        let mut sources = Sources::new();
        let mut project = Self::read(&saved_files.files, global, &mut sources)?;
        project.is_whole = saved_files.incomplete.is_empty();
        let mut needed = project.config.root.clone();
        let withheld = |name: &Arc<str>, ephemeral: bool| ephemeral || saved.withheld.contains(name);
        needed.variables.retain(|name, variable| withheld(name, variable.ephemeral));
        if needed.variables.is_empty() && !arguments.0.is_empty() {
            return Err(Failure::new(
                "Can't set variables when applying a saved plan",
                "The -var and -var-file options cannot be used when applying a saved plan file, because a saved plan includes the variable values that were set when it was created.",
            )
            .into());
        }
        if !needed.variables.is_empty() {
            let assignments: Vec<Assignment> = arguments.0.iter().map(assignment).collect();
            let environment: Vec<(String, String)> = variables_of_environment()
                .into_iter()
                .filter(|(name, _)| needed.variables.contains_key(name.as_str()))
                .collect();
            let (values, found) = variable_values(
                &mut needed,
                &mut VariableSources {
                    files: &DiskFiles::new("."),
                    folder: Path::new(""),
                    environment: &environment,
                    assignments: &assignments,
                    ask: &mut |variable| {
                        if ask && global.input { super::ask::variable(variable) } else { None }
                    },
                    may_be_unset,
                },
                &mut sources,
            );
            // Values files may well hold other variables too: those of the plan stand.
            let errors = found.into_iter().filter(|each| each.severity == crate::diagnostic::Severity::Error);
            project.warnings.extend(errors);
            project.variables = values;
        }
        project.variables.extend(saved.variables.iter().map(|(name, value)| (name.clone(), value.clone())));
        project.sources = Arc::new(sources);
        project.refuse_errors()
    }

    /// Loads the directory alone, and validates it. There is no state to tell what exists already, so every documented limit
    /// counts.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub fn load_config(global: &Global) -> anyhow::Result<Self> {
        let mut sources = Sources::new();
        let mut project = Self::read(&DiskFiles::new("."), global, &mut sources)?;
        let beyond_limits = std::mem::take(&mut project.beyond_limits);
        project.warnings.extend(beyond_limits);
        project.sources = Arc::new(sources);
        project.refuse_errors()
    }

    fn read(files: &dyn ConfigFiles, global: &Global, sources: &mut Sources) -> anyhow::Result<Self> {
        let mut project = Self::parse(files, global, sources)?;
        if !project.warnings.has_errors() {
            let validated = project.validate(sources);
            project.warnings.extend(validated.found);
            project.beyond_limits = validated.beyond_limits;
        }
        Ok(project)
    }

    fn parse(files: &dyn ConfigFiles, global: &Global, sources: &mut Sources) -> anyhow::Result<Self> {
        let (config, found) = load(files, Path::new(""), sources);
        Ok(Self {
            is_read: !found.has_errors(),
            config,
            sources: Arc::default(),
            variables: BTreeMap::new(),
            environment: environment(global, jiff::Timestamp::now(), Phase::Plan),
            workspace: global.workspace()?,
            warnings: found,
            beyond_limits: Diagnostics::new(),
            graph: KeptGraph::default(),
            is_whole: true,
        })
    }

    /// Returns findings with a place for those that only name an object: the block that declares it.
    pub fn located(&self, found: &Diagnostics) -> Diagnostics {
        found
            .iter()
            .cloned()
            .map(|mut diagnostic| {
                if diagnostic.subject.is_none() {
                    diagnostic.subject =
                        diagnostic.address.as_deref().and_then(|address| self.declaration(address));
                }
                diagnostic
            })
            .collect()
    }

    fn declaration(&self, address: &str) -> Option<SourceRange> {
        // A deposed object is named behind its instance.
        let address = address.split(" (").next().unwrap_or(address);
        let Some(state::Target::Resource(key, _)) = state::Target::parse(address) else { return None };
        let address = key.resource_address();
        let module = self.config.module(&address.module.path())?;
        module.resources.get(&address.resource).map(|block| block.declaration)
    }

    fn refuse_errors(self) -> anyhow::Result<Self> {
        if self.warnings.has_errors() {
            return Err(Failure::of(self.warnings, self.sources).into());
        }
        Ok(self)
    }

    fn validate(&self, sources: &Sources) -> Validated {
        let state = State::default();
        let observations = Observations::default();
        let options = Options::default();
        let environment = Environment { plan_timestamp: None, ..self.environment.clone() };
        planner::validate(&Input {
            config: &self.config,
            sources,
            variables: &self.variables,
            state: &state,
            observations: &observations,
            environment: &environment,
            workspace: &self.workspace,
            now: self.environment.now,
            seed: uuid::Uuid::nil(),
            options: &options,
            graph: Some(&self.graph),
            priors: None,
        })
    }
}

/// Returns what functions may see.
pub fn environment(global: &Global, now: jiff::Timestamp, phase: Phase) -> Environment {
    Environment {
        files: Arc::new(LocalFiles),
        working_folder: global.working_folder.clone(),
        home_folder: std::env::var_os("HOME").map(Into::into),
        plan_timestamp: Some(now),
        now,
        phase,
        budget: Arc::new(Budget::new(global.limits)),
    }
}

fn assignment(argument: &VariableArgument) -> Assignment {
    match argument {
        VariableArgument::Value(text) => Assignment::Argument(text.clone()),
        VariableArgument::File(path) => Assignment::File(path.into()),
    }
}

/// Returns the variables that the environment gives; ours win over Terraform's.
fn variables_of_environment() -> Vec<(String, String)> {
    let mut found = BTreeMap::new();
    for prefix in ["TF_VAR_", "SNAPFORM_VAR_"] {
        for (name, value) in std::env::vars_os() {
            let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) else { continue };
            if let Some(name) = name.strip_prefix(prefix) {
                found.insert(name.to_owned(), value);
            }
        }
    }
    found.into_iter().collect()
}
