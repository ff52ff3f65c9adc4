//! Rates as people write them: `-rate`, `SNAPFORM_RATE` and the `rates` argument of a provider block.

use std::sync::Arc;
use std::time::Duration;

use super::error::{CloudError, ErrorClass};
use super::limits::{Rate, RateOverride};
use crate::lang::Value;

/// The actions that the clients call, by service.
const ACTIONS: &[(&str, &[&str])] = &[
    (
        "ecs",
        &[
            "CreateSnapshot",
            "DeleteSnapshot",
            "DescribeDisks",
            "DescribeSnapshots",
            "ModifySnapshotAttribute",
            "TagResources",
            "UntagResources",
        ],
    ),
    ("ecd", &["CreateSnapshot", "DeleteSnapshot", "DescribeDesktops", "DescribeSnapshots"]),
    (
        "cfs",
        &[
            "CreateCfsSnapshot",
            "DeleteCfsSnapshot",
            "DescribeCfsFileSystems",
            "DescribeCfsSnapshots",
            "DescribeMountTargets",
            "UpdateCfsSnapshotAttribute",
        ],
    ),
    ("cbs", &["CreateDiskBackup", "DeleteDiskBackups", "DescribeDiskBackups", "DescribeDisks"]),
    (
        "tcaplusdb",
        &[
            "CreateSnapshots",
            "DeleteSnapshots",
            "DescribeClusters",
            "DescribeSnapshots",
            "DescribeTableGroups",
            "DescribeTables",
            "ModifySnapshots",
        ],
    ),
    ("tag", &["ModifyResourceTags"]),
    ("sts", &["GetCallerIdentity"]),
];

const LONGEST_WINDOW: Duration = Duration::from_secs(3600);

/// Reads `[SERVICE[.ACTION]=]CALLS[/WINDOW]`: `10`, `cbs=10`, `cbs.CreateDiskBackup=10/s`, `ecs=500/60s`, `5/m`.
///
/// # Errors
///
/// The text is none, or names a service or action that is never called.
pub fn parse(text: &str) -> Result<RateOverride, String> {
    let (whose, rate) = match text.split_once('=') {
        Some((whose, rate)) => (Some(whose), rate),
        None => (None, text),
    };
    let (service, action) = match whose {
        None => (None, None),
        Some(whose) => of_whom(whose)?,
    };
    Ok(RateOverride { service, action, region: None, rate: parse_rate(rate)? })
}

fn of_whom(text: &str) -> Result<(Option<String>, Option<String>), String> {
    let (service, action) = match text.split_once('.') {
        Some((service, action)) => (service, Some(action)),
        None => (text, None),
    };
    let Some((_, actions)) = ACTIONS.iter().find(|(name, _)| *name == service) else {
        let names: Vec<_> = ACTIONS.iter().map(|(name, _)| *name).collect();
        return Err(format!("{service:?} is no service: use one of {}", names.join(", ")));
    };
    match action {
        Some(action) if !actions.contains(&action) => {
            Err(format!("snapform never calls {action:?} of {service}: use one of {}", actions.join(", ")))
        }
        action => Ok((Some(service.to_owned()), action.map(str::to_owned))),
    }
}

/// Reads `CALLS[/WINDOW]`, where the window is `s`, `m` or so many seconds (`60s`); one second when it is left out.
fn parse_rate(text: &str) -> Result<Rate, String> {
    let wrong = || {
        format!(
            "{text:?} is no rate: write calls per window, such as 10, 10/s, 300/m or 1000/60s, at least 1 call"
        )
    };
    let (calls, window) = text.split_once('/').unwrap_or((text, "s"));
    let calls: u32 = calls.parse().ok().filter(|calls| *calls > 0).ok_or_else(wrong)?;
    let window = match window {
        "s" => Duration::from_secs(1),
        "m" => Duration::from_secs(60),
        other => {
            let seconds = other.strip_suffix('s').and_then(|number| number.parse().ok());
            Duration::from_secs(seconds.ok_or_else(wrong)?)
        }
    };
    if window.is_zero() || window > LONGEST_WINDOW {
        return Err(wrong());
    }
    Ok(Rate { calls, window })
}

/// Returns the rates of a provider block, `rates = { "cbs.CreateDiskBackup" = "10/s" }`, for its region.
///
/// # Errors
///
/// A key or a value that is none.
pub(crate) fn of_provider(config: &Value, region: &str) -> Result<Vec<RateOverride>, CloudError> {
    let members = config.get("rates").map(members_of).unwrap_or_default();
    let read = |(whose, rate): (Arc<str>, Value)| {
        let rate = rate.as_str().unwrap_or_default();
        let (service, action) = of_whom(&whose)?;
        Ok(RateOverride { service, action, region: Some(region.to_owned()), rate: parse_rate(rate)? })
    };
    members.into_iter().map(read).collect::<Result<_, String>>().map_err(|why| {
        CloudError::new(ErrorClass::Invalid, "", "", format!("the provider's rates: {why}"))
            .with_remedy("Correct the argument \"rates\" of the provider block.")
    })
}

fn members_of(value: &Value) -> Vec<(Arc<str>, Value)> {
    value.members().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_in_each_form() {
        for (text, service, action, calls, seconds) in [
            ("10", None, None, 10, 1),
            ("300/m", None, None, 300, 60),
            ("cbs=5/s", Some("cbs"), None, 5, 1),
            ("ecs.CreateSnapshot=1000/60s", Some("ecs"), Some("CreateSnapshot"), 1000, 60),
        ] {
            let read = parse(text).unwrap();
            assert_eq!((read.service.as_deref(), read.action.as_deref()), (service, action), "{text}");
            assert_eq!(read.rate, Rate { calls, window: Duration::from_secs(seconds) }, "{text}");
        }
    }

    #[test]
    fn what_is_no_rate_is_refused_with_the_names_that_there_are() {
        for text in ["", "0", "x", "-1", "5/", "5/h", "5/0s", "5/9999s", "=5", "cbs=", "4294967296"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("cvm=5").unwrap_err().contains("tcaplusdb"));
        assert!(parse("cbs.CreateSnapshot=5").unwrap_err().contains("CreateDiskBackup"));
    }

    #[test]
    fn rates_of_a_provider_block_hold_for_its_region() {
        let rates = Value::object([("cbs.CreateDiskBackup", Value::string("10/s"))]);
        let read = of_provider(&Value::object([("rates", rates)]), "ap-guangzhou").unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].region.as_deref(), Some("ap-guangzhou"));
        assert!(of_provider(&Value::object([("region", Value::string("x"))]), "x").unwrap().is_empty());
        let wrong = Value::object([("rates", Value::object([("cbs", Value::string("fast"))]))]);
        assert!(of_provider(&wrong, "x").unwrap_err().to_string().contains("no rate"));
    }
}
