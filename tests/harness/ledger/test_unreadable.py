"""A body that no writer of ours wrote, chained anew with all that follows from it, is told by its
entry: whoever reads it ends with an error that names it, and with no other (fault E02).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.canonical import canonical
from harness import tags
from harness.alerts.history import history_in
from harness.errors import ConfigurationError
from harness.evidence.bundle import build
from harness.evidence.evidence import Scope, read
from harness.evidence.formats import FORMATS
from harness.evidence.recompute import recompute
from harness.facts import EvidenceClass
from harness.ledger.earlier import Asked, Night, declared_before, earlier_readings
from harness.ledger.ledger import Ledger, Origin, entries, open_ledger, read_ledger
from harness.ledger.nights import night, of, readings_in, sights_in
from harness.ledger.opening import take_up, verified
from harness.ledger.promised import promises_in
from harness.ledger.snapshot import as_entry
from harness.ledger.verdicts import last_verdicts
from harness.policy.state import state
from harness.run.missed import earlier_runs, misses_in
from harness.timetable import Schedule
from tests.golden.test_bodies import BODIES
from tests.harness.evidence.bundles import key
from tests.harness.ledger.grown import NOW, at, chained_anew, copied, header

KINDS = {name.partition("_")[0]: body for name, body in sorted(BODIES.items())}
"""The latest golden body of each kind."""
ENDS = ("started", "finished")
POLICY = {
    "pilot": "p",
    "environment": "dev",
    "number": 1,
    "amends": None,
    "by": "Ann",
    "at": "2026-11-20T02:00:00Z",
    "why": None,
    "changes": [],
    "thresholds": {},
    "promises": {},
    "evidence": [{"source": "erp", "dataset": "orders", "claim": "fresh"}],
}
OTHERS: list[Any] = [None, "", "else", -1, 2**70, 1.5, True, [], [None], {}, {"a": 1}, "é\u202e"]
OF = {"pilot": "p", "environment": "dev"}
Look = Callable[[Ledger], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs with an entry of each kind."""
    place = tmp_path_factory.mktemp("of each kind") / "ledger.sqlite"
    with open_ledger(place) as ledger:
        for number in (1, 2):
            begun = {**json.loads(KINDS["started"]), **_own(number)}
            checked = take_up(ledger, "ledger", now=at(number))
            ledger.begin(header(number), {**begun, **checked.says}, at=at(number))
            for kind in sorted(KINDS.keys() - {*ENDS}):
                body = {**json.loads(KINDS[kind]), tags.POLICY: POLICY}
                origin = Origin(**{name: body.get(name) for name in Origin.__slots__})
                ledger.append(header(number), kind, body[kind], at=at(number), origin=origin)
            ended = {**json.loads(KINDS["finished"]), **_own(number)}
            ledger.end(header(number), "FINISHED", ended, at=at(number))
    return place


def _own(number: int) -> dict[str, Any]:
    return {**OF, "run": f"r{number}", "slot": "2026-11-20"}


def looks() -> Iterator[tuple[str, Look]]:
    """Whatever reads a ledger's bodies."""
    schedule = Schedule(name="nightly", at="02:00", zone="UTC", armed=True)
    yield "opened", _taken_up
    yield "alerts", lambda ledger: history_in(ledger, **OF, register=None)
    yield "last verdicts", lambda ledger: last_verdicts(ledger, **OF, wanted=())
    yield "missed", lambda ledger: [*misses_in(ledger, **OF)]
    yield "runs", lambda ledger: earlier_runs(ledger, header(9), schedule)
    yield "promises", lambda ledger: [*promises_in(ledger.entries(kind=tags.PROMISES))]
    yield "policy", lambda ledger: state([*ledger.entries()], **OF)
    yield "judged again", lambda ledger: recompute([*ledger.entries()], code="0")
    yield "exported", _exported


