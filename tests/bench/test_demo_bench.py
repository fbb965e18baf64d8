"""The controls of the demo's bench: whose memory counts as ours."""

from __future__ import annotations

import subprocess
import sys

from bench.demo import ours

_STARTS_BOTH = """
import subprocess, sys
waits = "import sys; sys.stdin.read()"
both = [subprocess.Popen([sys.executable, "-c", waits, name]) for name in sys.argv[1:]]
print(*(one.pid for one in both), flush=True)
sys.stdin.read()
"""


def test_the_helper_counts_as_ours_and_a_server_does_not() -> None:
    argv = [sys.executable, "-c", _STARTS_BOTH, "harness.run.child", "estate.token_service"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        helper, _ = map(int, process.stdout.readline().split())
        assert ours(process.pid) == [helper]
