"""Sample decisions of the demo's model, in the format that its pilot declares.

python -m estate.demo.decisions out/demo/repaired/ledger.sqlite > decisions.jsonl

There is no model: values are drawn by chance, the same for the same seed. The digests of data and
contracts are those of the newest readings, so that each decision can be followed to them.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from harness.evidence.evidence import Scope, read
from harness.governance.known import Known
from harness.governance.lineage import graph
from harness.ledger.opening import entries_at
from harness.pilot import loading

_MINUTE = timedelta(minutes=1)
_INDUSTRIES = ("AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY")
_URGENCIES = ("1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW")
_WAYS = ("AIR", "MAIL", "RAIL", "SHIP", "TRUCK")
_PACKINGS = ("JUMBO BOX", "LG CASE", "MED BAG", "SM PKG", "WRAP JAR")
_FEW = 2_000
"""Pieces in stock below which a delivery is called late."""


def main(ledger: Path) -> int:
    """Print twelve decisions, made after the newest readings of a demo's ledger."""
    loaded = loading.load(Path(__file__).parent)
    name, zone = loaded.pilot.name, loaded.settings.zone
    scope = Scope(pilot=name, title=loaded.settings.title, environment="dev", zone=zone)
    evidence = read(entries_at(ledger), scope)
    today = evidence.window.last
    known = Known(loaded=loaded, environment="dev", evidence=evidence, today=today)
    for decision in decisions(known, count=12, seed=7):
        sys.stdout.write(f"{json.dumps(decision)}\n")
    return 0


def decisions(known: Known, *, count: int, seed: int) -> Iterator[Mapping[str, Any]]:
    """Some decisions, a minute apart, the first a minute after the newest reading."""
    drawn, of = random.Random(seed), graph(known)
    assert of is not None
    read = {f"{s}.{d}": known.readings[s, d] for s, d in of.given.datasets}
    last = max(entry.at for _, entry, _ in read.values()).replace(microsecond=0)
    digests = {
        "data": {name: reading.sha256 for name, (_, _, reading) in read.items()},
        "contracts": {name: entry.origin.contract for name, (_, entry, _) in read.items()},
    }
    for number in range(1, count + 1):
        yield {**_decision(drawn, number, last + (number + 1) * _MINUTE), **digests}


def _decision(drawn: random.Random, number: int, at: datetime) -> Mapping[str, Any]:
    way, urgency = drawn.choice(_WAYS), drawn.choice(_URGENCIES)
    stock = drawn.randrange(0, 9_999)
    late = way == "SHIP" or stock < _FEW
    overridden = number % 5 == 0
    return {
        "decision": f"late-{number:04}",
        "number": number,
        "decided_at": at.isoformat().replace("+00:00", "Z"),
        "decided_by": "the delivery desk" if overridden else "scoring service",
        "says": "late" if late else "on_time",
        "inputs": {
            "industry": drawn.choice(_INDUSTRIES),
            "urgency": urgency,
            "ordered_hour": drawn.randrange(24),
            "order_value": drawn.randrange(100, 400_000) / 100,
            "discount": drawn.randrange(11) / 100,
            "travels_by": way,
            "days_promised": drawn.randrange(1, 60),
            "stock": stock,
            "packing": drawn.choice(_PACKINGS),
        },
        "model_version": "practice-1",
        "parameters": {"threshold": 0.5},
        "because": f"It goes by {way.lower()}, and {stock:,} pieces are in stock.",
        "override": _override() if overridden else None,
    }


def _override() -> Mapping[str, str]:
    return {"by": "the delivery desk", "why": "The customer was called and agreed to wait."}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
