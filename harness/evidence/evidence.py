"""What an export is of: read from a ledger's entries alone; pure.

Every file of a bundle and every format is made from one `Evidence`. Equal entries give equal
evidence, whenever and wherever it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from harness import tags
from harness.errors import ConfigurationError
from harness.evidence.census import Census, census
from harness.evidence.excuses import with_excuses
from harness.evidence.runs import EvidenceRun, runs_in
from harness.ledger.body import decoded, told
from harness.ledger.chain import Entry
from harness.ledger.continued import Continues, continued_by, is_carried
from harness.result import RecordedMiss
from harness.run.config import Job
from harness.signing.log import short_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is asked for. None means from the first or until the last run."""

    pilot: str
    title: str
    environment: str
    zone: str
    """The pilot's, in which nights are counted of runs that did not record theirs."""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The nights that an export is of, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that one export is made from."""

    pilot: str
    title: str
    environment: str
    zone: str
    window: Window
    runs: tuple[EvidenceRun, ...]
    """Those of the window, in the ledger's order; also those that judge nothing."""
    missed: tuple[RecordedMiss, ...]
    """The missed nights of the window that a run recorded."""
    census: Census
    """Every night and every run of the window."""
    promises: tuple[Entry, ...]
    """What verdicts were held against, up to the end of the window."""
    entries: tuple[Entry, ...]
    """All of the ledger, in order."""
    disclosed: frozenset[str]
    """The runs whose bodies may leave: those of this pilot and environment until the end of the
    window. Of every other entry a bundle holds the digest alone."""
    checkpoints: tuple[bytes, ...]
    """The ledger's checkpoints, C2SP notes whose signatures were verified, oldest first."""
    continues: Continues | None = None
    """The archive that the ledger continues; what it took over of that is evidence there."""

    @property
    def own(self) -> list[Entry]:
        """The entries whose bodies may leave, in order."""
        return [one for one in self.entries if one.run in self.disclosed]

    @property
    def newest(self) -> EvidenceRun | None:
        """The last run that was to prove; of nights that only looked for drift, the last of those.
        None if nothing was to be judged.
        """
        judging = [one for one in reversed(self.runs) if one.judges]
        proving = [one for one in judging if one.job == Job.PROVE]
        return next(iter(proving or judging), None)


def read(entries: Sequence[Entry], scope: Scope, *, checkpoints: Sequence[bytes] = ()) -> Evidence:
    """The evidence in the entries of a ledger that was verified whole.

    Raises ConfigurationError if it holds no run of the pilot in the window, or an entry that this
    version cannot read.
    """
    known = runs_in(entries, pilot=scope.pilot, environment=scope.environment, zone=scope.zone)
    continues = None
    if entries:
        with told(entries[0]):
            continues = continued_by(entries[0].body)
    here = [one for one in known if not is_carried(one.number, continues)]
    own_runs = {one.header.run for one in here}
    oldest = min((one.night for one in here if one.judges), default=None) if continues else None
    if oldest and scope.first and continues and scope.first < oldest:
        raise ConfigurationError(
            f"nights before {oldest} are in the archive {short_name(continues.origin)}: export "
            f"them from there, or name --from {oldest}"
        )
    first = scope.first or oldest or min((one.night for one in here), default=None)
    last = scope.last or max((one.night for one in known), default=None)
    until = [one for one in known if last is not None and one.night <= last]
    shown = [
        one
        for one in until
        if one.header.run in own_runs and first is not None and first <= one.night
    ]
    if first is None or last is None or not shown:
        raise ConfigurationError(_nothing(scope))
    disclosed = frozenset(one.header.run for one in until)
    own = [one for one in entries if one.run in disclosed]
    recorded = [decoded(one, RecordedMiss) for one in own if one.kind == tags.MISSED]
    return Evidence(
        pilot=scope.pilot,
        title=scope.title,
        environment=scope.environment,
        zone=until[-1].zone,
        window=Window(first=first, last=last),
        runs=with_excuses(
            shown,
            own,
            pilot=scope.pilot,
            environment=scope.environment,
        ),
        missed=tuple(one for one in recorded if first <= one.missed.night <= last),
        census=census(
            until,
            first=first,
            last=last,
            taken_over={one.header.run for one in known} - own_runs,
        ),
        promises=tuple(one for one in own if one.kind == tags.PROMISES),
        entries=tuple(entries),
        disclosed=disclosed,
        checkpoints=tuple(checkpoints),
        continues=continues,
    )


def _nothing(scope: Scope) -> str:
    window = "".join(
        f" {word} {day}" for word, day in (("from", scope.first), ("until", scope.last)) if day
    )
    return (
        f"the ledger holds no run of {scope.pilot} in {scope.environment}{window}: "
        "prove first, or name another --env, --from or --until"
    )
