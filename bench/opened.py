"""`python bench/opened.py LEDGER [MARK]`: open a ledger as a run of this checkout does and take up
its history; prints JSON. Runs by path in an older checkout, too.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from contracts.digest import Digests
from harness.facts import EvidenceClass
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from harness.pilot.model import LoadedPilot, Pilot
from harness.pilot.settings import Environment, Settings
from harness.pilot.strict_yaml import Document
from harness.run.config import RunConfig
from harness.run.history import earlier_readings
from harness.run.system import System

try:
    from harness.ledger import heads, opening
    from harness.run.history import declared_before
except ImportError:  # the older build
    heads = opening = None  # type: ignore[assignment]
    declared_before = importlib.import_module("harness.run.declared").declared_before

CONTRACT = "c1" * 32
ENDPOINT = "postgresql://db.example/shop"
DATASETS = 100


@dataclass(frozen=True, slots=True)
class Shop:
    """A connector that reads nothing."""

    endpoint: str = ENDPOINT

    def locate(self, dataset: str) -> str:
        """What is asked of it."""
        return f"sales.{dataset}"


def main() -> None:
    """Measure one opening."""
    place, mark = Path(sys.argv[1]), sys.argv[2:]
    config, systems = _config(place.parent), {"shop": _system()}
    began, cpu = time.perf_counter(), time.process_time()
    with open_ledger(place) as ledger:
        found = _taken_up(ledger, mark, config, systems)
        taken = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps({**taken, "nights": sum(map(len, found.values()))}))


def _taken_up(ledger: Any, mark: list[str], config: Any, systems: Any) -> Any:
    if opening is None:
        assert next(breaks(ledger.entries()), None) is None
        before = ledger
    else:
        known = heads.Mark(size=int(mark[0]), root=bytes.fromhex(mark[1])) if mark else None
        before = opening.take_up(ledger, "", now=datetime.now(UTC), mark=known).history
    declared_before(config, before, systems)
    return earlier_readings(config, before, systems)


def _system() -> System:
    shop: Any = Shop()
    return System(connector=shop, evidence_class=EvidenceClass.PRODUCTION)


def _config(folder: Path) -> RunConfig:
    environment = Environment(evidence_class=EvidenceClass.PRODUCTION, sources={"shop": {}})
    loaded = LoadedPilot(
        pilot=Pilot(name="bench", sources=()),
        settings=Settings(title="Bench", zone="UTC", environments={"dev": environment}),
        document=Document(path=Path("pilot.yaml"), value=None),
        folder=folder,
        digests={("shop", f"d{n}"): Digests(current=CONTRACT) for n in range(DATASETS)},
        problems={},
    )
    return RunConfig(
        loaded=loaded, environment="dev", slot=date(2027, 1, 1), planned=(), out=folder, environ={}
    )


if __name__ == "__main__":
    main()
