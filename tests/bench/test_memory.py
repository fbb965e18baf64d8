"""The control of the memory bench: what a process takes is seen, and so is what it took before."""

from __future__ import annotations

import subprocess
import sys

_TAKES_100_MB = """
from bench.memory import resident, reset_peak
before = bytearray(200_000_000)
del before
reset_peak()
floor = resident()
now = bytearray(100_000_000)
del now
print(resident("VmHWM") - floor)
"""


def test_the_peak_since_the_reset_is_measured_and_no_earlier_one():
    script = [sys.executable, "-c", _TAKES_100_MB]
    found = subprocess.run(script, stdout=subprocess.PIPE, check=True)
    assert 95 <= float(found.stdout) <= 130
