"""What all scripts share: where the sandbox is, its clock and faults, and how a finding is printed.

Every script prints one JSON line per check: its name and what the vendor's client reported. What it
should have reported stands in tests/conformance.rs.
"""

import json
import os
import urllib.request

ADDRESS = os.environ["SANDBOX_ADDRESS"]


def check(name, got):
    print(json.dumps({"check": name, "got": got}), flush=True)


def admin(method, path, body=None):
    """Calls the sandbox's own interface and returns its answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{ADDRESS}/_sandbox/{path}", data=data, method=method)
    request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def advance(seconds):
    """Moves the sandbox's clock; nothing here ever sleeps."""
    admin("POST", "clock", {"advance": seconds})


def until(ready, step=1, tries=60):
    """Polls until `ready` answers something true, moving the clock between the tries."""
    for _ in range(tries):
        found = ready()
        if found:
            return found
        advance(step)
    raise SystemExit("never became ready")


# The clock stands still unless a script moves it, so that states do not depend on how fast this runs.
admin("POST", "clock", {"stand": "2030-01-01T00:00:00Z"})
