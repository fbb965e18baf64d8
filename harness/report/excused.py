"""What stands beside an outcome that is not what the facts gave: the original, and who signed."""

from __future__ import annotations

from harness.report.words import instant
from harness.result import Judged, Kind

_SIGNED = {
    Kind.WAIVER: "waived by",
    Kind.ACCEPTANCE: "its risk accepted by",
    Kind.ATTESTATION: "attested by",
}


def line(judged: Judged) -> str | None:
    """One sentence without an end: `BROKEN, waived by A. Owner (owner) until 2026-12-02 00:00 UTC:
    the vendor mends it in December`; None where the outcome is the original one.
    """
    parts = [str(judged.original)]
    if (given := judged.excuse) is not None:
        signed = f"{_SIGNED[given.kind]} {given.by} ({given.role})"
        parts.append(f"{signed} until {instant(given.until)}: {given.reason}")
    if judged.stale is not None:
        parts.append(f"too old to count since {instant(judged.stale.since)}")
    return ", ".join(parts) if len(parts) > 1 else None


def because(judged: Judged) -> str:
    """The reason of the outcome: why the facts gave what they gave, and what stands beside it."""
    beside = line(judged)
    return judged.verdict.because if beside is None else f"{judged.verdict.because} ({beside})"
