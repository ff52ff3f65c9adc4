//! Everything evaluated so far: the values that expressions of each module instance see.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange, suggest};
use crate::lang::address::{Address, InstanceKey, ModuleInstance, Resource};
use crate::lang::hash::HashMap;
use crate::lang::{Environment, Marks, Members, Phase, Root, Scope, Type, Value};

/// How often a block stands, as `count` and `for_each` say.
#[derive(Clone, Debug, PartialEq)]
pub enum Expansion {
    /// Once, without a key.
    Single,
    /// `count` times.
    Count(u64),
    /// Once for each key, with the values behind the keys.
    ForEach(Members),
    /// Not known before apply; stands for any number of instances.
    Unknown,
}

impl Expansion {
    /// Returns how many instances there are; one stands for those that are not known yet.
    pub fn instances(&self) -> u64 {
        match self {
            Expansion::Single | Expansion::Unknown => 1,
            Expansion::Count(count) => *count,
            Expansion::ForEach(values) => values.len() as u64,
        }
    }
}

/// What `each` and `count` mean inside one instance of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repetition {
    /// The key of the instance.
    pub key: Option<InstanceKey>,
    /// `each.value`, in a block with `for_each`.
    pub each_value: Option<Value>,
    /// Stands for the key while it is not known.
    pub unknown: bool,
}

/// The values of one module instance.
#[derive(Clone, Debug, Default)]
pub struct ModuleValues {
    /// Input variables.
    pub variables: HashMap<Arc<str>, Value>,
    /// Local values.
    pub locals: HashMap<Arc<str>, Value>,
    /// Output values.
    pub outputs: BTreeMap<Arc<str>, Value>,
    /// Resources: one object, a tuple (count) or an object (for_each) of objects.
    pub resources: HashMap<Resource, Value>,
    /// How often each module call of this module stands.
    pub calls: HashMap<Arc<str>, Expansion>,
}

/// All values evaluated so far.
#[derive(Clone, Debug)]
pub struct World {
    modules: BTreeMap<ModuleInstance, ModuleValues>,
    /// The values of module calls as they were last asked for: each of a thousand instances may ask for all the others.
    calls: RefCell<HashMap<ModuleInstance, HashMap<Arc<str>, Value>>>,
}

impl Default for World {
    fn default() -> Self {
        let modules = BTreeMap::from([(ModuleInstance::root(), ModuleValues::default())]);
        Self { modules, calls: RefCell::default() }
    }
}

impl Expansion {
    /// Returns the instances, in order. An unknown number gives one instance with unknown key.
    pub fn repetitions(&self) -> Vec<Repetition> {
        match self {
            Expansion::Single => vec![Repetition::default()],
            Expansion::Count(count) => (0..*count)
                .map(|index| Repetition { key: Some(InstanceKey::Index(index)), ..Repetition::default() })
                .collect(),
            Expansion::ForEach(values) => values
                .iter()
                .map(|(key, value)| Repetition {
                    key: Some(InstanceKey::Key(key.clone())),
                    each_value: Some(value.clone()),
                    unknown: false,
                })
                .collect(),
            Expansion::Unknown => vec![Repetition { unknown: true, ..Repetition::default() }],
        }
    }

    /// Tells whether an instance with this key exists.
    pub fn contains(&self, key: Option<&InstanceKey>) -> bool {
        match (self, key) {
            (Expansion::Single, None) => true,
            (Expansion::Count(count), Some(InstanceKey::Index(index))) => index < count,
            (Expansion::ForEach(values), Some(InstanceKey::Key(key))) => values.contains_key(key),
            _ => false,
        }
    }

