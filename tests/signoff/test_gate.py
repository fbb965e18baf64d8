"""The gate opens for what people signed, as long as the newest night is still that; for nothing
else, and it says by name why.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from harness.facts import EvidenceClass
from harness.pilot.gate_settings import NEEDED, Gate
from harness.signoff.decision import Decision as Decided
from harness.signoff.records import Decision
from harness.signoff.words import lines
from tests.signoff import agreed
from tests.signoff.case import Case
from tests.signoff.matrix import CASES
from tests.signoff.scene import NOW, SIGNED_AT, Night, Scene, names, told


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each bundle is written once."""
    return tmp_path_factory.mktemp("bundles")


def test_it_opens_for_the_good_one(root: Path) -> None:
    decision = Scene(root=root).sign_all().decide()
    assert decision.open, told(decision)
    assert decision.code == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_it_refuses_each_other_one_by_its_name(root: Path, case: Case) -> None:
    scene = Scene(root=root)
    case.build(scene)
    decision = scene.decide()
    assert case.name in names(decision), told(decision)
    assert not decision.open
    assert decision.code in {1, 3}


def test_it_opens_for_what_a_person_excused_as_long_as_that_holds(root: Path) -> None:
    scene = Scene(root=root)
    agreed.waived(scene)
    decision = scene.sign_all().decide()
    assert decision.open, told(decision)
    assert "2 verdicts, 1 of them excused by a person" in told(decision)


def test_it_opens_on_simulated_evidence_for_practice_alone_and_says_so(root: Path) -> None:
    scene = Scene(root=root)
    practice = Gate(minimum_class=EvidenceClass.SIMULATED, practice=True)
    agreed.gate(scene, practice, like=Night(evidence_class="simulated"))
    decision = scene.sign_all().decide()
    assert decision.open, told(decision)
    assert decision.practice
    assert next(iter(lines(decision))).startswith("PRACTICE:")


def test_conditions_are_told_beside_an_open_gate(root: Path) -> None:
    scene = Scene(root=root).sign_all()
    says = ("delete after a year", "ask us again")
    scene.put(scene.sign("legal", decision=Decision.CONDITIONS, conditions=says))
    decision = scene.decide()
    assert decision.open
    assert decision.conditions == tuple(f"{one} (Lea Brandt as legal)" for one in says)
    assert sum("condition: " in line for line in lines(decision)) == 2


def test_a_newer_signature_takes_the_place_of_an_older_one(root: Path) -> None:
    scene = Scene(root=root).sign_all()
    no = scene.sign("legal", decision=Decision.REFUSE, reason="no basis")
    yes = scene.sign("legal", at=SIGNED_AT + timedelta(hours=1))
    assert scene.keep(no).put(yes).decide().open


def test_sign_offs_in_the_ledger_alone_count(root: Path) -> None:
    scene = Scene(root=root)
    for role in NEEDED:
        scene.keep(scene.sign(role))
    assert scene.decide().open


def test_what_is_told_is_within_80_columns_refusals_first_and_always_the_same(
    root: Path,
) -> None:
    scene = Scene(root=root).sign_all()
    scene.put(scene.sign("legal", until=NOW))
    told_once = list(lines(scene.decide()))
    assert told_once == list(lines(scene.decide()))
    assert told_once[0].startswith("REFUSED  legal         expired: ")
    assert all(len(line) <= 80 for line in told_once)


def test_nothing_looked_at_is_not_open() -> None:
    nothing = Decided(checks=(), conditions=(), practice=False)
    assert not nothing.open
    assert nothing.code == 3


def test_there_are_at_least_sixty_such_bundles() -> None:
    assert len(CASES) >= 60
    assert len({case.what for case in CASES}) == len(CASES)
