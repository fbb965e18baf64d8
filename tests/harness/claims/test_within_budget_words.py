"""Whole verdicts of `within_budget`: every word and number that a reader is given."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from connectors.events import Limited
from contracts.promises import Quota, SourcePromises
from harness.claims.within_budget import prove
from harness.facts import ContractProblem, StatusCount
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import DAY, TODAY, failed, probed, reading
from tests.harness.claims.worded import worded

DAY_SECONDS = 86_400
TEN_YEARS = 10 * 366 * DAY_SECONDS

budget = partial(
    Verdict,
    claim="within_budget",
    expected="none refused, and 1× and 10× are carried",  # noqa: RUF001
    method="quota arithmetic over what 24 h 00 m allow, one trial a request",
)


def quota(requests: int, seconds: int = DAY_SECONDS, **given) -> SourcePromises:
    return SourcePromises(quota=Quota(requests=requests, seconds=seconds), **given)


def told(requests: int, seconds: int = DAY_SECONDS) -> Limited:
    return Limited(requests=requests, seconds=seconds)


def answered(**counts: int) -> tuple[StatusCount, ...]:
    return tuple(StatusCount(status=status.strip("_"), n=n) for status, n in counts.items())


def unread(dataset: str) -> ContractProblem:
    return ContractProblem(source="vendor", dataset=dataset, text="no key")


WIDE, NONE = quota(10**6), SourcePromises()


@pytest.mark.parametrize(
    ("promises", "facts", "verdict"),
    [
        (
            WIDE,
            [],
            budget(
                outcome=Outcome.UNPROVEN, because="Nothing was read.", observed="no reading", n=0
            ),
        ),
        (
            WIDE,
            [
                reading(slot=TODAY - DAY, throttled=9, attempts=99),
                reading(attempts=1_500, throttled=3, overloads=answered(_503=1, _429=2)),
                reading(attempts=7, throttled=1, overloads=answered(_403=0, SlowDown=1, _503=1)),
                probed(attempts=100),
                probed(attempts=2),
                failed("SourceUnavailable", "gone", attempts=1),
            ],
            budget(
                outcome=Outcome.BROKEN,
                because="The source refused 9 requests of 1,510 for their number "
                "(429, 503 and SlowDown).",
                observed="9 refusals",
                n=1_510,
            ),
        ),
        (
            WIDE,
            [reading(attempts=-5, overloads=answered(_503=1))],
            budget(
                outcome=Outcome.BROKEN,
                because="The source refused 1 request of -5 for their number (503).",
                observed="1 refusal",
                n=0,
            ),
        ),
        (
            WIDE,
            [reading(), failed("Source\nUnavailable", "gone:\nstart it."), unread("a")],
            budget(
                outcome=Outcome.ERROR,
                because="shipments was not read: gone: start it.",
                observed="failed: Source\N{REPLACEMENT CHARACTER}Unavailable",
                n=0,
            ),
        ),
        (
            WIDE,
            [reading(), unread("pri\nces")],
            budget(
                outcome=Outcome.ERROR,
                because="pri\N{REPLACEMENT CHARACTER}ces was not read: its contract is broken.",
                observed="not all was read",
                n=0,
            ),
        ),
        (
            WIDE,
            [reading(attempts=0)],
            budget(
                outcome=Outcome.UNPROVEN,
                because="No request was seen to be counted.",
                observed="0 requests",
                n=0,
            ),
        ),
        (
            NONE,
            [reading(attempts=1)],
            budget(
                outcome=Outcome.UNPROVEN,
                because="1 request for 1 reading, and no quota is known to hold them against: "
                "promise SourcePromises(quota=…).",
                observed="1 request, no quota",
                n=1,
            ),
        ),
        (
            NONE,
            [reading(attempts=20), reading(attempts=4, resent=answered(_503=1))],
            budget(
                outcome=Outcome.UNPROVEN,
                because="1 request was refused and sent again (503): a limit or an outage, "
                "ask the source's owner which.",
                observed="24 requests, no quota",
                n=24,
            ),
        ),
        (
            quota(7_000, 3_600, read_within=timedelta(hours=2)),
            [reading(attempts=1_300)],
            budget(
                outcome=Outcome.PROVEN,
                because="The quota carries 14,000 requests in 2 h 00 m (7,000 in 1 h 00 m): "
                "1× needs 1,300 (headroom 10.7×), "  # noqa: RUF001
                "10× needs 13,000 (1.0×); none was refused.",  # noqa: RUF001
                observed="14,000 carried, 1,300 needed",
                method="quota arithmetic over what 2 h 00 m allow, one trial a request",
                n=1_300,
            ),
        ),
        (
            quota(1_000),
            [reading(attempts=999)],
            budget(
                outcome=Outcome.BROKEN,
                because="The quota carries 1,000 requests in 24 h 00 m: "
                "1× needs 999 (headroom 1.0×), "  # noqa: RUF001
                "10× needs 9,990 (0.1×): ask for 8,990 more.",  # noqa: RUF001
                observed="1,000 carried, 999 needed",
                n=999,
            ),
        ),
        (
            WIDE,
            [reading(attempts=1, resent=answered(_503=2)), reading(resent=answered(_5_3=1))],
            budget(
                outcome=Outcome.UNPROVEN,
                because="3 requests were refused and sent again (503 and 5_3): a limit or an "
                "outage, ask the source's owner which.",
                observed="1,000,000 carried, 4 needed",
                n=4,
            ),
        ),
        (
            WIDE,
            [reading(attempts=8), probed(attempts=2, overloads=answered(_429=1))],
            budget(
                outcome=Outcome.UNPROVEN,
                because="1 request of the probes was refused for their number (429): whether "
                "our own are near a limit is not known.",
                observed="1,000,000 carried, 10 needed",
                n=10,
            ),
        ),
    ],
)
def test_every_word_of_a_verdict(promises, facts, verdict):
    assert worded(prove(promises, facts)) == verdict


@pytest.mark.parametrize(
    ("requests", "seconds", "carried"),
    [
        (100, 1, 8_640_000),
        (100, DAY_SECONDS - 1, 100),
        (100, DAY_SECONDS, 100),
        (100, DAY_SECONDS + 1, 99),
        (100, 2 * DAY_SECONDS, 50),
        (10**6, TEN_YEARS - 1, 273),
        (0, 10, 0),
        (-7, 10, 0),
    ],
)
def test_a_quota_declared_by_the_source_carries_so_many_a_night(requests, seconds, carried):
    verdict = prove(NONE, [reading(attempts=1, limits=(told(requests, seconds),))])
    assert verdict.observed == f"{carried:,} carried, 1 needed"


@pytest.mark.parametrize("seconds", [0, -1, TEN_YEARS])
def test_a_window_that_no_clock_can_hold_is_no_quota(seconds):
    verdict = prove(NONE, [reading(attempts=1, limits=(told(9, seconds),))])
    assert verdict.observed == "1 request, no quota"


@pytest.mark.parametrize(("seconds", "carried"), [(DAY_SECONDS, 200), (DAY_SECONDS + 1, 99)])
def test_in_two_days_a_quota_of_a_day_is_there_twice_and_a_longer_one_is_shared(seconds, carried):
    promises = quota(100, seconds, read_within=timedelta(days=2))
    assert prove(promises, [reading(attempts=1)]).observed == f"{carried} carried, 1 needed"
