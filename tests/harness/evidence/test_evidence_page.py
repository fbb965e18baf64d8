"""The page says what was not tested before what was, and its verdicts are the machine's."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.defaults import persisted_fields
from harness import tags
from harness.evidence.manifest import digest
from harness.evidence.page import NEVER
from harness.ledger.ledger import Ledger, open_ledger
from harness.signing.ed25519 import key_id
from harness.verdict import Outcome
from tests.harness.evidence.bundles import bundle, key
from tests.harness.evidence.ledgers import FIRST, FRESH, ORIGIN, OWNED, header, night, verdict
from tests.harness.report.page import Element, parse

HOSTILE = '<script>alert(1)</script> & "quoted" \u202e=1+1'


def texts(page: Element) -> list[dict[str, str]]:
    """The verdicts in a part of a page."""
    return [
        {
            "outcome": one.one(kind="pill").text.split()[-1],
            **{
                name: one.one(kind=name).text
                for name in ("claim", "because", "expected", "observed")
            },
        }
        for one in page.every("li", "verdict")
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night for each pair of outcomes would be 49; one with seven claims is enough."""
    place = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    with open_ledger(place) as ledger:
        _every_outcome(ledger)
    return place


def _every_outcome(ledger: Ledger) -> None:
    of = header("run")
    planned = [replace(FRESH, claim=f"claim {outcome}") for outcome in Outcome]
    ledger.begin(of, {"planned": planned, "due_at": FIRST}, at=FIRST)
    for one, outcome in zip(planned, Outcome, strict=True):
        said = replace(verdict(one, outcome), because=f"{outcome}: {HOSTILE}")
        ledger.append(of, tags.VERDICT, persisted_fields(said), at=FIRST, origin=ORIGIN)
    ledger.end(of, "FINISHED", {"planned": len(planned)}, at=FIRST)


def test_what_was_not_tested_comes_before_what_was(place: Path) -> None:
    page = bundle(place)["report.html"].decode()
    order = ["<h1>", 'id="untested-heading"', *(one for one, _ in NEVER), 'id="undecided"']
    order += [
        'id="tested-heading"',
        'id="decided"',
        'id="census-heading"',
        'id="measured-heading"',
    ]
    places = [page.index(one) for one in order]
    assert places == sorted(places)


def test_what_no_evidence_decides_was_not_tested(place: Path) -> None:
    page = parse(bundle(place)["report.html"].decode())
    undecided, decided = page.named("undecided"), page.named("decided")
    assert [one["outcome"] for one in texts(undecided)] == [
        "ERROR",
        "UNPROVEN",
        "NOT_RUN",
        "STALE",
    ]
    assert [one["outcome"] for one in texts(decided)] == ["BROKEN", "WAIVED", "PROVEN"]


def test_e09_each_verdict_reads_on_the_page_as_machines_read_it(place: Path) -> None:
    files = bundle(place)
    machine = json.loads(files["judgements/run.json"])["verdicts"]
    shown = {one["claim"]: one for one in texts(parse(files["report.html"].decode()))}
    assert len(shown) == len(machine) == len(Outcome)
    for one in machine:
        wanted = {name: one[name] for name in ("outcome", "claim", "because", "expected")}
        wanted["because"] = wanted["because"].replace("\u202e", "\\u202e")
        assert wanted.items() <= shown[one["claim"]].items()


def test_e09_guard_off_a_page_with_another_word_is_noticed(place: Path) -> None:
    files = bundle(place)
    page = files["report.html"].decode().replace("</span>BROKEN</span>", "</span>PROVEN</span>")
    machine = json.loads(files["judgements/run.json"])["verdicts"]
    shown = {one["claim"]: one["outcome"] for one in texts(parse(page))}
    assert shown != {one["claim"]: one["outcome"] for one in machine}


def test_nothing_from_data_is_markup_and_nothing_is_loaded(place: Path) -> None:
    page = bundle(place)["report.html"].decode()
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.findall(r'\bsrc="|\bhref="(?!#)', page)
    assert "default-src 'none'" in page


def test_the_page_names_the_manifest_and_the_key(place: Path) -> None:
    files = bundle(place)
    page = files["report.html"].decode()
    assert f'<code id="manifest">{digest(files["manifest.json"])}</code>' in page
    assert f'<code id="key">{key_id(key().public)}</code>' in page


@pytest.mark.parametrize(
    ("outcomes", "end", "says"),
    [
        ((Outcome.PROVEN, Outcome.PROVEN), "FINISHED", "Every planned verdict of the newest run"),
        ((Outcome.PROVEN, Outcome.BROKEN), "FINISHED", "has 1 BROKEN, 1 PROVEN."),
        ((Outcome.PROVEN,), None, "The newest run did not finish"),
    ],
)
def test_it_is_ready_only_where_all_is_good_and_finished(
    tmp_path: Path, outcomes: tuple[Outcome, ...], end: str | None, says: str
) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "run", 0, outcomes=outcomes, end=end)
    page = bundle(tmp_path / "ledger.sqlite")["report.html"].decode()
    ready = says.startswith("Every")
    assert f'<strong id="ready">{"READY" if ready else "NOT READY"}</strong>' in page
    assert says in parse(page).one(kind="state").text


def test_a_part_of_the_plan_is_never_ready(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        of = header("part")
        ledger.begin(of, {"planned": [OWNED]}, at=FIRST)
        proven = persisted_fields(verdict(OWNED, Outcome.PROVEN))
        origin = replace(ORIGIN, dataset=None)
        ledger.append(of, tags.VERDICT, proven, at=FIRST, origin=origin)
        ledger.end(of, "FINISHED", {"planned": 2}, at=FIRST)
    page = bundle(tmp_path / "ledger.sqlite")["report.html"].decode()
    assert "The newest run was asked for 1 of 2 verdicts" in parse(page).one(kind="state").text
    assert "<strong>1 of 2</strong>" in page
