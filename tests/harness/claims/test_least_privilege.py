from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import Probe, ProbeKind
from connectors.rights import not_asked
from contracts.promises import SourcePromises
from harness.claims import authenticated
from harness.claims.judge import judge_source
from harness.claims.least_privilege import prove
from harness.facts import Failure, Probed
from harness.verdict import GOOD, Basis, Outcome
from tests.harness.claims.made import probed, reading

NOTHING = SourcePromises()


def grant(name: str = "DELETE from customers", status: str = "42501", *, refused: bool = True):
    return Probe(
        kind=ProbeKind.GRANT, name=name, refused=refused, status=status, detail="role reader"
    )


def asked(*probes: Probe, failure: Failure | None = None) -> Probed:
    return Probed(source="crm", probes=probes, failure=failure)


MAY_DELETE = grant(status="00000", refused=False)
UNKNOWN = grant(status="55P03", refused=False)


def test_everything_denied_is_proven():
    verdict = prove(NOTHING, [asked(grant(), grant("TRUNCATE customers", "not granted"))])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 2)
    assert verdict.because == (
        "Role reader may read and nothing else: 2 other things asked about, all denied "
        "(42501 and not granted)."
    )


def others(name: str, who: str):
    return Probe(kind=ProbeKind.OTHERS, name=name, refused=False, status="granted", detail=who)


def test_what_others_may_do_beside_our_tables_is_told_and_breaks_nothing():
    power = "create objects in schema sales"
    facts = [asked(grant(), others(power, "etl"), others(power, "mallory"), others("own it", "b"))]
    verdict = prove(NOTHING, facts)
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 1)
    assert verdict.because.endswith(
        "all denied (42501). etl and mallory may create objects in schema sales, too. "
        "b may own it, too."
    )


def test_every_allowed_write_is_named():
    insert = grant("INSERT into customers", "granted", refused=False)
    verdict = prove(NOTHING, [asked(grant("UPDATE customers"), MAY_DELETE, insert)])
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "1 of 3 denied")
    assert verdict.because == (
        "Role reader may DELETE from customers and INSERT into customers: revoke it."
    )


def test_what_a_superuser_may_is_cut_short_and_counted():
    powers = [grant(f"power {n}", "granted", refused=False) for n in range(28)]
    because = prove(NOTHING, [asked(*powers)]).because
    assert because == (
        "Role reader may power 0, power 1, power 2, power 3, power 4, power 5 and 22 more: "
        "revoke it."
    )


def test_a_write_is_broken_whatever_else_went_wrong():
    failure = Failure(kind="SourceUnavailable", message="gone")
    facts = [asked(UNKNOWN, MAY_DELETE, failure=failure)]
    assert prove(NOTHING, facts).outcome is Outcome.BROKEN


@pytest.mark.parametrize("status", ["25006", "no answer", "42P01", "57014", "55P03"])
def test_an_answer_that_denies_nobody_is_no_denial(status):
    """A read-only session answers 25006 to a role that may write as well."""
    verdict = prove(NOTHING, [asked(grant(), grant(status=status, refused=False))])
    assert verdict.outcome is Outcome.ERROR
    assert status in verdict.because


def test_a_probe_that_failed_is_an_error():
    failure = Failure(kind="Unexpected", message="a defect")
    assert prove(NOTHING, [asked(failure=failure)]).outcome is Outcome.ERROR


@pytest.mark.parametrize("facts", [[], [reading()], [probed()], [asked()]])
def test_a_source_that_cannot_be_asked_harmlessly_is_unproven_and_says_what_would_do(facts):
    """A refused stranger says nothing of what we may do ourselves."""
    verdict = prove(NOTHING, facts)
    assert (verdict.outcome, verdict.n) == (Outcome.UNPROVEN, 0)
    assert "this source cannot be asked what our log-in may do" in verdict.because


def test_what_was_not_asked_is_never_proven_and_says_why_not():
    """The twin of a denial: nothing else denied, and all of it asked, would be PROVEN."""
    why = not_asked("write below lines", "no name below lines is permitted: add one")
    verdict = prove(NOTHING, [asked(grant(), why)])
    assert (verdict.outcome, verdict.n) == (Outcome.UNPROVEN, 1)
    assert "no name below lines is permitted: add one" in verdict.because
    assert prove(NOTHING, [asked(grant())]).outcome is Outcome.PROVEN


WORD = SourcePromises(attested=("least_privilege", "authenticated"))


@pytest.mark.parametrize("facts", [[], [reading()], [probed()], [asked()]])
def test_a_word_is_waited_for_where_a_source_cannot_be_asked(facts):
    verdict = judge_source("least_privilege", WORD, facts)
    assert (verdict.outcome, verdict.basis) == (Outcome.UNPROVEN, Basis.ATTESTED)
    assert "seatrial attest" in verdict.because
    measured = judge_source("least_privilege", NOTHING, facts)
    assert (measured.outcome, measured.basis) == (Outcome.UNPROVEN, Basis.MEASURED)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ([asked(grant())], Outcome.PROVEN),
        ([asked(MAY_DELETE)], Outcome.BROKEN),
        ([asked(UNKNOWN)], Outcome.ERROR),
    ],
)
def test_no_word_stands_against_what_was_measured(facts, outcome):
    verdict = judge_source("least_privilege", WORD, facts)
    assert (verdict.outcome, verdict.basis) == (outcome, Basis.MEASURED)


def test_grants_say_nothing_of_strangers():
    verdict = authenticated.prove(NOTHING, [reading(), asked(grant())])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "no stranger was tried" in verdict.because.lower()
    stranger = probed(status="28P01").probes
    facts = [reading(), asked(*stranger, MAY_DELETE, UNKNOWN)]
    assert authenticated.prove(NOTHING, facts).outcome is Outcome.PROVEN


@given(probes=st.lists(st.from_type(Probe), max_size=5))
def test_it_is_good_only_when_something_was_asked_and_all_of_it_refused(probes):
    asked_about = [probe for probe in probes if probe.kind is ProbeKind.GRANT]
    good = prove(NOTHING, [asked(*probes)]).outcome in GOOD
    assert good == (bool(asked_about) and all(probe.refused for probe in asked_about))
