//! What is known of an unknown value besides its type.
//!
//! A text that begins with literal words, a list that is one of two of known lengths, a number that is one of two: of these
//! something can be told before the value is there. So far as Terraform tells it, it is told here, since plans are compared.
//! [`Value::refined`] makes a value of what is known, and a known value where nothing else is left.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::members::Members;
use super::number::Number;
use super::types::Type;
use super::value::{Kind, Value};

/// What is known of an unknown value besides its type. What few values have lies apart, so that all values stay small.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Refinement {
    not_null: bool,
    bounds: Option<Arc<Bounds>>,
}

/// What a type of values can have besides not being null.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Bounds {
    Prefix(Box<str>),
    Lengths(Lengths),
    Numbers(Numbers),
}

/// How many elements a collection has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lengths {
    /// At least so many.
    pub least: usize,
    /// At most so many, if there is a limit.
    pub most: Option<usize>,
}

/// Between which numbers, themselves included, a number lies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Numbers {
    /// The least it can be, if there is one.
    pub least: Option<Number>,
    /// The most it can be, if there is one.
    pub most: Option<Number>,
}

impl Refinement {
    /// Nothing is known.
    pub const NONE: Refinement = Refinement { not_null: false, bounds: None };
    /// It is known not to be null.
    pub const NOT_NULL: Refinement = Refinement { not_null: true, bounds: None };

    /// Tells whether the value is known not to be null.
    pub fn is_not_null(&self) -> bool {
        self.not_null
    }

    /// Returns what a string will begin with; empty where nothing is known.
    pub fn prefix(&self) -> &str {
        match self.bounds.as_deref() {
            Some(Bounds::Prefix(prefix)) => prefix,
            _ => "",
        }
    }

    /// Returns how many elements a collection will have.
    pub fn lengths(&self) -> Lengths {
        match self.bounds.as_deref() {
            Some(Bounds::Lengths(lengths)) => *lengths,
            _ => Lengths::default(),
        }
    }

    /// Returns between which numbers a number will lie.
    pub fn numbers(&self) -> Numbers {
        match self.bounds.as_deref() {
            Some(Bounds::Numbers(numbers)) => numbers.clone(),
            _ => Numbers::default(),
        }
    }

    /// Adds that it is not null, if that is so.
    #[must_use]
    pub fn or_not_null(mut self, not_null: bool) -> Refinement {
        self.not_null |= not_null;
        self
    }

    /// Gives a string its beginning, which must be one that no further characters can change.
    #[must_use]
    pub fn with_prefix(mut self, prefix: &str) -> Refinement {
        self.bounds = (!prefix.is_empty()).then(|| Arc::new(Bounds::Prefix(prefix.into())));
        self
    }

    /// Gives a collection its lengths.
    #[must_use]
    pub fn with_lengths(mut self, lengths: Lengths) -> Refinement {
        self.bounds = (lengths != Lengths::default()).then(|| Arc::new(Bounds::Lengths(lengths)));
        self
    }

    /// Gives a number its bounds.
    #[must_use]
    pub fn with_numbers(mut self, numbers: Numbers) -> Refinement {
        self.bounds = (numbers != Numbers::default()).then(|| Arc::new(Bounds::Numbers(numbers)));
        self
    }
}

impl Lengths {
    /// Exactly so many.
    pub fn exactly(count: usize) -> Lengths {
        Lengths { least: count, most: Some(count) }
    }

    /// Returns the lengths of one or the other.
    #[must_use]
    pub fn or(self, other: Lengths) -> Lengths {
        Lengths { least: self.least.min(other.least), most: self.most.zip(other.most).map(|(a, b)| a.max(b)) }
    }

    /// Tells whether a length can be of both.
    pub fn overlaps(self, other: Lengths) -> bool {
        let reaches = |most: Option<usize>, least: usize| most.is_none_or(|most| most >= least);
        reaches(self.most, other.least) && reaches(other.most, self.least)
    }

    /// Returns the lengths as a number between these.
    fn numbers(self) -> Numbers {
        let number = |count: usize| Number::from(i64::try_from(count).unwrap_or(i64::MAX));
        Numbers { least: Some(number(self.least)), most: self.most.map(number) }
    }
}

impl Numbers {
    /// Exactly this one.
    pub fn exactly(number: &Number) -> Numbers {
        Numbers { least: Some(number.clone()), most: Some(number.clone()) }
    }

    /// Returns the bounds of one or the other.
    #[must_use]
    pub fn or(self, other: Numbers) -> Numbers {
        Numbers {
            least: self.least.zip(other.least).map(|(a, b)| a.min(b)),
            most: self.most.zip(other.most).map(|(a, b)| a.max(b)),
        }
    }

