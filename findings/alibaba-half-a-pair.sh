#!/usr/bin/env bash
# alibabacloud-credentials 1.0.12: half a pair of keys in the environment is passed over, and another identity answers.
#
# ALIBABA_CLOUD_ACCESS_KEY_ID is set and ALIBABA_CLOUD_ACCESS_KEY_SECRET is empty (a secret that a job was not given, say). One would
# expect an error that names the missing variable. The default chain goes on to the next source without a word: here to the
# `current` profile of ~/.aliyun/config.json, whose keys may be those of another account. The keys below are invented.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check alibabacloud-credentials==1.0.12
mkdir -p home/.aliyun
cat > home/.aliyun/config.json <<'JSON'
{"current": "other", "profiles": [
  {"name": "other", "mode": "AK", "access_key_id": "key-of-the-file", "access_key_secret": "secret-of-the-file"}]}
JSON
env -i PATH="$PATH" HOME="$folder/home" ALIBABA_CLOUD_ACCESS_KEY_ID=key-of-the-environment ALIBABA_CLOUD_ACCESS_KEY_SECRET= \
  ALIBABA_CLOUD_ECS_METADATA_DISABLED=true venv/bin/python - <<'PYTHON' 2> said
import sys
from alibabacloud_credentials.client import Client

key = Client().get_credential().get_access_key_id()
print("asked for key-of-the-environment without a secret, was given:", key)
sys.exit(0 if key == "key-of-the-file" else 1)
PYTHON
[[ ! -s said ]] || { echo "it said:"; cat said; exit 1; }
