"""Facts and verdicts as Dagster metadata: plain numbers, so that Dagster can plot trends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

import dagster as dg

from connectors.connector import DELIVERY, RESCUED
from contracts.arrow_schema import arrow_schema
from contracts.promises import Contract
from harness.dagster import plain
from harness.dagster.failed_rules import of_failed_rules
from harness.dagster.meanings import MEANINGS
from harness.facts import Overlap, Reading
from harness.pilot.settings import Owner
from harness.report import excused
from harness.report.figures import newest_lag
from harness.report.summary import worst_first
from harness.result import Judged, Planned, Result
from harness.verdict import GOOD, Outcome

if TYPE_CHECKING:
    import pandera.polars as pa

Metadata: TypeAlias = dict[str, Any]

WARNINGS = frozenset({Outcome.UNPROVEN, Outcome.STALE})
"""Outcomes that lack evidence, without a known fault."""


def passed(outcome: Outcome) -> bool:
    """A check passes on PROVEN or WAIVED."""
    return outcome in GOOD


def severity(outcome: Outcome) -> dg.AssetCheckSeverity:
    """Dagster's severity of a check that does not pass."""
    return dg.AssetCheckSeverity.WARN if outcome in WARNINGS else dg.AssetCheckSeverity.ERROR


def severity_of_all(judged: Sequence[Judged]) -> dg.AssetCheckSeverity:
    """The severity of a run: that of its worst verdict which does not pass; of one that lacks
    nothing but claims that were not asked for, a warning.
    """
    found = {severity(j.outcome) for j in judged if not passed(j.outcome)}
    worst, mildest = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN
    return worst if worst in found else mildest


def of_verdict(judged: Judged) -> Metadata:
    """All fields of a verdict. Enums become text, because Dagster refuses them."""
    verdict = judged.verdict
    return {
        "outcome": str(judged.outcome),
        "meaning": MEANINGS[judged.outcome],
        **_beside(judged),
        "because": plain.text(verdict.because),
        "expected": plain.text(verdict.expected),
        "observed": plain.text(verdict.observed),
        "n": verdict.n,
        "method": verdict.method,
        "basis": str(verdict.basis),
        "evidence_class": str(judged.evidence_class),
        **{plain.text(one.what): one.value for one in verdict.measures if isfinite(one.value)},
        **of_failed_rules(verdict),
    }


def _beside(judged: Judged) -> Metadata:
    """What the facts gave and who signed, where the outcome is another."""
    if (line := excused.line(judged)) is None:
        return {}
    return {"original": str(judged.original), "beside": plain.text(line)}


def of_reading(reading: Reading, contract: Contract) -> Metadata:
    """The numbers of one reading, with its columns or its failure."""
    metadata: Metadata = {
        "rows": reading.rows,
        "bytes": reading.bytes,
        "seconds": round(reading.seconds, 3),
        "attempts": reading.attempts,
        "retries": reading.retries,
        "waited_seconds": round(reading.waited_seconds, 3),
        "renewals": reading.renewals,
        "refusals": len(reading.refusals),
        "rescued_rows": reading.rescued,
    }
    if reading.blank_lines:
        metadata["blank_lines"] = reading.blank_lines
    if reading.failure is None:
        metadata["dagster/row_count"] = reading.rows
        metadata["dagster/column_schema"] = _arrived_columns(reading, contract)
    else:
        metadata["failure"] = plain.text(f"{reading.failure.kind}: {reading.failure.message}")
    if reading.newest_event_at is not None:
        metadata["newest_event"] = dg.MetadataValue.timestamp(reading.newest_event_at)
    if (lag := newest_lag(reading)) is not None:
        metadata["lag_seconds"] = round(lag / timedelta(seconds=1))
    if reading.sha256 is not None:
        metadata["sha256"] = reading.sha256
    return metadata


def of_overlaps(planned: Planned, overlaps: Sequence[Overlap]) -> Metadata:
    """The counts of one dataset's reconciliations, by the other dataset."""
    metadata: Metadata = {}
    for overlap in overlaps:
        if (overlap.source, overlap.dataset) != (planned.source, planned.dataset):
            continue
        other = plain.text(f"{overlap.promised.ours} in {overlap.promised.dataset}")
        if overlap.failure is not None:
            told = f"{overlap.failure.kind}: {overlap.failure.message}"
            metadata[f"{other}: failure"] = plain.text(told)
        if overlap.found is None:
            continue
        keys, amounts = overlap.found.keys, overlap.found.amounts
        metadata[f"{other}: keys"] = keys
        metadata[f"{other}: found"] = overlap.found.found
        if keys:
            metadata[f"{other}: share"] = round(overlap.found.found / keys, 6)
        if amounts is not None:
            metadata[f"{other}: amounts compared"] = amounts.compared
            metadata[f"{other}: amounts agreeing"] = amounts.agreeing
    return metadata


