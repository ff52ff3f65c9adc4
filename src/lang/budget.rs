//! How much evaluation may make before it is taken for a mistake.
//!
//! A line of configuration can ask for more than any machine holds: texts that double with each use, a `for` within a
//! `for`, lists of lists that share their parts and are written out in full at the end. Each expression, each value and each
//! run has a limit, and what goes beyond it is an error at its line instead of a machine without memory. The limits are far
//! above what configurations of a hundred thousand points make, and can be raised.

use std::collections::HashMap;
use std::env;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

use super::members::Members;
use super::value::{Kind, Value};

/// An expression that makes fewer elements is not counted to what the run keeps: there is one for each attribute of each
/// instance, and their number is limited elsewhere.
const SMALL: u64 = 10_000;
/// The same for the bytes of a text.
const SMALL_TEXT: usize = 4096;
/// A shared part with fewer elements is counted anew each time, since that costs less than to remember it.
const WORTH_REMEMBERING: u64 = 256;
/// Collections within collections; what is saved can be read again up to this depth.
const DEEPEST: u32 = 100;

/// The limits of evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Elements that one expression may make, and rounds that its `for` may take.
    pub elements: u64,
    /// Elements of one value, parts that are used several times counted each time.
    pub value_elements: u64,
    /// Bytes of one text, and of all texts in one value.
    pub value_bytes: u64,
    /// Elements of all large values that one pass over the configuration makes.
    pub run_elements: u64,
    /// Bytes of all long texts that one pass over the configuration makes.
    pub run_bytes: u64,
    /// Rounds of all `for` in one pass over the configuration.
    pub run_rounds: u64,
    /// Instances of all blocks together, and of modules.
    pub instances: u64,
}

impl Limits {
    /// What holds when nobody asks for more. A pass that makes all that they allow stays below 200 MB.
    pub const DEFAULT: Limits = Limits {
        elements: 1_000_000,
        value_elements: 1_000_000,
        value_bytes: 16 << 20,
        run_elements: 2_500_000,
        run_bytes: 64 << 20,
        run_rounds: 50_000_000,
        instances: 200_000,
    };

    /// Names of the environment variables that raise a limit, and what they are about.
    pub const VARIABLES: [(&str, &str); 7] = [
        ("SNAPFORM_LIMIT_ELEMENTS", "elements that one expression makes"),
        ("SNAPFORM_LIMIT_VALUE_ELEMENTS", "elements of one value, shared parts counted each time"),
        ("SNAPFORM_LIMIT_VALUE_BYTES", "bytes of one text, and of the texts of one value"),
        ("SNAPFORM_LIMIT_RUN_ELEMENTS", "elements of all large values of one pass over the configuration"),
        ("SNAPFORM_LIMIT_RUN_BYTES", "bytes of all long texts of one pass over the configuration"),
        ("SNAPFORM_LIMIT_RUN_ROUNDS", "rounds of all `for` of one pass over the configuration"),
        ("SNAPFORM_LIMIT_INSTANCES", "instances of all blocks together"),
    ];

    /// Returns the limits with what the environment of the process changes.
    ///
    /// # Errors
    /// The name of a variable that is no whole number above zero.
    pub fn of_process() -> Result<Limits, &'static str> {
        let mut limits = Limits::DEFAULT;
        let places = [
            &mut limits.elements,
            &mut limits.value_elements,
            &mut limits.value_bytes,
            &mut limits.run_elements,
            &mut limits.run_bytes,
            &mut limits.run_rounds,
            &mut limits.instances,
        ];
        for ((name, _), place) in Limits::VARIABLES.into_iter().zip(places) {
            let Some(text) = env::var_os(name).filter(|text| !text.is_empty()) else { continue };
            let number = text.to_str().and_then(|text| text.trim().parse().ok()).filter(|number| *number > 0);
            *place = number.ok_or(name)?;
        }
        Ok(limits)
    }
}

/// A limit that was gone beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// The beginning of the sentence, up to the number.
    what: &'static str,
    limit: u64,
    /// What the number counts.
    unit: &'static str,
    /// The variable that raises it.
    variable: Option<&'static str>,
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} more than {} {}", self.what, self.limit, self.unit)?;
        match self.variable {
            Some(variable) => write!(
                f,
                "; mostly that is a collection or a text multiplied with itself by mistake, and if it is meant, {variable} can be set to a greater number"
            ),
            None => Ok(()),
        }
    }
}

/// How large a value is, as if no part of it were shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The number of values in it, itself included.
    pub elements: u64,
    /// The bytes of the texts and names in it.
    pub bytes: u64,
    /// Collections within collections; 0 for what is no collection.
    pub depth: u32,
}

