//! The planner's way through the configuration.
//!
//! One call of [`walk`] goes once through the graph: every object is evaluated or planned after all that it
//! depends on. What is missing is collected, and the caller reads it and calls again; a walk that lacks
//! something is thrown away, so nothing half-known ever reaches a plan.

mod conditions;
mod data;
mod imports;
mod inspect;
mod leftover;
mod moved;
mod narrow;
mod providers;
mod refresh;
mod renew;
mod resource;
mod trigger;
mod values;

pub(super) use refresh::unread;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::config::{Config, Import, Module, ResourceBlock};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::lang::address::{
    Address, ConfigResource, InstanceKey, Mode, ModuleInstance, ModulePath, ProviderAddress, Resource,
    ResourceAddress,
};
use crate::lang::hash::{HashMap, HashSet};
use crate::lang::{Environment, Value};
use crate::state::State;

use super::change::{CheckStatus, ResourceChange};
use super::graph::{self, Graph, NodeKey};
use super::moves::Moved;
use super::observed::{ObjectName, Observations, Reads};
use super::options::{Options, PlanMode};
use super::prior::{ForeignValues, KeptPriors, Priors};
use super::world::{BlockScope, Expansion, Repetition, World};

/// Everything that a plan follows from.
pub struct Input<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// Its texts, to name places in.
    pub sources: &'a Sources,
    /// The values of the root module's variables.
    pub variables: &'a BTreeMap<Arc<str>, Value>,
    /// The saved state.
    pub state: &'a State,
    /// What was read so far.
    pub observations: &'a Observations,
    /// What functions need.
    pub environment: &'a Environment,
    /// The name of the workspace.
    pub workspace: &'a str,
    /// When the plan is made.
    pub now: jiff::Timestamp,
    /// Where the markers of creates come from.
    pub seed: uuid::Uuid,
    /// What was asked for.
    pub options: &'a Options,
    /// Where the graph of the configuration is kept, for those who plan more than once.
    pub graph: Option<&'a KeptGraph>,
    /// Where the remembered objects of the state are kept, for those who plan more than once.
    pub priors: Option<&'a KeptPriors>,
}

impl Input<'_> {
    /// Returns the graph of the configuration.
    ///
    /// # Errors
    /// Objects that depend on each other in a circle.
    pub(super) fn graph(&self) -> Result<Arc<Graph>, Diagnostics> {
        if let Some(graph) = self.graph.and_then(|kept| kept.0.get()) {
            return Ok(graph.clone());
        }
        let graph = Arc::new(graph::build(self.config, self.sources)?);
        Ok(match self.graph {
            Some(kept) => kept.0.get_or_init(|| graph).clone(),
            None => graph,
        })
    }
}

/// The graph of one configuration, made when it is first needed.
#[derive(Debug, Default)]
pub struct KeptGraph(OnceLock<Arc<Graph>>);

/// Status and problems of each instance of a checked object.
type CheckedObjects = BTreeMap<String, (CheckStatus, Vec<String>)>;

/// Whether a walk plans or only checks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Resources are unknown, nothing is read, nothing is planned.
    Validate,
    /// A plan is made.
    Plan,
    /// A plan is carried out: what was unknown is evaluated again.
    Apply,
    /// Named values are evaluated against what the state remembers; nothing is read, nothing is planned.
    Inspect,
}

