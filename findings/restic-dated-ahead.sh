#!/usr/bin/env bash
# restic 0.14.0: a snapshot dated ahead counts for `--keep-last`, but not for `--keep-within`.
#
# One machine's clock ran ten years ahead for one backup. `forget --keep-within 30d` measures from the newest snapshot that is not in
# the future and keeps all five. One would expect `--keep-last 1` to see the same newest snapshot; it takes the one dated ahead, removes
# the four honest ones, and will remove each later backup as soon as it is made, until the year has come.
# Runs the package of Debian 12 from its unpacked folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq restic=0.14.0-1+b5 2> apt || { cat apt; exit 1; }
dpkg-deb -x restic_*.deb package
export HOME=$folder RESTIC_PASSWORD=invented RESTIC_REPOSITORY=$folder/repository
restic=$folder/package/usr/bin/restic
[[ $("$restic" version) == "restic 0.14.0 "* ]] || { echo "another version than 0.14.0"; exit 1; }

"$restic" init -q
echo data > file
ahead=$(($(date +%Y) + 10))
for day in 2024-01-01 2024-01-02 2024-01-03 "$ahead-01-01" 2024-01-04; do
  "$restic" backup -q file --time "$day 12:00:00"
done
kept() { "$restic" forget --dry-run --json "$@" | python3 -c '
import json, sys
print(*sorted(s["time"][:10] for s in json.load(sys.stdin)[0]["keep"]))'; }
within=$(kept --keep-within 30d)
last=$(kept --keep-last 1)
echo "--keep-within 30d keeps: $within"
echo "--keep-last 1 keeps: $last"
[[ $within == "2024-01-01 2024-01-02 2024-01-03 2024-01-04 $ahead-01-01" && $last == "$ahead-01-01" ]]
