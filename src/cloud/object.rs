//! Between answers and values: reading arguments of planned objects, and building objects from what a cloud shows.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::error::ErrorClass;
use super::extent::Extent;
use super::fields::Fields;
use super::join::join_all;
use super::{BoxFuture, CloudError, Known, Object, Observed};
use crate::lang::{Kind, Type, Value};

/// Returns a text argument that is known and not null.
pub(crate) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// Returns a text argument that is known, not null and not empty.
pub(crate) fn filled<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    text(object, name).filter(|text| !text.is_empty())
}

/// Returns a whole-number argument that is known and not null.
pub(crate) fn integer(object: &Value, name: &str) -> Option<i64> {
    object.get(name).and_then(Value::as_i64)
}

/// Returns a boolean argument that is known and not null.
pub(crate) fn flag(object: &Value, name: &str) -> Option<bool> {
    object.get(name).and_then(Value::as_bool)
}

/// Returns the strings of a list argument.
pub(crate) fn texts(object: &Value, name: &str) -> Vec<String> {
    let elements = object.get(name).and_then(Value::elements).unwrap_or_default();
    elements.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns the tags of an object in the order of their keys.
pub(crate) fn tags(object: &Value) -> Vec<(String, String)> {
    let members = object.get("tags").and_then(Value::members);
    let pair = |(key, value): (&Arc<str>, &Value)| Some((key.to_string(), value.as_str()?.to_owned()));
    members.map(|members| members.iter().filter_map(pair).collect()).unwrap_or_default()
}

/// What changes tags from one set to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagChange {
    /// Keys that go.
    pub(crate) removed: Vec<String>,
    /// Pairs that come or change.
    pub(crate) set: Vec<(String, String)>,
}

impl TagChange {
    /// Compares the tags of two objects.
    pub(crate) fn between(prior: &Value, planned: &Value) -> TagChange {
        let (before, after) = (tags(prior), tags(planned));
        let removed = before.iter().map(|(key, _)| key);
        let removed = removed.filter(|key| !after.iter().any(|(each, _)| each == *key)).cloned().collect();
        let set = after.into_iter().filter(|pair| !before.contains(pair)).collect();
        TagChange { removed, set }
    }

    /// Returns whether nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.set.is_empty()
    }
}

/// Longest text that is taken over of an object, in characters: the documents allow 256 for the longest attribute. What is
/// longer is the work of a broken or hostile endpoint, and would stand in the state, in plans and in messages.
const LONGEST_TEXT: usize = 1_024;

