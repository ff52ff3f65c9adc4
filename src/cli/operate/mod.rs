//! What the commands that look at the clouds have in common: load, lock, recover, plan, show, approve, carry out.

mod address_file;
mod ask;
mod clouds;
mod generate;
mod listener;
mod local_files;
mod project;
mod remote_state;
pub mod saved_plan;
mod show_plan;
mod signals;
mod unsaved;
mod view;

use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::arguments::operate::{OperationOptions, PlanOptions};
use super::arguments::values::VariableArguments;
use super::{Failure, Global, failure, output};
use crate::apply::{
    self, Event, EventSink, Interrupt, LocalJournal, Options as RunOptions, Patience, Saves, Settle, Subject,
    gather, recover,
};
use crate::cloud::limits::RateOverride;
use crate::cloud::rates;
use crate::config::{DiskFiles, has_configuration};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, Sources};
use crate::lang::Phase;
use crate::lang::address::{Address, Mode};
use crate::plan::planner::{self, Answer, Planned};
use crate::plan::prior::KeptPriors;
use crate::plan::survey;
use crate::plan::walk::Input;
use crate::plan::{Change, Observations, Options, PlanMode, ProviderConfig, Reads, Target};
use crate::schema::{ProviderKind, parent};
use crate::state::{self, Ahead, Backend, Session, State};

pub use clouds::Connections;
pub use generate::refuse_existing;
pub use listener::TextListener;
pub use project::{Project, environment};
pub use show_plan::{closing, failed_summary, outputs_text, show, summary, text_of, text_options};
use signals::listen_for_signals;
pub use signals::{unless_interrupted, write_errors_are_no_signals};
pub use unsaved::{keep_unsaved, refuse_unpushed};
pub use view::View;

/// The name under which the console takes the lock, which is Terraform's.
pub const CONSOLE: &str = "OperationTypeInvalid";

/// A command at work on a directory.
pub struct Operation<'a> {
    /// The surroundings.
    pub global: &'a Global,
    /// The directory.
    pub project: Project,
    /// The state, under its lock; taken out while a run writes it.
    pub session: Option<Session>,
    /// The state as saved, with what recovery bound to addresses.
    pub state: State,
    /// Whether recovery changed it.
    pub recovered: bool,
    /// The clouds.
    pub connections: Arc<Connections>,
    /// Hears of everything.
    pub events: Arc<dyn EventSink>,
    /// When the plan is made.
    pub now: jiff::Timestamp,
    /// How a run is to behave.
    pub run: RunOptions,
    /// Asks to stop.
    pub interrupt: Interrupt,
    /// Whether the end tells what the calls cost.
    pub stats: bool,
    /// What saving the state cost, once there was a run.
    pub saves: OnceLock<Saves>,
}

/// Returns the listener that a command prints with.
pub fn listener(global: &Global) -> Arc<dyn EventSink> {
    let terminal = std::io::stderr().is_terminal() && std::io::stdout().is_terminal();
    Arc::new(TextListener::new(terminal && !global.in_automation, global.colour))
}

impl<'a> Operation<'a> {
    /// Loads the directory, takes the lock, reads the state and opens the clouds.
    ///
    /// # Errors
    /// A configuration that is wrong, a state that is locked or cannot be read.
    pub async fn begin(
        global: &'a Global,
        name: &str,
        variables: &VariableArguments,
        options: &OperationOptions,
        events: Arc<dyn EventSink>,
    ) -> anyhow::Result<Self> {
        tell_sandbox(global, options);
        let backend = global.backend(&options.paths);
        let ahead = backend.as_ref().ok().and_then(|backend| backend.ahead());
        // What is wrong with the configuration is told before what is wrong with its backend.
        let project = Project::load(global, variables, options.input)?;
        Self::begin_on(global, project, (backend?, ahead), name, options, events).await
    }

