"""Open incidents and the last test of the alerts, from the ledger, for the start page."""

from __future__ import annotations

from harness.alerts.history import History
from harness.alerts.incident import incidents
from harness.alerts.page import acknowledged_by, told_of
from harness.report.start import OpenIncident
from harness.report.words import instant


def open_incidents(history: History) -> tuple[OpenIncident, ...]:
    """Those that are not mended, oldest first."""
    return tuple(
        OpenIncident(
            id=one.id,
            planned=one.planned,
            outcome=one.latest.verdict.outcome,
            since=one.detected.at,
            told=tuple(told_of(one, history.told)),
            acknowledged=acknowledged_by(one) if one.acknowledged else None,
        )
        for one in incidents(history)
        if one.mended is None
    )


def last_test(history: History) -> tuple[str, ...]:
    """What each channel made of the newest test, in words; nothing if there was none."""
    tests = [one for one in history.told if not one.told.news]
    return tuple(
        f"{instant(one.at)}, {one.told.channel} "
        + ("took it" if one.told.failure is None else f"did not: {one.told.failure}")
        for one in tests
        if one.run == tests[-1].run
    )
