//! Resource types that no official provider has.
//!
//! Their objects must survive in the state, and Terraform must not work on a directory that it understands only in part. So
//! they are saved under a provider address of ours: Terraform keeps them and refuses ("Missing required provider").

use std::borrow::Cow;

/// The source of the provider under which entries of ours are saved.
pub const SNAPFORM_SOURCE: &str = "registry.terraform.io/snapform/snapform";

/// The types, each with the source of the provider that carries it out.
const TYPES: [(&str, &str); 1] =
    [("tencentcloud_tcaplus_snapshot", "registry.terraform.io/tencentcloudstack/tencentcloud")];

/// Returns the provider address that is saved for an object of a type.
pub fn saved_provider<'a>(resource_type: &str, provider: &'a str) -> Cow<'a, str> {
    match TYPES.iter().find(|(name, _)| *name == resource_type) {
        Some((_, source)) => Cow::Owned(provider.replace(source, SNAPFORM_SOURCE)),
        None => Cow::Borrowed(provider),
    }
}

/// Returns the provider address that carries out an object of a type, from the saved one.
pub fn real_provider<'a>(resource_type: &str, saved: &'a str) -> Cow<'a, str> {
    match TYPES.iter().find(|(name, _)| *name == resource_type) {
        Some((_, source)) => Cow::Owned(saved.replace(SNAPFORM_SOURCE, source)),
        None => Cow::Borrowed(saved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_types_of_ours_are_saved_under_our_address_and_the_alias_stays() {
        let provider = "provider[\"registry.terraform.io/tencentcloudstack/tencentcloud\"].east";
        let saved = saved_provider("tencentcloud_tcaplus_snapshot", provider);
        assert_eq!(saved, "provider[\"registry.terraform.io/snapform/snapform\"].east");
        assert_eq!(real_provider("tencentcloud_tcaplus_snapshot", &saved), provider);
        assert_eq!(saved_provider("tencentcloud_cfs_snapshot", provider), provider);
    }
}
