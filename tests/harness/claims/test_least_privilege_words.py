"""Whole verdicts of `least_privilege`: every word and number that a reader is given."""

from __future__ import annotations

from functools import partial

import pytest

from connectors.connector import Probe, ProbeKind
from contracts.promises import SourcePromises
from harness.claims.least_privilege import prove
from harness.facts import Failure, Probed
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import probed
from tests.harness.claims.worded import worded

least = partial(
    Verdict,
    claim="least_privilege",
    expected="everything but reading its datasets denied",
    method="looked up at the source, or tried where its owner permits; one trial a question",
)


def grant(status: str, *, refused: bool, name: str = "DELETE from orders", who: str = "role a"):
    return Probe(kind=ProbeKind.GRANT, name=name, refused=refused, status=status, detail=who)


def asked(*probes: Probe, failure: Failure | None = None) -> Probed:
    return Probed(source="crm", probes=probes, failure=failure)


DENIED = grant("42501", refused=True)
DENIED_B = grant("not granted", refused=True, who="Role\nB")
MAY = grant("granted", refused=False)
MAY_SQL = grant("00000", refused=False, name="TRUNCATE\torders", who="role B")
UNKNOWN = grant("55\n03", refused=False, name="UPDATE\torders", who="the lock\nwas held.")
NOT_ASKED = grant("not asked", refused=False, who="the permission by Ada ended on 2026-11-01")
LEFT = grant("left behind", refused=False, name="lines/x")
GONE = Failure(kind="SourceUnavailable", message="crm did\nnot answer.")


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (
            [asked(MAY), asked(DENIED, DENIED_B, DENIED)],
            least(
                outcome=Outcome.PROVEN,
                because="Role a and Role\N{REPLACEMENT CHARACTER}B may read and nothing else: "
                "3 other things asked about, all denied (42501 and not granted).",
                observed="3 of 3 denied",
                n=3,
            ),
        ),
        (
            [asked(DENIED, UNKNOWN, MAY, MAY_SQL, failure=GONE)],
            least(
                outcome=Outcome.BROKEN,
                because="Role a and role B may DELETE from orders and "
                "TRUNCATE\N{REPLACEMENT CHARACTER}orders: revoke it.",
                observed="1 of 4 denied",
                n=4,
            ),
        ),
        (
            [asked(DENIED, UNKNOWN, failure=GONE)],
            least(
                outcome=Outcome.ERROR,
                because="Probing failed: crm did not answer.",
                observed="1 of 2 denied",
                n=2,
            ),
        ),
        (
            [asked(DENIED, UNKNOWN)],
            least(
                outcome=Outcome.ERROR,
                because="Neither allowed nor denied, 55\N{REPLACEMENT CHARACTER}03: "
                "UPDATE\N{REPLACEMENT CHARACTER}orders (the lock was held).",
                observed="1 of 2 denied",
                n=2,
            ),
        ),
        (
            [asked(DENIED), probed()],
            least(
                outcome=Outcome.UNPROVEN,
                because="Nothing was asked: this source cannot be asked what our log-in may do. "
                "Name introspection for an API that has one, or attested in pilot.yaml.",
                observed="nothing asked",
                n=0,
            ),
        ),
        (
            [asked(DENIED, NOT_ASKED)],
            least(
                outcome=Outcome.UNPROVEN,
                because="Not asked about all: the permission by Ada ended on 2026-11-01.",
                observed="1 of 1 denied",
                n=1,
            ),
        ),
        (
            [asked(LEFT, MAY, NOT_ASKED)],
            least(
                outcome=Outcome.BROKEN,
                because="Role a may DELETE from orders: revoke it. Left behind there by this try: "
                "lines/x. Look, and undo it by hand.",
                observed="0 of 1 denied",
                n=1,
            ),
        ),
        (
            [asked(LEFT, UNKNOWN)],
            least(
                outcome=Outcome.ERROR,
                because="Neither allowed nor denied, 55\N{REPLACEMENT CHARACTER}03: "
                "UPDATE\N{REPLACEMENT CHARACTER}orders (the lock was held). Left behind there by "
                "this try: lines/x. Look, and undo it by hand.",
                observed="0 of 1 denied",
                n=1,
            ),
        ),
    ],
)
def test_the_last_probes_are_judged_in_these_words(facts, verdict):
    assert worded(prove(SourcePromises(), facts)) == verdict


def test_a_refusal_counts_even_where_its_status_would_allow():
    """The source refused: what it called that does not matter."""
    verdict = prove(SourcePromises(), [asked(grant("granted", refused=True))])
    assert verdict.outcome is Outcome.PROVEN