/// What a walk found.
pub struct Walk<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) purpose: Purpose,
    pub(super) graph: Arc<Graph>,
    /// What functions need.
    pub(super) environment: Environment,
    /// All values.
    pub(super) world: World,
    /// The instances of each module.
    instances: HashMap<ModulePath, Vec<ModuleInstance>>,
    /// What `each` and `count` mean in the call of each module instance.
    repetitions: HashMap<ModuleInstance, Repetition>,
    /// The remembered objects under today's addresses, brought up to date; what is gone is taken out. Shared as long as all is as
    /// the state has it.
    pub(super) prior: Arc<Priors>,
    /// The remembered objects of foreign types.
    foreign: Arc<ForeignValues>,
    moved: Moved,
    /// The resources whose objects have another provider configuration than the state says.
    adopted: BTreeMap<ResourceAddress, ProviderAddress>,
    /// What has to be read first.
    pub(super) reads: Reads,
    /// Whether reads were taken out because their provider is not known yet.
    pub(super) held: bool,
    pub(super) drift: Vec<ResourceChange>,
    pub(super) learned: Vec<ResourceChange>,
    /// Objects that are taken for gone because they are not shown.
    pub(super) missed: Vec<ObjectName>,
    pub(super) changes: Vec<ResourceChange>,
    /// For each node the changes that belong to it.
    pub(super) node_changes: Vec<Vec<usize>>,
    /// For each node whether its value is not wholly known.
    pub(super) unknown: Vec<bool>,
    /// For each node whether it is left out (`-target`, `-exclude`).
    skipped: Vec<bool>,
    /// Instances that a narrowed destroy takes along, or has to leave.
    narrowed: HashSet<Address>,
    /// Resources that create before they destroy, of themselves or because something that does depends on them.
    create_first: HashSet<ConfigResource>,
    /// The instances that are declared.
    declared: HashSet<Address>,
    /// The number of instances of each resource that is declared.
    expansions: HashMap<ResourceAddress, Expansion>,
    /// The `import` blocks of each resource.
    import_blocks: HashMap<ConfigResource, Vec<&'a Import>>,
    /// Imports by address.
    imports: BTreeMap<Address, Arc<str>>,
    /// The data sources that were read: provider and value; no value when the state is to forget them.
    data: BTreeMap<Address, (ProviderAddress, Option<Value>)>,
    /// For each resource block those it depends on, once asked for.
    dependencies: RefCell<HashMap<usize, Arc<[ConfigResource]>>>,
    /// For each kind and address the status and the problems of each instance.
    checks: BTreeMap<(&'static str, String), CheckedObjects>,
    /// For each check whose data source could not be read, why.
    unread_checks: HashMap<(ModuleInstance, Arc<str>), Vec<String>>,
    /// Whether blocks stand too often to be held.
    out_of_room: bool,
    pub(super) found: Diagnostics,
    /// Values beyond documented limits, of objects to be created or changed; when validating, of any.
    pub(super) beyond_limits: Diagnostics,
    /// Nodes whose evaluation failed, and those that depend on them: these are not planned.
    failed: Vec<bool>,
}

/// Goes once through the configuration.
///
/// # Errors
/// A state that cannot be read; everything else is in the walk's findings.
pub fn walk<'a>(input: &'a Input<'a>, graph: Arc<Graph>, purpose: Purpose) -> Result<Walk<'a>, Diagnostics> {
    let (prior, foreign) = match purpose {
        Purpose::Validate => Default::default(),
        Purpose::Plan | Purpose::Apply | Purpose::Inspect => {
            input.priors.unwrap_or(&KeptPriors::default()).of(input.state)?
        }
    };
    let count = graph.nodes.len();
    let mut walk = Walk {
        input,
        purpose,
        graph,
        environment: match purpose {
            // A step that was approved must not fail because of how often the steps before it were looked at.
            Purpose::Apply => input.environment.without_run_limits(),
            Purpose::Validate | Purpose::Plan | Purpose::Inspect => input.environment.renewed(),
        },
        world: World::default(),
        instances: HashMap::from_iter([(ModulePath::root(), vec![ModuleInstance::root()])]),
        repetitions: HashMap::default(),
        prior,
        foreign,
        moved: Moved::default(),
        adopted: BTreeMap::new(),
        reads: Reads::default(),
        held: false,
        drift: Vec::new(),
        learned: Vec::new(),
        missed: Vec::new(),
        changes: Vec::new(),
        node_changes: vec![Vec::new(); count],
        unknown: vec![false; count],
        skipped: vec![false; count],
        create_first: HashSet::default(),
        declared: HashSet::default(),
        expansions: HashMap::default(),
        import_blocks: HashMap::default(),
        imports: BTreeMap::new(),
        data: BTreeMap::new(),
        dependencies: RefCell::default(),
        narrowed: HashSet::default(),
        checks: BTreeMap::new(),
        unread_checks: HashMap::default(),
        out_of_room: false,
        found: Diagnostics::new(),
        beyond_limits: Diagnostics::new(),
        failed: vec![false; count],
    };
    walk.make_room();
    walk.skip_untargeted();
    walk.spread_create_before_destroy();
    if purpose == Purpose::Plan {
        walk.move_objects();
        walk.adopt_providers();
        let missing = walk.missing_providers();
        if missing.has_errors() {
            return Err(missing);
        }
        walk.narrow_destroy();
        walk.collect_imports();
        walk.imply_providers();
        walk.refresh();
        walk.note_moves();
    }
    let for_reads = walk.needed_for_reads();
    for at in 0..count {
        if for_reads.as_ref().is_none_or(|needed| needed[at]) {
            walk.visit(at);
        }
    }
    walk.settle_reads();
    if purpose == Purpose::Plan && for_reads.is_none() {
        walk.leftovers();
        walk.refuse_idle_imports();
        walk.warn();
        walk.note_unchecked();
    }
    Ok(walk)
}

