//! The values of the language.
//!
//! A [`Value`] is a [`Kind`] with [`Marks`]. Null and unknown values know their type; lists, sets and
//! maps know the type of their elements even when empty; tuples and objects have the types of what is
//! in them. Marks may sit at any depth, but never inside a set: there they belong to the whole set.
//! Clones are cheap: everything large is shared.

use std::sync::Arc;

use super::marks::Marks;
use super::members::Members;
use super::number::Number;
use super::refinement::Refinement;
use super::types::Type;

/// A value with its marks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    /// What the value is.
    pub kind: Kind,
    /// The marks of this value; parts of it may have more.
    pub marks: Marks,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No value, of a type.
    Null(Type),
    /// Known after apply, of a type, and what else is known of it.
    Unknown(Type, Refinement),
    /// A truth value.
    Bool(bool),
    /// A number of 512 bits of precision.
    Number(Number),
    /// A text in Unicode normal form C.
    String(Arc<str>),
    /// Elements of one type.
    List(Type, Arc<Vec<Value>>),
    /// Distinct elements of one type, in Terraform's order of iteration.
    Set(Type, Arc<Vec<Value>>),
    /// Elements of one type by key.
    Map(Type, Arc<Members>),
    /// Elements of possibly different types.
    Tuple(Arc<Vec<Value>>),
    /// Attributes of possibly different types by name.
    Object(Arc<Members>),
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Value { kind, marks: Marks::NONE }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Kind::Bool(value).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Kind::Number(Number::from(value)).into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::string(value)
    }
}

impl Value {
    /// Returns a string, brought into normal form C.
    pub fn string(text: impl AsRef<str>) -> Value {
        use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
        let text = text.as_ref();
        if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            Kind::String(text.into()).into()
        } else {
            Kind::String(text.nfc().collect::<String>().into()).into()
        }
    }

    /// Returns null of a type.
    pub fn null(ty: Type) -> Value {
        Kind::Null(ty).into()
    }

    /// Returns an unknown value of a type.
    pub fn unknown(ty: Type) -> Value {
        Kind::Unknown(ty, Refinement::NONE).into()
    }

    /// Returns a tuple.
    pub fn tuple(elements: Vec<Value>) -> Value {
        Kind::Tuple(Arc::new(elements)).into()
    }

    /// Returns an object.
    pub fn object<K: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (K, Value)>) -> Value {
        let members: Members = attributes.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Kind::Object(Arc::new(members)).into()
    }

    /// Returns the value with more marks.
    #[must_use]
    pub fn with_marks(mut self, marks: Marks) -> Value {
        self.marks |= marks;
        self
    }

    /// Returns the value marked as sensitive.
    #[must_use]
    pub fn sensitive(self) -> Value {
        self.with_marks(Marks::SENSITIVE)
    }

    /// Returns the type. Takes time in the number of members of tuples and objects.
    pub fn type_of(&self) -> Type {
        match &self.kind {
            Kind::Null(ty) | Kind::Unknown(ty, _) => ty.clone(),
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(element, _) => Type::list(element.clone()),
            Kind::Set(element, _) => Type::set(element.clone()),
            Kind::Map(element, _) => Type::map(element.clone()),
            Kind::Tuple(elements) => Type::tuple(elements.iter().map(Value::type_of)),
            Kind::Object(members) => {
                Type::object(members.iter().map(|(name, value)| (name.clone(), value.type_of())))
            }
        }
    }

    /// Tells whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// Tells whether the value itself is known; its parts may be unknown.
    pub fn is_known(&self) -> bool {
        !matches!(self.kind, Kind::Unknown(..))
    }

    /// Tells whether the value and all its parts are known.
    pub fn is_wholly_known(&self) -> bool {
        match &self.kind {
            Kind::Unknown(..) => false,
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                items.iter().all(Value::is_wholly_known)
            }
            Kind::Map(_, members) | Kind::Object(members) => members.values().all(Value::is_wholly_known),
            _ => true,
        }
    }

    /// Returns the value with null, of the same type, in the place of all that is not known.
    #[must_use]
    pub fn unknown_as_null(&self) -> Value {
        if self.is_wholly_known() {
            return self.clone();
        }
        let kind = match &self.kind {
            Kind::Unknown(ty, _) => Kind::Null(ty.clone()),
            _ => self.with_parts(Value::unknown_as_null),
        };
        Value { kind, marks: self.marks }
    }

    /// Tells whether the value is an infinite number, or holds one.
    pub fn has_infinity(&self) -> bool {
        match &self.kind {
            Kind::Number(number) => number.is_infinite(),
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                items.iter().any(Value::has_infinity)
            }
            Kind::Map(_, members) | Kind::Object(members) => members.values().any(Value::has_infinity),
            _ => false,
        }
    }

    /// Returns the marks of the value and of all its parts together.
    pub fn deep_marks(&self) -> Marks {
        let mut marks = self.marks;
        match &self.kind {
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                items.iter().for_each(|item| marks |= item.deep_marks());
            }
            Kind::Map(_, members) | Kind::Object(members) => {
                members.values().for_each(|member| marks |= member.deep_marks());
            }
            _ => {}
        }
        marks
    }

    /// Returns the value without any mark at any depth.
    #[must_use]
    pub fn unmarked_deep(&self) -> Value {
        if self.deep_marks().is_empty() {
            return self.clone();
        }
        self.with_parts(Value::unmarked_deep).into()
    }

    /// Returns what the value is made of with `change` in the place of each element or member.
    fn with_parts(&self, change: impl Fn(&Value) -> Value) -> Kind {
        let items = |items: &[Value]| Arc::new(items.iter().map(&change).collect());
        let members = |members: &Members| {
            Arc::new(members.iter().map(|(name, member)| (name.clone(), change(member))).collect())
        };
        match &self.kind {
            Kind::List(ty, list) => Kind::List(ty.clone(), items(list)),
            Kind::Set(ty, set) => Kind::Set(ty.clone(), items(set)),
            Kind::Tuple(tuple) => Kind::Tuple(items(tuple)),
            Kind::Map(ty, map) => Kind::Map(ty.clone(), members(map)),
            Kind::Object(object) => Kind::Object(members(object)),
            other => other.clone(),
        }
    }

    /// Returns the text of a known, non-null string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a known, non-null truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.kind {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns a known, non-null number.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns a known, non-null number that is a whole one within 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::to_i64)
    }

    /// Returns the elements of a known list, set or tuple.
    pub fn elements(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the members of a known map or object.
    pub fn members(&self) -> Option<&Members> {
        match &self.kind {
            Kind::Map(_, members) | Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns a member of a known map or object by name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members().and_then(|members| members.get(name))
    }
}