    /// Begins with a directory that is loaded already.
    ///
    /// # Errors
    /// A state that is locked or cannot be read.
    pub async fn begin_with(
        global: &'a Global,
        project: Project,
        name: &str,
        options: &OperationOptions,
        events: Arc<dyn EventSink>,
    ) -> anyhow::Result<Self> {
        tell_sandbox(global, options);
        let backend = global.backend(&options.paths)?;
        Self::begin_on(global, project, (backend, None), name, options, events).await
    }

    async fn begin_on(
        global: &'a Global,
        project: Project,
        (backend, ahead): (Box<dyn Backend>, Option<Ahead>),
        name: &str,
        options: &OperationOptions,
        events: Arc<dyn EventSink>,
    ) -> anyhow::Result<Self> {
        // What is wrong with the environment is told before the lock is taken.
        let (rates, settle) = (rates(options)?, settle()?);
        // The console reads its lines itself, and a signal ends it as any program.
        let interrupt = if name == CONSOLE { Interrupt::never() } else { listen_for_signals()? };
        let session = global.session_on(backend, name, &options.lock, options.json);
        let mut session = unless_interrupted(&interrupt, session).await??.expecting(ahead);
        let opened = unless_interrupted(&interrupt, async {
            let state = session.read().await?;
            Session::require_room(&state)?;
            let connections = Arc::new(Connections::open(global, events.clone(), &rates).await?);
            anyhow::Ok((state, connections))
        });
        let (state, connections) = match opened.await.and_then(|opened| opened) {
            Ok(opened) => opened,
            Err(error) => {
                session.close().await?;
                return Err(error);
            }
        };
        let mut project = project;
        if let Some(backup) = session.backup_without_state() {
            project.warnings.push(missing_state(&session.location(), &backup));
        }
        let now = jiff::Timestamp::now();
        // Plans carry whole seconds, so that a saved one is the same when it is read again.
        let now = jiff::Timestamp::from_second(now.as_second()).unwrap_or(now);
        let run = RunOptions {
            parallelism: options.parallelism.and_then(|limit| NonZeroUsize::new(limit as usize)),
            settle,
            ..RunOptions::default()
        };
        Ok(Self {
            global,
            project,
            session: Some(session),
            state,
            recovered: false,
            connections,
            events,
            now,
            run,
            interrupt,
            stats: options.stats,
            saves: OnceLock::new(),
        })
    }

    /// Returns where accepted ids are noted.
    pub fn journal(&self) -> LocalJournal {
        LocalJournal::new(self.global.journal_folder(), self.run.run.clone())
    }

    /// Settles what earlier runs left open. With `wait` until all is settled; otherwise what is not is reported.
    ///
    /// # Errors
    /// An intent whose outcome the user has to decide, or that could not be looked into.
    pub async fn settle_intents(&mut self, options: &Options, wait: bool) -> anyhow::Result<()> {
        if !self.state.intents()?.is_empty() {
            self.recover(options, wait).await?;
        }
        if options.refresh && !self.state.missed().is_empty() {
            self.take_back(options).await?;
        }
        Ok(())
    }

    /// Gives objects back to their addresses that were not shown once and are there.
    async fn take_back(&mut self, options: &Options) -> anyhow::Result<()> {
        // What is wrong with a provider is for the plan to say.
        if self.configure_providers(options).await?.has_errors() {
            return Ok(());
        }
        let looking = apply::take_back(self.state.clone(), &*self.connections, self.run.clock.now());
        let (state, returned) = unless_interrupted(&self.interrupt, looking).await?;
        self.state = state;
        self.recovered |= !returned.is_empty();
        self.project.warnings.extend(apply::tell_returned(&returned));
        Ok(())
    }

    /// Configures the providers before anything is planned; data sources that their arguments come from are read for that. Returns
    /// what speaks against planning at all.
    async fn configure_providers(&self, options: &Options) -> anyhow::Result<Diagnostics> {
        let offline = Options { refresh: false, ..options.clone() };
        let environment = environment(self.global, self.now, Phase::Plan);
        let mut observations = Observations::default();
        loop {
            let input = self.input(&offline, &observations, &environment, &self.state);
            let reads = match planner::providers(&input) {
                Ok(reads) => reads,
                Err(found) => return Ok(found),
            };
            self.connections.configure(&reads.providers);
            if reads.is_empty() {
                return Ok(Diagnostics::new());
            }
            self.gather(&reads, &mut observations).await?;
        }
    }

