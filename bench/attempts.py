"""Counts what tries to get through: a pytest plugin (`-p bench.attempts`).

Each test marked `attempt(item)` is an attack. One that passes was held; anything else got through.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

_VARIABLE = "ATTEMPTS_FILE"
_REPOSITORY = Path(__file__).parent.parent
_items: dict[str, str] = {}
_made: Counter[str] = Counter()
_held: Counter[str] = Counter()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Note which item of the list each test attacks."""
    for item in items:
        for mark in item.iter_markers("attempt"):
            _items[item.nodeid] = str(mark.args[0])


def pytest_runtest_logreport(report: Any) -> None:
    """Count a test once, when it is over."""
    item = _items.get(report.nodeid)
    if item is None:
        return
    if report.when == "call" and report.passed:
        _held[item] += 1
    if report.when == "teardown":
        _made[item] += 1


def pytest_sessionfinish() -> None:
    """Write the counts where whoever began this wants them."""
    if file := os.environ.get(_VARIABLE):
        Path(file).write_text(json.dumps({item: [n, _held[item]] for item, n in _made.items()}))


def attempts() -> dict[str, tuple[int, int]]:
    """By item, how many attempts were made and how many of them were held."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "attempts.json"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "attempt", "-p", "bench.attempts"],
            cwd=_REPOSITORY,
            env={**os.environ, _VARIABLE: str(file)},
            stdout=sys.stderr,
            check=False,
        )
        found = json.loads(file.read_text())
    return {item: (made, held) for item, (made, held) in sorted(found.items())}
