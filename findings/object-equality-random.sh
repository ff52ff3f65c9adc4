#!/usr/bin/env bash
# Terraform 1.11.4: comparing two objects of which one attribute is unknown and another one differs is decided at random.
#
# `{ a = UNKNOWN, b = 1 } == { a = UNKNOWN, b = 2 }` can only become false, since b differs. One would expect the same answer from
# every plan of one configuration: either `false` or `(known after apply)`. Attributes are compared in an order that changes with
# each comparison, and the first one decides: sometimes it is `false`, sometimes the result is left open. What depends on it (a
# `count`, a condition) is planned or refused by chance. A hundred such comparisons in one plan are counted here.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > main.tf <<'HCL'
resource "terraform_data" "u" {}
output "same" {
  value = [for n in range(100) :
    { a = terraform_data.u.id, b = n } == { a = terraform_data.u.id, b = -1 }]
}
HCL
version=$(terraform version -json)
[[ $version == *'"terraform_version": "1.11.4"'* ]] || { echo "another version than 1.11.4"; exit 1; }
terraform init > /dev/null
terraform plan -out=plan > /dev/null
terraform show -json plan | python3 -c '
import json, sys
change = json.load(sys.stdin)["output_changes"]["same"]
open_ones = sum(change["after_unknown"])
print(f"of 100 equal comparisons in one plan: {100 - open_ones} known to be false, {open_ones} known after apply")
sys.exit(0 if 0 < open_ones < 100 else 1)'
