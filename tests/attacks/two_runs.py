"""One of two writers of the same ledger: it writes so many runs, and waits while it is refused.

python -m tests.attacks.two_runs LEDGER NAME RUNS [unlocked]
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import ConfigurationError
from harness.ledger import lock
from harness.ledger.ledger import open_ledger
from tests.attacks.victims import NOON, header


def write(place: Path, run: str) -> None:
    with open_ledger(place) as ledger:
        ledger.begin(header(run), {}, at=NOON)
        for n in range(3):
            ledger.append(header(run), "reading", {"n": n}, at=NOON)
            time.sleep(0.001)  # the other one has its chance
        ledger.end(header(run), "FINISHED", {}, at=NOON)


def main(place: str, name: str, runs: str, unlocked: str = "") -> None:
    if unlocked:
        lock.hold = _nothing  # type: ignore[assignment]
    refused = 0
    for number in range(int(runs)):
        while True:
            try:
                write(Path(place), f"{name}-{number}")
            except ConfigurationError as error:
                assert "another run is writing" in str(error), error  # noqa: PT017
                refused += 1
                time.sleep(0.002)
            else:
                break
    print(refused)


@contextmanager
def _nothing(*_: object, **__: object) -> Iterator[None]:
    """The twin: no lock."""
    with contextlib.nullcontext():
        yield


if __name__ == "__main__":
    main(*sys.argv[1:])
