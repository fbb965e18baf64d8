"""The rules that failed are a table in the metadata of their check."""

from __future__ import annotations

import dagster as dg

from harness.dagster.metadata import of_verdict
from tests.harness.report import sample
from tests.harness.report.sample_verdicts import MISSING_SEGMENTS


def test_a_failed_rule_is_a_row_with_its_samples_and_the_next_step() -> None:
    having = {j.planned.claim: of_verdict(j) for j in sample.as_found().judged}
    told = [m for m in map(of_verdict, sample.as_found().judged) if "failed_rules" in m]
    assert "failed_rules" not in having["owned"]
    [metadata] = told
    assert isinstance(metadata["failed_rules"], dg.TableMetadataValue)
    [record] = metadata["failed_rules"].records
    assert record.data == {
        "rule": "market_segment, at most 2 % missing: 1,052 of 15,000 rows fail "
        "(7\N{NO-BREAK SPACE}%)",
        "samples": "row 14, customer_key 14; row 29, customer_key 29; row 43, customer_key 43",
        "next step": MISSING_SEGMENTS.next_step,
    }