/// Cuts a text that no service lets anybody write.
pub(crate) fn bounded(mut text: String) -> String {
    if text.len() > LONGEST_TEXT
        && let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT)
    {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn bounded_value(value: Value) -> Value {
    match &value.kind {
        Kind::String(text) if text.len() > LONGEST_TEXT => Value::string(bounded(text.to_string())),
        _ => value,
    }
}

/// Makes a string value, or null when there is none.
pub(crate) fn string_value(text: Option<String>) -> Value {
    text.map_or_else(|| Value::null(Type::String), |text| Value::string(bounded(text)))
}

/// Makes a number value, or null when there is none.
pub(crate) fn number_value(number: Option<i64>) -> Value {
    number.map_or_else(|| Value::null(Type::Number), Value::from)
}

/// Makes a map of strings.
pub(crate) fn map_value(pairs: Vec<(String, String)>) -> Value {
    let pair = |(key, value)| (Arc::from(bounded(key)), Value::string(bounded(value)));
    let members = pairs.into_iter().map(pair).collect();
    Kind::Map(Type::String, Arc::new(members)).into()
}

/// Makes a list of strings.
pub(crate) fn list_value(texts: impl IntoIterator<Item = String>) -> Value {
    let texts = texts.into_iter().map(|text| Value::string(bounded(text)));
    Kind::List(Type::String, Arc::new(texts.collect())).into()
}

/// Builds an object of a type: what was read, else what was remembered, else null.
///
/// The cloud does not tell an empty text or empty tags from absent ones, so "nothing" keeps the form it was remembered in:
/// otherwise every refresh would turn null into "" and back.
pub(crate) fn complete(object_type: &Type, prior: &Value, mut read: Vec<(&'static str, Value)>) -> Value {
    let Type::Object(object) = object_type else { return Value::object(read) };
    let attributes = object.attributes.iter().map(|(name, ty)| {
        let remembered = prior.get(name).filter(|value| value.is_wholly_known()).map(Value::unmarked_deep);
        let at = read.iter().position(|(each, _)| *each == &**name);
        let value = match (at.map(|at| bounded_value(read.swap_remove(at).1)), remembered) {
            (Some(read), Some(remembered)) if is_nothing(&read) && is_nothing(&remembered) => remembered,
            (Some(read), None) if is_nothing(&read) && !matches!(read.kind, Kind::String(_)) => {
                Value::null(ty.clone())
            }
            (Some(read), _) => read,
            (None, Some(remembered)) => remembered,
            (None, None) => Value::null(ty.clone()),
        };
        (Arc::clone(name), value)
    });
    let read = Value::object(attributes.collect::<Vec<_>>());
    // Most objects are as they are remembered; they are kept once.
    if read == *prior { prior.clone() } else { read }
}

fn is_nothing(value: &Value) -> bool {
    match &value.kind {
        Kind::Null(_) => true,
        Kind::String(text) => text.is_empty(),
        Kind::Map(_, members) => members.is_empty(),
        Kind::List(_, items) | Kind::Set(_, items) => items.is_empty(),
        _ => false,
    }
}

/// Returns whether an optional name that the user never gave is to stay unset although the cloud shows one.
///
/// Both Tencent services fill in a default name; taking it over would plan a change on every run for ever.
pub(crate) fn name_stays_unset(prior: &Value, parent: &str, name: &str) -> bool {
    let created_by_us = prior.get(parent).is_some_and(|value| !value.is_null());
    created_by_us && prior.get(name).is_none_or(is_nothing)
}

/// Returns the distinct parents that planned objects name.
pub(crate) fn parents(planned: &[&Value], name: &str) -> BTreeSet<String> {
    planned.iter().filter_map(|each| filled(each, name).map(str::to_owned)).collect()
}

/// Returns whether a listed object is of one of the parents.
pub(crate) fn is_of(fields: &Fields, field: &str, parents: &BTreeSet<String>) -> bool {
    fields.text(field).is_some_and(|parent| parents.contains(&parent))
}

/// Reads parent by parent.
pub(crate) async fn parent_by_parent<'a, T>(
    parents: &'a BTreeSet<String>,
    read: impl Fn(&'a str) -> BoxFuture<'a, Result<Vec<T>, CloudError>>,
) -> Result<Vec<T>, CloudError> {
    let reads = parents.iter().map(|parent| read(parent)).collect();
    let mut all = Vec::new();
    for found in join_all(reads).await {
        all.extend(found?);
    }
    Ok(all)
}

/// Estimates how many calls listing parent by parent takes, from a sample of everything: what lies on the parents fills pages,
/// and each parent's last page is half empty in the mean.
pub(crate) fn calls_by_parent(parents: usize, on_parents: usize, page: usize) -> usize {
    parents.max(on_parents / page.max(1) + parents / 2)
}

/// Reads a time as Tencent and Alibaba write them: RFC 3339, minutes only, or without zone, which both vendors mean as UTC+8.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(time) = DateTime::strptime("%Y-%m-%dT%H:%MZ", text) {
        return time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    }
    let time = DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    time.to_zoned(beijing()).ok().map(|zoned| zoned.timestamp())
}

/// Writes a time without zone, in UTC+8.
pub(crate) fn plain_time(time: Timestamp) -> String {
    time.to_zoned(beijing()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn beijing() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

/// The objects that are asked for, and how one is made of what a list shows.
pub(crate) struct Asked<'a> {
    objects: &'a [Known],
    by_id: HashMap<&'a str, Vec<usize>>,
    make: Box<Make<'a>>,
}

/// Makes an object of what is remembered of it and what a list shows.
type Make<'a> = dyn Fn(&Known, &Fields) -> Object + Send + Sync + 'a;

impl<'a> Asked<'a> {
    /// Returns the question for these objects.
    pub(crate) fn new(
        objects: &'a [Known],
        make: impl Fn(&Known, &Fields) -> Object + Send + Sync + 'a,
    ) -> Asked<'a> {
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::with_capacity(objects.len());
        for (at, known) in objects.iter().enumerate() {
            by_id.entry(&known.id).or_default().push(at);
        }
        Asked { objects, by_id, make: Box::new(make) }
    }

    /// Returns findings that hold nothing yet.
    pub(crate) fn nothing(&self) -> Findings<'_> {
        Findings { asked: self, present: HashMap::new(), failed: HashMap::new() }
    }
}