def _taken_up(ledger: Ledger) -> object:
    history = verified(ledger, "ledger", now=NOW).history
    asked = {("erp", "orders"): Asked(endpoint="db", evidence_class=EvidenceClass.SANDBOX,
                                      contracts=frozenset({"c1"}))}  # fmt: skip
    tonight = Night(**OF, slot=date(2027, 1, 1), zone=ZoneInfo("UTC"))
    declared_before(sights_in(history), asked, tonight)
    return earlier_readings(readings_in(history), asked, tonight)


def _exported(ledger: Ledger) -> object:
    scope = Scope(**OF, title="P", zone="UTC")
    evidence = read([*ledger.entries()], scope)
    return build(evidence, signer=key(), formats=FORMATS, tool="0", packages="0", verify_text=b"")


def said(place: Path) -> dict[str, str]:
    """What each look says, where it ends with an error of ours; any other is raised."""
    found = {}
    for name, look in looks():
        with read_ledger(place) as ledger:
            try:
                look(ledger)
            except ConfigurationError as error:
                found[name] = str(error)
    return found


def test_what_our_writers_wrote_is_read(whole: Path) -> None:
    """The control."""
    assert said(whole) == {}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(draw=st.data())
def test_any_other_body_is_told_by_its_entry_or_read(
    whole: Path, tmp_path: Path, draw: st.DataObject
) -> None:
    known = entries(whole)
    entry = draw.draw(st.sampled_from(known))
    body = json.loads(entry.body)
    _mutate(body, draw)
    place = rewritten(whole, tmp_path, entry.seq, canonical(body))
    for name, says in said(place).items():
        assert "entry " in says or "ledger" in says, (name, says)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff"])
def test_what_is_no_record_is_told_by_its_entry(whole: Path, tmp_path: Path, body: bytes) -> None:
    for entry in entries(whole):
        if entry.run == "r1":
            found = said(rewritten(whole, tmp_path, entry.seq, body))
            assert any(f"entry {entry.seq} " in says for says in found.values()), (entry, found)


def test_a_reading_without_a_class_of_evidence_is_told_as_the_ledger_is_opened(
    whole: Path, tmp_path: Path
) -> None:
    entry = next(one for one in entries(whole) if one.kind == "reading")
    body = {**json.loads(entry.body), "evidence_class": None}
    place = rewritten(whole, tmp_path, entry.seq, canonical(body))
    assert f"entry {entry.seq} is no reading that can be read" in said(place)["opened"]


def _mutate(body: Any, draw: st.DataObject) -> None:
    """Change, remove or add one value at any depth."""
    while True:
        places = sorted(body) if isinstance(body, dict) else range(len(body))
        at_ = draw.draw(st.sampled_from(places))
        below = body[at_]
        if isinstance(below, dict | list) and below and draw.draw(st.booleans()):
            body = below
            continue
        if isinstance(body, dict) and draw.draw(st.integers(0, 4)) == 0:
            del body[at_]
        else:
            body[at_] = draw.draw(st.sampled_from([*OTHERS, "2026-11-20T02:00:00", "9999-12-31"]))
        return


def rewritten(whole: Path, folder: Path, seq: int, body: bytes) -> Path:
    """A copy in which one body is another, with the chain, the nights and what runs found."""
    place = copied(whole, folder)
    with closing(sqlite3.connect(place)) as outsider, outsider:
        outsider.execute("UPDATE entries SET body = ? WHERE seq = ?", (body, seq))
    chained_anew(place)
    with closing(sqlite3.connect(place)) as outsider, outsider:
        for number, run in outsider.execute("SELECT number, run_id FROM runs").fetchall():
            query = "SELECT * FROM entries WHERE run_id = ? ORDER BY seq"
            own = [as_entry(*row) for row in outsider.execute(query, (run,))]
            with suppress(Exception):
                row = (night(of(own[0].body), own), number)
                outsider.execute("UPDATE nights SET body = ? WHERE number = ?", row)
    return place
