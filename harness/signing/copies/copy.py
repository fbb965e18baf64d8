"""What a second copy can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from harness.signing.log import short_name
from harness.signing.note import Checkpoint

LOOKED_AT = 10
"""How many of the newest notes are looked at, if none of them is ours."""
_NAME = re.compile(r"([0-9a-f]{16})-([0-9]{12})\.checkpoint")


class Copy(Protocol):
    """A place for copies."""

    @property
    def name(self) -> str:
        """What messages call it, as `folder /mnt/safe`."""

    def put(self, checkpoint: Checkpoint, sealed: bytes) -> None:
        """Leave a signed checkpoint there. Raises SourceError if it is not there afterwards."""

    def notes(self, origin: str) -> Iterator[bytes]:
        """The notes of one log that are there, newest first; none where nothing can be read back.
        Raises SourceError if nobody answers.
        """

    def others(self, origin: str | None) -> Iterator[bytes]:
        """The newest note of each other log that is there. Raises SourceError likewise."""


def file_name(checkpoint: Checkpoint) -> str:
    """Under which a checkpoint is kept: one of each log and size."""
    return f"{short_name(checkpoint.origin)}-{checkpoint.size:012d}.checkpoint"


def newest_of_others(names: Iterator[str], origin: str | None) -> list[str]:
    """The newest checkpoint of each other log among the names, not too many of them."""
    ours = None if origin is None else short_name(origin)
    found = sorted(form[0] for form in map(_NAME.fullmatch, names) if form and form[1] != ours)
    return list({name[:16]: name for name in found}.values())[:LOOKED_AT]


def newest(names: Iterator[str], origin: str) -> list[str]:
    """Those of the names that are checkpoints of a log, the newest first, not too many."""
    wanted = short_name(origin)
    found = (form for form in map(_NAME.fullmatch, names) if form and form[1] == wanted)
    return sorted((form[0] for form in found), reverse=True)[:LOOKED_AT]