/// What a batch of reads found of the objects that are asked for. Each is made when it is read and what nobody asked for is
/// dropped at once, because the pages of a large account are many times larger than the objects.
pub(crate) struct Findings<'a> {
    asked: &'a Asked<'a>,
    present: HashMap<usize, Box<Object>>,
    failed: HashMap<String, CloudError>,
}

impl<'a> Findings<'a> {
    /// Takes a listed object over, if it is one of those asked for.
    pub(crate) fn add(&mut self, id: &str, fields: &Fields) {
        for at in self.asked.by_id.get(id).into_iter().flatten() {
            let object = (self.asked.make)(&self.asked.objects[*at], fields);
            self.present.insert(*at, Box::new(object));
        }
    }

    /// Takes listed objects over under the id that the field holds; one without an id is passed over.
    pub(crate) fn add_all(&mut self, list: Vec<Fields>, id: &str) {
        for fields in list {
            if let Some(id) = fields.filled(id) {
                self.add(&id, &fields);
            }
        }
    }

    /// Says that nothing is known of these ids.
    pub(crate) fn fail(&mut self, ids: impl IntoIterator<Item = String>, error: &CloudError) {
        for id in ids {
            self.failed.insert(id, error.clone());
        }
    }

    /// Takes over what another batch found.
    pub(crate) fn merge(&mut self, other: Findings<'_>) {
        self.present.extend(other.present);
        self.failed.extend(other.failed);
    }

    /// Returns how many of the objects were found.
    pub(crate) fn count(&self) -> usize {
        self.present.len()
    }

    /// Returns whether all of the objects were found.
    pub(crate) fn is_complete(&self) -> bool {
        self.present.len() == self.asked.objects.len()
    }

    /// Returns the objects that were not found.
    pub(crate) fn unfound(&self) -> impl Iterator<Item = &'a Known> {
        let asked = self.asked;
        let unfound = asked.objects.iter().enumerate().filter(|(at, _)| !self.present.contains_key(at));
        unfound.map(|(_, known)| known)
    }

    /// Returns those of the objects that were neither found nor failed.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &'a Known> {
        self.unfound().filter(|known| !self.failed.contains_key(&*known.id))
    }

    /// Returns the answers in the order of the questions.
    pub(crate) fn answers(mut self) -> Vec<Observed> {
        let answer = |(at, known): (usize, &Known)| {
            if let Some(object) = self.present.remove(&at) {
                Observed::Present(object)
            } else if let Some(error) = self.failed.get(&*known.id) {
                Observed::Unread(error.clone())
            } else {
                Observed::Absent
            }
        };
        self.asked.objects.iter().enumerate().map(answer).collect()
    }
}

/// Most pages of one list: a million objects. A list that goes on is the work of a broken or hostile endpoint.
const PAGES: usize = 10_000;

/// Follows the tokens of one list.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    /// Digests: a token may be long.
    seen: HashSet<u64>,
    pages: usize,
}

impl Tokens {
    /// Takes the token that came with a page and returns it while there is another page.
    ///
    /// # Errors
    /// The list has no end: the same token twice, or more pages than any account has.
    pub(crate) fn follow(
        &mut self,
        service: &'static str,
        action: &'static str,
        next: Option<String>,
    ) -> Result<Option<String>, CloudError> {
        self.pages += 1;
        if let Some(token) = &next {
            let mut hasher = DefaultHasher::new();
            token.hash(&mut hasher);
            if !self.seen.insert(hasher.finish()) || self.pages == PAGES {
                return Err(endless(service, action));
            }
        }
        Ok(next)
    }
}

fn endless(service: &str, action: &str) -> CloudError {
    let message = "the list does not end; nothing is concluded from it";
    CloudError::new(ErrorClass::Ambiguous, service, action, message)
}

/// A page, with the number of all objects where it is told.
pub(crate) type Page = (Vec<Fields>, Option<i64>);

/// Keeps an item as it is listed.
pub(crate) fn whole(fields: &Fields) -> Option<Fields> {
    Some(fields.clone())
}

/// Returns what reads pages, but hands over the first one once, which has been read already.
pub(crate) fn after_first<'a>(
    first: &'a Mutex<Option<Page>>,
    read: impl Fn(i64) -> BoxFuture<'a, Result<Page, CloudError>>,
) -> impl Fn(i64) -> BoxFuture<'a, Result<Page, CloudError>> {
    move |offset| match first.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(page) => Box::pin(std::future::ready(Ok(page))),
        None => read(offset),
    }
}

