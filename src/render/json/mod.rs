//! Plans and states as Terraform's JSON prints them, property for property and in its order.
//!
//! Source of the format: <https://developer.hashicorp.com/terraform/internals/json-format>.
