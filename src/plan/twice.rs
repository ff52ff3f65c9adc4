//! Two addresses that hold one object: what is done to the one is done to the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::Value;
use crate::lang::address::{Address, Mode};
use crate::schema::{ProviderKind, types};

use super::change::{Change, ResourceChange};
use super::prior::Priors;

/// Who holds an object.
struct Holder<'a> {
    address: &'a Address,
    deposed: bool,
    change: Option<&'a Change>,
    imported: bool,
}

/// Returns an error for each object that is imported although another address holds it, and a warning for each one that two
/// addresses of the state hold.
pub fn check(priors: &Priors, changes: &[ResourceChange]) -> Diagnostics {
    let change_of: BTreeMap<(&Address, Option<&str>), &ResourceChange> =
        changes.iter().map(|change| ((&change.address, change.deposed.as_deref()), change)).collect();
    let mut holders: BTreeMap<(&str, Arc<str>), Vec<Holder<'_>>> = BTreeMap::new();
    for (name, prior) in priors {
        let Some(family) = family(&name.address) else { continue };
        let Some(id) = prior.value.get("id").and_then(Value::as_str) else { continue };
        let change = change_of.get(&(&name.address, name.deposed.as_deref())).map(|change| &change.change);
        let holder =
            Holder { address: &name.address, deposed: name.deposed.is_some(), change, imported: false };
        holders.entry((family, id.into())).or_default().push(holder);
    }
    for change in changes {
        let (Some(family), Some(id)) = (family(&change.address), &change.importing) else { continue };
        // An import may name an object by a longer text than its id.
        let id = change
            .change
            .before()
            .and_then(|before| before.get("id")?.as_str())
            .map_or(id.clone(), Arc::from);
        let holder =
            Holder { address: &change.address, deposed: false, change: Some(&change.change), imported: true };
        holders.entry((family, id)).or_default().push(holder);
    }
    let mut found = Diagnostics::new();
    for ((_, id), mut holders) in holders {
        // An address that lets go of the object may hand it to another one.
        holders.retain(|holder| !matches!(holder.change, Some(Change::Forget { .. })));
        if let [first, rest @ ..] = &holders[..]
            && !rest.is_empty()
        {
            found.extend(rest.iter().map(|holder| describe(&id, first, holder)));
        }
    }
    found
}

/// Returns the type whose ids are the same kind: an alias means the same objects.
fn family(address: &Address) -> Option<&'static str> {
    if address.resource.mode != Mode::Managed {
        return None;
    }
    let known = types::resource(&address.resource.type_name)?;
    (known.provider != ProviderKind::Terraform).then_some(match known.name {
        "alicloud_snapshot" => "alicloud_ecs_snapshot",
        name => name,
    })
}

fn describe(id: &str, first: &Holder<'_>, second: &Holder<'_>) -> Diagnostic {
    let (kept, other) = if first.imported && !second.imported { (second, first) } else { (first, second) };
    let holds = |holder: &Holder<'_>| match holder.deposed {
        true => format!("{} (deposed)", holder.address),
        false => holder.address.to_string(),
    };
    if other.imported {
        let detail = format!(
            "The object {id} belongs to {} already. With two addresses, a change of the one is a difference of the other, and a replacement or the end of the one takes the object away from the other. To give it to {}, let the first one go: by a moved block, a removed block with destroy = false, or snapform state rm.",
            holds(kept),
            other.address
        );
        return Diagnostic::error("Object is managed by another address", detail).about(other.address);
    }
    let ends =
        |holder: &Holder<'_>| matches!(holder.change, Some(Change::Delete { .. } | Change::Replace { .. }));
    let mut detail = format!(
        "{} and {} hold the same object, {id}: it was imported twice. A change of the one is a difference of the other.",
        holds(kept),
        holds(other)
    );
    if ends(kept) || ends(other) {
        detail.push_str(" The plan destroys it at one of them, and an object that another address holds is never deleted.");
    }
    detail.push_str(" Let one of them go, with a removed block with destroy = false or snapform state rm.");
    Diagnostic::warning("Two addresses hold one object", detail).about(other.address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::lang::address::{ModuleInstance, ModulePath, ProviderAddress, Resource};
    use crate::plan::ObjectName;
    use crate::plan::prior::Prior;

    fn address(kind: &str, name: &str) -> Address {
        Resource::managed(kind, name).in_module(&ModuleInstance::root()).instance(None)
    }

    fn object() -> Value {
        Value::object([("id", Value::from("s-1"))])
    }

    fn provider() -> ProviderAddress {
        ProviderAddress { module: ModulePath::root(), source: "p".into(), alias: None }
    }

    fn priors(addresses: &[Address]) -> Priors {
        let prior = |address: &Address| {
            let prior = Prior {
                provider: provider(),
                value: object(),
                tainted: false,
                create_before_destroy: false,
                failed: false,
                origin: Default::default(),
                dependencies: Vec::new(),
            };
            (ObjectName { address: address.clone(), deposed: None }, prior)
        };
        addresses.iter().map(prior).collect()
    }

    fn change(address: &Address, change: Change, importing: bool) -> ResourceChange {
        ResourceChange {
            address: address.clone(),
            previous_address: None,
            deposed: None,
            provider: provider(),
            change,
            reason: None,
            replace_paths: Vec::new(),
            importing: importing.then(|| "s-1".into()),
            generated_config: None,
            marker: None,
        }
    }

    #[test]
    fn an_object_of_two_addresses_is_a_warning_and_a_second_import_an_error() {
        let (a, b) = (address("alicloud_ecs_snapshot", "a"), address("alicloud_snapshot", "b"));
        let both = priors(&[a.clone(), b.clone()]);
        let found = check(&both, &[change(&b, Change::Delete { before: object() }, false)]);
        assert_eq!(found.len(), 1);
        let warning = found.iter().next().unwrap();
        assert_eq!(warning.severity, Severity::Warning);
        assert!(
            warning.detail.contains("never deleted") && warning.detail.contains("alicloud_ecs_snapshot.a")
        );

        let import = change(&b, Change::NoOp { object: object() }, true);
        let found = check(&priors(std::slice::from_ref(&a)), std::slice::from_ref(&import));
        let error = found.iter().next().unwrap();
        assert_eq!(error.severity, Severity::Error);
        assert!(error.detail.contains("belongs to alicloud_ecs_snapshot.a already"), "{}", error.detail);
    }

    #[test]
    fn an_address_that_lets_go_hands_its_object_on() {
        let (a, b) = (address("alicloud_snapshot", "a"), address("alicloud_ecs_snapshot", "b"));
        let import = change(&b, Change::NoOp { object: object() }, true);
        let forget = change(&a, Change::Forget { before: object() }, false);
        assert!(check(&priors(std::slice::from_ref(&a)), &[forget, import]).is_empty());
        let other = address("tencentcloud_cfs_snapshot", "c");
        assert!(check(&priors(&[a, other]), &[]).is_empty());
    }

    #[test]
    fn two_imports_of_one_object_are_an_error() {
        let imports = ["a", "b"].map(|name| {
            change(&address("tencentcloud_cfs_snapshot", name), Change::NoOp { object: object() }, true)
        });
        assert!(check(&Priors::new(), &imports).has_errors());
    }
}