impl<'a> Walk<'a> {
    /// Makes the tables as large as they get at least, since one that grows hashes all its keys again.
    fn make_room(&mut self) {
        let of_root = self.input.config.root.resources.len();
        self.world.module_mut(&ModuleInstance::root()).resources.reserve(of_root);
        self.declared.reserve(of_root);
        self.expansions.reserve(of_root);
        if self.purpose == Purpose::Plan {
            self.changes.reserve(of_root);
        }
    }

    /// When objects are to be read first, this walk makes no plan: returns what else the reads need, which are the configurations of
    /// providers, the arguments of data sources, and what is to be imported.
    fn needed_for_reads(&self) -> Option<Vec<bool>> {
        if self.reads.objects.is_empty() {
            return None;
        }
        let reads = |key: &NodeKey| match key {
            NodeKey::Provider(_) => true,
            NodeKey::Resource(module, resource) => {
                let imported = || ConfigResource { module: module.clone(), resource: resource.clone() };
                resource.mode == Mode::Data || self.import_blocks.contains_key(&imported())
            }
            _ => false,
        };
        let nodes = self.graph.nodes.iter().enumerate();
        Some(self.graph.needed_by(nodes.filter(|(_, key)| reads(key)).map(|(at, _)| at)))
    }

    fn module_of(&self, path: &ModulePath) -> Option<&'a Module> {
        self.input.config.module(path)
    }

    fn instances_of(&self, path: &ModulePath) -> Vec<ModuleInstance> {
        self.instances.get(path).cloned().unwrap_or_default()
    }

    /// Calls `look` with the scope of a block.
    pub(super) fn with_scope<T>(
        &self,
        module: &ModuleInstance,
        repetition: &Repetition,
        self_object: Option<&Value>,
        look: impl FnOnce(&BlockScope<'_>) -> T,
    ) -> T {
        let path = module.path();
        let config = self.input.config;
        let call_outputs = |name: &str| -> Vec<Arc<str>> {
            config
                .module(&path.child(name))
                .map(|child| child.outputs.keys().cloned().collect())
                .unwrap_or_default()
        };
        let folder = config.module(&path).map_or(".", |module| module.folder.as_str());
        look(&BlockScope {
            world: &self.world,
            module,
            repetition,
            self_object,
            call_outputs: &call_outputs,
            module_folder: folder,
            workspace: self.input.workspace,
            environment: &self.environment,
        })
    }

    fn visit(&mut self, at: usize) {
        let graph = self.graph.clone();
        let key = &graph.nodes[at];
        if self.skipped[at] || self.is_only_ending(key) {
            self.keep_prior(at, key);
            return;
        }
        if self.purpose == Purpose::Plan && self.graph.depends_on[at].iter().any(|first| self.failed[*first])
        {
            self.failed[at] = true;
            self.unknown[at] = true;
            return;
        }
        let before = self.found.len();
        self.evaluate(at, key);
        self.failed[at] = self.found.iter().skip(before).any(is_error);
        self.unknown[at] |= match key {
            NodeKey::Call(path, name) => !self.is_call_known(path, name),
            NodeKey::Provider(address) => {
                self.reads.providers.get(address).is_some_and(|config| !config.is_known())
            }
            key => !self.is_wholly_known(key),
        };
    }

    /// When all is destroyed, what providers need of a resource is what the state has of it, and nothing else is planned of it.
    fn is_only_ending(&self, key: &NodeKey) -> bool {
        self.input.options.mode == PlanMode::Destroy
            && matches!(key, NodeKey::Resource(_, resource) if resource.mode == Mode::Managed)
            && self.purpose == Purpose::Plan
    }

    fn evaluate(&mut self, at: usize, key: &NodeKey) {
        match key {
            NodeKey::Provider(_) | NodeKey::Check(..) if self.purpose == Purpose::Inspect => {}
            NodeKey::Resource(path, resource) if self.purpose == Purpose::Inspect => {
                self.visit_remembered(path, resource);
            }
            NodeKey::Call(path, name) => self.visit_call(path, name),
            NodeKey::Variable(path, name) => self.visit_variable(path, name),
            NodeKey::Local(path, name) => self.visit_local(path, name),
            NodeKey::Provider(address) => self.visit_provider(address),
            NodeKey::Resource(path, resource) => self.visit_resource(at, path, resource),
            NodeKey::Output(path, name) => self.visit_output(path, name),
            NodeKey::Check(path, name) => self.visit_check(path, name),
        }
    }

    /// Evaluates a variable, local value, output, check or the values of a module call once more.
    pub(super) fn evaluate_node(&mut self, at: usize) {
        let key = self.graph.nodes[at].clone();
        match &key {
            NodeKey::Resource(..) | NodeKey::Provider(_) => {}
            NodeKey::Call(path, name) => self.renew_call(path, name),
            key => self.evaluate(at, key),
        }
    }

    /// Tells whether a node is left out.
    pub(super) fn is_skipped(&self, at: usize) -> bool {
        self.skipped[at]
    }

    /// Tells whether the configuration has an instance.
    pub(super) fn is_declared(&self, address: &Address) -> bool {
        self.declared.contains(address)
    }

    /// Tells whether the evaluation of an object, or of something it depends on, failed.
    pub(super) fn has_failed(&self, key: &NodeKey) -> bool {
        self.graph.position(key).is_some_and(|at| self.failed[at])
    }

    /// Tells whether the configuration has a module instance.
    pub(super) fn has_module(&self, module: &ModuleInstance) -> bool {
        self.repetitions.contains_key(module)
    }

    /// Returns the block of an instance.
    pub(super) fn block_of(&self, address: &Address) -> Option<&'a ResourceBlock> {
        self.module_of(&address.module.path())?.resources.get(&address.resource).map(|block| &**block)
    }

    /// Returns how often a resource stands in its module instance.
    pub(super) fn expansion_of(&self, resource: &ResourceAddress) -> Option<Expansion> {
        self.expansions.get(resource).cloned()
    }

    /// Returns what `each` and `count` mean inside an instance.
    pub(super) fn repetition_of(&self, address: &Address) -> Repetition {
        let each_value = match (self.expansions.get(&address.resource_address()), &address.key) {
            (Some(Expansion::ForEach(values)), Some(InstanceKey::Key(key))) => values.get(key).cloned(),
            _ => None,
        };
        Repetition { key: address.key.clone(), each_value, unknown: false }
    }

    /// Tells whether a replacement of a resource's objects creates first.
    pub(super) fn creates_first(&self, resource: &ConfigResource) -> bool {
        self.create_first.contains(resource)
    }

    /// Tells whether all values of a node are known.
    fn is_wholly_known(&self, key: &NodeKey) -> bool {
        let modules = self.instances.get(key.module());
        modules.into_iter().flatten().filter_map(|module| self.world.module(module)).all(|values| {
            let value = match key {
                NodeKey::Variable(_, name) => values.variables.get(name),
                NodeKey::Local(_, name) => values.locals.get(name),
                NodeKey::Output(_, name) => values.outputs.get(name),
                _ => None,
            };
            value.is_none_or(Value::is_wholly_known)
        })
    }

    /// Adds a finding that a resource instance is the reason of.
    fn report(&mut self, diagnostics: Diagnostics, address: Option<&Address>) {
        self.found.extend(diagnostics.into_iter().map(|diagnostic| match address {
            Some(address) if diagnostic.address.is_none() && self.purpose == Purpose::Plan => {
                diagnostic.about(address)
            }
            _ => diagnostic,
        }));
    }

    /// What is left out keeps the values it had.
    fn keep_prior(&mut self, at: usize, key: &NodeKey) {
        match key {
            NodeKey::Call(path, name) => self.visit_call_from_state(path, name),
            NodeKey::Resource(path, resource) => {
                for module in self.instances_of(path) {
                    self.value_from_prior(&module, resource);
                }
            }
            _ => {}
        }
        self.unknown[at] = false;
    }

    fn spread_create_before_destroy(&mut self) {
        let mut first = vec![false; self.graph.nodes.len()];
        for at in (0..self.graph.nodes.len()).rev() {
            if let NodeKey::Resource(path, resource) = &self.graph.nodes[at] {
                let block = self.module_of(path).and_then(|module| module.resources.get(resource));
                if block.is_some_and(|block| block.lifecycle.create_before_destroy == Some(true)) {
                    first[at] = true;
                }
                if first[at] {
                    self.create_first
                        .insert(ConfigResource { module: path.clone(), resource: resource.clone() });
                }
            }
            if first[at] {
                self.graph.depends_on[at].iter().for_each(|before| first[*before] = true);
            }
        }
    }

    /// Returns the names of all remembered objects of a resource of a module instance, current and deposed.
    fn objects_of(&self, resource: &ResourceAddress) -> Vec<ObjectName> {
        let first = ObjectName { address: resource.instance(None), deposed: None };
        self.prior
            .range(first..)
            .take_while(|(name, _)| {
                name.address.resource == resource.resource && name.address.module == resource.module
            })
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// Returns the resource blocks that a block depends on, as the state remembers them, in order.
    pub(super) fn dependencies_of(&self, path: &ModulePath, resource: &Resource) -> Arc<[ConfigResource]> {
        let key = NodeKey::Resource(path.clone(), resource.clone());
        let Some(at) = self.graph.position(&key) else { return Arc::default() };
        if let Some(known) = self.dependencies.borrow().get(&at) {
            return known.clone();
        }
        let mut all: Vec<ConfigResource> = self
            .graph
            .resources_behind(at)
            .into_iter()
            .filter_map(|behind| match &self.graph.nodes[behind] {
                NodeKey::Resource(module, resource) => {
                    Some(ConfigResource { module: module.clone(), resource: resource.clone() })
                }
                _ => None,
            })
            .collect();
        all.sort_unstable();
        let all: Arc<[ConfigResource]> = all.into();
        self.dependencies.borrow_mut().insert(at, all.clone());
        all
    }

    /// Returns on which resource blocks the remembered objects of each block depend.
    pub(super) fn remembered_dependencies(&self) -> BTreeMap<ConfigResource, BTreeSet<ConfigResource>> {
        let mut all: BTreeMap<ConfigResource, BTreeSet<ConfigResource>> = BTreeMap::new();
        for (name, prior) in &*self.prior {
            if !prior.dependencies.is_empty() {
                all.entry(name.address.config()).or_default().extend(prior.dependencies.iter().cloned());
            }
        }
        all
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == crate::diagnostic::Severity::Error
}
