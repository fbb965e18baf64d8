"""`python verify.pyz DIR --trust KEYS`: check a bundle without trusting who made it.

Exit codes: 0 valid, and signed by keys that you trust - 1 refused - 2 the command is wrong -
3 something that is needed to rely on it is unknown, above all the signer.
"""

from __future__ import annotations

import argparse
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from harness.evidence.verify.command import ask, told
from harness.evidence.verify.finding import NotReadable
from harness.evidence.verify.verify import verify
from harness.evidence.verify.words import visible


def main(arguments: list[str] | None = None) -> int:
    """Check, print, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="verify.pyz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the bundle")
    parser.add_argument("--trust", type=Path, metavar="KEYS", help="your register of keys")
    parser.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="TERM=VALUE",
        help="what it must be of: pilot, environment, first, last, code, class, "
        "contract.SOURCE.DATASET; repeatable",
    )
    parser.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a checkpoint that was kept elsewhere; repeatable",
    )
    asked = parser.parse_args(arguments)
    _write_what_the_terminal_can()
    try:
        held_against = ask(
            trust=asked.trust,
            expect=asked.expect,
            checkpoints=asked.checkpoint,
            now=datetime.now(UTC),
        )
        report = verify(asked.folder, held_against)
    except NotReadable as error:
        sys.stderr.write(f"verify: {visible(str(error))}\n")
        return 2
    for line in told(report, asked.folder):
        sys.stdout.write(f"{line}\n")
    return report.code


def _write_what_the_terminal_can() -> None:
    """A terminal of another encoding shows an escape for what it has no character for."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
