"""Sources that want more memory than a child may have, and how much it came to have."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.limits import LEAST_MEMORY
from tests.harness.box.filled import FILLED, proven_filled

_PEAK = re.compile(r"peak=(\d+)")


def peaks(*, say: Callable[[str], None]) -> dict[str, list[float]]:
    """For each dataset, the peaks of its children as a share of their limit."""
    found: dict[str, list[float]] = {}
    for name in FILLED:
        say(f"{name}, with {LEAST_MEMORY >> 20} MiB")
        with tempfile.TemporaryDirectory() as folder, _told() as told:
            proven_filled(Path(folder), name)
        found[name] = [int(peak) / LEAST_MEMORY for peak in _PEAK.findall("\n".join(told))]
    return found


@contextmanager
def _told() -> Iterator[list[str]]:
    """What the harness tells at --debug."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    log, keep = logging.getLogger("seatrial"), Keep()
    log.addHandler(keep)
    log.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        log.removeHandler(keep)
        log.setLevel(logging.NOTSET)
