"""How much memory reading and landing take: a process of its own, from its imports on.

import everything ─▶ resident now: the floor ─▶ reset the peak ─▶ read, land ─▶ resident peak
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_RESET_PEAK = "5"
"""proc(5), clear_refs: VmHWM starts again from the present resident size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What one child process found, in millions of bytes."""

    floor: float
    peak: float

    @property
    def over_floor(self) -> float:
        """What reading and landing took at most."""
        return self.peak - self.floor


def measured(dataset: str, environ: Mapping[str, str]) -> Memory:
    """Read and land one dataset of the demo in a child process; raises when that fails."""
    child = subprocess.run(
        [sys.executable, "-m", "bench.memory", dataset],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environ},
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        check=True,
    )
    return Memory(**json.loads(child.stdout))


def resident(name: str = "VmRSS") -> float:
    """Resident now; `VmHWM` gives the most since the peak was reset."""
    status = Path("/proc/self/status").read_text()
    found = re.search(rf"^{name}:\s*(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024 / 1e6


def reset_peak() -> None:
    """Forget what was resident before."""
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK)


def _child(dataset: str) -> Memory:
    # SQLAlchemy imports its driver when it is first asked to connect.
    import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401 - belongs to the floor

    from bench import reading

    subject = reading.subjects(os.environ)[dataset]
    with TemporaryDirectory() as folder:
        reset_peak()
        floor = resident()
        reading.taken(subject, Path(folder, "landed.parquet"))
    return Memory(floor=floor, peak=resident("VmHWM"))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_child(sys.argv[1]))))
