"""Whole verdicts of `owned`: every word and number that a reader is given."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from contracts.promises import SourcePromises
from harness.claims.owned import prove
from harness.verdict import Basis, Outcome, Verdict
from tests.harness.claims.made import register
from tests.harness.claims.worded import worded

owned = partial(
    Verdict,
    claim="owned",
    expected="owner, deputy, escalation, acknowledged",
    method="the pilot's register of owners, one trial an entry; a person's word",
    observed="5 of 5 entries",
    n=5,
    basis=Basis.ATTESTED,
)
broken = partial(owned, outcome=Outcome.BROKEN)
NOBODY = register(
    owner=None, deputy=" ", escalation="", acknowledged_by=None, acknowledged_on=None
)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (
            [],
            owned(
                outcome=Outcome.UNPROVEN,
                because="No register says who answers for this source.",
                observed="no register",
                n=0,
            ),
        ),
        (
            [NOBODY],
            broken(
                because="The register names no owner, no deputy, no escalation, "
                "no acknowledgement and no date of acknowledgement.",
                observed="0 of 5 entries",
                n=0,
            ),
        ),
        (
            [register(), NOBODY, register(deputy=None)],
            broken(because="The register names no deputy.", observed="4 of 5 entries", n=4),
        ),
        (
            [register(recorded_on=date(2026, 11, 1))],
            broken(
                because="The acknowledgement is dated 2026-11-02, and today is 2026-11-01: "
                "correct its date."
            ),
        ),
        (
            [register(deputy="Ada")],
            broken(because="Owner and deputy are the same person: nobody stands in."),
        ),
        (
            [NOBODY, register()],
            owned(
                outcome=Outcome.PROVEN,
                because="Owner, deputy and escalation are named, acknowledged on 2026-11-02.",
            ),
        ),
    ],
)
def test_the_last_register_is_judged_in_these_words(facts, verdict):
    assert worded(prove(SourcePromises(), facts)) == verdict
