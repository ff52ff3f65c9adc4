//! Attribute schemas of every resource and data source type, as data.
//!
//! A [`ResourceType`] says which arguments a block takes, what the cloud computes, what forces a
//! replacement and which documented limits hold. The planner, the renderers, the state and `providers
//! schema` read it; only the adapters in the clients' folder know the calls behind it.

pub mod content;
pub mod decode;
pub mod document;
pub mod duration;
mod official;
pub mod parent;
pub mod registry;
pub mod shape;
pub mod tags;
pub mod types;
pub mod unset;

pub mod saved;

use std::sync::{Arc, OnceLock};

use crate::lang::{Kind, Type, Value};

/// The providers we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProviderKind {
    /// `registry.terraform.io/aliyun/alicloud`.
    Alicloud,
    /// `registry.terraform.io/tencentcloudstack/tencentcloud`.
    Tencentcloud,
    /// `terraform.io/builtin/terraform`.
    Terraform,
}

impl ProviderKind {
    /// Returns the full source, as the state and `required_providers` name it.
    pub fn source(self) -> &'static str {
        match self {
            ProviderKind::Alicloud => "registry.terraform.io/aliyun/alicloud",
            ProviderKind::Tencentcloud => "registry.terraform.io/tencentcloudstack/tencentcloud",
            ProviderKind::Terraform => "terraform.io/builtin/terraform",
        }
    }

    /// Returns the version of the official provider whose types these are; the builtin one has none.
    pub fn version(self) -> Option<&'static str> {
        match self {
            ProviderKind::Alicloud => Some("1.289.0"),
            ProviderKind::Tencentcloud => Some("1.83.25"),
            ProviderKind::Terraform => None,
        }
    }

    /// Returns the provider of a full source; nothing when we do not know it.
    pub fn of_source(source: &str) -> Option<ProviderKind> {
        // The name under the default namespace is the older one of the same provider.
        let source = match source {
            "registry.terraform.io/hashicorp/alicloud" => ProviderKind::Alicloud.source(),
            other => other,
        };
        [ProviderKind::Alicloud, ProviderKind::Tencentcloud, ProviderKind::Terraform]
            .into_iter()
            .find(|kind| kind.source() == source)
    }
}

/// A rule that a documented limit sets for a value.
#[derive(Clone, Copy)]
pub struct Validator {
    /// Returns what is wrong with a known, non-null value and what to do, as full sentences, or nothing.
    pub check: fn(&Value) -> Option<String>,
}

/// Whether the user gives an attribute, the cloud does, or either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The user must give it.
    Required,
    /// The user may give it.
    Optional,
    /// The user may give it; otherwise the cloud does.
    OptionalComputed,
    /// The cloud gives it.
    Computed,
}

/// One attribute.
#[derive(Clone)]
pub struct Attribute {
    /// The name.
    pub name: &'static str,
    /// The name, as objects share it.
    pub key: Arc<str>,
    /// The type.
    pub ty: Type,
    /// Who gives it.
    pub presence: Presence,
    /// Whether a change of it replaces the object.
    pub force_new: bool,
    /// Whether it must not be printed.
    pub sensitive: bool,
    /// Whether it is a credential whose value is kept as secret as a sensitive one, though the official schema does not say so.
    pub credential: bool,
    /// Whether only snapform knows it: the official provider has no such attribute, so it is saved beside the others.
    pub ours_only: bool,
    /// Whether it reads as the empty value of its type, never as null, when the user gives none.
    pub empty_when_unset: bool,
    /// What to use instead, when it is deprecated.
    pub deprecated: Option<&'static str>,
    /// A value it takes when the user gives none.
    pub default: Option<fn() -> Value>,
    /// Names of attributes that cannot be given together with it.
    pub conflicts_with: &'static [&'static str],
    /// The documented limits.
    pub validators: &'static [Validator],
    /// What it is, in Markdown, with units and the source of vendor facts.
    pub description: &'static str,
}

/// How often a nested block may stand, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// At most one: an object or null.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
}

/// A nested block.
#[derive(Clone)]
pub struct NestedBlock {
    /// The type of the block.
    pub name: &'static str,
    /// What it becomes.
    pub nesting: Nesting,
    /// The least number, 0 when it may be absent.
    pub min_items: usize,
    /// The greatest number, 0 for no limit.
    pub max_items: usize,
    /// Whether the official provider looks at the greatest number only when it runs, and its schema says nothing of it.
    pub limit_untold: bool,
    /// What is in it.
    pub block: Block,
}

/// The arguments and nested blocks of a block.
#[derive(Clone, Default)]
pub struct Block {
    /// The attributes.
    pub attributes: Vec<Attribute>,
    /// The nested blocks, `timeouts` not among them.
    pub blocks: Vec<NestedBlock>,
}

/// An operation that a `timeouts` block can limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeout {
    /// `create`, `update`, `delete` or `read`.
    pub operation: &'static str,
    /// The limit in seconds when none is given.
    pub default_seconds: u64,
}

/// A documented limit over several attributes of an object.
#[derive(Clone, Copy)]
pub struct ObjectRule {
    /// The attributes; the first one is where an error points.
    pub attributes: &'static [&'static str],
    /// The rule in words, without any value.
    pub text: &'static str,
    /// Returns what is wrong and what to do, as full sentences, or nothing. Unknown values pass.
    pub check: fn(&Value) -> Option<String>,
}

/// Adjusts what the planner made of configuration and prior object, as providers do for values that follow from others.
pub type PlanHook = fn(prior: Option<&Value>, config: &Value, planned: Value) -> Value;

