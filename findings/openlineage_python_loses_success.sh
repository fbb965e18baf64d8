#!/usr/bin/env bash
# openlineage-python 1.54.0: an assertion whose `success` is None is accepted and goes out without the field,
# which the facet's schema requires: who reads it by "is it false?" takes it for a pass. A text "false" goes
# out as it is, and is true to most readers. A run's time without a zone is accepted too, though the schema
# says date-time (RFC 3339, which has one); a time that is none is refused.
# Seen, of what goes out:
#   success None: {"assertion": "fresh", "params": {}}
#   success "false": {"assertion": "fresh", "params": {}, "success": "false"}
#   eventTime 2026-11-24T03:00:04: accepted
#   eventTime soon: refused
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check openlineage-python==1.54.0
"$place/venv/bin/python" - >"$place/said" <<'P'
import json

from openlineage.client.generated.base import EventType, InputDataset, Job, Run, RunEvent
from openlineage.client.generated.data_quality_assertions_dataset import (
    Assertion,
    DataQualityAssertionsDatasetFacet,
)
from openlineage.client.serde import Serde


def event(time, success):
    facet = DataQualityAssertionsDatasetFacet([Assertion("fresh", success)])
    return RunEvent(
        eventTime=time, eventType=EventType.COMPLETE, producer="https://example.org",
        run=Run(runId="3e671687-395b-41f5-a30f-a58921a69b79"), job=Job("shop", "prove"),
        inputs=[InputDataset("shop", "orders", inputFacets={"dataQualityAssertions": facet})],
    )


def goes_out(success):
    sent = json.loads(Serde.to_json(event("2026-11-24T03:00:04Z", success)))
    [assertion] = sent["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]
    return json.dumps(assertion, sort_keys=True)


def says(time):
    try:
        event(time, success=False)
    except ValueError:
        return "refused"
    return "accepted"


print("success None:", goes_out(None))
print('success "false":', goes_out("false"))
for time in ("2026-11-24T03:00:04", "soon"):
    print(f"eventTime {time}: {says(time)}")
P
cat "$place/said"
diff <(sed -n 's/^#   //p' "$0") "$place/said"
