"""The rules that failed, as a table of Dagster: a row for each, with its samples and next step."""

from __future__ import annotations

from typing import Any

import dagster as dg

from harness.dagster import plain
from harness.report.failed_rules import headline, sample
from harness.verdict import FailedRule, Verdict

_COLUMNS = ("rule", "samples", "next step")


def of_failed_rules(verdict: Verdict) -> dict[str, Any]:
    """Metadata of the rules that failed; none if the verdict has none."""
    if not verdict.failed_rules:
        return {}
    schema = dg.TableSchema(columns=[dg.TableColumn(name) for name in _COLUMNS])
    rows = [_row(rule) for rule in verdict.failed_rules]
    return {"failed_rules": dg.MetadataValue.table(rows, schema=schema)}


def _row(rule: FailedRule) -> dg.TableRecord:
    samples = "; ".join(map(sample, rule.samples)) or "none: it speaks of the whole table"
    told = (headline(rule), samples, rule.next_step)
    return dg.TableRecord(dict(zip(_COLUMNS, map(plain.text, told), strict=True)))
