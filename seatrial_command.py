"""The command `seatrial`.

It stands outside the package, so that it can tell in one line why the package refuses to load.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Refuse packages that would stand in for ours with exit code 2; else run the command."""
    try:
        from seatrial._foreign import refuse_foreign_here

        refuse_foreign_here()
    except ImportError as refusal:
        # It holds a path: shown as Python writes it, by nothing that is still to be imported.
        sys.stderr.write(f"seatrial: {repr(str(refusal))[1:-1]}\n")
        sys.exit(2)
    from harness.signals import end_by_exception

    end_by_exception()  # before what takes long to import
    from harness.cli.main import main as run

    run()
