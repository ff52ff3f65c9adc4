#!/usr/bin/env bash
# Terraform 1.11.4: how much is known of the beginning of a text depends on its line endings.
#
# Of "first\nsecond-${unknown}" the known beginning ends before the line feed, so that
# `startswith(…, "first\nsecond-")` is known after apply only. With a carriage return and a line feed ("first\r\nsecond-…") the whole
# beginning is known and the answer is true in the plan. One would expect the same of both: neither line ending combines with
# characters behind it. A precondition on the head of a script or of a user-data text is checked in the plan, or not before apply,
# depending on how the file was saved.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.tf <<'HCL'
resource "terraform_data" "u" {}
output "lf" { value = startswith("first\nsecond-${terraform_data.u.id}", "first\nsecond-") }
output "crlf" { value = startswith("first\r\nsecond-${terraform_data.u.id}", "first\r\nsecond-") }
HCL
version=$(terraform version -json)
[[ $version == *'"terraform_version": "1.11.4"'* ]] || { echo "another version than 1.11.4"; exit 1; }
terraform init > /dev/null
terraform plan -out=plan > /dev/null
terraform show -json plan | python3 -c '
import json, sys
changes = json.load(sys.stdin)["output_changes"]
known = {name: "known after apply" if change["after_unknown"] else change["after"] for name, change in changes.items()}
print("with line feeds:", known["lf"], "/ with carriage returns too:", known["crlf"])
sys.exit(0 if known == {"lf": "known after apply", "crlf": True} else 1)'