    /// Reads what the planner asks for.
    async fn gather(&self, reads: &Reads, observations: &mut Observations) -> anyhow::Result<()> {
        let patience = Patience { clock: &self.run.clock, settle: &self.run.settle };
        let read = gather(&*self.connections, reads, patience, &*self.events, observations);
        unless_interrupted(&self.interrupt, read).await?;
        Ok(())
    }

    async fn recover(&mut self, options: &Options, wait: bool) -> anyhow::Result<()> {
        let found = self.configure_providers(options).await?;
        if found.has_errors() {
            return Err(self.failure(found).into());
        }
        let journal = self.journal();
        let locked = self.session.as_ref().is_some_and(|session| session.lock_info().is_some());
        let (state, connections, events) = (self.state.clone(), &*self.connections, &*self.events);
        let recovering = recover(state, connections, &journal, events, &self.run, wait, locked);
        let recovered =
            unless_interrupted(&self.interrupt, recovering).await?.map_err(|found| self.failure(found))?;
        let blocking = recovered.blocking();
        self.recovered |= recovered.changed;
        self.state = recovered.state;
        if blocking.has_errors() {
            return Err(self.failure(blocking).into());
        }
        Ok(())
    }

    /// Makes a plan, reading whatever the planner asks for, and hands it on.
    ///
    /// # Errors
    /// What `then` returns, and a configuration or state that cannot be planned at all.
    pub async fn with_plan<R>(
        &self,
        options: &Options,
        seed: uuid::Uuid,
        then: impl AsyncFnOnce(Box<Planned<'_>>, &Observations) -> anyhow::Result<R>,
    ) -> anyhow::Result<R> {
        self.with_plan_after(options, seed, Observations::default(), then).await
    }

    /// As [`Operation::with_plan`], when something was read already.
    ///
    /// # Errors
    /// As [`Operation::with_plan`].
    pub async fn with_plan_after<R>(
        &self,
        options: &Options,
        seed: uuid::Uuid,
        observations: Observations,
        then: impl AsyncFnOnce(Box<Planned<'_>>, &Observations) -> anyhow::Result<R>,
    ) -> anyhow::Result<R> {
        let then = async |mut planned: Box<Planned<'_>>, observations: &Observations| {
            if options.refresh {
                self.tell_builtin_refresh(&planned.plan);
                self.survey(&mut planned, options.accept_gone).await;
            }
            then(planned, observations).await
        };
        self.with_plan_from(options, seed, observations, then).await
    }

    /// Looks at the providers and parents of what a plan changes: credentials that are wrong, quotas that are full and parents
    /// that lose their last usable point are told with the plan, not during apply.
    async fn survey(&self, planned: &mut Planned<'_>, accept_gone: bool) {
        if planned.plan.errored {
            return;
        }
        let mut needed = survey::needed(&planned.plan);
        // What apply configures cannot be looked at yet; each create looks at its parent itself.
        needed.retain(|provider| planned.providers.get(provider).is_none_or(ProviderConfig::may_read));
        if needed.providers.is_empty() {
            return;
        }
        let circumstances = survey::Circumstances { accept_gone, without_state: self.remembers_no_point() };
        let looked = apply::survey(&*self.connections, &needed).await;
        let found = survey::judge(&planned.plan, &looked, circumstances);
        planned.refused = found.has_errors();
        planned.plan.errored |= planned.refused;
        planned.found.extend(found);
    }

    /// Tells whether the state has no recovery point at all.
    fn remembers_no_point(&self) -> bool {
        let is_point = |name: &str| !parent::parent_attributes(name).is_empty();
        !self.state.resources.keys().any(|key| key.mode == Mode::Managed && is_point(&key.resource_type))
    }

    /// Objects of the builtin provider are what the state says, and nothing reads them; Terraform tells of their refresh
    /// like of all others.
    fn tell_builtin_refresh(&self, plan: &crate::plan::Plan) {
        let mut events = Vec::new();
        if plan.mode == PlanMode::RefreshOnly {
            for (key, resource, name, object) in self.state.objects() {
                if key.mode == Mode::Managed && resource.provider.contains(ProviderKind::Terraform.source()) {
                    let id = object.id().map(Arc::from);
                    let deposed = name.deposed.as_deref().map(Arc::from);
                    events.extend(refresh(key.instance_address(name), deposed, id));
                }
            }
        }
        for change in &plan.changes {
            let forgotten = matches!(change.change, Change::Forget { .. });
            let managed = change.address.resource.mode == Mode::Managed;
            let builtin = *change.provider.source == *ProviderKind::Terraform.source();
            let Some(before) = change.change.before().filter(|_| managed && builtin && !forgotten) else {
                continue;
            };
            let id: Option<Arc<str>> = before.get("id").and_then(|id| id.as_str()).map(Into::into);
            events.extend(refresh(change.address.clone(), change.deposed.clone(), id));
        }
        self.events.heard_all(&events);
    }

    /// Makes a plan from what was read already.
    ///
    /// # Errors
    /// As [`Operation::with_plan`].
    pub async fn with_plan_from<R>(
        &self,
        options: &Options,
        seed: uuid::Uuid,
        mut observations: Observations,
        then: impl AsyncFnOnce(Box<Planned<'_>>, &Observations) -> anyhow::Result<R>,
    ) -> anyhow::Result<R> {
        let environment = environment(self.global, self.now, Phase::Plan);
        let priors = KeptPriors::default();
        loop {
            let mut input = self.input(options, &observations, &environment, &self.state);
            input.seed = seed;
            input.priors = Some(&priors);
            let reads = match planner::plan(&input) {
                Answer::NeedReads(reads) => reads,
                Answer::Planned(planned) => {
                    self.connections.configure(&planned.providers);
                    return then(planned, &observations).await;
                }
                Answer::Refused(found) => return Err(self.failure(found).into()),
            };
            self.connections.configure(&reads.providers);
            self.gather(&reads, &mut observations).await?;
        }
    }

    fn input<'b>(
        &'b self,
        options: &'b Options,
        observations: &'b Observations,
        environment: &'b crate::lang::Environment,
        state: &'b State,
    ) -> Input<'b> {
        Input {
            config: &self.project.config,
            sources: &self.project.sources,
            variables: &self.project.variables,
            state,
            observations,
            environment,
            workspace: &self.project.workspace,
            now: self.now,
            seed: uuid::Uuid::nil(),
            options,
            graph: Some(&self.project.graph),
            priors: None,
        }
    }