    /// Puts the objects of the instances together as expressions see them.
    pub fn aggregate(&self, objects: impl IntoIterator<Item = (Option<InstanceKey>, Value)>) -> Value {
        match self {
            Expansion::Unknown => Value::unknown(Type::Dynamic),
            Expansion::Single => {
                objects.into_iter().next().map_or_else(|| Value::unknown(Type::Dynamic), |(_, object)| object)
            }
            Expansion::Count(_) => Value::tuple(objects.into_iter().map(|(_, object)| object).collect()),
            Expansion::ForEach(_) => {
                Value::object(objects.into_iter().filter_map(|(key, object)| match key {
                    Some(InstanceKey::Key(key)) => Some((key, object)),
                    _ => None,
                }))
            }
        }
    }
}

impl World {
    /// Returns the values of a module instance; nothing for one that does not exist.
    pub fn module(&self, module: &ModuleInstance) -> Option<&ModuleValues> {
        self.modules.get(module)
    }

    /// Returns all module instances with their values, in order.
    pub fn modules(&self) -> impl Iterator<Item = (&ModuleInstance, &ModuleValues)> {
        self.modules.iter()
    }

    /// Says how often a module call stands.
    pub fn expand(&mut self, module: &ModuleInstance, call: Arc<str>, expansion: Expansion) {
        self.forget_call(module, &call);
        self.module_mut(module).calls.insert(call, expansion);
    }

    /// Says what an output value of a module instance is.
    pub fn set_output(&mut self, module: &ModuleInstance, name: Arc<str>, value: Value) {
        if let Some((parent, step)) = module.parent() {
            self.forget_call(&parent, &step.name);
        }
        self.module_mut(module).outputs.insert(name, value);
    }

    fn forget_call(&mut self, module: &ModuleInstance, call: &Arc<str>) {
        if let Some(calls) = self.calls.get_mut().get_mut(module) {
            calls.remove(call);
        }
    }

    /// Returns the values of a module instance to add to, making the instance if it does not exist. Calls and outputs have
    /// their own ways in.
    pub fn module_mut(&mut self, module: &ModuleInstance) -> &mut ModuleValues {
        self.modules.entry(module.clone()).or_default()
    }

    /// Returns the value of one resource instance.
    pub fn instance(&self, address: &Address) -> Option<&Value> {
        let value = self.modules.get(&address.module)?.resources.get(&address.resource)?;
        match &address.key {
            None => Some(value),
            Some(InstanceKey::Index(index)) => value.elements()?.get(usize::try_from(*index).ok()?),
            Some(InstanceKey::Key(key)) => value.get(key),
        }
    }

    /// Returns the object of outputs of a module call, as `module.NAME` sees it. Outputs not evaluated yet are unknown.
    fn call(
        &self,
        module: &ModuleInstance,
        name: &Arc<str>,
        outputs: impl FnOnce() -> Vec<Arc<str>>,
    ) -> Option<Value> {
        if let Some(known) = self.calls.borrow().get(module).and_then(|calls| calls.get(name)) {
            return Some(known.clone());
        }
        let outputs = outputs();
        let expansion = self.modules.get(module)?.calls.get(name)?;
        let objects = expansion.repetitions().into_iter().map(|repetition| {
            let child = module.child(name.clone(), repetition.key.clone());
            let values = self.modules.get(&child).map(|values| &values.outputs);
            let object = Value::object(outputs.iter().map(|output| {
                let value = values.and_then(|values| values.get(output)).cloned();
                (output.clone(), value.unwrap_or_else(|| Value::unknown(Type::Dynamic)))
            }));
            (repetition.key, object)
        });
        let value = expansion.aggregate(objects);
        self.calls.borrow_mut().entry(module.clone()).or_default().insert(name.clone(), value.clone());
        Some(value)
    }
}

/// What expressions inside one block of one module instance see.
pub struct BlockScope<'a> {
    /// All values.
    pub world: &'a World,
    /// The module instance that the block is in.
    pub module: &'a ModuleInstance,
    /// What `each` and `count` mean here.
    pub repetition: &'a Repetition,
    /// What `self` means here.
    pub self_object: Option<&'a Value>,
    /// The names of the outputs of each module call of this module.
    pub call_outputs: &'a dyn Fn(&str) -> Vec<Arc<str>>,
    /// The folder of the module, as `path.module` says it.
    pub module_folder: &'a str,
    /// The name of the workspace.
    pub workspace: &'a str,
    /// What functions need.
    pub environment: &'a Environment,
}

