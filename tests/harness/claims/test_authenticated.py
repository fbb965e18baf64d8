from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.connector import ProbeKind
from contracts.promises import SourcePromises
from harness.claims.authenticated import prove
from harness.facts import Failure
from harness.verdict import Outcome
from tests.harness.claims.made import DAY, TODAY, failed, probed, reading, refusal

PLAIN, RENEWS = SourcePromises(), SourcePromises(renews=True)


def test_let_in_and_a_stranger_refused_is_proven():
    verdict = prove(PLAIN, [reading(), probed(status="28P01")])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 3)
    assert verdict.because == (
        "1 reading after 1 log-in; somebody without credentials was refused (401) and a stranger "
        "was refused (28P01)."
    )


def test_a_source_that_renews_is_proven_only_with_a_renewal_between_pages():
    without = [reading(renewals=1), probed()]
    verdict = prove(RENEWS, without)
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.endswith("the token outlived the reading.")
    verdict = prove(RENEWS, [reading(renewals=1, renewals_between_pages=1), probed()])
    assert verdict.outcome is Outcome.PROVEN
    assert "1 renewal between pages" in verdict.because


def test_a_renewal_in_any_dataset_of_the_run_is_enough():
    facts = [reading(dataset="parts"), reading(dataset="prices", renewals_between_pages=1)]
    assert prove(RENEWS, [*facts, probed()]).outcome is Outcome.PROVEN


def test_a_renewal_of_an_earlier_night_does_not_count():
    earlier = reading(slot=TODAY - DAY, renewals_between_pages=1)
    assert prove(RENEWS, [earlier, reading(), probed()]).outcome is Outcome.UNPROVEN


@pytest.mark.parametrize("status", ["200", "201", "00000", "SSH_FX_OK"])
def test_a_stranger_who_was_let_in_is_broken_whatever_else_went_wrong(status):
    facts = [failed("SourceUnavailable", "gone"), probed(refused=False, status=status)]
    assert prove(PLAIN, facts).outcome is Outcome.BROKEN


def test_a_source_that_refuses_strangers_and_serves_nobody_is_broken():
    """The commonest case: a wrong token is refused, and none is asked for."""
    verdict = prove(PLAIN, [reading(), probed(nobody="200")])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == ("Somebody without credentials was let in: the source answered 200.")


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("expired_refused", "An assertion of ours that had run out"),
        ("wrong_audience_refused", "An assertion of ours for somebody else"),
    ],
)
def test_what_is_ours_and_worth_nothing_is_called_so_and_no_stranger(name, who):
    tried = probed()
    let_in = replace(tried.probes[-1], name=name, refused=False, status="200")
    verdict = prove(PLAIN, [reading(), replace(tried, probes=(*tried.probes, let_in))])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == f"{who} was let in: the source answered 200."
    assert [one.what for one in verdict.measures] == [f"{who.lower()} let in"]


@pytest.mark.parametrize("status", ["no answer", "503", "429", "57P03"])
def test_no_answer_is_no_refusal(status):
    """Bad credentials must be refused as such, not by a time-out or a server in trouble."""
    verdict = prove(PLAIN, [reading(), probed(refused=False, status=status)])
    assert verdict.outcome is Outcome.ERROR
    assert verdict.because == f"A stranger was neither let in nor refused: {status}."
    verdict = prove(PLAIN, [reading(), probed(nobody=status)])
    assert verdict.outcome is Outcome.ERROR
    assert verdict.because.startswith("Somebody without credentials was neither")


def test_a_stranger_alone_or_nobody_alone_is_half_the_question():
    verdict = prove(PLAIN, [reading(), probed(nobody=None)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because == "Nobody without credentials was tried."
    nobody = refusal(ProbeKind.NOBODY, "401")
    verdict = prove(PLAIN, [reading(), probed(probes=(nobody,))])
    assert (verdict.outcome, verdict.because) == (Outcome.UNPROVEN, "No stranger was tried.")


def test_a_refused_log_in_is_an_error_with_the_sources_answer():
    refused = failed("AccessDenied", "crm answered 28P01: check CRM_PASSWORD", refusals=("28P01",))
    verdict = prove(PLAIN, [refused, probed()])
    assert verdict.outcome is Outcome.ERROR
    assert "answered 28P01" in verdict.because


BROKEN = failed("BrokenFile", "2.parquet: it is cut: have it written again")


def test_a_file_that_cannot_be_read_is_no_matter_of_the_log_in():
    """What is wrong with it is told at its dataset."""
    verdict = prove(PLAIN, [BROKEN, probed()])
    assert verdict.outcome is Outcome.PROVEN
    assert (
        "1 reading after 1 log-in, 1 of them with a file that cannot be read;" in verdict.because
    )
    unseen = replace(BROKEN, authentications=0)
    assert prove(PLAIN, [unseen, probed()]).outcome is Outcome.ERROR
    changed = failed("SourceChanged", "GET /parts: it is no JSON")
    assert prove(PLAIN, [changed, probed()]).outcome is Outcome.ERROR, "it may be a log-in page"


DENIED = failed("AccessDenied", "table a: 42501, no right", refusals=("42501",), authentications=0)


def test_a_table_that_is_denied_after_a_log_in_is_no_matter_of_the_log_in():
    """The rights on one table are told at its dataset. The log-in may have been another's."""
    verdict = prove(PLAIN, [reading(), DENIED, probed()])
    assert verdict.outcome is Outcome.PROVEN
    assert verdict.because.startswith(
        "2 readings after 1 log-in, 1 of them denied a table (42501); somebody"
    )


def test_a_denial_without_any_log_in_is_an_error():
    """So is another failure after the denial, and one that the source gave no code for."""
    assert prove(PLAIN, [DENIED, probed()]).outcome is Outcome.ERROR
    later = failed("SourceUnavailable", "gone", refusals=("42501",))
    unnamed = failed("AccessDenied", "no right", refusals=())
    for failure in (later, unnamed):
        assert prove(PLAIN, [reading(), failure, probed()]).outcome is Outcome.ERROR


def test_a_probe_that_failed_is_an_error():
    broken = probed(probes=(), failure=Failure(kind="SourceUnavailable", message="no route"))
    assert prove(PLAIN, [reading(), broken]).outcome is Outcome.ERROR


@pytest.mark.parametrize("facts", [[reading()], [reading(), probed(probes=())]])
def test_without_a_probe_it_is_unproven_and_says_how_to_allow_one(facts):
    verdict = prove(PLAIN, facts)
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because == "No stranger was tried: allow it with stranger_allowed."


def test_a_reading_without_a_log_in_proves_no_credentials():
    assert prove(PLAIN, [reading(authentications=0), probed()]).outcome is Outcome.UNPROVEN


def test_a_source_without_a_log_in_is_not_told_to_allow_a_stranger():
    """A folder, an open API: nothing that the pilot could allow would help."""
    verdict = prove(PLAIN, [reading(authentications=0), probed(probes=())])
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.startswith("No log-in was seen: the source asked nobody who they are")
    assert "stranger_allowed" not in verdict.because


def test_a_probe_without_a_reading_is_unproven():
    assert prove(PLAIN, [probed()]).because == "Nothing was read."
