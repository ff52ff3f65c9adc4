//! What surrounds the program: environment variables, home folder, the sandbox if one is in use.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::lang::Value;

use super::credentials::Credentials;
use super::error::{CloudError, ErrorClass};
use super::object::filled;

/// Variables of the environment, as given at the start of the run.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values may be secret keys.
        formatter.debug_list().entries(self.variables.keys()).finish()
    }
}

impl Environment {
    /// Takes over the variables of the process; those that are not text are left out.
    pub fn of_process() -> Environment {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Environment { variables: std::env::vars_os().filter_map(text).collect() }
    }

    /// Makes an environment of these variables alone.
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Environment {
        Environment { variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into() }
    }

    /// Sets a variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Environment {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Returns the first of these variables that is set and not blank, without the blanks around it: a newline at the end of a key
    /// is one of the file that it was read from.
    pub(crate) fn first(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .filter_map(|name| self.variables.get(*name))
            .map(|value| value.trim())
            .find(|value| !value.is_empty())
    }

    /// Returns the error for the first of these variables that is set: it would have to be obeyed, and cannot be.
    pub(crate) fn refuse(&self, names: &[&str], remedy: &str) -> Result<(), CloudError> {
        match names.iter().find(|name| self.first(&[name]).is_some()) {
            None => Ok(()),
            Some(name) => Err(not_supported(name, remedy)),
        }
    }

    /// As [`Environment::refuse`], for all variables whose names begin so.
    pub(crate) fn refuse_beginning(&self, beginning: &str, remedy: &str) -> Result<(), CloudError> {
        let from = self.variables.range(beginning.to_owned()..);
        let mut named = from.take_while(|(name, _)| name.starts_with(beginning));
        match named.find(|(_, value)| !value.trim().is_empty()) {
            None => Ok(()),
            Some((name, _)) => Err(not_supported(name, remedy)),
        }
    }

    /// Expands a leading `~`.
    pub(crate) fn path(&self, text: &str) -> PathBuf {
        let below = if text == "~" { Some("") } else { text.strip_prefix("~/") };
        match (below, self.first(&["HOME"])) {
            (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
            _ => PathBuf::from(text),
        }
    }
}

/// The sandbox that stands in for both clouds. Its keys take the place of all others, so that real ones never reach it.
#[derive(Debug, Clone)]
pub struct SandboxAccess {
    /// The URL that every service is sent to.
    pub endpoint: String,
    /// The key pair of its Alibaba account.
    pub alibaba: Credentials,
    /// The region on Alibaba Cloud of a provider that names none.
    pub alibaba_region: String,
    /// The key pair of its Tencent account.
    pub tencent: Credentials,
}

/// All that decides how providers are reached, besides their blocks.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The environment.
    pub environment: Environment,
    /// The sandbox, when the run uses it.
    pub sandbox: Option<SandboxAccess>,
}

impl Settings {
    /// Returns the URL that every service is sent to, if there is one.
    pub(crate) fn everything(&self) -> Option<String> {
        match &self.sandbox {
            Some(sandbox) => Some(sandbox.endpoint.clone()),
            None => self.environment.first(&["SNAPFORM_ENDPOINT"]).map(str::to_owned),
        }
    }

    /// Returns an argument of a provider block, else the first of the variables that is set.
    pub(crate) fn argument(&self, config: &Value, name: &str, variables: &[&str]) -> Option<String> {
        let given = filled(config, name).map(str::trim).filter(|text| !text.is_empty());
        given.or_else(|| self.environment.first(variables)).map(str::to_owned)
    }

