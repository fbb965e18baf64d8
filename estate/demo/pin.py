"""Pins the demo's references from the sources as they are now; start them repaired.

python -m estate --repaired -- python -m estate.demo.pin
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness.clock import Clock
from harness.ledger.ledger import utc_now
from harness.onboarding.profile import reference
from harness.pilot import loading
from harness.pilot.connect import connect
from harness.pilot.model import LoadedPilot
from harness.pins.reference import pin
from harness.run.dataset import read_dataset
from harness.run.recorder import Recorder


def main() -> int:
    """Read, profile and pin every dataset; prints one line for each."""
    for line in _pin_all(loading.load(Path(__file__).parent)):
        sys.stdout.write(f"{line}\n")
    return 0


def _pin_all(loaded: LoadedPilot) -> Iterator[str]:
    names = {source.name for source in loaded.pilot.sources}
    connectors = connect(loaded, "dev", names, loaded.references("dev", os.environ))
    today = utc_now().astimezone(loaded.zone).date()
    with tempfile.TemporaryDirectory() as folder:
        for source in loaded.pilot.sources:
            for contract in source.contracts:
                reading, landing = read_dataset(
                    connectors[source.name],
                    Recorder(
                        source=source.name,
                        contract=contract,
                        slot=today,
                        clock=Clock(now=utc_now),
                    ),
                    into=Path(folder) / source.name / f"{contract.name}.parquet",
                )
                if landing is None:
                    raise SystemExit(f"{source.name}.{contract.name}: {reading.failure}")
                made = reference(
                    contract,
                    landing.path,
                    source=source.name,
                    sha256=landing.sha256,
                    made_on=today,
                )
                pin(loaded, made)
                yield f"{made.profile.dataset}: {made.profile.rows:,} rows pinned"


if __name__ == "__main__":
    sys.exit(main())
