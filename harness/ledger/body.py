"""What an entry's body says. A body that does not read is told by its entry, whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from harness.errors import ConfigurationError
from harness.ledger.chain import Entry

_T = TypeVar("_T")
UNREADABLE = (
    msgspec.MsgspecError,
    ArithmeticError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What comes of bytes and rows that no writer of ours wrote."""


class Unreadable(ConfigurationError, ValueError):
    """An entry whose body no writer of ours wrote; the chain may be whole all the same."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            f"entry {entry.seq} of the ledger is no {entry.kind} that can be read: keep the "
            "ledger, and put its newest backup there"
        )


@contextmanager
def told(entry: Entry) -> Iterator[None]:
    """Whatever cannot be read in the block is that entry's. Raises Unreadable."""
    try:
        yield
    except Unreadable:
        raise
    except UNREADABLE as error:
        raise Unreadable(entry) from error


def decoded(entry: Entry, of: type[_T]) -> _T:
    """The fields of a record in an entry's body. Raises Unreadable."""
    with told(entry):
        return msgspec.json.decode(entry.body, type=of, strict=False)


def part(entry: Entry, name: str, of: type[_T]) -> _T:
    """One field of the record in an entry's body. Raises Unreadable, also where it lacks that."""
    with told(entry):
        fields = decoded(entry, dict[str, msgspec.Raw])
        return msgspec.json.decode(fields[name], type=of, strict=False)
