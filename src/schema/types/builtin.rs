//! The types of the builtin provider, which need no cloud.

use super::{id, string};
use crate::lang::Type;
use crate::schema::{Attribute, Block, Presence, ProviderKind, ResourceType};

/// Returns `terraform_data`.
pub(super) fn terraform_data() -> ResourceType {
    use Presence::{Computed, Optional};
    let any = |name, presence, text| Attribute::new(name, Type::Dynamic, presence, text);
    let mut id = id("A random id.");
    id.presence = Computed;
    let attributes = vec![
        id,
        any("input", Optional, "A value to keep."),
        any("output", Computed, "The value of `input`, known after apply."),
        any("triggers_replace", Optional, "A value whose change replaces the object.").force_new(),
    ];
    builtin("terraform_data", false, attributes, "A value kept in the state.")
}

/// Returns the data source `terraform_remote_state`.
pub(super) fn terraform_remote_state() -> ResourceType {
    use Presence::{Computed, Optional, Required};
    let attributes = vec![
        string("backend", Required, "The remote backend to use, e.g. `remote` or `http`."),
        Attribute::new(
            "config",
            Type::Dynamic,
            Optional,
            "The configuration of the remote backend. Although this is optional, most backends require some configuration.\n\nThe object can use any arguments that would be valid in the equivalent `terraform { backend \"<TYPE>\" { ... } }` block.",
        ),
        Attribute::new(
            "defaults",
            Type::Dynamic,
            Optional,
            "Default values for outputs, in case the state file is empty or lacks a required output.",
        ),
        Attribute::new(
            "outputs",
            Type::Dynamic,
            Computed,
            "An object containing every root-level output in the remote state.",
        ),
        string("workspace", Optional, "The Terraform workspace to use, if the backend supports workspaces."),
    ];
    builtin("terraform_remote_state", true, attributes, "The outputs of another state.")
}

fn builtin(
    name: &'static str,
    data: bool,
    attributes: Vec<Attribute>,
    description: &'static str,
) -> ResourceType {
    ResourceType {
        name,
        provider: ProviderKind::Terraform,
        data,
        version: 0,
        block: Block { attributes, blocks: Vec::new() },
        timeouts: &[],
        timeouts_ours_only: false,
        rules: &[],
        plan_hook: None,
        description,
        object_type: Default::default(),
        key: Default::default(),
    }
}
