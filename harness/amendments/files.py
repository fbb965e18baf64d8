"""What a bundle has of amendments: each with the signature on it; pure."""

from __future__ import annotations

from collections.abc import Iterable

from harness.amendments import statement
from harness.amendments.records import recorded_in, written
from harness.ledger.chain import Entry


def files(entries: Iterable[Entry], *, pilot: str, environment: str) -> dict[str, bytes]:
    """By path: `policy/amendment-1.json`, `policy/amendment-1.dsse.json`."""
    found: dict[str, bytes] = {}
    for one in recorded_in(entries, pilot=pilot, environment=environment):
        name = statement.file_name(one.amendment)
        found[name] = written(one.amendment)
        found[f"{name.removesuffix('.json')}.dsse.json"] = one.envelope.encode()
    return found
