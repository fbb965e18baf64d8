"""How a source can be asked what our log-in may do beyond reading, and what it was not asked.

    looked up: the source says it without our doing it       tried: it says it to a write alone

A write is tried at a name alone that the source's owner has permitted for that, once, and undone
if it succeeds. Only the source's own refusal is a denial: no time-out, no error, no other answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, runtime_checkable

from connectors.connector import Connector, Probe, ProbeKind
from connectors.events import Emit

NOT_ASKED = "not asked"
"""The status of what was not asked: nothing was sent for it."""
LEFT_BEHIND = "left behind"
"""The status of what a try has left at the source and could not take away again."""
NO_ANSWER = "no answer"
GRANTED = "granted"
NOT_GRANTED = "not granted"


class Way(StrEnum):
    """How a source is asked what our log-in may do.

    >>> Way.TRIED
    <Way.TRIED: 'tried'>
    """

    LOOKED_UP = "looked up"
    TRIED = "tried"


@runtime_checkable
class TellsRights(Protocol):
    """A connector that knows what its source can be asked.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), TellsRights)
    True
    """

    @property
    def rights(self) -> Way | None:
        """How it is asked what our log-in may do; None if it cannot be asked at all."""

    @property
    def has_log_in(self) -> bool:
        """Whether the source asks who we are."""


@runtime_checkable
class TriesWrites(Protocol):
    """A connector whose source says what our log-in may write only when it is tried.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), TriesWrites)
    False
    """

    def try_writes(self, at: Sequence[str], *, emit: Emit) -> Sequence[Probe]:
        """Try each kind of write once at each of these names, which the source's owner has
        permitted, and undo what succeeds. A name that holds anything, or that a dataset reads, is
        left alone. Never raises for what the source does.
        """


def way(connector: Connector) -> Way | None:
    """How its source is asked; None where it cannot be, or the connector does not know."""
    return connector.rights if isinstance(connector, TellsRights) else None


def has_log_in(connector: Connector) -> bool:
    """Whether its source asks who we are; True where the connector does not know."""
    return connector.has_log_in if isinstance(connector, TellsRights) else True


def not_asked(what: str, why: str) -> Probe:
    """Nothing was sent, and why: a sentence without its full stop that says what to do."""
    return power(what, status=NOT_ASKED, detail=why)


def left_behind(what: str) -> Probe:
    """What a try may have left there, by name."""
    return power(what, status=LEFT_BEHIND, detail="look, and undo it by hand")


def power(what: str, *, status: str, detail: str, refused: bool = False) -> Probe:
    """One thing that our log-in does not need, and how the source answered."""
    return Probe(kind=ProbeKind.GRANT, name=what, refused=refused, status=status, detail=detail)


def looked_up(what: str, *, granted: bool, who: str) -> Probe:
    """One thing that was looked up."""
    status = GRANTED if granted else NOT_GRANTED
    return power(what, status=status, detail=who, refused=not granted)
