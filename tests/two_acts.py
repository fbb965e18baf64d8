"""`seatrial demo` without its third act, for tests of the first two.

python -m tests.two_acts --out DIR --seed N
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from harness.onboarding.demo import demo
from harness.say import complain


def main() -> int:
    """As the command does; 1 where the demo fell short."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args()
    shortfalls = demo(
        out=given.out, keep=False, scale=0.01, seed=given.seed, console=Console(), train=None
    )
    for one in shortfalls:
        complain(one)
    return 1 if shortfalls else 0


if __name__ == "__main__":
    sys.exit(main())
