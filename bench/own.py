"""CPU of our own: of this process, and of the helper and the children that work for it.

As a script, `demo OUT`, `whole OUT SCALE` and `tables N` measure the checkout on the path, so that
this file measures an older one, too.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

_USER, _CHILDREN_SYSTEM = 11, 14
"""Fields of /proc/PID/stat after the name: utime, stime, cutime, cstime."""


def cpu_seconds() -> float:
    """Of this process and its helper's, since they began."""
    return time.process_time() + sum(_of(pid) for pid in _helpers())


def _helpers() -> list[int]:
    client: Any = sys.modules.get("harness.box.client")
    return [helper.pid for helper in client.helpers()] if client else []


def _of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, fields[_USER : _CHILDREN_SYSTEM + 1]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _demo(out: str, scale: str = "0.01") -> list[float]:
    """Of one demo, imports and all; not of its servers."""
    from rich.console import Console

    from harness.onboarding.demo import demo

    console = Console(stderr=True, quiet=True)
    shortfalls = demo(
        out=Path(out), keep=False, scale=float(scale), seed=7, console=console, train=None
    )
    if shortfalls:
        raise RuntimeError(shortfalls)
    return [cpu_seconds()]


def _whole(out: str, scale: str) -> list[float]:
    """Of one demo, and of that what it took to make and load its sources' data."""
    from estate import lifecycle

    made: list[float] = []
    running, repair = lifecycle.running, lifecycle.Running.repair

    @contextmanager
    def counted() -> Iterator[None]:
        began = time.process_time()
        yield
        made.append(time.process_time() - began)

    @contextmanager
    def opened(**given: Any) -> Iterator[lifecycle.Running]:
        with ExitStack() as stack:
            with counted():
                estate = stack.enter_context(running(**given))
            yield estate

    def mended(estate: lifecycle.Running) -> None:
        with counted():
            repair(estate)

    names: Any = lifecycle
    names.running, names.Running.repair = opened, mended
    return [*_demo(out, scale), sum(made)]


def _tables(samples: str) -> list[float]:
    """Of some warm runs over a hundred small tables, less a bare read of them."""
    from bench import scale

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # its server runs as another user
        own, _ = scale._run(Path(folder), samples=int(samples))  # noqa: SLF001 - an older one has it, too
    return [sample.value for sample in own.samples]


if __name__ == "__main__":
    _, what, *given = sys.argv
    measures: dict[str, Any] = {"demo": _demo, "whole": _whole, "tables": _tables}
    print("\n" + json.dumps(measures[what](*given)))
