"""What a run has found so far: facts and verdicts, with one owner."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from contracts.defaults import persisted_fields
from harness import tags
from harness.alerts.records import Told
from harness.clock import Clock
from harness.facts import Declaration, Fact, Reading
from harness.jumps import Jumps
from harness.ledger.ledger import NOWHERE, Header, Ledger, Origin
from harness.result import Judged, MissedNight, Planned
from harness.run import evidence_class
from harness.run.keep import Kept
from harness.run.system import System
from harness.signals import held
from harness.verdict import Verdict


class RunState:
    """The facts and verdicts of an open run.

    Each is written to the ledger first and kept here second, under one lock, so both hold the
    same in the same order whichever threads record. What is handed out is a copy.
    """

    def __init__(
        self,
        ledger: Ledger,
        header: Header,
        *,
        planned: Iterable[Planned],
        systems: Mapping[str, System],
        clock: Clock,
    ) -> None:
        self.header = header
        self._ledger = ledger
        self._planned = tuple(planned)
        self._systems = systems
        self._clock = clock
        # Always taken before the ledger's own lock.
        self._one_at_a_time = threading.RLock()
        self._facts: list[Fact] = []
        self._by_source: defaultdict[str | None, list[Fact]] = defaultdict(list)
        self._judged: dict[Planned, Judged] = {}
        self._ended = False
        self._jumps = Jumps(clock)

    def record_fact(self, fact: Fact, origin: Origin, *, cursor: str | None = None) -> None:
        """Record one fact, and the dataset's cursor with it."""
        with self.while_open():
            self._append(tags.FACTS[type(fact)], fact, origin, cursor=cursor)
            self._facts.append(fact)
            self._by_source[origin.source].append(fact)

    def record_kept(self, kept: Kept, origin: Origin) -> None:
        """Record that landed rows were kept: on the ledger alone, they prove nothing."""
        with self.while_open():
            self._append(tags.KEPT, kept, origin)

    def record_told(self, told: Told) -> None:
        """Record that somebody was told, or could not be: on the ledger alone."""
        with self.while_open():
            self._append(tags.TOLD, told, NOWHERE)

    def record_missed(self, nights: Iterable[MissedNight]) -> None:
        """Record nights that did not run, in one transaction: on the ledger alone."""
        with self.while_open(), self._ledger.together():
            for one in nights:
                self._append(tags.MISSED, one, NOWHERE)

    def record_verdicts(self, verdicts: Mapping[Planned, Verdict], *others: str) -> None:
        """Record verdicts in one transaction: all of them, or none.

        Verdicts that also rest on `others` of the sources are worth no more than the weakest
        evidence. A claim is judged once: a second verdict on it is a RuntimeError.
        """
        judged = [self._judge(planned, verdict, others) for planned, verdict in verdicts.items()]
        with self.while_open():
            if again := verdicts.keys() & self._judged.keys():
                raise RuntimeError(f"judged twice: {again}")
            with self._ledger.together():
                for one in judged:
                    self._append(tags.VERDICT, one.verdict, self._origin(one))
            self._judged |= {one.planned: one for one in judged}

    @contextmanager
    def while_open(self) -> Iterator[None]:
        """The run does not end in this block. Raises RuntimeError if it has: a thread that reads
        may outlive it, and writes nothing any more, neither entries nor files.
        """
        with self._one_at_a_time:
            if self._ended:
                raise RuntimeError("the run has ended")
            yield

    def end(self, state: str, body: Mapping[str, Any], *, at: datetime) -> None:
        """Close the run as FINISHED or INTERRUPTED."""
        with held(), self.while_open():
            self._ledger.end(self.header, state, body, at=at)
            self._ended = True

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Every verdict that the run owes."""
        return self._planned

    @property
    def clock_jump(self) -> timedelta:
        """How far this machine's clock was set since the run began; zero if it was not."""
        return self._jumps.look()

    @property
    def ended(self) -> bool:
        """Whether the run is closed."""
        return self._ended

    def facts(self) -> tuple[Fact, ...]:
        """Every fact, in the order of the ledger."""
        with self._one_at_a_time:
            return tuple(self._facts)

    def facts_of(self, source: str) -> tuple[Fact, ...]:
        """The facts about one source and its datasets."""
        with self._one_at_a_time:
            return tuple(self._by_source[source])

    def readings_of(self, source: str) -> tuple[Reading, ...]:
        """The readings of one source's datasets."""
        return tuple(fact for fact in self.facts_of(source) if isinstance(fact, Reading))

    def sights_of(self, source: str) -> tuple[Reading | Declaration, ...]:
        """What was read or asked of one source's datasets."""
        sights = (Reading, Declaration)
        return tuple(fact for fact in self.facts_of(source) if isinstance(fact, sights))

    def verdicts(self, planned: Iterable[Planned]) -> tuple[Judged, ...]:
        """What came of each; KeyError for one that was never judged."""
        with self._one_at_a_time:
            return tuple(self._judged[one] for one in planned)

    def unjudged(self) -> tuple[Planned, ...]:
        """The planned verdicts that are still to come."""
        with self._one_at_a_time:
            return tuple(one for one in self._planned if one not in self._judged)

    def _append(
        self, kind: str, record: object, origin: Origin, *, cursor: str | None = None
    ) -> None:
        self._jumps.look()  # it may be set, and set again
        at, body = self._clock.now(), persisted_fields(record)
        self._ledger.append(self.header, kind, body, at=at, origin=origin, cursor=cursor)

    def _judge(self, planned: Planned, verdict: Verdict, others: Iterable[str]) -> Judged:
        classes = (self._systems[name].evidence_class for name in (planned.source, *others))
        weakest = evidence_class.weakest(classes)
        return Judged(planned=planned, verdict=verdict, evidence_class=weakest)

    def _origin(self, judged: Judged) -> Origin:
        return Origin(
            source=judged.planned.source,
            dataset=judged.planned.dataset,
            endpoint=self._systems[judged.planned.source].connector.endpoint,
            evidence_class=judged.evidence_class,
        )
