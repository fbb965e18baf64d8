"""What an API said yesterday is held against what it says tonight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.verdict import Outcome, Verdict
from tests.connectors.scripted import Asked, Said, scripted
from tests.connectors.servers.proven import Written, whole

DAY = 86_400
NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)
API = Written(
    columns='key="int64", at=pl.Datetime("us", time_zone="UTC")',
    key="key",
    promises='event_time="at", lag=timedelta(hours=24), cadence=timedelta(days=1)',
    pilot="""
from datetime import timedelta
from seatrial import Address, Pilot, Source
from seatrial.rest import Endpoint, NoAuth, RateLimiter, Rest, page_number, read_twice
ROWS = Endpoint(path="/rows", pages=page_number(), rows="rows", total="total",
                unmoved=read_twice("key"))
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=NoAuth(), endpoints={"rows": ROWS},
                budget=RateLimiter(requests=100, seconds=1))
PILOT = Pilot(name="acme", sources=(Source(name="system", connect=system, contracts=(CONTRACT,)),))
""",
)


def night(  # noqa: PLR0913 - what the API says, and when
    folder: Path, rows: int, newest: datetime, *, age: int = 0, days: int = 0, api: Written = API
) -> Mapping[str, Verdict]:
    """The verdicts when so many rows come, kept by a cache for so many seconds."""
    held = [{"key": n, "at": f"{newest:%Y-%m-%dT%H:%M:%SZ}"} for n in range(rows)]
    headers = {"content-type": "application/json", **({"Age": str(age)} if age else {})}

    def answers(asked: Asked) -> Said:
        page = {"/rows?page=1": held[:-1], "/rows?page=2": held[-1:]}.get(asked.path, [])
        return Said({"rows": page, "total": rows}, headers=headers)

    with scripted(answers) as source:
        at = NIGHT + timedelta(days=days)
        claims = ("complete", "conforms", "fresh", "arrives")
        return api.prove(folder, source.url, "", *claims, at=at)


def test_h13_no_rows_where_there_were_some_yesterday_is_broken(tmp_path: Path) -> None:
    """Though the source itself says that it holds none, and answers 200. The control promises no
    volume.
    """
    before = night(tmp_path, 5, NIGHT)
    whole(before, 5)
    assert Outcome.BROKEN not in {one.outcome for one in before.values()}
    empty = night(tmp_path, 0, NIGHT, days=1)
    assert empty["arrives"].outcome is Outcome.BROKEN
    assert "brought no rows at all" in empty["arrives"].because
    assert Outcome.PROVEN not in {one.outcome for one in empty.values()}
    may_be_empty = replace(API, promises=f"{API.promises}, volume=Volume(minimum=0)")
    allowed = night(tmp_path, 0, NIGHT, days=2, api=may_be_empty)
    assert Outcome.BROKEN not in {one.outcome for one in allowed.values()}, allowed


def test_h21_an_answer_that_a_cache_has_kept_for_days_is_as_old_as_its_newest_row(
    tmp_path: Path,
) -> None:
    """By our clock, so that what it lay in the cache counts. The control is of this night."""
    kept = night(tmp_path, 5, NIGHT, age=3 * DAY, days=3)
    assert kept["fresh"].outcome is Outcome.BROKEN
    assert "is 72 h 00 m old" in kept["fresh"].because
    assert kept["complete"].outcome is Outcome.UNPROVEN
    assert "came from a cache and was 259200 s old" in kept["complete"].because
    new = night(tmp_path, 5, NIGHT + timedelta(days=3), days=3)
    assert new["fresh"].outcome is not Outcome.BROKEN
    whole(new, 5)
