//! Which types a provider has: those we know, those that are foreign, and those that do not exist.

use crate::lang::address::{Mode, Resource};

use crate::diagnostic::suggest::distance;

use super::{ProviderKind, ResourceType, official, types};

/// What we know of a resource type.
#[derive(Clone, Copy)]
pub enum Lookup {
    /// Everything.
    Known(&'static ResourceType),
    /// A known provider has, or may have, such a type, but we neither read nor change its objects.
    Foreign,
    /// The provider has no such type; with what may be meant.
    Unsupported(Meant),
    /// The provider is not one of ours.
    UnknownProvider,
}

/// What a resource type that does not exist may be a mistake for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A type with a similar name.
    Name(&'static str),
    /// A type of the same name but the other mode.
    OtherMode,
    /// Nothing we know.
    Nothing,
}

/// Returns what we know of a resource's type under a provider.
pub fn lookup(source: &str, resource: &Resource) -> Lookup {
    let Some(kind) = ProviderKind::of_source(source) else { return Lookup::UnknownProvider };
    let data = resource.mode == Mode::Data;
    let of_kind =
        |data: bool| types::all().iter().filter(move |each| each.provider == kind && each.data == data);
    let name = &*resource.type_name;
    if let Some(known) = of_kind(data).find(|each| each.name == name) {
        return Lookup::Known(known);
    }
    // What the official provider registers is no mistake, however much it looks like one of ours.
    if official::has(kind, data, name) {
        return Lookup::Foreign;
    }
    let other_mode = of_kind(!data).any(|each| each.name == name) || official::has(kind, !data, name);
    match nearest_of_ours(kind, data, name, of_kind(data).map(|each| each.name)) {
        Some(similar) => Lookup::Unsupported(Meant::Name(similar)),
        None if kind != ProviderKind::Terraform && !data => Lookup::Foreign,
        None if other_mode => Lookup::Unsupported(Meant::OtherMode),
        None if kind != ProviderKind::Terraform => Lookup::Foreign,
        None => Lookup::Unsupported(Meant::Nothing),
    }
}

/// Returns the type of ours that a name nobody has may be a mistake for: one that fewer than three letters tell apart, unless
/// a foreign type is as near.
fn nearest_of_ours(
    kind: ProviderKind,
    data: bool,
    name: &str,
    ours: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let (near, similar) = ours
        .filter_map(|each| Some((distance(name, each, 2)?, each)))
        .min_by_key(|(distance, _)| *distance)?;
    let is_ours = |each: &str| types::all().iter().any(|ours| ours.data == data && ours.name == each);
    let foreign_is_nearer =
        official::list(kind, data).lines().any(|each| distance(name, each, near).is_some() && !is_ours(each));
    (!foreign_is_nearer).then_some(similar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(mode: Mode, name: &str) -> String {
        let source = match name.starts_with("alicloud") {
            true => ProviderKind::Alicloud.source(),
            false => ProviderKind::Tencentcloud.source(),
        };
        let resource = Resource { mode, type_name: name.into(), name: "x".into() };
        match lookup(source, &resource) {
            Lookup::Known(_) => "known".to_owned(),
            Lookup::Foreign => "foreign".to_owned(),
            Lookup::Unsupported(meant) => format!("{meant:?}"),
            Lookup::UnknownProvider => "unknown provider".to_owned(),
        }
    }

    #[test]
    fn official_types_that_are_spelt_like_ours_are_foreign_and_misspelt_ones_are_not() {
        for name in
            ["tencentcloud_cbs_snapshot", "alicloud_nas_snapshot", "alicloud_ens_snapshot", "alicloud_disk"]
        {
            assert_eq!(found(Mode::Managed, name), "foreign", "{name}");
        }
        for name in ["tencentcloud_cbs_snapshots", "alicloud_nas_snapshots"] {
            assert_eq!(found(Mode::Data, name), "foreign", "{name}");
        }
        assert_eq!(found(Mode::Managed, "tencentcloud_cfs_snapshot"), "known");
        assert_eq!(found(Mode::Managed, "tencentcloud_cfs_snapsho"), "Name(\"tencentcloud_cfs_snapshot\")");
        assert_eq!(found(Mode::Managed, "alicloud_ecs_snapshots"), "Name(\"alicloud_ecs_snapshot\")");
        // Nearer to a foreign type than to one of ours.
        assert_eq!(found(Mode::Managed, "tencentcloud_cbs_snapshotz"), "foreign");
        assert_eq!(found(Mode::Managed, "alicloud_brand_new"), "foreign");
        assert_eq!(found(Mode::Data, "tencentcloud_cfs_snapshot"), "Name(\"tencentcloud_cfs_snapshots\")");
        assert_eq!(found(Mode::Data, "tencentcloud_cbs_disk_backup_policy"), "foreign");
    }
}