/// A shared part whose size is known; the reference keeps its address from being used again.
enum Part {
    Items(#[expect(dead_code, reason = "keeps the address in use")] Weak<Vec<Value>>),
    Members(#[expect(dead_code, reason = "keeps the address in use")] Weak<Members>),
}

/// What one pass over the configuration has made so far.
pub struct Budget {
    limits: Limits,
    elements: AtomicU64,
    bytes: AtomicU64,
    rounds: AtomicU64,
    instances: AtomicU64,
    /// Sizes of large shared parts, by address, so that a part is walked through once however often it is used.
    known: Mutex<HashMap<usize, (Part, Size)>>,
    /// How many of them there are, so that nobody locks for nothing.
    remembered: AtomicUsize,
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Default for Budget {
    fn default() -> Self {
        Budget::new(Limits::DEFAULT)
    }
}

impl Budget {
    /// Returns a budget of which nothing is spent.
    pub fn new(limits: Limits) -> Budget {
        Budget {
            limits,
            elements: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            rounds: AtomicU64::new(0),
            instances: AtomicU64::new(0),
            known: Mutex::default(),
            remembered: AtomicUsize::new(0),
        }
    }

    /// Returns the same limits with nothing spent, for another pass.
    #[must_use]
    pub fn renewed(&self) -> Budget {
        Budget::new(self.limits)
    }

    /// Returns the limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Tells whether an expression, or a function in it, may make so many elements.
    ///
    /// # Errors
    /// It may not.
    pub fn allows_elements(&self, elements: u64) -> Result<(), Exceeded> {
        within(elements, self.limits.elements, "it makes", "elements", Some(Limits::VARIABLES[0].0))
    }

    /// Tells whether a text may be so long, in bytes.
    ///
    /// # Errors
    /// It may not.
    pub fn allows_text(&self, bytes: u64) -> Result<(), Exceeded> {
        within(bytes, self.limits.value_bytes, "it makes a text of", "bytes", Some(Limits::VARIABLES[2].0))
    }

    /// Tells whether a value is of a size that can be handled.
    ///
    /// # Errors
    /// It is not.
    pub fn allows_value(&self, value: &Value) -> Result<(), Exceeded> {
        let size = self.size(value);
        let (elements, bytes) = (Limits::VARIABLES[1].0, Limits::VARIABLES[2].0);
        within(size.elements, self.limits.value_elements, "its value has", "elements", Some(elements))?;
        within(size.bytes, self.limits.value_bytes, "its value has", "bytes of text", Some(bytes))?;
        within(size.depth.into(), DEEPEST.into(), "its value has", "collections within each other", None)
    }

    /// Adds what one expression made to what the run made.
    ///
    /// # Errors
    /// The run made too much.
    pub fn spend(&self, elements: u64) -> Result<(), Exceeded> {
        if elements == 0 {
            return Ok(());
        }
        let rounds = self.rounds.fetch_add(elements, Ordering::Relaxed) + elements;
        let (together, variable) = ("with all expressions before it, it takes", Limits::VARIABLES[5].0);
        within(rounds, self.limits.run_rounds, together, "rounds", Some(variable))?;
        if elements <= SMALL {
            return Ok(());
        }
        let elements = self.elements.fetch_add(elements, Ordering::Relaxed) + elements;
        let (together, variable) = ("with all expressions before it, it makes", Limits::VARIABLES[3].0);
        within(elements, self.limits.run_elements, together, "elements", Some(variable))
    }

    /// Adds a text to what the run made.
    ///
    /// # Errors
    /// The text is too long, or the run made too many.
    pub fn spend_text(&self, bytes: usize) -> Result<(), Exceeded> {
        if bytes <= SMALL_TEXT {
            return Ok(());
        }
        let bytes = bytes as u64;
        self.allows_text(bytes)?;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let (together, variable) = ("with all expressions before it, it makes", Limits::VARIABLES[4].0);
        within(bytes, self.limits.run_bytes, together, "bytes of text", Some(variable))
    }

    /// Adds the instances of a block to those of all blocks, before any of them is made.
    ///
    /// # Errors
    /// They are too many.
    pub fn spend_instances(&self, instances: u64) -> Result<(), Exceeded> {
        let before = self.instances.fetch_add(instances, Ordering::Relaxed);
        let (together, variable) = ("with all blocks before it, it makes", Limits::VARIABLES[6].0);
        within(before.saturating_add(instances), self.limits.instances, together, "instances", Some(variable))
    }

    /// Returns the size of a value, at least up to the limits: what is larger is not walked through to its end.
    pub fn size(&self, value: &Value) -> Size {
        let mut room = self.limits.value_elements;
        self.size_within(value, &mut room)
    }

    fn size_within(&self, value: &Value, room: &mut u64) -> Size {
        *room = room.saturating_sub(1);
        match &value.kind {
            Kind::String(text) => Size { elements: 1, bytes: text.len() as u64, depth: 0 },
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                let address = Arc::as_ptr(items) as usize;
                let shared = Arc::strong_count(items) > 1;
                self.part(
                    address,
                    shared,
                    room,
                    || Part::Items(Arc::downgrade(items)),
                    |budget, room| budget.sum(items.iter().map(|item| (0, item)), room),
                )
            }
            Kind::Map(_, members) | Kind::Object(members) => {
                let address = Arc::as_ptr(members) as usize;
                let shared = Arc::strong_count(members) > 1;
                self.part(
                    address,
                    shared,
                    room,
                    || Part::Members(Arc::downgrade(members)),
                    |budget, room| {
                        budget.sum(members.iter().map(|(name, value)| (name.len() as u64, value)), room)
                    },
                )
            }
            _ => Size { elements: 1, bytes: 0, depth: 0 },
        }
    }

    fn part(
        &self,
        address: usize,
        shared: bool,
        room: &mut u64,
        keep: impl FnOnce() -> Part,
        walk: impl FnOnce(&Self, &mut u64) -> Size,
    ) -> Size {
        if shared
            && self.remembered.load(Ordering::Relaxed) > 0
            && let Ok(known) = self.known.lock()
            && let Some((_, size)) = known.get(&address)
        {
            *room = room.saturating_sub(size.elements);
            return *size;
        }
        let size = walk(self, room);
        if shared
            && *room > 0
            && size.elements >= WORTH_REMEMBERING
            && let Ok(mut known) = self.known.lock()
        {
            known.insert(address, (keep(), size));
            self.remembered.store(known.len(), Ordering::Relaxed);
        }
        size
    }

    fn sum<'v>(&self, parts: impl Iterator<Item = (u64, &'v Value)>, room: &mut u64) -> Size {
        let mut size = Size { elements: 1, bytes: 0, depth: 1 };
        for (name, value) in parts {
            if *room == 0 {
                // Larger than any value may be: how much larger is nobody's business.
                size.elements = size.elements.saturating_add(self.limits.value_elements);
                break;
            }
            let part = self.size_within(value, room);
            size.elements = size.elements.saturating_add(part.elements);
            size.bytes = size.bytes.saturating_add(part.bytes).saturating_add(name);
            size.depth = size.depth.max(part.depth + 1);
        }
        size
    }
}

