"""The census and the judgements of a bundle, held against its entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from harness.evidence.verify import bounds, census, judgements, strict_json
from harness.evidence.verify.amendments import Excusing
from harness.evidence.verify.census import Counted
from harness.evidence.verify.chain import Chain, Run
from harness.evidence.verify.finding import Finding, NotReadable, good, refused, unknown
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import NAME, Manifest

_LEFT_OUT = "a night or a run was left out, added, or is told otherwise than it ended"
_OTHER = "the verdicts shown are not those that were recorded"


def newest(chain: Chain, runs: Sequence[str]) -> datetime | None:
    """When the last of the runs began or ended; None where none says so."""
    found = [chain.runs[run] for run in runs if run in chain.runs]
    bodies = [body for run in found for body in (run.started, run.ended) if body]
    return max(filter(None, map(_moment, bodies)), default=None)


def _moment(body: dict[str, Any]) -> datetime | None:
    try:
        return census.moment(body["at"])
    except (ValueError, KeyError, TypeError):
        return None  # told by the census


def census_check(listed: Manifest, chain: Chain) -> Iterator[Finding]:
    """Count again, and compare."""
    try:
        runs = [
            census.counted(run, listed.zone)
            for run in chain.runs.values()
            if run.started and _is_of(listed, run.started)
        ]
    except ZoneInfoNotFoundError as error:
        yield unknown(
            "census",
            f"this machine does not know a time zone: {error.args[0]}",
            file=NAME,
            means="install tzdata (pip install tzdata), and verify again",
        )
        return
    except (ValueError, KeyError, TypeError) as error:
        yield refused("census", f"a run has no readable start: {error}", means=_LEFT_OUT)
        return
    taken_over = _taken_over(chain)
    wrong = [*_foreign(listed, chain), *_census(listed, runs, taken_over)]
    for says in wrong:
        yield refused("census", says, file=NAME, means=_LEFT_OUT)
    if not wrong:
        more = f"; {len(taken_over):,} runs before are of an archive" if taken_over else ""
        yield good("census", f"{_told(listed)}{more}", file=NAME)


def judgements_check(
    of: Folder, listed: Manifest, chain: Chain, excuses: Excusing
) -> Iterator[Finding]:
    """Every run of the window has its judgements, as the ledger has them."""
    names = {f"judgements/{run}.json": run for run in listed.runs}
    count, held = 0, 0
    for name in sorted(
        {one for one in listed.files if one.startswith("judgements/")} - set(names)
    ):
        yield refused("judgements", "it is of no run of the window", file=name, means=_OTHER)
    for name, run in names.items():
        try:
            wrong = _judged(of, listed, chain.runs.get(run), name, excuses)
        except NotReadable as error:
            wrong = [str(error)]
        for says in wrong:
            yield refused("judgements", says, file=name, means=_OTHER)
        held += not wrong
        count += len(chain.runs[run].verdicts) if run in chain.runs else 0
    if held == len(names) and names:
        yield good("judgements", f"{count:,} verdicts of {held:,} runs, as the entries have them")


def _judged(
    of: Folder, listed: Manifest, run: Run | None, name: str, excuses: Excusing
) -> list[str]:
    if run is None:
        return ["its run has no entries"]
    content = of.signed(name, bounds.JSON, listed.files)
    said = strict_json.parsed(content)
    return list(judgements.deviations(said, run, excuses))


def _is_of(listed: Manifest, started: dict[str, Any]) -> bool:
    return (started.get("pilot"), started.get("environment")) == (
        listed.pilot,
        listed.environment,
    )


def _foreign(listed: Manifest, chain: Chain) -> Iterator[str]:
    for run in chain.runs.values():
        if run.started and not _is_of(listed, run.started):
            yield f"run {run.id} is of another pilot or environment, and what it says is here"


def _taken_over(chain: Chain) -> frozenset[str]:
    """The runs that a ledger took over of an archive, as its first entry says: evidence there."""
    match next((run.started for run in chain.runs.values()), None):
        case {"continues": {"size": int() as size}}:
            return frozenset(run.id for run in chain.runs.values() if 1 < run.number <= size + 1)
    return frozenset()


def _census(
    listed: Manifest, runs: Sequence[Counted], taken_over: frozenset[str]
) -> Iterator[str]:
    first, last = listed.first, listed.last
    inside = [run for run in runs if first <= run.night <= last and run.id not in taken_over]
    if tuple(run.id for run in inside) != listed.runs:
        missing = sorted({run.id for run in inside} - set(listed.runs))
        more = sorted(set(listed.runs) - {run.id for run in inside})
        yield (
            f"its runs are not those of the entries: {len(missing)} left out "
            f"{missing[:3]}, {len(more)} more {more[:3]}"
        )
    owed = list(census.nights(runs, first=first, last=last))
    missed = sum(not began for _, _, began in owed)
    each = [
        {"schedule": schedule, "night": night.isoformat(), "runs": list(began)}
        for schedule, night, began in owed
    ]
    nights = {
        "planned": len(owed),
        "started": len(owed) - missed,
        "missed": missed,
        "each": each,
    }
    yield from _differs("nights", listed.census.get("nights"), nights)
    counted = [
        {
            "job": job,
            "started": sum(by.values()),
            **{state: by[state] for state in census.STATES},
        }
        for job, by in census.states(inside).items()
    ]
    yield from _differs("runs", listed.census.get("runs"), counted)


def _differs(what: str, said: Any, counted: Any) -> Iterator[str]:
    if said == counted:
        return
    if isinstance(said, dict) and isinstance(counted, dict):
        for key in counted:
            if said.get(key) != counted[key]:
                shown = "" if key == "each" else f": {said.get(key)!a}, counted {counted[key]}"
                yield f"its {what}, {key}, are not those of the entries{shown}"
        if said.keys() != counted.keys():
            yield f"its {what} say more or less than a census does"
    else:
        yield f"its {what} are not those of the entries: {counted}"


def _told(listed: Manifest) -> str:
    nights = listed.census["nights"]
    by_state = {state: sum(one[state] for one in listed.census["runs"]) for state in census.STATES}
    ended = ", ".join(f"{count:,} {state}" for state, count in by_state.items())
    runs = f"{len(listed.runs):,} started = {ended}"
    if not nights["planned"]:
        return f"no schedule was armed: nobody knows which nights were owed; runs: {runs}"
    return (
        f"nights: {nights['planned']:,} planned = {nights['started']:,} started + "
        f"{nights['missed']:,} missed; runs: {runs}"
    )
