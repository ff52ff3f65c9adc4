#!/usr/bin/env bash
# alibabacloud-credentials 1.0.12: in a credentials.ini everything after `#` is cut off a value, and quotes do not help.
#
# `access_key_secret = ab#cd` is read as `ab`, and `"ab#cd"` as `"ab` with the quotation mark. One would expect the value as written,
# as Python's own configparser reads it, or an error. Every request is then signed with a secret that is too short, and what the
# service answers (SignatureDoesNotMatch) points at the signing. The keys below are invented.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check alibabacloud-credentials==1.0.12
cat > credentials.ini <<'INI'
[plain]
type = access_key
access_key_id = invented
access_key_secret = ab#cd
[quoted]
type = access_key
access_key_id = invented
access_key_secret = "ab#cd"
INI
cat > read.py <<'PYTHON'
from alibabacloud_credentials.client import Client
print(Client().get_credential().get_access_key_secret())
PYTHON
read_profile() {
  env -i PATH="$PATH" HOME="$folder/home" ALIBABA_CLOUD_CREDENTIALS_FILE="$folder/credentials.ini" ALIBABA_CLOUD_PROFILE="$1" \
    ALIBABA_CLOUD_ECS_METADATA_DISABLED=true ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true venv/bin/python read.py
}
plain=$(read_profile plain)
quoted=$(read_profile quoted)
echo "ab#cd is read as $plain, \"ab#cd\" as $quoted"
[[ $plain == ab && $quoted == '"ab' ]]
