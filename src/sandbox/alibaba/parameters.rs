//! Reads an action's parameters: indexed lists, lists as JSON in one string, booleans of any case.

use std::collections::BTreeMap;

use super::encoding::Pairs;
use super::envelope::Refusal;

/// The parameters of query and form body together; a name that comes twice keeps its first value.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    values: BTreeMap<String, String>,
}

/// A key and a value, as `Tag.N.Key` and `Tag.N.Value` carry them; either can be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyValue {
    pub(super) key: Option<String>,
    pub(super) value: Option<String>,
}

impl Parameters {
    pub(super) fn new(pairs: Pairs) -> Self {
        let mut values = BTreeMap::new();
        for (name, value) in pairs {
            values.entry(name).or_insert(value);
        }
        Self { values }
    }

    /// Returns a parameter as sent, an empty one included.
    pub(super) fn sent(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Returns a parameter that is there and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.sent(name).filter(|value| !value.is_empty())
    }

    /// Returns a mandatory parameter.
    ///
    /// # Errors
    ///
    /// `MissingParameter` when it is absent or empty.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| missing(name))
    }

    /// Returns a boolean: Python sends `True`, Go `true`.
    ///
    /// # Errors
    ///
    /// `InvalidParameter` for other words.
    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.text(name)
            .map(|value| match value.to_ascii_lowercase().as_str() {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(invalid(name)),
            })
            .transpose()
    }

    /// Returns a whole number.
    ///
    /// # Errors
    ///
    /// `InvalidParameter` when it is none.
    pub(super) fn integer(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.text(name).map(|value| value.parse().map_err(|_| invalid(name))).transpose()
    }

    /// Returns the values of `name.1`, `name.2`, …, in the order of their numbers.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let mut items: Vec<(u32, &str)> =
            self.below(name).filter_map(|(rest, value)| Some((rest.parse().ok()?, value))).collect();
        items.sort_by_key(|(number, _)| *number);
        items.into_iter().map(|(_, value)| value).collect()
    }

    /// Returns the pairs of `name.N.Key` and `name.N.Value`; the deprecated `.key` and `.value` count too.
    pub(super) fn key_values(&self, name: &str) -> Vec<KeyValue> {
        let mut items: BTreeMap<u32, KeyValue> = BTreeMap::new();
        for (rest, value) in self.below(name) {
            let Some((number, field)) = rest.split_once('.') else { continue };
            let Ok(number) = number.parse() else { continue };
            let item = items.entry(number).or_insert(KeyValue { key: None, value: None });
            match field {
                "Key" | "key" => item.key = Some(value.to_owned()),
                "Value" | "value" => item.value = Some(value.to_owned()),
                _ => {}
            }
        }
        items.into_values().collect()
    }

    /// Returns a list that comes as JSON in one string; absent or empty text is no list.
    ///
    /// # Errors
    ///
    /// Gives back the text when it is not a JSON array of strings.
    pub(super) fn json_list(&self, name: &str) -> Result<Option<Vec<String>>, String> {
        self.text(name).map(|value| serde_json::from_str(value).map_err(|_| value.to_owned())).transpose()
    }

    /// Returns all parameters that carry meaning for an action, for comparing two requests.
    pub(super) fn meaning(&self, except: &[&str]) -> BTreeMap<String, String> {
        self.values
            .iter()
            .filter(|(name, _)| !COMMON.contains(&name.as_str()) && !except.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn below<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let prefix = format!("{name}.");
        let length = prefix.len();
        self.values
            .range(prefix.clone()..)
            .take_while(move |(key, _)| key.starts_with(&prefix))
            .map(move |(key, value)| (&key[length..], value.as_str()))
    }
}

/// What belongs to the call and not to the action.
const COMMON: [&str; 11] = [
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// Returns the refusal of an absent mandatory parameter.
pub(super) fn missing(name: &str) -> Refusal {
    Refusal::new(
        400,
        "MissingParameter",
        format!(
            "The input parameter \"{name}\" that is mandatory for processing this request is not supplied."
        ),
    )
}

/// Returns the refusal of a parameter that cannot be read as its type.
pub(super) fn invalid(name: &str) -> Refusal {
    Refusal::new(
        400,
        "InvalidParameter",
        format!("The specified value of parameter \"{name}\" is not valid."),
    )
}

#[cfg(test)]
mod tests {
    use super::super::encoding::decode_pairs;
    use super::*;

    fn parameters(raw: &str) -> Parameters {
        Parameters::new(decode_pairs(raw))
    }

    #[test]
    fn lists_follow_their_numbers_and_not_the_order_of_text() {
        let query: Vec<_> = (1..=11).rev().map(|n| format!("Id.{n}=v{n}")).collect();
        let expected: Vec<_> = (1..=11).map(|n| format!("v{n}")).collect();
        assert_eq!(parameters(&query.join("&")).list("Id"), expected);
        assert!(parameters("Ids.1=a&Id=b&Id.x=c").list("Id").is_empty());
    }

    #[test]
    fn tags_accept_the_deprecated_spelling_and_absent_halves() {
        let tags = parameters("Tag.2.key=b&Tag.1.Key=a&Tag.1.Value=&Tag.3.value=c").key_values("Tag");
        let expected = [(Some("a"), Some("")), (Some("b"), None), (None, Some("c"))];
        let found: Vec<_> = tags.iter().map(|tag| (tag.key.as_deref(), tag.value.as_deref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn booleans_come_in_any_case_and_other_words_are_refused() {
        let read = |word: &str| parameters(&format!("Force={word}")).boolean("Force");
        assert_eq!(read("True"), Ok(Some(true)));
        assert_eq!(read("false"), Ok(Some(false)));
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("yes").unwrap_err().code, "InvalidParameter");
    }

    #[test]
    fn a_json_list_is_told_from_no_list_and_from_bad_text() {
        assert_eq!(parameters("").json_list("Ids"), Ok(None));
        assert_eq!(parameters("Ids=[]").json_list("Ids"), Ok(Some(vec![])));
        assert_eq!(parameters("Ids=%5B%22a%22%5D").json_list("Ids"), Ok(Some(vec!["a".into()])));
        assert!(parameters("Ids=a,b").json_list("Ids").is_err());
    }

    #[test]
    fn the_meaning_leaves_out_signature_and_token() {
        let meaning = parameters("Action=a&Signature=s&ClientToken=t&DiskId=d").meaning(&["ClientToken"]);
        assert_eq!(meaning.keys().collect::<Vec<_>>(), ["DiskId"]);
    }
}
