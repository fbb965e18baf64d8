"""A source that refused to log us in is asked once in a run.

Some systems lock an account after three tries, and each dataset would be a try. What else failed
its connector knows as long as it lives (`connectors/breaker.py`); the next one, in a child process
of its own, does not, so a source that was down is not asked by that either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NoReturn, TypeAlias

import pyarrow as pa

from connectors.connector import Connector, Probe
from connectors.errors import AccessDenied, SourceError, SourceUnavailable
from connectors.events import Declared, Emit
from harness import tags
from harness.facts import Declaration, Failure, Reading

Sight: TypeAlias = Reading | Declaration
_ASKS_WHO = re.compile(r"401|\d{3} (to|with) a log-in page")
_IN_A_ROW = 5
"""Readings that came to nothing before no further connector asks."""
_UNAVAILABLE = tags.ERRORS[SourceUnavailable]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCircuit:
    """Takes the place of a connector that is not asked again; connects to nothing."""

    endpoint: str
    why: Failure

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:  # noqa: ARG002 - a Connector
        """Raise an error of the same kind, with the words of the first failure."""
        self._refuse()

    def declare(self, dataset: str, *, emit: Emit) -> Declared:  # noqa: ARG002 - it Declares
        """Raise the same."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        kind: type[SourceError] = SourceUnavailable
        if self.why.kind == tags.ACCESS_DENIED:
            kind = AccessDenied
        raise kind(f"not tried again in this run: {self.why.message}")

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        """Ask nothing."""
        return ()


def why_not_asked(readings: Sequence[Sight]) -> Failure | None:
    """Why no further connector of a source is made after these readings; None if one may be."""
    return _refusal(readings) or _outage(readings)


def _refusal(readings: Iterable[Sight]) -> Failure | None:
    """The refusal of our log-in.

    A source that declared its columns let us in, now or earlier in the session: then the refusal
    is about one dataset. So it is where a log-in was told, unless 401 came after it: that is never
    about a dataset (RFC 9110 15.5.2), but about a token that was issued and is worth nothing. A
    log-in page in place of data says the same.
    """
    for reading in readings:
        failure = reading.failure
        asked_who = any(map(_ASKS_WHO.fullmatch, reading.refusals[-1:]))
        logged_in = reading.authentications and not asked_who
        let_in = logged_in or reading.declared
        if failure is not None and failure.kind == tags.ACCESS_DENIED and not let_in:
            return failure
    return None


def _outage(readings: Sequence[Sight]) -> Failure | None:
    """Why several readings in a row came to nothing, each without one good answer."""
    down = list(takewhile(_found_it_down, reversed(readings)))
    return down[-1].failure if len(down) >= _IN_A_ROW else None


def _found_it_down(reading: Sight) -> bool:
    """Whether each answer, if there was any, only had the same request sent again. A table that is
    locked, or too slow, is about itself: other statements were answered well.
    """
    failure = reading.failure
    unavailable = failure is not None and failure.kind == _UNAVAILABLE
    return unavailable and reading.attempts <= 1 + sum(one.n for one in reading.resent)


def break_circuit(connector: Connector, readings: Iterable[Sight]) -> Connector:
    """The connector for the source's next dataset, after `connector` gave these readings."""
    why = _refusal(readings)
    if why is None or isinstance(connector, OpenCircuit):
        return connector
    return OpenCircuit(endpoint=connector.endpoint, why=why)