/// A resource or data source type.
#[derive(Clone)]
pub struct ResourceType {
    /// The name, such as `alicloud_ecs_snapshot`.
    pub name: &'static str,
    /// The name, as addresses share it.
    pub(crate) key: OnceLock<Arc<str>>,
    /// Whose it is.
    pub provider: ProviderKind,
    /// Whether it is only read.
    pub data: bool,
    /// The version of the schema, as saved in the state.
    pub version: u64,
    /// Arguments, computed attributes and nested blocks, `id` among them.
    pub block: Block,
    /// The operations a `timeouts` block can limit; empty when the provider has no such block and neither have we.
    pub timeouts: &'static [Timeout],
    /// Whether `timeouts` is ours: the official provider's schema lacks it, so it never reaches the attributes of the state.
    pub timeouts_ours_only: bool,
    /// Limits over several attributes.
    pub rules: &'static [ObjectRule],
    /// What the provider does to a planned object beyond the general rules.
    pub plan_hook: Option<PlanHook>,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// The type of its objects, once somebody asked for it.
    pub(crate) object_type: OnceLock<Type>,
}

impl Presence {
    /// Tells whether the cloud may give the value.
    pub fn is_computed(self) -> bool {
        matches!(self, Presence::Computed | Presence::OptionalComputed)
    }

    /// Tells whether the user may give the value.
    pub fn is_configurable(self) -> bool {
        !matches!(self, Presence::Computed)
    }
}

impl Attribute {
    /// Returns an attribute without any further property.
    pub fn new(name: &'static str, ty: Type, presence: Presence, description: &'static str) -> Self {
        Self {
            name,
            key: name.into(),
            ty,
            presence,
            force_new: false,
            sensitive: false,
            credential: false,
            ours_only: false,
            empty_when_unset: false,
            deprecated: None,
            default: None,
            conflicts_with: &[],
            validators: &[],
            description,
        }
    }

    /// Makes a change of it replace the object.
    #[must_use]
    pub fn force_new(mut self) -> Self {
        self.force_new = true;
        self
    }

    /// Makes it unprintable.
    #[must_use]
    pub fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Makes it a credential, which the official schema does not call sensitive.
    #[must_use]
    pub fn credential(mut self) -> Self {
        self.credential = true;
        self
    }

    /// Tells whether its value must not be printed or saved where that can be helped.
    pub fn is_secret(&self) -> bool {
        self.sensitive || self.credential
    }

    /// Marks it as known to snapform only.
    #[must_use]
    pub fn ours_only(mut self) -> Self {
        self.ours_only = true;
        self
    }

    /// Makes it read as the empty value of its type when the user gives none.
    #[must_use]
    pub fn empty_when_unset(mut self) -> Self {
        self.empty_when_unset = true;
        self
    }

    /// Marks it as deprecated, with what to use instead.
    #[must_use]
    pub fn deprecated(mut self, instead: &'static str) -> Self {
        self.deprecated = Some(instead);
        self
    }

    /// Sets the value it takes when the user gives none.
    #[must_use]
    pub fn default(mut self, default: fn() -> Value) -> Self {
        self.default = Some(default);
        self
    }

    /// Names attributes that cannot be given together with it.
    #[must_use]
    pub fn conflicts_with(mut self, names: &'static [&'static str]) -> Self {
        self.conflicts_with = names;
        self
    }

    /// Sets its documented limits.
    #[must_use]
    pub fn validators(mut self, validators: &'static [Validator]) -> Self {
        self.validators = validators;
        self
    }
}

impl Block {
    /// Returns an attribute by name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Returns a nested block by name.
    pub fn nested(&self, name: &str) -> Option<&NestedBlock> {
        self.blocks.iter().find(|nested| nested.name == name)
    }

    /// Returns the object of a block in which nothing is given.
    pub fn null_object(&self) -> Value {
        let attributes =
            self.attributes.iter().map(|attribute| (attribute.name, Value::null(attribute.ty.clone())));
        let blocks = self.blocks.iter().map(|nested| {
            let object = nested.block.implied_type();
            let kind = match nested.nesting {
                Nesting::Single => Kind::Null(object),
                Nesting::List => Kind::List(object, Arc::default()),
                Nesting::Set => Kind::Set(object, Arc::default()),
            };
            (nested.name, Value::from(kind))
        });
        Value::object(attributes.chain(blocks))
    }

    /// Returns the type of the object that the block becomes.
    pub fn implied_type(&self) -> Type {
        let attributes = self.attributes.iter().map(|attribute| (attribute.name, attribute.ty.clone()));
        let blocks = self.blocks.iter().map(|nested| {
            let object = nested.block.implied_type();
            let ty = match nested.nesting {
                Nesting::Single => object,
                Nesting::List => Type::list(object),
                Nesting::Set => Type::set(object),
            };
            (nested.name, ty)
        });
        Type::object(attributes.chain(blocks))
    }
}

impl ResourceType {
    /// Returns the name as addresses share it: what is shared is equal without a look at the text.
    pub fn key(&self) -> Arc<str> {
        self.key.get_or_init(|| self.name.into()).clone()
    }

    /// Returns the type of an object of this type in expressions and in the planner: all attributes (also those only
    /// snapform knows), nested blocks, and `timeouts` when the type has them.
    pub fn object_type(&self) -> Type {
        self.object_type.get_or_init(|| self.make_object_type()).clone()
    }

    fn make_object_type(&self) -> Type {
        let Type::Object(object) = self.block.implied_type() else { return Type::Dynamic };
        if self.timeouts.is_empty() {
            return Type::Object(object);
        }
        let mut object = (*object).clone();
        let timeouts = Type::object(self.timeouts.iter().map(|timeout| (timeout.operation, Type::String)));
        object.attributes.insert(Arc::from("timeouts"), timeouts);
        Type::Object(Arc::new(object))
    }
}
