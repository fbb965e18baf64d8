"""The gate opens for what people signed, as long as the newest night is still that; for nothing
else, and it says by name why.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.signoff.case import Case
from tests.signoff.matrix import CASES
from tests.signoff.scene import Scene, names, told


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


def test_there_are_at_least_sixty_such_bundles() -> None:
    assert len(CASES) >= 60
    assert len({case.what for case in CASES}) == len(CASES)