def of_source(reading: Reading, endpoint: str) -> Metadata:
    """What a reading observed about its source."""
    metadata: Metadata = {"endpoint": endpoint, "answered": reading.failure is None}
    if reading.witness is not None:
        metadata["declared"] = reading.witness.declared
        metadata["declared_unit"] = reading.witness.unit
    if reading.newest_event_at is not None:
        metadata["newest_event"] = dg.MetadataValue.timestamp(reading.newest_event_at)
    if reading.deliveries:
        metadata["deliveries"] = len(reading.deliveries)
    if reading.latency is not None:
        metadata["answer_p50_milliseconds"] = reading.latency.p50
        metadata["answer_p95_milliseconds"] = reading.latency.p95
    return metadata


def of_result(result: Result) -> Metadata:
    """The counts of a run, and its verdicts as a table."""
    return {"ready": result.ready, **_counts(result), "verdicts": _table(result.judged)}


def in_the_way(result: Result) -> Metadata:
    """The counts of a run, and what keeps it from being ready."""
    lacking = [j for j in worst_first(result) if not passed(j.outcome)]
    return {**_counts(result), "in_the_way": _table(lacking)}


def _counts(result: Result) -> Metadata:
    outcomes = [j.outcome for j in result.judged]
    return {
        "planned": result.planned,
        "executed": result.executed,
        "slot": result.slot.isoformat(),
        **uncovered(result.uncovered),
        **{str(o).lower(): outcomes.count(o) for o in Outcome if o in outcomes or o in GOOD},
    }


def _table(judged: Sequence[Judged]) -> dg.TableMetadataValue:
    return dg.MetadataValue.table(
        [_row(one) for one in judged],
        schema=dg.TableSchema(columns=[dg.TableColumn(c) for c in _COLUMNS]),
    )


_COLUMNS = ("source", "dataset", "claim", "outcome", "because")


def _row(judged: Judged) -> dg.TableRecord:
    planned = judged.planned
    return dg.TableRecord(
        {
            "source": planned.source,
            "dataset": planned.dataset or "",
            "claim": planned.claim,
            "outcome": str(judged.outcome),
            "because": plain.text(excused.because(judged)),
        }
    )


def uncovered(planned: Sequence[Planned]) -> Metadata:
    """The datasets that sources name without a contract, if there are any."""
    names = ", ".join(f"{p.source}.{p.dataset}" for p in planned)
    return {"not_covered": names} if names else {}


def wrong(judged: Sequence[Judged]) -> dict[str, str]:
    """The verdicts that fail a run, with why: those that neither pass nor are warnings."""
    return {
        f"{j.planned.source}.{j.planned.dataset or 'access'} {j.planned.claim} "
        f"{j.outcome}": plain.text(excused.because(j))
        for j in judged
        if not passed(j.outcome) and severity(j.outcome) is dg.AssetCheckSeverity.ERROR
    }


def columns(contract: Contract) -> dg.TableSchema:
    """The promised columns with landing types, descriptions and rules."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                plain.text(field.name),
                type=str(field.type),
                description=plain.markdown(contract.schema.columns[field.name].description or ""),
                constraints=_constraints(contract.schema.columns[field.name]),
            )
            for field in arrow_schema(contract.schema)
        ]
    )


_OURS = {
    DELIVERY: "added by Seatrial: the file the row came in",
    RESCUED: "added by Seatrial: values that did not fit their type, as they came",
}


def _arrived_columns(reading: Reading, contract: Contract) -> dg.TableSchema:
    """The columns that arrived; those that are not promised are text."""
    promised = {column.name: column for column in columns(contract).columns}
    names = [plain.text(name) for name in reading.columns]
    return dg.TableSchema(
        columns=[
            promised[name]
            if name in promised
            else dg.TableColumn(name, type="string", description=_OURS.get(name, "not promised"))
            for name in names
        ]
    )


def _constraints(column: pa.Column) -> dg.TableColumnConstraints:
    return dg.TableColumnConstraints(
        nullable=column.nullable,
        unique=column.unique,
        other=[plain.text(str(check.error or check.name)) for check in column.checks],
    )


_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,7}")


def owners(owner: Owner | None) -> list[str]:
    """Owners for Dagster, which knows mail addresses and teams; other names become teams."""
    names = (owner.owner, owner.deputy) if owner else ()
    return [name if _ADDRESS.fullmatch(name) else f"team:{name}" for name in names if name]


def of_owner(owner: Owner | None) -> Metadata:
    """Who answers for a source, from `pilot.yaml`."""
    if owner is None:
        return {"owner": "none"}
    return {
        "owner": owner.owner or "none",
        "deputy": owner.deputy or "none",
        "escalation": owner.escalation or "none",
    }
