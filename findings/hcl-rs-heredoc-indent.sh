#!/usr/bin/env bash
# hcl-rs 0.20.0 (hcl-edit 0.10.0): the indent of a `<<-` heredoc is taken off each piece between its directives by itself.
#
# A `<<-` heredoc loses the indent that all of its lines have in common. With an `%{ if }` on a deeper line than its content,
# hcl-rs measures and cuts only the pieces outside of the directive: what is inside keeps its whole indent. Terraform measures all
# lines. One would expect the same text of both. A script or a YAML document in such a template comes out indented otherwise.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "probe"
version = "0.0.0"
edition = "2024"

[dependencies]
hcl-rs = "=0.20.0"
hcl-edit = "=0.10.0"
TOML
cat > src/main.rs <<'RUST'
use hcl::eval::{Context, Evaluate};

fn main() {
    let text = "x = <<-EOT\n    on:\n    %{ if true }\n      trigger: b\n    %{ endif }\n    d\n  EOT\n";
    let body: hcl::Body = hcl::parse(text).unwrap();
    let value = body.attributes().next().unwrap().expr.evaluate(&Context::new()).unwrap();
    let seen = value.as_str().unwrap();
    println!("read as {seen:?}, by Terraform 1.11.4 as \"on:\\n\\n  trigger: b\\n\\nd\\n\"");
    std::process::exit(i32::from(seen != "on:\n\n      trigger: b\n    \nd\n"));
}
RUST
cargo run --quiet
