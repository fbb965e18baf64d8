"""`python -m estate -- COMMAND…`: run a command while the estate runs, with its environment."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from signal import SIGINT, SIGKILL, SIGTERM

from estate.lifecycle import SMALLEST_SCALE, running
from estate.process import EstateError

_GRACE_SECONDS = 10.0
_NOTHING = 0
"""The signal that only tests whether a process exists."""
_USAGE = 2


def main(arguments: Sequence[str]) -> int:
    """Give the command's exit code; 2 for wrong use and 4 when the estate cannot start."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return _USAGE
    if shutil.which(options.command[0]) is None:
        parser.error(f"there is no command {options.command[0]!r}")
    try:
        with running(scale=options.scale, seed=options.seed) as estate:
            if options.repaired:
                estate.repair()
            return _run(options.command, {**os.environ, **estate.environ})
    except EstateError as error:
        sys.stderr.write(f"estate: {error}\n")
        return 4
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m estate",
        description="Start five real servers on loopback with the demo's data, run COMMAND with "
        "their addresses and credentials in its environment, and end them when it ends.",
        epilog="example: python -m estate -- seatrial prove",
    )
    parser.add_argument(
        "--scale",
        type=float,
        default=SMALLEST_SCALE,
        help="TPC-H scale factor (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=7, help="moves data and faults (default: %(default)s)"
    )
    parser.add_argument("--repaired", action="store_true", help="start without the faults")
    parser.add_argument("command", nargs="*", metavar="COMMAND", help="what to run, after --")
    return parser


def _run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Wait for the command and give its exit code, as a shell would.

    If a signal ends us, it also ends the command. We wait for the command and then end the
    servers.
    """
    with subprocess.Popen(command, env=environ) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            _end(process, _NOTHING, SIGTERM, SIGKILL)  # the command got it from the terminal
            raise
        except SystemExit:
            _end(process, SIGTERM, SIGINT, SIGKILL)  # `dagster dev` may ignore SIGTERM
            raise
    return code if code >= 0 else 128 - code


def _end(process: subprocess.Popen[bytes], *signals: int) -> None:
    for number in signals:
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
