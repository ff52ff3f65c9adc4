#!/usr/bin/env bash
# Terraform 1.11.4: `format("%s", null)` is an unknown value that nothing ever makes known.
#
# With a null that comes from a variable, `format("%s", var.n)` is the error "null value cannot be formatted", and one would expect
# the same of the literal. A literal null has no type, however, and the call is answered with an unknown text: `plan` shows "(known
# after apply)" and ends well, though nothing in the configuration is unknown. What checks the text in the plan is put off, and
# does not stop it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=$(terraform version -json)
[[ $version == *'"terraform_version": "1.11.4"'* ]] || { echo "another version than 1.11.4"; exit 1; }

mkdir literal variable
cat > literal/main.tf <<'HCL'
output "text" { value = format("%s", null) }
HCL
cat > variable/main.tf <<'HCL'
variable "n" {
  type    = string
  default = null
}
output "text" { value = format("%s", var.n) }
HCL
terraform -chdir=literal init > /dev/null 2>&1
terraform -chdir=variable init > /dev/null 2>&1
terraform -chdir=literal plan -no-color -out=plan > /dev/null 2>&1
unknown=$(terraform -chdir=literal show -json plan 2> /dev/null | python3 -c '
import json, sys
print(json.load(sys.stdin)["output_changes"]["text"]["after_unknown"])')
code=0
terraform -chdir=variable plan -no-color > text 2>&1 || code=$?
echo "of a literal null: plan ends with 0, the text is unknown: $unknown / of a null variable: plan ends with $code"
[[ $unknown == True && $code == 1 ]] && grep -q "cannot be formatted" text