impl Scope for BlockScope<'_> {
    fn lookup(&self, root: &Root, range: SourceRange) -> Result<Value, Diagnostics> {
        let values = self.world.module(self.module);
        let missing = |summary: &str, detail: String| {
            Err(Diagnostics::from(Diagnostic::error(summary, detail).at(range)))
        };
        match root {
            Root::Variable(name) => Ok(found(values.and_then(|values| values.variables.get(name)))),
            Root::Local(name) => Ok(found(values.and_then(|values| values.locals.get(name)))),
            Root::Resource(resource) => Ok(found(values.and_then(|values| values.resources.get(resource)))),
            Root::Module(name) => {
                let value = self.world.call(self.module, name, || (self.call_outputs)(name));
                Ok(value.unwrap_or_else(|| Value::unknown(Type::Dynamic)))
            }
            Root::EachKey => match &self.repetition.key {
                Some(InstanceKey::Key(key)) => Ok(Value::string(key)),
                _ if self.repetition.unknown => Ok(Value::unknown(Type::String)),
                _ => missing(
                    "Reference to \"each\" in context without for_each",
                    "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" argument is set.".to_owned(),
                ),
            },
            Root::EachValue => match &self.repetition.each_value {
                Some(value) => Ok(value.clone()),
                None if self.repetition.unknown => Ok(Value::unknown(Type::Dynamic)),
                None => missing(
                    "each.value cannot be used in this context",
                    "A reference to \"each.value\" has been used in a context in which it is unavailable, such as when the configuration no longer contains the value in its \"for_each\" expression. Remove this reference to each.value in your configuration to work around this error.".to_owned(),
                ),
            },
            Root::CountIndex => match self.repetition.key {
                Some(InstanceKey::Index(index)) => {
                    Ok(Value::from(i64::try_from(index).unwrap_or(i64::MAX)))
                }
                _ if self.repetition.unknown => Ok(Value::unknown(Type::Number)),
                _ => missing(
                    "Reference to \"count\" in non-counted context",
                    "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \"count\" argument is set.".to_owned(),
                ),
            },
            Root::SelfObject => match self.self_object {
                Some(value) => Ok(value.clone()),
                None => missing(
                    "Invalid \"self\" reference",
                    "The \"self\" object is not available in this context. This object can be used only in resource provisioner, connection, and postcondition blocks.".to_owned(),
                ),
            },
            Root::Path(word) => match &**word {
                "module" => Ok(Value::string(self.module_folder)),
                "root" => Ok(Value::string(".")),
                "cwd" => Ok(Value::string(self.environment.working_folder.to_string_lossy())),
                other => missing(
                    "Invalid \"path\" attribute",
                    format!(
                        "The \"path\" object does not have an attribute named {other:?}.{}",
                        suggest::did_you_mean(other, ["cwd", "module", "root"])
                    ),
                ),
            },
            Root::Terraform(word) => match &**word {
                "workspace" => Ok(Value::string(self.workspace)),
                // It differs between the phases, so nothing that is saved may come of it.
                "applying" => {
                    let applying = self.environment.phase == Phase::Apply;
                    Ok(Value::from(applying).with_marks(Marks::EPHEMERAL))
                }
                other => missing(
                    "Invalid \"terraform\" attribute",
                    format!(
                        "The \"terraform\" object does not have an attribute named \"{other}\". The only supported attributes are terraform.workspace, the name of the currently-selected workspace, and terraform.applying, a boolean which is true only during apply."
                    ),
                ),
            },
        }
    }

    fn environment(&self) -> &Environment {
        self.environment
    }
}

/// What was not evaluated, because its own evaluation failed or was not asked for, is unknown: its error is reported where
/// it stands.
fn found(value: Option<&Value>) -> Value {
    value.cloned().unwrap_or_else(|| Value::unknown(Type::Dynamic))
}