    /// Tells whether a number can be of both.
    pub fn overlaps(&self, other: &Numbers) -> bool {
        !self.all_below(other) && !other.all_below(self)
    }

    /// Tells whether all of these are less than all of the others.
    pub fn all_below(&self, other: &Numbers) -> bool {
        self.most.as_ref().zip(other.least.as_ref()).is_some_and(|(most, least)| most < least)
    }
}

impl Value {
    /// Returns an unknown value of a type and what else is known of it; a known value where that leaves only one. What does
    /// not belong to the type must not be given; of an unknown type nothing is kept.
    pub fn refined(ty: Type, refinement: Refinement) -> Value {
        if ty == Type::Dynamic || refinement == Refinement::NONE {
            return Value::unknown(ty);
        }
        if refinement.not_null
            && let Some(bounds) = refinement.bounds.as_deref()
            && let Some(kind) = only_one(&ty, bounds)
        {
            return kind.into();
        }
        Kind::Unknown(ty, refinement).into()
    }

    /// Returns an unknown value that will not be null.
    pub fn unknown_not_null(ty: Type) -> Value {
        Value::refined(ty, Refinement::NOT_NULL)
    }

    /// Returns the value, of which is known now that it is not null.
    #[must_use]
    pub fn known_not_null(self) -> Value {
        match self.kind {
            Kind::Unknown(ty, refinement) => {
                Value::refined(ty, refinement.or_not_null(true)).with_marks(self.marks)
            }
            _ => self,
        }
    }

    /// Tells whether the value is not null and will not be.
    pub fn is_not_null(&self) -> bool {
        match &self.kind {
            Kind::Null(_) => false,
            Kind::Unknown(_, refinement) => refinement.not_null,
            _ => true,
        }
    }

    /// Returns between which numbers a number lies, known or not.
    pub fn numbers(&self) -> Numbers {
        match &self.kind {
            Kind::Number(number) => Numbers::exactly(number),
            Kind::Unknown(Type::Number, refinement) => refinement.numbers(),
            _ => Numbers::default(),
        }
    }

    /// Returns how many elements a list, set, map, tuple or object has, known or not. Elements of a set that are not known may
    /// turn out to be equal.
    pub fn lengths(&self) -> Lengths {
        match (&self.kind, self.length()) {
            (_, Some(count)) => Lengths::exactly(count),
            (Kind::Set(_, items), None) => Lengths { least: 1, most: Some(items.len()) },
            (Kind::Unknown(Type::Tuple(items), _), _) => Lengths::exactly(items.len()),
            (Kind::Unknown(Type::Object(object), _), _) => Lengths::exactly(object.attributes.len()),
            (Kind::Unknown(_, refinement), _) => refinement.lengths(),
            _ => Lengths::default(),
        }
    }

    /// Returns the number of elements of a list, set, map, tuple or object, as a value.
    pub fn length_value(&self) -> Value {
        Value::refined(Type::Number, Refinement::NOT_NULL.with_numbers(self.lengths().numbers()))
    }
}

/// Returns the one value that all this leaves, if it is not null.
fn only_one(ty: &Type, bounds: &Bounds) -> Option<Kind> {
    match bounds {
        Bounds::Numbers(Numbers { least: Some(least), most: Some(most) }) if least == most => {
            Some(Kind::Number(least.clone()))
        }
        Bounds::Lengths(Lengths { least, most: Some(most) }) if least == most => {
            let unknown = |element: &Type| Arc::new(vec![Value::unknown(element.clone()); *most]);
            match (ty, *most) {
                (Type::Map(element), 0) => Some(Kind::Map((**element).clone(), Arc::new(Members::new()))),
                (Type::Set(element), 0 | 1) => Some(Kind::Set((**element).clone(), unknown(element))),
                (Type::List(element), _) => Some(Kind::List((**element).clone(), unknown(element))),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Returns the beginning of a text that characters behind it cannot change: they may combine with its last one, but not with
/// what usually stands between words. As in Terraform, it goes to the end of the first line, unless lines end with a carriage
/// return too.
pub fn stable_prefix(text: &str) -> String {
    const SEPARATORS: &str = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";
    let text: String = text.nfc().collect();
    let mut keep = 0;
    let mut last = "";
    for (at, character) in text.grapheme_indices(true) {
        keep = at;
        last = character;
        if character == "\n" {
            break;
        }
    }
    // Of several code points another one may become part.
    if last.chars().count() == 1 && SEPARATORS.contains(last) {
        keep += last.len();
    }
    text[..keep].to_owned()
}
