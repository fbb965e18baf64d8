#!/usr/bin/env bash
# cyclonedx-python-lib 11.12.0: a document with attestations, strictly valid by its own validator, comes out
# without them when it is read and written again (`declarations`, and the standards of `definitions`); nothing
# warns. And its strict validator accepts a reference that leads nowhere and a `bom-ref` that stands twice,
# though the specification says that each is unique within the document.
# Seen:
#   strictly valid: True
#   read and written again, it has declarations: False
#   an assessor that is nowhere: valid
#   one bom-ref for two claims: valid
#   a score of 2: refused
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check 'cyclonedx-python-lib[json-validation]==11.12.0'
"$place/venv/bin/python" - >"$place/said" <<'P'
import json
from copy import deepcopy

from cyclonedx.model.bom import Bom
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

strict = JsonStrictValidator(SchemaVersion.V1_6)
good = {
    "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "declarations": {
        "assessors": [{"bom-ref": "assessor", "thirdParty": False}],
        "claims": [{"bom-ref": "claim", "predicate": "orders are fresh"}],
        "attestations": [{
            "assessor": "assessor",
            "map": [{"claims": ["claim"], "conformance": {"score": 0}}],
        }],
    },
}


def says(change):
    changed = deepcopy(good)
    change(changed["declarations"])
    return "valid" if strict.validate_str(json.dumps(changed)) is None else "refused"


def nowhere(declared):
    declared["attestations"][0]["assessor"] = "nowhere"


def twice(declared):
    declared["claims"].append({"bom-ref": "claim", "predicate": "orders are not fresh"})


def two(declared):
    declared["attestations"][0]["map"][0]["conformance"]["score"] = 2


again = json.loads(JsonV1Dot6(Bom.from_json(deepcopy(good))).output_as_string())
print(f"strictly valid: {strict.validate_str(json.dumps(good)) is None}")
print(f"read and written again, it has declarations: {'declarations' in again}")
print(f"an assessor that is nowhere: {says(nowhere)}")
print(f"one bom-ref for two claims: {says(twice)}")
print(f"a score of 2: {says(two)}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
