from __future__ import annotations

from datetime import date, timedelta

import pytest

from contracts.promises import SourcePromises
from harness.claims.owned import prove
from harness.verdict import Basis, Outcome
from tests.harness.claims.made import register

PROMISES = SourcePromises()


def test_all_named_and_acknowledged_is_proven_on_a_persons_word():
    verdict = prove(PROMISES, [register()])
    assert (verdict.outcome, verdict.basis) == (Outcome.PROVEN, Basis.ATTESTED)
    assert "acknowledged on 2026-11-02" in verdict.because


@pytest.mark.parametrize("entry", ["owner", "deputy", "escalation", "acknowledged_by"])
@pytest.mark.parametrize("nobody", [None, "", "  "])
def test_nobody_is_broken_and_the_gap_is_named(entry, nobody):
    verdict = prove(PROMISES, [register(**{entry: nobody})])
    assert (verdict.outcome, verdict.basis) == (Outcome.BROKEN, Basis.ATTESTED)
    assert entry.removesuffix("d_by") in verdict.because.replace("acknowledgement", "acknowledge")


def test_an_acknowledgement_needs_its_date():
    verdict = prove(PROMISES, [register(acknowledged_on=None)])
    assert verdict.because == "The register names no date of acknowledgement."


def test_nobody_has_acknowledged_on_a_day_still_to_come():
    on = date(2026, 11, 2)
    assert prove(PROMISES, [register(recorded_on=on)]).outcome is Outcome.PROVEN
    verdict = prove(PROMISES, [register(recorded_on=on - timedelta(days=1))])
    assert (verdict.outcome, verdict.basis) == (Outcome.BROKEN, Basis.ATTESTED)


def test_nobody_is_their_own_deputy():
    assert prove(PROMISES, [register(deputy="Ada")]).outcome is Outcome.BROKEN


def test_no_register_is_unproven():
    verdict = prove(PROMISES, [])
    assert (verdict.outcome, verdict.basis) == (Outcome.UNPROVEN, Basis.ATTESTED)
