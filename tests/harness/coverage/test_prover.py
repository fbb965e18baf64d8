"""`prover.json` is what really run servers gave; `tests/test_demo.py` tries the demo."""

from __future__ import annotations

import pytest

from harness.claims import CLAIMS
from harness.coverage.prover import FILE, expected
from harness.result import Planned
from harness.verdict import Outcome
from tests.prover import TRIALS, situations, text
from tests.truth.rooms import SITUATIONS


def test_its_situations_are_those_that_are_tried() -> None:
    """`tests/truth/test_truth.py` runs each. `python -m tests.prover` writes them."""
    now = situations(str(one.right) for one in SITUATIONS)
    had = [
        {part: getattr(one, part) for part in ("name", "about", "source", "claim", "outcome")}
        for one in expected().situations
    ]
    assert had == now


def test_it_is_written_as_its_command_writes_it() -> None:
    rows = {
        one.name: [
            {part: getattr(known, part) for part in ("source", "dataset", "claim", "outcome")}
            for known in one.verdicts
        ]
        for one in expected().trials
    }
    assert list(rows) == list(TRIALS)
    written = text(rows, situations(str(one.right) for one in SITUATIONS))
    assert FILE.read_text() == written


@pytest.mark.parametrize("claim", [claim.name for claim in CLAIMS])
@pytest.mark.parametrize("outcome", [Outcome.PROVEN, Outcome.BROKEN])
def test_each_claim_is_shown_on_a_good_server_and_on_a_bad_one(
    claim: str, outcome: Outcome
) -> None:
    known = [
        one.outcome for trial in expected().trials for one in trial.verdicts if one.claim == claim
    ]
    known += [one.outcome for one in expected().situations if one.claim == claim]
    assert outcome in known


def test_both_trials_owe_the_same_verdicts() -> None:
    found, repaired = ([one.planned for one in trial.verdicts] for trial in expected().trials)
    assert found == repaired
    assert Planned(source="crm", dataset=None, claim="owned") in found