/// Reads pages by offset until all are there, and makes of each object what is to be kept of it; the pages of a large account are
/// many times larger than that. Objects that come or go in between shift the rest by a page, so a list whose total changed is read
/// again, and objects seen twice count once.
///
/// # Errors
/// A page cannot be read; or the list shows fewer objects than it says there are, so that nothing may be concluded from
/// an absence.
pub(crate) async fn all_pages<'a, T>(
    action: (&'static str, &'static str),
    id: &str,
    extent: &Extent,
    read: impl Fn(i64) -> BoxFuture<'a, Result<Page, CloudError>>,
    make: impl Fn(&Fields) -> Option<T>,
) -> Result<Vec<T>, CloudError> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<T> = Vec::new();
    let keep = |page: Vec<Fields>| {
        for fields in page {
            let Some(key) = fields.filled(id) else { continue };
            let Some(made) = make(&fields) else { continue };
            match places.get(&key) {
                Some(&at) => all[at] = made,
                None => {
                    places.insert(key, all.len());
                    all.push(made);
                }
            }
        }
        true
    };
    pages_while(action, id, extent, read, keep).await?;
    Ok(all)
}

/// Reads pages by offset like [`all_pages`] and hands each over, until `take` says that no more is needed. Then nothing may be
/// concluded from an absence.
///
/// # Errors
/// As [`all_pages`].
pub(crate) async fn pages_while<'a>(
    (service, action): (&'static str, &'static str),
    id: &str,
    extent: &Extent,
    read: impl Fn(i64) -> BoxFuture<'a, Result<Page, CloudError>>,
    mut take: impl FnMut(Vec<Fields>) -> bool,
) -> Result<(), CloudError> {
    const LIMIT_ON_ROUNDS: usize = 4;
    /// Objects that others make meanwhile move the rest to later pages, but not by so many pages.
    const LIMIT_ON_REPEATS: usize = 10;
    /// So many objects may come to be while a list is read, beside as many as there were.
    const LIMIT_ON_GROWTH: i64 = 1_000;
    let mut seen: HashSet<String> = HashSet::new();
    let (mut shown, mut said) = (0, 0);
    for _ in 0..LIMIT_ON_ROUNDS {
        let mut offset = 0;
        let mut first_total = None;
        let mut shifted = false;
        let (mut pages, mut without_id) = (0, 0);
        let (mut strangers, mut repeats) = (0, 0);
        let mut here: HashSet<String> = HashSet::new();
        loop {
            let (page, total) = read(offset).await?;
            pages += 1;
            shifted |= first_total.is_some_and(|first| first != total);
            first_total.get_or_insert(total);
            said = total.unwrap_or(0);
            let count = page.len() as i64;
            let keys: Vec<String> = page.iter().filter_map(|fields| fields.filled(id)).collect();
            without_id += count - keys.len() as i64;
            strangers += extent.strangers(&page);
            let before = here.len();
            here.extend(keys);
            repeats = if here.len() == before && count > 0 { repeats + 1 } else { 0 };
            if !take(page) {
                return Ok(());
            }
            offset += count;
            if count == 0 || total.is_some_and(|total| offset >= total) {
                break;
            }
            extent.check((service, action), usize::try_from(offset).unwrap_or(usize::MAX), strangers)?;
            // The end may run away, and a page that brings nothing new may come again and again.
            let begun = first_total.flatten();
            let runs_away =
                begun.is_some_and(|total| offset > total.saturating_mul(2).saturating_add(LIMIT_ON_GROWTH));
            if pages == PAGES || repeats == LIMIT_ON_REPEATS || runs_away {
                return Err(endless(service, action));
            }
        }
        seen.extend(here);
        shown = seen.len() as i64 + without_id;
        if !shifted && said <= shown {
            return Ok(());
        }
    }
    if said > shown {
        let message = format!(
            "the list says that there are {said} objects and shows {shown}, so nothing is concluded from what is \
             missing"
        );
        return Err(CloudError::new(ErrorClass::Ambiguous, service, action, message)
            .with_remedy("Check that the access key may read all of them."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn nothing_keeps_the_form_it_was_remembered_in() {
        let ty = Type::object([("a", Type::String), ("tags", Type::map(Type::String)), ("b", Type::String)]);
        let prior =
            Value::object([("a", Value::null(Type::String)), ("tags", Value::null(Type::map(Type::String)))]);
        let read = vec![("a", Value::string("")), ("tags", map_value(Vec::new())), ("b", Value::string("x"))];
        let object = complete(&ty, &prior, read);
        assert!(object.get("a").unwrap().is_null());
        assert!(object.get("tags").unwrap().is_null());
        assert_eq!(text(&object, "b"), Some("x"));
    }

    #[test]
    fn unknown_parts_of_a_planned_object_are_not_taken_over() {
        let ty = Type::object([("a", Type::String)]);
        let prior = Value::object([("a", Value::unknown(Type::String))]);
        assert!(complete(&ty, &prior, Vec::new()).get("a").unwrap().is_null());
    }

    #[test]
    fn every_way_of_writing_times_is_read() {
        let same: Timestamp = "2022-04-02T17:44:55Z".parse().unwrap();
        for written in ["2022-04-02T17:44:55+00:00", "2022-04-03 01:44:55", "2022-04-02T17:44:55Z"] {
            assert_eq!(time(written), Some(same), "{written}");
        }
        assert_eq!(time("2024-11-27T00:00Z"), "2024-11-27T00:00:00Z".parse().ok());
        assert_eq!(time("0"), None);
        assert_eq!(plain_time(same), "2022-04-03 01:44:55");
    }

    #[test]
    fn tag_changes_name_only_what_differs() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            Value::object([("tags", map_value(pairs))])
        };
        let change = TagChange::between(
            &of(&[("a", "1"), ("b", "2"), ("c", "3")]),
            &of(&[("a", "1"), ("b", "x"), ("d", "4")]),
        );
        assert_eq!(change.removed, ["c"]);
        assert_eq!(change.set, [("b".to_owned(), "x".to_owned()), ("d".to_owned(), "4".to_owned())]);
    }

    fn item(at: i64) -> Fields {
        Fields::read(format!(r#"{{"Id":"i-{at}","DiskId":"disk-{}"}}"#, at % 2).as_bytes()).unwrap()
    }

    /// Reads a list whose pages are made by `page` from their offset; returns the number of pages and how it ended.
    async fn listed(
        extent: Extent,
        page: impl Fn(i64) -> Page + Send + Sync + Copy,
    ) -> (usize, Result<usize, String>) {
        let pages = AtomicUsize::new(0);
        let read = |offset| -> BoxFuture<'_, Result<Page, CloudError>> {
            pages.fetch_add(1, Ordering::SeqCst);
            Box::pin(std::future::ready(Ok(page(offset))))
        };
        let all = all_pages(("cbs", "DescribeDiskBackups"), "Id", &extent, read, whole).await;
        (pages.load(Ordering::SeqCst), all.map(|all| all.len()).map_err(|error| error.message))
    }

    #[tokio::test]
    async fn a_list_that_does_not_end_is_an_error_soon() {
        let disk = || Extent::of(["disk-0".to_owned(), "disk-1".to_owned()]);
        let new = |offset: i64| (offset..offset + 100).map(item).collect::<Vec<_>>();
        let (pages, ended) = listed(disk(), |offset| (new(offset), Some(offset + 1_000))).await;
        assert!(ended.unwrap_err().contains("does not end") && pages < 50, "{pages}");
        for extent in [disk(), Extent::default()] {
            let (pages, ended) = listed(extent, |_| (new(0), Some(1_000_000))).await;
            assert!(ended.unwrap_err().contains("does not end") && pages < 20, "{pages}");
        }
        let (pages, ended) = listed(disk(), |offset| (new(offset), None)).await;
        assert!(ended.unwrap_err().contains("does not end") && pages < 300, "{pages}");
        let other = Extent::of(["disk-7".to_owned()]);
        let (pages, ended) = listed(other, |offset| (new(offset), Some(1_000_000))).await;
        assert!(ended.unwrap_err().contains("not asked for") && pages < 5, "{pages}");
        // A long list that ends is read to its end, however the objects move meanwhile.
        let (pages, ended) = listed(Extent::default(), |offset| {
            let end = (offset + 100).min(5_000);
            ((offset..end).map(item).collect(), Some(5_000))
        })
        .await;
        assert_eq!((pages, ended), (50, Ok(5_000)));
    }

    #[test]
    fn tokens_that_lead_in_a_circle_are_an_error() {
        let mut tokens = Tokens::default();
        let mut follow = |token: &str| tokens.follow("ecs", "DescribeSnapshots", Some(token.to_owned()));
        assert!(follow("a").is_ok() && follow("b").is_ok() && follow("c").is_ok());
        assert!(follow("a").unwrap_err().message.contains("does not end"));
    }
}
