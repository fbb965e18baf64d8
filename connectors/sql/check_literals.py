"""The literals of CHECK constraints, as values that compare in a contract as they do there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum


class UnknownForm(Exception):
    """A form that is not known here."""


class Kind(StrEnum):
    """How the values of a column are compared. A column of any other kind has no rule."""

    TEXT = "text"
    """By its characters alone: no collation or padding makes two of them equal."""
    INTEGER = "integer"
    """Of at most four bytes."""
    LONG = "long integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    """Of eight bytes."""
    DATE = "date"
    LOCAL_TIME = "local time"
    INSTANT = "instant"


CASTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("text", "character varying"),
    Kind.INTEGER: ("integer", "bigint", "numeric"),
    Kind.LONG: ("bigint", "numeric"),
    Kind.DECIMAL: ("numeric",),
    Kind.FLOAT: ("double precision",),
    Kind.DATE: ("date",),
    Kind.LOCAL_TIME: ("timestamp without time zone",),
    Kind.INSTANT: ("timestamp with time zone",),
}
"""Casts that change no value of the kind. A domain is cast to its base type so."""


_WHOLE = ("smallint", "integer", "bigint")
_OF_NUMBERS = (*_WHOLE, "numeric")
_OF_LITERALS: Mapping[Kind, tuple[str, ...]] = {
    **CASTS,
    **dict.fromkeys((Kind.INTEGER, Kind.LONG, Kind.DECIMAL), _OF_NUMBERS),
    Kind.FLOAT: (*_OF_NUMBERS, "double precision"),
}
"""Casts that leave a literal what it is, if it is a whole number where one would round it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A literal as it is written, with the types that it is cast to, one after the other."""

    is_text: bool
    written: str
    casts: tuple[str, ...] = ()

    def value(self, kind: Kind) -> object:
        """What it is, compared with a column of this kind. Raises UnknownForm."""
        if not set(self.casts) <= set(_OF_LITERALS[kind]):
            raise UnknownForm
        match kind:
            case Kind.TEXT if self.is_text:
                return self.written
            case Kind.DATE | Kind.LOCAL_TIME | Kind.INSTANT if self.casts:
                return self._time(kind)
            case Kind.INTEGER | Kind.LONG | Kind.DECIMAL | Kind.FLOAT:
                if not self.is_text or self.casts:
                    return self._number(kind)
        raise UnknownForm

    def _number(self, kind: Kind) -> object:
        is_whole = "." not in self.written
        if not _NUMBER.fullmatch(self.written) or len(self.written) > _DIGITS:
            raise UnknownForm
        if not is_whole and set(self.casts) & set(_WHOLE):  # which rounds it
            raise UnknownForm
        if kind is Kind.FLOAT:
            return float(self.written)
        return int(self.written) if is_whole else Decimal(self.written)

    def _time(self, kind: Kind) -> object:
        if not _TIMES[kind].fullmatch(self.written):
            raise UnknownForm
        try:
            if kind is Kind.DATE:
                return date.fromisoformat(self.written)
            moment = datetime.fromisoformat(self.written.removesuffix("+00"))
        except ValueError:
            raise UnknownForm from None
        return moment.replace(tzinfo=UTC) if kind is Kind.INSTANT else moment


_DIGITS = 38
"""Of the widest number of a contract, with its sign and its point."""
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIMES = {
    Kind.DATE: re.compile(_DAY),
    Kind.LOCAL_TIME: re.compile(rf"{_DAY} [0-9:]{{8}}(\.[0-9]{{1,6}})?"),
    Kind.INSTANT: re.compile(rf"{_DAY} [0-9:]{{8}}(\.[0-9]{{1,6}})?\+00"),
}
