"""Who is told what, and when: each channel once of an incident, and once of its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from harness.alerts.due import Contacts, Message, contacts_of, due, untried
from harness.alerts.history import History
from harness.alerts.incident import incidents
from harness.alerts.records import Step
from harness.pilot.alert_settings import Alerts
from harness.pilot.settings import Owner
from tests.harness.alerts.made import (
    CONTACTS,
    ESCALATE,
    FIRST,
    B,
    P,
    U,
    acknowledged,
    nights,
    sent,
    told,
    verdict,
)

MINUTE = timedelta(minutes=1)


def messages(
    history: History, *, after: timedelta = MINUTE, contacts: Mapping[str, Contacts] = CONTACTS
) -> tuple[Message, ...]:
    return due(
        incidents(history), history.told, contacts, now=FIRST + after, escalate_after=ESCALATE
    )


def words(history: History, **given) -> list[str]:
    return [
        f"{message.channel} {item.step}"
        for message in messages(history, **given)
        for item in message.items
    ]


def with_told(history: History, *given) -> History:
    return replace(history, told=given)


def identity(*outcomes) -> str:
    return incidents(nights(*outcomes))[-1].id


def test_owner_and_deputy_are_told_of_a_bad_claim_and_nobody_of_a_good_one() -> None:
    assert words(nights(B)) == ["mail opened", "room opened"]
    assert words(nights(P)) == []
    assert words(nights(U)) == []


def test_nobody_is_told_twice_while_it_stays_so() -> None:
    of = identity(B)
    history = with_told(nights(B, B, B), told(of, "room"), told(of, "mail"))
    assert words(history) == []


def test_whoever_was_told_is_told_that_it_is_mended_once() -> None:
    of = identity(B)
    began = (told(of, "room"), told(of, "mail"))
    assert words(with_told(nights(B, P), *began)) == ["mail mended", "room mended"]
    ended = (told(of, "room", step=Step.MENDED), told(of, "mail", step=Step.MENDED))
    assert words(with_told(nights(B, P), *began, *ended)) == []


def test_what_was_mended_before_anybody_could_be_told_is_no_news() -> None:
    assert words(nights(B, P)) == []


def test_a_failed_message_is_due_again_and_its_end_as_well() -> None:
    of = identity(B)
    failed = told(of, "room", failure="no connection")
    assert "room opened" in words(with_told(nights(B), failed, told(of, "mail")))
    assert "room mended" in words(with_told(nights(B, P), failed, told(of, "mail")))


def test_a_relapse_is_told_anew() -> None:
    of = identity(B)
    history = with_told(nights(B, P, B), told(of, "room"), told(of, "room", step=Step.MENDED))
    assert "room opened" in words(history)


def test_escalation_is_told_when_nobody_acknowledged_in_time() -> None:
    of = identity(B)
    history = with_told(nights(B), told(of, "room"), told(of, "mail"))
    assert words(history, after=ESCALATE - MINUTE) == []
    assert words(history, after=ESCALATE) == ["pager opened"]
    known = replace(history, acknowledged=(acknowledged(of),))
    assert words(known, after=ESCALATE) == []


def test_escalation_is_told_at_once_when_no_channel_took_the_first_message() -> None:
    of = identity(B)
    one, other = (told(of, name, failure="no connection") for name in ("room", "mail"))
    assert "pager opened" in words(with_told(nights(B), one, other))
    assert "pager opened" not in words(with_told(nights(B), one, told(of, "mail")))


def test_escalation_is_told_at_once_where_neither_of_the_two_has_a_channel() -> None:
    alone = {"crm": Contacts(first=(), last=(("Head of CRM", "pager"),))}
    assert words(nights(B), contacts=alone) == ["pager opened"]


def test_escalation_is_told_of_the_end_only_of_what_it_was_told_of() -> None:
    of = identity(B)
    began = (told(of, "room"), told(of, "mail"))
    assert "pager mended" not in words(with_told(nights(B, P), *began), after=2 * ESCALATE)
    escalated = (*began, told(of, "pager"))
    assert "pager mended" in words(with_told(nights(B, P), *escalated))


def test_a_channel_of_several_people_is_told_once_with_all_their_names() -> None:
    shared = {"crm": Contacts(first=(("Ada", "room"), ("Jonas", "room")), last=())}
    [message] = messages(nights(B), contacts=shared)
    assert (message.people, len(message.items)) == (("Ada", "Jonas"), 1)


def test_what_a_channel_lacks_is_one_message() -> None:
    history = History(verdicts=(verdict(0, B), verdict(0, B, claim="complete")))
    assert [(m.channel, len(m.items)) for m in messages(history)] == [("mail", 2), ("room", 2)]


def test_a_source_that_nobody_answers_for_tells_nobody() -> None:
    assert messages(nights(B), contacts={}) == ()


def test_a_message_that_is_sent_again_has_the_same_id() -> None:
    [first, _] = messages(nights(B))
    [again, other] = messages(nights(B, B))
    assert (first.id, first.id == other.id) == (again.id, False)


def test_a_channel_is_tried_three_times_in_a_run_and_again_in_the_next() -> None:
    [_, room] = messages(nights(B))
    failed = [sent(room, 0, failure="no")] * 3
    assert untried([room], failed[:2], "run-0") == [room]
    assert untried([room], failed, "run-0") == []
    assert untried([room], failed, "run-1") == [room]


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (None, Contacts(first=(), last=())),
        (Owner(owner="Ada"), Contacts(first=(("Ada", "room"), ("Ada", "mail")), last=())),
        (Owner(deputy="Jonas"), Contacts(first=(), last=())),
        (Owner(escalation="Ada"), Contacts(first=(), last=(("Ada", "room"), ("Ada", "mail")))),
    ],
)
def test_people_are_reached_by_their_channels(owner, expected) -> None:
    channels = {"room": {"slack": "env:ROOM"}, "mail": {"webhook": "env:MAIL"}}
    alerts = Alerts.model_validate({"channels": channels, "people": {"Ada": ["room", "mail"]}})
    assert contacts_of(owner, alerts) == expected
