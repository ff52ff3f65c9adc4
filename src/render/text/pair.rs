//! The two sides of a value.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::lang::{Kind, Path, PathStep, Value};

use super::style::Action;

/// A value before and after. Null counts as absent unless it is said explicitly.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// Whether an absent value before stands for a null that is written there.
    pub before_explicit: bool,
    /// The same of the value after.
    pub after_explicit: bool,
    /// Whether the value after is known only after apply.
    pub unknown: bool,
    pub before_sensitive: bool,
    pub after_sensitive: bool,
    pub replace: Matcher,
    pub relevant: Matcher,
}

/// The paths below a value that something is said of.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    /// It is said of everything.
    Always,
    /// It is said of these paths.
    Paths(Vec<Path>),
}

impl Matcher {
    /// Returns the matcher of nothing.
    pub fn never() -> Self {
        Matcher::Paths(Vec::new())
    }

    /// Tells whether it is said of this very value.
    pub fn matches(&self) -> bool {
        match self {
            Matcher::Always => true,
            Matcher::Paths(paths) => paths.iter().any(Vec::is_empty),
        }
    }

    /// Tells whether it is said of this value or of something in it.
    pub fn matches_partly(&self) -> bool {
        match self {
            Matcher::Always => true,
            Matcher::Paths(paths) => !paths.is_empty(),
        }
    }

    /// Returns what is said of a part, where what is said of the whole is said of its parts too.
    fn child(&self, step: Option<&PathStep>) -> Self {
        let mut below = self.part(step);
        if let (Matcher::Paths(paths), true) = (&mut below, self.matches()) {
            paths.push(Path::new());
        }
        below
    }

    /// Returns what is said of a part alone.
    fn part(&self, step: Option<&PathStep>) -> Self {
        match self {
            Matcher::Always => Matcher::Always,
            Matcher::Paths(paths) => {
                let below = paths.iter().filter_map(|path| {
                    let (first, rest) = path.split_first()?;
                    same_step(Some(first), step).then(|| rest.to_vec())
                });
                Matcher::Paths(below.collect())
            }
        }
    }
}

fn same_step(a: Option<&PathStep>, b: Option<&PathStep>) -> bool {
    match (a, b) {
        (
            Some(PathStep::Attribute(a) | PathStep::Key(a)),
            Some(PathStep::Attribute(b) | PathStep::Key(b)),
        ) => a == b,
        (Some(PathStep::Index(a)), Some(PathStep::Index(b))) => a == b,
        // An element of a set has no path of its own.
        (_, None) => true,
        _ => false,
    }
}

impl Pair {
    /// Returns the pair of two values, either of which may be absent.
    pub fn new(before: Option<&Value>, after: Option<&Value>) -> Self {
        let given =
            |value: Option<&Value>| value.filter(|value| !value.is_null() && value.is_known()).cloned();
        let sensitive = |value: Option<&Value>| value.is_some_and(|value| value.marks.is_sensitive());
        Self {
            before: given(before),
            after: given(after),
            before_explicit: false,
            after_explicit: false,
            unknown: after.is_some_and(|value| !value.is_known()),
            before_sensitive: sensitive(before),
            after_sensitive: sensitive(after),
            replace: Matcher::never(),
            relevant: Matcher::Always,
        }
    }

    fn inner(&self, before: Option<&Value>, after: Option<&Value>, step: Option<&PathStep>) -> Self {
        let mut pair = Pair::new(before, after);
        pair.before_explicit = before.is_some();
        pair.after_explicit = after.is_some();
        pair.replace = self.replace.part(step);
        pair.relevant = self.relevant.child(step);
        pair
    }

    /// Returns a member of objects or maps by name.
    pub fn member(&self, name: &str) -> Self {
        let get = |side: &Option<Value>| side.as_ref().and_then(|value| value.get(name)).cloned();
        let (before, after) = (get(&self.before), get(&self.after));
        self.inner(before.as_ref(), after.as_ref(), Some(&PathStep::Attribute(name.into())))
    }

