"""The page of an incident says in plain words what happened, what is next, and who has to act."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from harness.alerts.incident import incidents
from harness.alerts.page import Asked, page
from harness.alerts.records import Step
from harness.alerts.text import Letterhead
from harness.pilot.settings import Owner
from tests.harness.alerts.made import ESCALATE, FIRST, B, E, P, U, acknowledged, nights, told

OWNER = Owner(owner="Ada", deputy="Jonas", escalation="Head of CRM")
ASKED = Asked(
    head=Letterhead(pilot="acme", environment="production", run=""),
    owner=OWNER,
    owed=True,
    now=FIRST + timedelta(hours=1),
    escalate_after=ESCALATE,
)


def rows(*outcomes, sent=(), known: bool = False, asked: Asked = ASKED) -> dict[str, str]:
    """The last row of each name."""
    history = nights(*outcomes)
    if known:
        of = incidents(history)[0].id
        history = replace(history, acknowledged=(acknowledged(of),))
    lines = page(incidents(history)[0], sent, asked)[1:]
    return {line[2:16].strip(): line[16:] for line in lines}


def test_it_begins_with_what_is_bad() -> None:
    [one] = incidents(nights(B))
    assert page(one, (), ASKED)[0] == f"crm.customers fresh: BROKEN, open (incident {one.id})"
    [one] = incidents(nights(B, P))
    assert page(one, (), ASKED)[0] == f"crm.customers fresh: MENDED (incident {one.id})"


def test_the_onset_lies_behind_the_last_good_night() -> None:
    assert rows(P, U, B)["onset"] == (
        "after 2026-11-20 02:00:00 UTC, when it was PROVEN (night of 2026-11-20)"
    )
    assert rows(B)["onset"].startswith("not known: it was never good before 2026-11-20 02:00")


def test_it_says_when_it_was_detected_and_what_was_found() -> None:
    found = rows(P, B)
    assert found["detected"] == "2026-11-21 02:00:00 UTC, night of 2026-11-21, run run-1"
    assert found["promised"] == "95 % within 24 h"
    assert "3 of 9 were late" in found["found"]


def test_it_says_what_became_of_it_since() -> None:
    assert "since then" not in rows(B)
    assert rows(B, B, U)["since then"].startswith(
        "found bad 2 times, last judged 2026-11-22 02:00"
    )
    assert (rows(B, B)["mended"], rows(B, P)["mended"]) == (
        "not yet",
        "2026-11-21 02:00:00 UTC, run run-1",
    )


def test_it_says_who_was_told_and_who_was_not() -> None:
    of = incidents(nights(B))[0].id
    sent = (
        told(of, "room"),
        told(of, "mail", failure="first"),
        told(of, "mail", failure="refused"),
        told("another", "pager"),
    )
    found = rows(B, sent=sent)
    assert found["told"] == "2026-11-20 02:00:00 UTC, that it is bad: Ada by room"
    assert found["not told"] == "Ada by mail (2026-11-20 02:00:00 UTC): refused"
    at_last = (*sent, told(of, "mail", step=Step.MENDED))
    assert "not told" not in rows(B, P, sent=at_last)


@pytest.mark.parametrize(
    ("outcomes", "known", "change", "expected"),
    [
        ((B,), False, {}, "Ada or Jonas is to acknowledge it: seatrial ack --env production --by"),
        ((B,), False, {}, "; else Head of CRM is told, from 2026-11-20 22:00:00 UTC on"),
        ((B,), False, {"now": FIRST + 2 * ESCALATE}, "so Head of CRM is told as well"),
        ((B,), False, {"escalate_after": None}, "--by Ada"),
        ((B,), True, {}, "Ada has it mended at the source, or the promise corrected"),
        ((E,), True, {}, "Ada has the reason removed that kept it from being judged"),
        ((B, U), True, {}, "Ada waits: it is UNPROVEN, and only PROVEN or WAIVED ends it"),
        ((B, P), True, {}, "nothing: it is good again"),
        ((B,), False, {"owed": False}, "the pilot asks for this claim no more"),
        ((B,), False, {"owner": None}, "name who answers for crm under owners in pilot.yaml"),
    ],
)
def test_it_says_what_is_next_and_who(outcomes, known, change, expected) -> None:
    assert expected in rows(*outcomes, known=known, asked=replace(ASKED, **change))["next"]


def test_it_says_who_acknowledged_and_when() -> None:
    assert rows(B)["acknowledged"] == "by nobody yet"
    assert rows(B, known=True)["acknowledged"] == "2026-11-20 08:00:00 UTC, by Ada"