fn within(
    amount: u64,
    limit: u64,
    what: &'static str,
    unit: &'static str,
    variable: Option<&'static str>,
) -> Result<(), Exceeded> {
    if amount <= limit { Ok(()) } else { Err(Exceeded { what, limit, unit, variable }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(count: usize, width: usize) -> Value {
        let mut value = Value::string("x");
        for _ in 0..count {
            value = Value::tuple(vec![value; width]);
        }
        value
    }

    #[test]
    fn a_value_that_shares_its_parts_has_the_size_of_what_it_would_be_written_as() {
        let budget = Budget::default();
        assert_eq!(budget.size(&levels(0, 0)), Size { elements: 1, bytes: 1, depth: 0 });
        assert_eq!(budget.size(&levels(3, 10)), Size { elements: 1111, bytes: 1000, depth: 3 });
        assert_eq!(budget.size(&levels(5, 10)).elements, 111_111);
        assert!(budget.allows_value(&levels(5, 10)).is_ok());
        assert!(budget.allows_value(&levels(6, 10)).is_err());
    }

    #[test]
    fn levels_upon_levels_are_refused_without_being_walked_through() {
        let budget = Budget::default();
        // Four billion elements, and 2 to the power of 60.
        assert!(budget.allows_value(&levels(10, 10)).is_err());
        assert!(budget.allows_value(&levels(60, 2)).is_err());
        assert!(budget.allows_value(&levels(99, 1)).is_ok());
        assert!(budget.allows_value(&levels(101, 1)).is_err());
    }

    #[test]
    fn small_expressions_are_not_added_up_and_large_ones_are() {
        let budget = Budget::new(Limits { run_elements: 30_000, ..Limits::DEFAULT });
        for _ in 0..100 {
            budget.spend(SMALL).unwrap();
        }
        budget.spend(20_000).unwrap();
        let error = budget.spend(20_000).unwrap_err().to_string();
        assert!(error.contains("more than 30000"), "{error}");
        assert!(error.contains("SNAPFORM_LIMIT_RUN_ELEMENTS"), "{error}");
        assert!(budget.renewed().spend(20_000).is_ok());
    }
}
