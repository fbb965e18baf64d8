"""Kind 11, and the history of kind 4: which nights somebody has seen, and of what.

Five good nights prove half of them, four do not: one night more or less decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.next_url import next_url
from contracts.promises import Promises, Thresholds, Volume
from harness.clock import Clock
from harness.verdict import Outcome, Verdict
from tests.connectors.scripted import TOKEN, Asked, Said, Scripted, scripted
from tests.truth.situation import NUMBER, Ground, Situation, Trial, contract

DAY = timedelta(days=1)
NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
AFTER_MIDNIGHT = timedelta(minutes=40)
HALF = Promises(
    key=("id",),
    cadence=DAY,
    lag=timedelta(hours=12),
    volume=Volume(minimum=1),
    thresholds=Thresholds(arrivals=0.5),
)
HELD = contract("it", {"id": NUMBER}, HALF)
_NUMBERS = count(1)


@dataclass(slots=True)
class Table:
    """A table that has a row more at each look, and is proven at each."""

    ground: Ground
    trial: Trial
    name: str

    def look(self, days_ago: int = 0, **run: Any) -> Verdict:
        """At 23:30 of a night, unless `run` says otherwise."""
        self.ground.postgresql.execute(f"insert into {self.name} values ({next(_NUMBERS)})")
        at = run.pop("at", NIGHT - days_ago * DAY)
        return self.trial.prove(claim="arrives", dataset="it", at=at, **run)

    def seen(self, *days_ago: int) -> Table:
        for n in days_ago:
            self.look(n)
        return self


def _create(ground: Ground) -> str:
    name = f"nights_{next(_NUMBERS)}"
    ground.postgresql.execute(
        f"create table {name} (id int8 not null)", f"grant select on {name} to reader"
    )
    return name


def _table(ground: Ground) -> Table:
    name = _create(ground)
    trial = Trial(ground=ground, connector=ground.postgresql.sql(name), contracts=(HELD,))
    return Table(ground, trial, name)


def _slot(days_ago: int) -> Any:
    return (NIGHT - days_ago * DAY).date()


def looked_every_night(ground: Ground) -> Verdict:
    return _table(ground).seen(4, 3, 2, 1).look()


def looked_at_yesterday_today(ground: Ground) -> Verdict:
    return _table(ground).seen(5, 4, 3, 2).look(slot=_slot(1))


def filled_a_gap(ground: Ground) -> Verdict:
    table = _table(ground).seen(4, 3, 2)
    table.look(slot=_slot(1))
    return table.look()


def read_after_midnight(ground: Ground) -> Verdict:
    """Another dataset comes first and takes until 00:10."""
    table = _table(ground)
    first = replace(HELD, name="first")
    table.trial.contracts = (first, HELD)
    table.trial.connector = ground.postgresql.sql(
        tables={"it": table.name, "first": _filled(ground)}
    )
    verdicts = [table.look(n, clock=_slow(NIGHT - n * DAY)) for n in (4, 3, 2, 1, 0)]
    return verdicts[-1]


def _filled(ground: Ground) -> str:
    name = _create(ground)
    ground.postgresql.execute(f"insert into {name} values (1)")
    return name


def _slow(begin: datetime) -> Clock:
    """It says the beginning as the run begins, and then a time after midnight."""
    times = iter([begin, begin])
    return Clock(now=lambda: next(times, begin + AFTER_MIDNIGHT))


def started_late(ground: Ground) -> Verdict:
    """The tick is of 23:30, the run of 00:10."""
    table = _table(ground).seen(4, 3, 2, 1)
    return table.look(at=NIGHT + AFTER_MIDNIGHT, due_at=NIGHT, slot=_slot(0))


def executed_the_next_evening(ground: Ground) -> Verdict:
    """With its tick and its slot."""
    table = _table(ground).seen(4, 3, 2, 1)
    return table.look(at=NIGHT + timedelta(hours=20), due_at=NIGHT, slot=_slot(0))


def another_table(ground: Ground) -> Verdict:
    """`tables` was edited after four nights."""
    table = _table(ground).seen(4, 3, 2, 1)
    table.name = _create(ground)
    table.trial.connector = ground.postgresql.sql(table.name)
    return table.look()


def _files(ground: Ground, slot_days_ago: int, *globs: str) -> Verdict:
    """Five files of five days, looked at once by each glob, the last time for a slot."""
    trial = Trial(ground=ground, connector=ground.postgresql.sql(), contracts=(HELD,))
    folder = ground.folder()
    for n in range(5):
        day = NIGHT - n * DAY
        for kind in ("a", "b")[: 1 if n else 2]:
            (folder / f"{kind}_{day:%Y%m%d}.csv").write_text(f"id\n{n}\n")
    for n, glob in reversed([*enumerate(reversed(globs))]):
        trial.connector = Files(store=Local(folder), datasets={"it": FileSet(glob, Csv())})
        at, slot = NIGHT - n * DAY, _slot(slot_days_ago + n)
        verdict = trial.prove(claim="arrives", at=at, slot=slot)
    return verdict


def files_of_days(ground: Ground) -> Verdict:
    return _files(ground, 1, "a_*.csv")


def another_glob(ground: Ground) -> Verdict:
    return _files(ground, 0, "a_*.csv", "b_*.csv")


def _rest(ground: Ground, judge: Callable[[Trial, Scripted, dict[str, Any]], Verdict]) -> Verdict:
    """An API with two lists that grow at each look, and declare a total or what is put there."""
    declared: dict[str, Any] = {}
    rows: list[dict[str, int]] = []

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        rows.append({"id": len(rows)})
        total = declared.get("total", len(rows))
        return Said({"rows": rows, "total": total, "next": None})

    with scripted(answers) as source:
        trial = Trial(ground=ground, connector=_asking(source, "/1"), contracts=(HELD,))
        return judge(trial, source, declared)


def _asking(source: Scripted, path: str) -> Any:
    endpoint = Endpoint(path=path, pages=next_url("next"), rows="rows", total="total")
    return source.rest(endpoints={"it": endpoint})


def _look(trial: Trial, days_ago: int) -> Verdict:
    return trial.prove(claim="arrives", at=NIGHT - days_ago * DAY)


def another_path(ground: Ground) -> Verdict:
    def judge(trial: Trial, source: Scripted, _: dict[str, Any]) -> Verdict:
        for n in (4, 3, 2, 1):
            _look(trial, n)
        trial.connector = _asking(source, "/1?of=another")
        return _look(trial, 0)

    return _rest(ground, judge)


def cut_after_whole(ground: Ground) -> Verdict:
    """The second reading of one night was cut, the first was not."""

    def judge(trial: Trial, _: Scripted, declared: dict[str, Any]) -> Verdict:
        for n in (4, 3, 2, 1):
            _look(trial, n)
        declared["total"] = 1_000
        _look(trial, 1)
        declared.clear()
        return _look(trial, 0)

    return _rest(ground, judge)


def one_night_was_cut(ground: Ground) -> Verdict:
    def judge(trial: Trial, _: Scripted, declared: dict[str, Any]) -> Verdict:
        for n in (4, 3, 2):
            _look(trial, n)
        declared["total"] = 1_000
        _look(trial, 1)
        declared.clear()
        return _look(trial, 0)

    return _rest(ground, judge)


def _of(
    source: str, name: str, right: Outcome, judge: Callable[[Ground], Verdict], kind: int = 11
) -> Situation:
    return Situation(
        kind=kind, source=source, name=name, claim="arrives", right=right, judge=judge
    )


_YES, _NO = Outcome.PROVEN, Outcome.UNPROVEN
SITUATIONS = (
    _of("PostgreSQL", "five nights, each looked at", _YES, looked_every_night),
    _of("PostgreSQL", "yesterday's night, looked at today", _NO, looked_at_yesterday_today),
    _of("PostgreSQL", "a gap, filled by --slot", _NO, filled_a_gap),
    _of("PostgreSQL", "a run that passes midnight", _YES, read_after_midnight),
    _of("PostgreSQL", "a tick before midnight, a start behind it", _YES, started_late),
    _of("PostgreSQL", "a run executed again the next evening", _NO, executed_the_next_evening),
    _of("PostgreSQL", "another table under the same name", _NO, another_table),
    _of("CSV", "files of days, looked at for yesterday", _YES, files_of_days),
    _of("CSV", "another glob under the same name", _NO, another_glob),
    _of("REST", "another path under the same name", _NO, another_path),
    _of("REST", "a night read whole, then cut", _YES, cut_after_whole, 4),
    _of("REST", "a night that was cut", _NO, one_night_was_cut, 4),
)
