"""A key that an API wants in its addresses is in no place where a run leaves a mark."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from harness.pilot import loading
from tests.connectors.scripted import Asked, Said, scripted
from tests.harness.dagster_proven import run
from tests.harness.engagement import write
from tests.harness.pilot.kept import CONTRACT, written

pytestmark = pytest.mark.long

PILOT = f"""\
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.rest import ApiKey, Endpoint, RateLimiter, Rest, next_url
{CONTRACT}
def crm(at: Address) -> Rest:
    return Rest(
        base_url=at.text("url"),
        auth=ApiKey(key=at.secret("password"), parameter="key"),
        endpoints={{
            "customers": Endpoint(path="/it", pages=next_url("next"), rows="rows", total="total")
        }},
        budget=RateLimiter(requests=50, seconds=1),
    )

PILOT = Pilot(name="kept", sources=(Source(name="crm", connect=crm, contracts=(CUSTOMERS,)),))
"""
SETTINGS = """\
title: With a key in each address
environments:
  dev:
    evidence_class: sandbox
    sources:
      crm: {url: env:CRM_URL, password: env:CRM_KEY}
"""
KEY = "canary/+&=5e1f"
SENT = "key=canary%2F%2B%26%3D5e1f"
FAILED = "404"


def test_a11_a_key_in_a_query_is_in_no_log_error_ledger_report_or_dagster_event(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """The API echoes the address, and fails in the middle. The search does find what else stands
    beside it: the rest of that address, and the failure.
    """

    def echo(asked: Asked) -> Said:
        following = f"/gone?{SENT}&page=2"
        if "page=2" in asked.path:
            return Said({"error": asked.path}, int(FAILED), {"x-address": asked.path})
        return Said({"rows": [{"customer_key": 1}], "total": 2, "next": following})

    folder, out = write(tmp_path, py=PILOT, yaml=SETTINGS), tmp_path / "out"
    with scripted(echo) as source:
        environ = {"CRM_URL": source.url, "CRM_KEY": KEY}
        ended = run(loading.load(folder), instance, out, environ)
        assert all(SENT in path for path in source.paths() if path != "/it")
    assert any("page=2" in path for path in source.paths())
    marks = {
        "Dagster's events": "\n".join(str(one) for one in ended.result.all_events),
        "all files of the run": written(out),
    }
    for where, text in marks.items():
        assert FAILED in text, where
        assert "/it page 2" in text, where
        for form in (KEY, SENT, "canary"):
            assert form not in text, where
