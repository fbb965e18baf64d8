"""Where processes share the slots of a budget: a file for each account at a source, and beside it
what a run gives that shares them with other machines.

The file stands in the user's folder for state (`XDG_STATE_HOME`, else `~/.local/state`). Its name
is a digest of the account. Where that folder cannot be made, as in a container whose disk is
read-only, a process has its slots for itself.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from connectors.slots import BothSlots, OwnSlots, Slots
from connectors.slots_in_file import SlotsInFile, make_folder


class Shares(Protocol):
    """Gives the slots of the budget with this key."""

    def __call__(self, key: str, requests: int, seconds: float) -> Slots:
        """Those of so many requests in so many seconds."""


BESIDE: list[Shares] = []
"""What gives slots that are needed beside those of the file."""


def folder() -> Path:
    """Where the files stand."""
    return _state() / "seatrial" / "budgets"


def made() -> Path | None:
    """That folder, for us alone; None where none can be made."""
    with suppress(OSError, RuntimeError):  # the latter where this user has no home
        make_folder(place := folder())
        return place
    return None


def of(
    account: str,
    requests: int,
    seconds: float,
    *,
    monotonic: Callable[[], float] = time.monotonic,
) -> Slots:
    """The slots of the budget that an account has at a source. Raises SourceError where others
    could change the file.
    """
    key = hashlib.sha256(f"seatrial budget\0{account}".encode()).hexdigest()
    slots: Slots = OwnSlots(requests, seconds, monotonic=monotonic)
    if (place := made()) is not None:
        slots = SlotsInFile(place / key, requests, seconds, monotonic=monotonic)
    for share in BESIDE:
        slots = BothSlots(slots, share(key, requests, seconds), monotonic=monotonic)
    return slots


def _state() -> Path:
    """XDG Base Directory Specification: a path that is not absolute is ignored."""
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    return named if named.is_absolute() else Path("~/.local/state").expanduser()