    /// Returns findings as the end of a command.
    pub fn failure(&self, found: Diagnostics) -> Failure {
        Failure::of(self.project.located(&found), self.project.sources.clone())
    }

    /// Gives the lock back, also when the command failed, and tells what the calls cost.
    ///
    /// # Errors
    /// The lock cannot be given back; what the command returned comes first.
    pub async fn end<T>(self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        let Self { project, session, state, connections, events, stats, saves, .. } = self;
        let saves = saves.into_inner().filter(|saves| saves.count > 0);
        events.heard(&Event::Tallied { actions: connections.statistics(), saves, asked: stats });
        connections.leave_calls();
        // The program ends: giving large trees back piece by piece would take as long as a part of the plan.
        std::mem::forget((project, state));
        let closed = match session {
            Some(session) => session.close().await,
            None => Ok(()),
        };
        let value = result?;
        closed?;
        Ok(value)
    }
}

/// A state that is missing is an empty one, as for Terraform; a backup beside it says that it was not always so.
fn missing_state(state: &str, backup: &str) -> Diagnostic {
    let detail = format!(
        "There is no {state}, so nothing is remembered and everything that is declared would be made. Beside it lies {backup}, which holds resources: if the state was lost, copy the backup to its place and plan again. It is one change older than the state was."
    );
    Diagnostic::warning("State is missing beside its backup", detail)
}

