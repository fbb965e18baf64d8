#!/usr/bin/env bash
# cyclonedx-python-lib 11.12.0: a document with attestations, strictly valid by the library's own validator,
# comes out without them when the library reads and writes it again: `declarations` is gone, and so are the
# standards of `definitions`. Nothing warns.
# Seen:
#   strictly valid: True
#   read and written again, it has declarations: False
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

given = {
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
strict = JsonStrictValidator(SchemaVersion.V1_6)
again = json.loads(JsonV1Dot6(Bom.from_json(deepcopy(given))).output_as_string())
print(f"strictly valid: {strict.validate_str(json.dumps(given)) is None}")
print(f"read and written again, it has declarations: {'declarations' in again}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
