"""Programs of others that read what people feed to snapform, and what it prints.

python-hcl2 reads the examples; checkov scans their plans as JSON. Run by hand, because checkov brings a hundred
packages along:

    cargo build
    python3 tests/other_readers.py target/debug/snapform

Both are installed, pinned, into environments below `target/tmp`, apart from each other: they bring two different
modules of one name. The script ends with an error when one of them cannot read something, or finds something else
than is expected here.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
HCL2, CHECKOV = "python-hcl2==8.1.4", "checkov==3.3.30"

# Checkov has no rule of its own for snapshots, so it is given one: an ECS snapshot has to say how long it is kept.
RULE = """
metadata:
  id: CKV2_SNAPFORM_1
  name: "ECS snapshots say how long they are kept"
  category: BACKUP_AND_RECOVERY
definition:
  cond_type: attribute
  resource_types: [alicloud_ecs_snapshot]
  attribute: retention_days
  operator: exists
"""

READ = """
import json, sys, hcl2
for path in sys.argv[1:]:
    with open(path) as file:
        blocks = hcl2.load(file)
    print(path, json.dumps({name: len(blocks[name]) for name in sorted(blocks) if isinstance(blocks[name], list)}))
"""


def environment(package):
    """Returns the folder of the programs of an environment with a package, which is made once."""
    folder = ROOT / "target" / "tmp" / f"reader-{package.replace('==', '-')}"
    if not (folder / "ready").exists():
        venv.create(folder, clear=True, with_pip=True)
        run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package])
        (folder / "ready").touch()
    return folder / "bin"


def run(command, **options):
    """Runs a command and returns its output."""
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def plan_of(snapform, example, folder):
    """Returns the path of the plan of an example, as JSON."""
    work = folder / example.name
    shutil.copytree(example, work)
    run([snapform, "-sandbox", "plan", "-out=p"], cwd=work)
    path = folder / f"{example.name}.json"
    path.write_text(run([snapform, "-sandbox", "show", "-json", "p"], cwd=work))
    return path


def scan(checkov, rules, plan):
    """Returns the addresses that pass and fail the rule above, and how many resources were seen."""
    command = [checkov, "--file", plan, "--framework", "terraform_plan", "--external-checks-dir", rules,
               "--output", "json", "--soft-fail", "--skip-download"]
    report = json.loads(run(command))
    if "results" not in report:
        return [], [], 0
    own = [[item["resource"] for item in report["results"][kind] if item["check_id"] == "CKV2_SNAPFORM_1"]
           for kind in ("passed_checks", "failed_checks")]
    assert report["summary"]["parsing_errors"] == 0, report["summary"]
    return sorted(own[0]), sorted(own[1]), report["summary"]["resource_count"]


def main(snapform):
    examples = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())
    files = [path for example in examples for path in sorted(example.glob("*.tf"))]
    print(f"{HCL2} reads {len(files)} files:")
    print(run([environment(HCL2) / "python", "-c", READ, *(path.relative_to(ROOT) for path in files)], cwd=ROOT))

    checkov = environment(CHECKOV) / "checkov"
    print(f"{CHECKOV} scans the plans of {len(examples)} examples:")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "rules").mkdir()
        (folder / "rules" / "retention.yaml").write_text(RULE)
        for example in examples:
            plan = plan_of(snapform, example, folder)
            planned = json.loads(plan.read_text())["resource_changes"]
            passed, failed, count = scan(checkov, folder / "rules", plan)
            wanted = {change["address"]: change["change"]["after"].get("retention_days") is not None
                      for change in planned if change["type"] == "alicloud_ecs_snapshot"}
            assert passed == sorted(address for address, kept in wanted.items() if kept), (passed, wanted)
            assert failed == sorted(address for address, kept in wanted.items() if not kept), (failed, wanted)
            print(f"{example.name}: {len(planned)} changes, {count} resources seen; passed {passed}, failed {failed}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(pathlib.Path(sys.argv[1]).resolve())
