#!/usr/bin/env bash
# compliance-trestle 5.2.0 (OSCAL 1.2.1): `trestle import` and `trestle validate` call assessment results
# VALID in which a finding's target has no status, which OSCAL requires (it is the finding's whole answer:
# satisfied or not-satisfied); or which relates to an observation that is nowhere; or whose `oscal-version`
# does not exist. Its generated class has `status: ObjectiveStatus | None = None`. An id that stands twice
# is noticed.
# Seen:
#   as it should be: VALID
#   a target without a status: VALID
#   an observation that is nowhere: VALID
#   oscal-version 99.9: VALID
#   one id for two observations: refused
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check compliance-trestle==5.2.0
mkdir "$place/work"
cd "$place/work"
"$place/venv/bin/trestle" init --local >/dev/null
python3 - "$place" <<'P'
import json
import sys
from copy import deepcopy
from uuid import UUID, uuid5


def named(name):
    return str(uuid5(UUID(int=0), name))


def observation(name):
    at = "2026-11-24T03:00:04Z"
    return {"uuid": named(name), "description": "seen", "methods": ["TEST"], "collected": at}


target = {"type": "objective-id", "target-id": "fresh", "status": {"state": "not-satisfied"}}
good = {
    "uuid": named("results"),
    "metadata": {
        "title": "results", "last-modified": "2026-11-24T03:00:04Z", "version": "1",
        "oscal-version": "1.2.1",
    },
    "import-ap": {"href": "plan.json"},
    "results": [{
        "uuid": named("result"), "title": "one night", "description": "one night",
        "start": "2026-11-24T03:00:04Z",
        "reviewed-controls": {"control-selections": [{"include-all": {}}]},
        "observations": [observation("first"), observation("second")],
        "findings": [{
            "uuid": named("finding"), "title": "fresh", "description": "too little evidence",
            "target": target, "related-observations": [{"observation-uuid": named("first")}],
        }],
    }],
}
cases = {name: deepcopy(good) for name in ("good", "status", "nowhere", "version", "twice")}
del cases["status"]["results"][0]["findings"][0]["target"]["status"]
related = cases["nowhere"]["results"][0]["findings"][0]["related-observations"]
related[0]["observation-uuid"] = named("nowhere")
cases["version"]["metadata"]["oscal-version"] = "99.9"
cases["twice"]["results"][0]["observations"][1]["uuid"] = named("first")
for name, results in cases.items():
    with open(f"{sys.argv[1]}/{name}.json", "w") as file:
        json.dump({"assessment-results": results}, file)
P
said() { # what it says of a case
  "$place/venv/bin/trestle" import --file "$place/$1.json" --output "$1" >"$place/log" 2>&1 &&
    "$place/venv/bin/trestle" validate --type assessment-results --name "$1" >"$place/log" 2>&1 &&
    grep -q '^VALID: ' "$place/log" && echo VALID || echo refused
}
{
  echo "as it should be: $(said good)"
  echo "a target without a status: $(said status)"
  echo "an observation that is nowhere: $(said nowhere)"
  echo "oscal-version 99.9: $(said version)"
  echo "one id for two observations: $(said twice)"
} >"$place/said"
cat "$place/said"
cd - >/dev/null
diff <(sed -n 's/^#   //p' "$0") "$place/said"