    /// Returns the names of the members on either side, in order.
    pub fn names(&self) -> Vec<std::sync::Arc<str>> {
        let sides = [&self.before, &self.after].into_iter().flatten();
        let mut names: Vec<_> =
            sides.filter_map(Value::members).flat_map(|members| members.keys().cloned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Returns the elements of each side.
    pub fn elements(&self) -> (&[Value], &[Value]) {
        (
            self.before.as_ref().and_then(Value::elements).unwrap_or_default(),
            self.after.as_ref().and_then(Value::elements).unwrap_or_default(),
        )
    }

    /// Returns the element at a position of each side; none where the side has no such element.
    pub fn element(&self, before: Option<usize>, after: Option<usize>, ordered: bool) -> Self {
        let (befores, afters) = self.elements();
        let step =
            before.or(after).and_then(|at| u64::try_from(at).ok()).map(PathStep::Index).filter(|_| ordered);
        self.inner(before.and_then(|at| befores.get(at)), after.and_then(|at| afters.get(at)), step.as_ref())
    }

    /// Returns the pair in which the value goes away.
    pub fn as_delete(&self) -> Self {
        Self { after: None, after_explicit: false, unknown: false, after_sensitive: false, ..self.clone() }
    }

    /// Returns the pair in which the value appears.
    pub fn as_create(&self) -> Self {
        Self { before: None, before_explicit: false, before_sensitive: false, ..self.clone() }
    }

    /// Returns the pair in which nothing happens.
    pub fn as_no_op(&self) -> Self {
        Self {
            after: self.before.clone(),
            after_explicit: self.before_explicit,
            after_sensitive: self.before_sensitive,
            unknown: false,
            ..self.clone()
        }
    }

    /// Tells whether nothing was there, not even a written null.
    pub fn is_new(&self) -> bool {
        self.before.is_none() && !self.before_explicit
    }

    /// Tells whether nothing will be there, not even a written null.
    pub fn is_gone(&self) -> bool {
        self.after.is_none() && !self.after_explicit
    }

    /// Returns what happens to the value as a whole.
    pub fn action(&self) -> Action {
        if self.is_new() && !self.is_gone() {
            Action::Create
        } else if self.is_gone() && !self.is_new() {
            Action::Delete
        } else if alike_options(self.before.as_ref(), self.after.as_ref())
            && self.after_explicit == self.before_explicit
            && self.after_sensitive == self.before_sensitive
        {
            Action::NoOp
        } else {
            Action::Update
        }
    }

    /// Returns the action that the actions of the parts are added to.
    pub fn first_action(&self) -> Action {
        match (&self.before, &self.after) {
            (None, Some(_)) => Action::Create,
            (Some(_), None) => Action::Delete,
            _ => Action::NoOp,
        }
    }
}

/// Adds the action of a part to that of the whole.
pub(super) fn combined(whole: Action, part: Action) -> Action {
    if part == Action::NoOp || whole == part { whole } else { Action::Update }
}

pub(super) fn alike_options(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => alike(a, b),
        _ => false,
    }
}

/// Tells whether two values are the same as JSON: types, marks and what is unknown do not count.
pub(super) fn alike(a: &Value, b: &Value) -> bool {
    let nothing = |value: &Value| value.is_null() || !value.is_known();
    if nothing(a) || nothing(b) {
        return nothing(a) && nothing(b);
    }
    match (&a.kind, &b.kind) {
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::Number(a), Kind::Number(b)) => a == b,
        (Kind::String(a), Kind::String(b)) => a == b,
        _ => match ((a.elements(), b.elements()), (a.members(), b.members())) {
            ((Some(a), Some(b)), _) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
            (_, (Some(a), Some(b))) => {
                a.len() == b.len() && a.iter().zip(b).all(|((x, a), (y, b))| x == y && alike(a, b))
            }
            _ => false,
        },
    }
}

/// Returns a digest that values which are [`alike`] share.
pub(super) fn digest(value: &Value) -> u64 {
    fn add(value: &Value, hasher: &mut DefaultHasher) {
        if value.is_null() || !value.is_known() {
            return;
        }
        match &value.kind {
            Kind::Bool(truth) => truth.hash(hasher),
            Kind::Number(number) => number.hash(hasher),
            Kind::String(text) => text.hash(hasher),
            _ => {
                value.elements().into_iter().flatten().for_each(|element| add(element, hasher));
                for (name, member) in value.members().into_iter().flatten() {
                    name.hash(hasher);
                    add(member, hasher);
                }
            }
        }
    }
    let mut hasher = DefaultHasher::new();
    add(value, &mut hasher);
    hasher.finish()
}
