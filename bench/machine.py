"""Where and when a measurement was taken: without that its figures mean nothing."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from harness.run import code_version


def lines(libraries: Sequence[str]) -> list[str]:
    """Date, code, machine and versions, and how busy the machine is with other things."""
    cores, busy = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    kernel = f"{platform.system()} {platform.release().partition('-')[0]}"
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, seatrial {code_version.text()}",
        f"{_processor()}, {cores} cores, {_gigabytes():.0f} GB, {kernel}, load {busy:.1f}",
        f"Python {platform.python_version()}, {_versions(libraries)}",
    ]


def _versions(libraries: Sequence[str]) -> str:
    return ", ".join(f"{library} {version(library)}" for library in libraries)


def _processor() -> str:
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return found[1].strip() if found else platform.machine()


def _gigabytes() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
