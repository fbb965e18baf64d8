"""Whole verdicts of `authenticated`: every word and number that a reader is given."""

from __future__ import annotations

from functools import partial

import pytest

from connectors.connector import Probe, ProbeKind
from contracts.promises import SourcePromises
from harness.claims.authenticated import prove
from harness.facts import Failure, Probed
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import DAY, TODAY, failed, probed, reading, refusal
from tests.harness.claims.worded import worded

PLAIN, RENEWS = SourcePromises(), SourcePromises(renews=True)

plain = partial(
    Verdict,
    claim="authenticated",
    expected="we are let in, nobody else",
    method="log-ins, refusals and renewals that the source answered, one trial each",
)
renews = partial(plain, expected="we are let in, nobody else, renewed between pages")


def tried(*answers: tuple[ProbeKind, str], failure: Failure | None = None) -> Probed:
    return Probed(
        source="vendor",
        probes=tuple(refusal(kind, status) for kind, status in answers),
        failure=failure,
    )


NOBODY, STRANGER = ProbeKind.NOBODY, ProbeKind.STRANGER
GONE = Failure(kind="Source\nUnavailable", message="no\nroute.")


@pytest.mark.parametrize(
    ("promises", "facts", "verdict"),
    [
        (
            PLAIN,
            [reading(slot=TODAY - DAY, authentications=9), reading(), reading(), probed()],
            plain(
                outcome=Outcome.PROVEN,
                because="2 readings after 2 log-ins; somebody without credentials was refused "
                "(401) and a stranger was refused (401).",
                observed="2 log-ins, 2 refusals",
                n=4,
            ),
        ),
        (
            RENEWS,
            [
                reading(authentications=2, renewals_between_pages=1),
                reading(renewals_between_pages=2, authentications=0),
                tried((NOBODY, "200")),
                probed(status="28P01"),
            ],
            renews(
                outcome=Outcome.PROVEN,
                because="2 readings after 2 log-ins, with 3 renewals between pages; somebody "
                "without credentials was refused (401) and a stranger was refused (28P01).",
                observed="2 log-ins, 2 refusals, 3 renewals",
                n=7,
            ),
        ),
        (
            PLAIN,
            [reading(), tried((STRANGER, "200"), (NOBODY, "2\t0"), (NOBODY, "204"))],
            plain(
                outcome=Outcome.BROKEN,
                because="Somebody without credentials was let in: the source answered 204.",
                observed="1 log-in, 0 refusals",
                n=4,
            ),
        ),
        (
            PLAIN,
            [reading(), tried((NOBODY, "401"), (STRANGER, "ok"), failure=GONE)],
            plain(
                outcome=Outcome.BROKEN,
                because="A stranger was let in: the source answered ok.",
                observed="1 log-in, 1 refusal",
                n=3,
            ),
        ),
        (
            PLAIN,
            [
                reading(refusals=("500", "28\nP01")),
                failed("AccessDenied", "check\nthe key.", authentications=0, refusals=("40\n3",)),
                tried((NOBODY, "401"), (STRANGER, "503"), failure=GONE),
            ],
            plain(
                outcome=Outcome.ERROR,
                because="AccessDenied (answered 40\N{REPLACEMENT CHARACTER}3): check the key.",
                observed="1 log-in, 1 refusal",
                n=3,
            ),
        ),
        (
            PLAIN,
            [
                reading(refusals=("500", "28\nP01")),
                failed("Source\nChanged", "check\nthe key.", authentications=0, refusals=("429",)),
                tried((NOBODY, "401"), (STRANGER, "503"), failure=GONE),
            ],
            plain(
                outcome=Outcome.ERROR,
                because="Source\N{REPLACEMENT CHARACTER}Changed: check the key.",
                observed="1 log-in, 1 refusal",
                n=3,
            ),
        ),
        (
            PLAIN,
            [reading(), tried((NOBODY, "503"), failure=GONE)],
            plain(
                outcome=Outcome.ERROR,
                because="Source\N{REPLACEMENT CHARACTER}Unavailable: no route.",
                observed="1 log-in, 0 refusals",
                n=2,
            ),
        ),
        (
            PLAIN,
            [reading(), tried((STRANGER, "401"), (NOBODY, "5\n3"))],
            plain(
                outcome=Outcome.ERROR,
                because="Somebody without credentials was neither let in nor refused: "
                "5\N{REPLACEMENT CHARACTER}3.",
                observed="1 log-in, 1 refusal",
                n=3,
            ),
        ),
        (
            PLAIN,
            [],
            plain(
                outcome=Outcome.UNPROVEN,
                because="Nothing was read and no stranger was tried: "
                "allow it with stranger_allowed.",
                observed="0 log-ins, 0 refusals",
                n=0,
            ),
        ),
        (
            RENEWS,
            [reading(authentications=0), probed()],
            renews(
                outcome=Outcome.UNPROVEN,
                because="No log-in was seen and no renewal between pages was seen: "
                "the token outlived the reading.",
                observed="0 log-ins, 2 refusals, 0 renewals",
                n=2,
            ),
        ),
        (
            PLAIN,
            [reading(authentications=0)],
            plain(
                outcome=Outcome.UNPROVEN,
                because="No log-in was seen: the source asked nobody who they are, so nobody "
                "can be refused; waive the claim or leave it out.",
                observed="0 log-ins, 0 refusals",
                n=0,
            ),
        ),
        (
            PLAIN,
            [reading()],
            plain(
                outcome=Outcome.UNPROVEN,
                because="No stranger was tried: allow it with stranger_allowed.",
                observed="1 log-in, 0 refusals",
                n=1,
            ),
        ),
        (
            PLAIN,
            [reading(), tried((STRANGER, "401"))],
            plain(
                outcome=Outcome.UNPROVEN,
                because="Nobody without credentials was tried.",
                observed="1 log-in, 1 refusal",
                n=2,
            ),
        ),
        (
            PLAIN,
            [reading(), tried((NOBODY, "401"))],
            plain(
                outcome=Outcome.UNPROVEN,
                because="No stranger was tried.",
                observed="1 log-in, 1 refusal",
                n=2,
            ),
        ),
    ],
)
def test_every_word_of_a_verdict(promises, facts, verdict):
    assert worded(prove(promises, facts)) == verdict


def test_the_status_of_each_refusal_is_told_once_and_on_one_line():
    statuses = ["401", "40\n3", "401"]
    refused = [
        Probe(name="", refused=True, status=status, detail="", kind=kind)
        for kind in (STRANGER, NOBODY)
        for status in statuses
    ]
    told = "(401 and 40\N{REPLACEMENT CHARACTER}3)"
    assert prove(PLAIN, [reading(), probed(probes=tuple(refused))]).because == (
        "1 reading after 1 log-in; somebody without credentials was refused "
        f"{told} and a stranger was refused {told}."
    )


def test_the_answer_that_let_somebody_in_is_told_in_full():
    """A status that only begins as one of success is no success."""
    verdict = prove(PLAIN, [reading(), tried((NOBODY, "401"), (STRANGER, "2000"))])
    assert verdict.because == "A stranger was neither let in nor refused: 2000."
