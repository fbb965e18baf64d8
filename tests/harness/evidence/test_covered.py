"""A bundle says which demands its evidence tests, and what is known of the prover."""

from __future__ import annotations

import json
from pathlib import Path

from harness.coverage import prover
from harness.evidence import covered, page
from harness.evidence.formats import FORMATS
from harness.ledger.ledger import open_ledger
from harness.verdict import Outcome
from tests.harness.evidence.ledgers import evidence, night, nights


def test_the_outcomes_are_those_of_the_newest_run_that_proves(tmp_path: Path) -> None:
    """A later look for drift judges less, and hides nothing."""
    place = nights(tmp_path / "ledger.sqlite", count=2)
    with open_ledger(place) as ledger:
        night(ledger, "look", 2, job="drift", outcomes=(Outcome.BROKEN,))
        night(ledger, "other", 2, pilot="other")
    found = evidence(place)
    document = json.loads(covered.render(found))
    assert (document["run"], document["tested_in_part"]) == ("run-1", 5)
    lag = document["rows"][21]
    assert (lag["id"], lag["claims"], lag["facts"]) == (22, ["fresh"], ["reading"])
    assert (lag["outcomes"], lag["evidence_classes"]) == ({"PROVEN": 1}, ["sandbox"])
    assert document["rows"][45]["recorded"] == {
        "started": 3, "finished": 3, "interrupted": 0, "missed": 0,
    }  # fmt: skip
    assert covered.render(evidence(place)) == covered.render(found)


def test_without_a_run_that_proves_nothing_is_tested(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    with open_ledger(place) as ledger:
        night(ledger, "look", 0, job="drift")
    document = json.loads(covered.render(evidence(place)))
    assert (document["run"], document["tested_in_part"]) == (None, 0)


def test_the_page_has_every_demand_and_its_own_sentence(tmp_path: Path) -> None:
    shown = page.render(evidence(nights(tmp_path / "ledger.sqlite")), b"{}", key="k")
    assert "5 of 51 demands are tested in part, 46 by no verdict." in shown
    table = shown[shown.index('<table id="covered"') :]
    assert table[: table.index("</table>")].count('<tr role="row"><td') == 51


def test_both_are_exported(tmp_path: Path) -> None:
    found = evidence(nights(tmp_path / "ledger.sqlite"))
    assert FORMATS["coverage.json"](found) == covered.render(found)
    assert FORMATS["prover.json"](found) == prover.render()


def test_the_known_verdicts_are_those_of_the_release(tmp_path: Path) -> None:
    known = covered.known(evidence(nights(tmp_path / "ledger.sqlite")))
    assert known == prover.FILE.read_bytes()
