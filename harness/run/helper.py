"""The helper of a run's children (`harness/box/`)."""

from __future__ import annotations

from harness.box import client

MODULE = "harness.run.child"


def start() -> None:
    """Start it, unless it lives. It imports for a second, while this process does something
    else.
    """
    client.helper(MODULE)