/// Says at the start that no cloud is called, so that a variable somebody left set makes no backup that is none.
fn tell_sandbox(global: &Global, options: &OperationOptions) {
    if let Some(text) = global.sandbox_notice().filter(|_| !options.json) {
        output::note(&format!("{text}\n\n"));
    }
}

/// Returns what is told of the refresh of an object.
fn refresh(address: Address, deposed: Option<Arc<str>>, id: Option<Arc<str>>) -> [Event; 2] {
    let subject = Subject { address, deposed };
    [
        Event::RefreshStarted { subject: subject.clone(), id: id.clone() },
        Event::RefreshCompleted { subject, id },
    ]
}

/// Prints findings: warnings to standard output, errors to standard error, as Terraform does.
///
/// # Errors
/// Standard output went away.
pub fn print_findings(
    global: &Global,
    sources: &Sources,
    found: &Diagnostics,
    compact: bool,
) -> anyhow::Result<()> {
    let (errors, warnings): (Diagnostics, Diagnostics) = {
        let mut errors = Diagnostics::new();
        let mut warnings = Diagnostics::new();
        for diagnostic in found {
            match diagnostic.severity {
                Severity::Error => errors.push(diagnostic.clone()),
                Severity::Warning => warnings.push(diagnostic.clone()),
            }
        }
        (errors, warnings)
    };
    if compact && errors.is_empty() && !warnings.is_empty() {
        output::print(&compact_warnings(sources, &warnings))?;
    } else if !warnings.is_empty() {
        output::print(&failure::to_text(&warnings, sources, global.colour))?;
    }
    if !errors.is_empty() {
        output::note(&failure::to_text(&errors, sources, global.colour_of_errors));
    }
    Ok(())
}

/// Returns warnings as one line each.
pub fn compact_warnings(sources: &Sources, warnings: &Diagnostics) -> String {
    let mut text = "\nWarnings:\n\n".to_owned();
    for warning in warnings {
        text.push_str(&format!("- {}", warning.summary));
        if let Some(range) = warning.subject {
            let line = sources.position(range.source, range.start).line;
            text.push_str(&format!("\n  on {} line {line}", sources.name(range.source)));
        }
        text.push('\n');
    }
    text.push_str("\nTo see the full warning notes, run Snapform without -compact-warnings.\n");
    text
}

/// Refuses a folder without configuration: it is the wrong folder much more often than a wish to destroy everything.
///
/// # Errors
/// There is none.
pub fn require_configuration(detail: &str) -> Result<(), Failure> {
    if has_configuration(&DiskFiles::new("."), Path::new("")) {
        return Ok(());
    }
    Err(Failure::new("No configuration files", detail))
}