    /// Returns a key pair given by arguments or variables; half a pair is an error, since it would silently fall back to another key.
    pub(crate) fn key_pair(
        &self,
        config: &Value,
        names: [(&'static str, &[&str]); 3],
    ) -> Result<Option<Credentials>, CloudError> {
        let [id, secret, token] = names.map(|(name, variables)| self.argument(config, name, variables));
        match (id, secret) {
            (Some(id), Some(secret)) => {
                let token = token.map(SecretString::from);
                Ok(Some(Credentials { id, secret: SecretString::from(secret), token }))
            }
            (None, None) if token.is_some() => Err(half(names[2].0, names[0].0)),
            (None, None) => Ok(None),
            (Some(_), None) => Err(half(names[0].0, names[1].0)),
            (None, Some(_)) => Err(half(names[1].0, names[0].0)),
        }
    }
}

fn not_supported(variable: &str, remedy: &str) -> CloudError {
    let message =
        format!("the environment has {variable}, which is not supported and must not be passed over");
    CloudError::new(ErrorClass::Invalid, "", "", message)
        .with_remedy(&format!("{remedy} Unset {variable} if it is not meant for this run."))
}

fn half(given: &str, absent: &str) -> CloudError {
    CloudError::new(ErrorClass::Invalid, "", "", format!("the provider has a {given} but no {absent}"))
        .with_remedy("Give both, or neither to use a profile.")
}

/// Returns the error for arguments of a provider block that would have to be obeyed and cannot be yet.
pub(crate) fn refuse(config: &Value, arguments: &[&str], remedy: &str) -> Result<(), CloudError> {
    let given = |name: &&&str| {
        config.get(name).is_some_and(|value| match value.elements() {
            Some(elements) => !elements.is_empty(),
            None => !value.is_null() && value.as_bool() != Some(false) && value.as_str() != Some(""),
        })
    };
    match arguments.iter().find(given) {
        None => Ok(()),
        Some(name) => Err(CloudError::new(
            ErrorClass::Invalid,
            "",
            "",
            format!("the provider's {name} is not supported"),
        )
        .with_remedy(remedy)),
    }
}

/// Returns the pairs of an `endpoints` block that have a value.
pub(crate) fn endpoints(config: &Value) -> Vec<(String, String)> {
    let blocks = config.get("endpoints").and_then(Value::elements).unwrap_or_default();
    let members = blocks.iter().filter_map(Value::members).flatten();
    let given = |(name, value): (&std::sync::Arc<str>, &Value)| {
        Some((name.to_string(), value.as_str().filter(|text| !text.is_empty())?.to_owned()))
    };
    members.filter_map(given).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Kind, Type};

    fn config(pairs: &[(&str, &str)]) -> Value {
        Value::object(pairs.iter().map(|(name, text)| (*name, Value::string(text))))
    }

    fn settings(environment: Environment) -> Settings {
        Settings { environment, sandbox: None }
    }

    const NAMES: [(&str, &[&str]); 3] =
        [("id", &["OLD_ID", "NEW_ID"]), ("key", &["KEY"]), ("token", &["TOKEN"])];

    #[test]
    fn arguments_win_over_variables_and_earlier_variables_over_later_ones() {
        let settings =
            settings(Environment::of([("OLD_ID", "old"), ("NEW_ID", "new"), ("KEY", "k"), ("EMPTY", "")]));
        let pair = settings.key_pair(&config(&[]), NAMES).unwrap().unwrap();
        assert_eq!((pair.id.as_str(), pair.secret_text(), pair.token_text()), ("old", "k", None));
        let pair = settings.key_pair(&config(&[("id", "given")]), NAMES).unwrap().unwrap();
        assert_eq!(pair.id, "given");
        assert_eq!(settings.argument(&config(&[]), "x", &["EMPTY"]), None);
    }

    #[test]
    fn half_a_key_pair_is_an_error_that_names_the_other_half() {
        let error = settings(Environment::default()).key_pair(&config(&[("id", "x")]), NAMES).unwrap_err();
        assert!(error.to_string().contains("no key"), "{error}");
        assert!(settings(Environment::default()).key_pair(&config(&[]), NAMES).unwrap().is_none());
    }

    #[test]
    fn arguments_that_cannot_be_obeyed_are_refused_only_when_they_are_given() {
        let role = Type::object([("role_arn", Type::String)]);
        let none: Value = Kind::Set(role.clone(), Vec::new().into()).into();
        let one: Value = Kind::Set(role, vec![config(&[("role_arn", "r")])].into()).into();
        assert!(refuse(&Value::object([("assume_role", none)]), &["assume_role"], "x").is_ok());
        let error = refuse(&Value::object([("assume_role", one)]), &["assume_role"], "x").unwrap_err();
        assert!(error.to_string().contains("assume_role"));
        assert!(refuse(&Value::object([("pod", Value::from(false))]), &["pod"], "x").is_ok());
    }

    #[test]
    fn the_environment_never_shows_its_values() {
        let text = format!("{:?}", Environment::of([("SECRET_KEY", "very-secret")]));
        assert!(text.contains("SECRET_KEY") && !text.contains("very-secret"));
    }

    #[test]
    fn a_leading_tilde_is_the_home_folder() {
        let environment = Environment::of([("HOME", "/home/u")]);
        assert_eq!(environment.path("~/.aliyun/config.json"), PathBuf::from("/home/u/.aliyun/config.json"));
        assert_eq!(environment.path("~"), PathBuf::from("/home/u"));
        assert_eq!(environment.path("/x"), PathBuf::from("/x"));
    }
}
