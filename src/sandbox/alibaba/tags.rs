//! The rules for tags, and how lists are filtered by them.

use std::collections::BTreeMap;

use super::envelope::Refusal;
use super::parameters::{KeyValue, Parameters};

/// The most tags that one request can name and one resource can carry.
pub(super) const MOST_TAGS: usize = 20;

/// Returns the tags that a create or TagResources gives, checked.
///
/// # Errors
///
/// `InvalidTagKey.Malformed`, `InvalidTagValue.Malformed`, `Duplicate.TagKey`, or `too_many` for more
/// than [`MOST_TAGS`]: the actions name different codes for that.
pub(super) fn read(parameters: &Parameters, too_many: &Refusal) -> Result<BTreeMap<String, String>, Refusal> {
    let given = parameters.key_values("Tag");
    if given.len() > MOST_TAGS {
        return Err(too_many.clone());
    }
    let mut tags = BTreeMap::new();
    for KeyValue { key, value } in given {
        let (key, value) = (key.unwrap_or_default(), value.unwrap_or_default());
        check_key(&key)?;
        check_value(&value)?;
        if tags.insert(key, value).is_some() {
            return Err(Refusal::new(400, "Duplicate.TagKey", "The Tag.N.Key contain duplicate key."));
        }
    }
    Ok(tags)
}

fn check_key(key: &str) -> Result<(), Refusal> {
    let good = (1..=128).contains(&key.chars().count())
        && !key.starts_with("aliyun")
        && !key.starts_with("acs:")
        && !has_link(key);
    good.then_some(())
        .ok_or_else(|| Refusal::new(400, "InvalidTagKey.Malformed", "The specified Tag.N.Key is not valid."))
}

fn check_value(value: &str) -> Result<(), Refusal> {
    let good = value.chars().count() <= 128 && !value.starts_with("acs:") && !has_link(value);
    good.then_some(()).ok_or_else(|| {
        Refusal::new(400, "InvalidTagValue.Malformed", "The specified Tag.N.Value is not valid.")
    })
}

fn has_link(text: &str) -> bool {
    text.contains("http://") || text.contains("https://")
}

/// Tags that an object must carry to be listed.
#[derive(Clone, Debug, Default)]
pub(super) struct TagFilter(Vec<(String, Option<String>)>);

impl TagFilter {
    /// Returns the filter that `Tag.N.Key` and `Tag.N.Value` make; a key alone accepts every value.
    ///
    /// # Errors
    ///
    /// `InvalidTagCount` for more than [`MOST_TAGS`]; `value_alone` for a value without a key.
    pub(super) fn read(parameters: &Parameters, value_alone: &Refusal) -> Result<Self, Refusal> {
        let given = parameters.key_values("Tag");
        if given.len() > MOST_TAGS {
            return Err(Refusal::new(
                400,
                "InvalidTagCount",
                "The specified tags are beyond the permitted range.",
            ));
        }
        let mut wanted = Vec::with_capacity(given.len());
        for KeyValue { key, value } in given {
            let key = key.filter(|key| !key.is_empty()).ok_or_else(|| value_alone.clone())?;
            wanted.push((key, value));
        }
        Ok(Self(wanted))
    }

    /// Tells whether nothing is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether `tags` has everything that is asked for.
    pub(super) fn accepts(&self, tags: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|(key, wanted)| {
            tags.get(key).is_some_and(|value| wanted.as_ref().is_none_or(|wanted| wanted == value))
        })
    }

    /// Tells whether one tag is among those asked for.
    pub(super) fn names(&self, key: &str) -> bool {
        self.0.iter().any(|(wanted, _)| wanted == key)
    }
}

/// Returns the refusal of a filter that has a value and no key.
pub(super) fn mismatch() -> Refusal {
    Refusal::new(400, "InvalidTag.Mismatch", "The specified Tag.n.Key and Tag.n.Value are not match.")
}

#[cfg(test)]
mod tests {
    use super::super::encoding::decode_pairs;
    use super::*;

    fn parameters(raw: &str) -> Parameters {
        Parameters::new(decode_pairs(raw))
    }

    #[test]
    fn tags_are_refused_with_the_code_of_their_fault() {
        let too_many = Refusal::new(403, "QuotaExceed.Tags", "");
        let code = |raw: &str| read(&parameters(raw), &too_many).unwrap_err().code;
        assert_eq!(code("Tag.1.Key=&Tag.1.Value=a"), "InvalidTagKey.Malformed");
        assert_eq!(code("Tag.1.Key=aliyunx"), "InvalidTagKey.Malformed");
        assert_eq!(code("Tag.1.Key=acs:a"), "InvalidTagKey.Malformed");
        assert_eq!(code("Tag.1.Key=a&Tag.1.Value=x-http://b"), "InvalidTagValue.Malformed");
        assert_eq!(code("Tag.1.Key=a&Tag.2.Key=a"), "Duplicate.TagKey");
        let many: Vec<_> = (1..=21).map(|n| format!("Tag.{n}.Key=k{n}")).collect();
        assert_eq!(code(&many.join("&")), "QuotaExceed.Tags");
        assert_eq!(read(&parameters(&many[..20].join("&")), &too_many).unwrap().len(), 20);
    }

    #[test]
    fn a_filter_wants_all_its_tags_and_a_key_alone_takes_every_value() {
        let tags = BTreeMap::from([("a".to_owned(), "1".to_owned()), ("b".to_owned(), String::new())]);
        let accepts = |raw: &str| TagFilter::read(&parameters(raw), &mismatch()).unwrap().accepts(&tags);
        assert!(accepts("") && accepts("Tag.1.Key=a") && accepts("Tag.1.Key=b&Tag.1.Value="));
        assert!(!accepts("Tag.1.Key=a&Tag.1.Value=2"));
        assert!(!accepts("Tag.1.Key=a&Tag.2.Key=c"));
        let alone = TagFilter::read(&parameters("Tag.1.Value=1"), &mismatch()).unwrap_err();
        assert_eq!(alone.code, "InvalidTag.Mismatch");
    }
}