/// Returns the options of a plan from those of the command line.
///
/// # Errors
/// An address that is none, or options that exclude each other.
pub fn plan_options(arguments: &PlanOptions) -> anyhow::Result<Options> {
    if arguments.destroy && arguments.refresh_only {
        return Err(Failure::new(
            "Incompatible plan mode options",
            "The -destroy and -refresh-only options are mutually-exclusive.",
        )
        .into());
    }
    if arguments.refresh_only && !arguments.refresh {
        return Err(Failure::new(
            "Incompatible refresh options",
            "It doesn't make sense to use -refresh-only at the same time as -refresh=false, because Snapform would have nothing to do.",
        )
        .into());
    }
    let narrowed = !arguments.target.is_empty() || !arguments.target_file.is_empty();
    if narrowed && !(arguments.exclude.is_empty() && arguments.exclude_file.is_empty()) {
        return Err(Failure::new(
            "Incompatible plan options",
            "The target and exclude planning options are mutually-exclusive. Each plan must use either only the target options or only the exclude options.",
        )
        .into());
    }
    let mode = match (arguments.destroy, arguments.refresh_only) {
        (true, _) => PlanMode::Destroy,
        (_, true) => PlanMode::RefreshOnly,
        _ => PlanMode::Normal,
    };
    let mut targets = arguments.target.iter().map(|text| target(text)).collect::<Result<Vec<_>, _>>()?;
    for path in &arguments.target_file {
        targets.extend(address_file::read("-target-file", path)?);
    }
    if narrowed && targets.is_empty() {
        // Nothing to keep to would mean everything.
        return Err(address_file::nothing_in(&arguments.target_file).into());
    }
    let mut excludes = arguments.exclude.iter().map(|text| target(text)).collect::<Result<Vec<_>, _>>()?;
    for path in &arguments.exclude_file {
        excludes.extend(address_file::read("-exclude-file", path)?);
    }
    let replace = arguments.replace.iter().map(|text| instance(text)).collect::<Result<Vec<_>, _>>()?;
    if !replace.is_empty() && mode != PlanMode::Normal {
        return Err(Failure::new(
            "Unsupported plan mode",
            "Forcing resource instance replacement (with -replace=...) is allowed only in normal planning mode.",
        )
        .into());
    }
    Ok(Options {
        mode,
        refresh: arguments.refresh,
        targets,
        excludes,
        replace,
        accept_gone: arguments.accept_gone,
        ..Options::default()
    })
}

/// Returns what a text of `-target` names.
///
/// # Errors
/// It is no address.
pub fn target(text: &str) -> Result<Target, Failure> {
    match state::Target::parse(text) {
        Some(state::Target::Module(module)) => Ok(Target::Module(module)),
        Some(state::Target::Resource(key, index)) => {
            let address = key.resource_address();
            Ok(Target::Resource(address.module, address.resource, index))
        }
        None => Err(Failure::new(
            format!("Invalid target {text:?}"),
            format!(
                "{text:?} is no address. Write it as the plan does, such as alicloud_ecs_snapshot.db, alicloud_ecs_snapshot.db[\"a\"] or module.backups."
            ),
        )),
    }
}

/// Returns the instance that a text names.
///
/// # Errors
/// It is no address of a managed resource instance.
pub fn instance(text: &str) -> Result<Address, Failure> {
    match state::Target::parse(text) {
        Some(state::Target::Resource(key, index)) if key.mode == state::Mode::Managed => {
            Ok(key.resource_address().instance(index))
        }
        _ => Err(Failure::new(
            format!("Invalid force-replace address {text:?}"),
            format!(
                "{text:?} is no address of a resource instance, such as alicloud_ecs_snapshot.db or alicloud_ecs_snapshot.db[\"a\"]."
            ),
        )),
    }
}

/// Returns how long clouds may take to show what they accepted (`SNAPFORM_SETTLE`).
fn settle() -> anyhow::Result<Settle> {
    let Some(text) = std::env::var("SNAPFORM_SETTLE").ok().filter(|text| !text.is_empty()) else {
        return Ok(Settle::default());
    };
    let default = super::arguments::values::parse_duration(&text)
        .map_err(|why| Failure::new("Invalid settle time", format!("SNAPFORM_SETTLE: {why}.")))?;
    Ok(Settle { default, ..Settle::default() })
}

/// Returns the rates of the environment (`SNAPFORM_RATE`), then those of the command line, of which the last ones win.
fn rates(options: &OperationOptions) -> Result<Vec<RateOverride>, Failure> {
    let given = std::env::var("SNAPFORM_RATE").unwrap_or_default();
    let of_environment = given.split(',').map(str::trim).filter(|text| !text.is_empty());
    let read = |text: &str| {
        rates::parse(text).map_err(|why| Failure::new("Invalid rate", format!("SNAPFORM_RATE: {why}.")))
    };
    let mut all = of_environment.map(read).collect::<Result<Vec<_>, _>>()?;
    all.extend(options.rate.iter().cloned());
    Ok(all)
}

/// Returns the state as it is after what a plan saw, to save or to go on from.
pub fn refreshed_state(state: &State, plan: &crate::plan::Plan) -> State {
    apply::refreshed(state.clone(), plan)
}
