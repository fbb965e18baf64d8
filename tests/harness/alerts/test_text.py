"""A message says what happened in bounded words that steer no channel and quote no data."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from harness.alerts import text
from harness.alerts.due import Item, Message
from harness.alerts.incident import incidents
from harness.alerts.records import Step
from harness.alerts.text import Letterhead
from tests.harness.alerts.made import FIRST, SECRET, B, E, P, U, nights

HEAD = Letterhead(pilot="acme", environment="production", run="run-1")
HOSTILE = "Ada <!channel> *bold* [x](http://evil.example) \u202e\r\nBcc: all@acme.example @here"


def message(
    *outcomes, step: Step = Step.OPENED, people: tuple[str, ...] = ("Ada",), many: int = 1
) -> Message:
    items = [Item(step=step, incident=one) for one in incidents(nights(*outcomes))[-1:]]
    return Message(channel="room", people=people, items=tuple(items * many))


TEST = Message(channel="room", people=("Ada Okafor",), items=(), test="run-1")
BODIES: tuple[Callable[[Letterhead, Message], bytes], ...] = (
    text.slack,
    text.teams,
    text.webhook,
    lambda head, one: bytes(
        text.mail(head, one, sender="a@b.example", to="c@d.example", now=FIRST)
    ),
)
every_channel = pytest.mark.parametrize("body", BODIES, ids=["slack", "teams", "webhook", "mail"])


def test_it_says_what_is_bad_what_was_promised_and_what_to_do() -> None:
    [identity] = [one.id for one in incidents(nights(P, B))]
    assert text.lines(HEAD, message(P, B)) == [
        "Seatrial: BROKEN: crm.customers fresh (acme, production)",
        "",
        "BROKEN: crm.customers fresh",
        "  promised: 95 % within 24 h",
        f"  found 2026-11-21 02:00 UTC, incident {identity}",
        "",
        "To acknowledge: seatrial ack --env production --by Ada",
        "What was found: seatrial incident, and the report of run run-1",
    ]


def test_it_says_what_is_mended_since_when() -> None:
    told = text.lines(HEAD, message(B, P, step=Step.MENDED))
    assert told[2] == "MENDED: crm.customers fresh"
    assert "found 2026-11-20 02:00 UTC" in told[3]
    assert told[3].endswith("mended 2026-11-21 02:00 UTC")
    assert "ack" not in "".join(told)


@pytest.mark.parametrize("last", [B, E, U])
def test_the_outcome_is_that_of_the_last_verdict(last) -> None:
    assert f"{last}: crm.customers fresh" in text.lines(HEAD, message(B, last))


def test_a_test_says_that_it_is_one_and_how_to_answer() -> None:
    told = "\n".join(text.lines(HEAD, TEST))
    assert "This is a test. Nothing is wrong" in told
    assert "seatrial ack --env production --by 'Ada Okafor'" in told


@every_channel
def test_what_was_found_is_not_quoted(body) -> None:
    assert SECRET.encode() not in body(HEAD, message(B))


@every_channel
def test_a_long_list_is_cut_and_counted(body) -> None:
    """Slack takes 40,000 characters, Teams 28 KB."""
    long = message(B, many=5_000, people=("x" * 5_000,))
    made = body(HEAD, long)
    assert len(made) < 16_000
    assert b"4980 more" in made
    assert b"4999 more" in made


@every_channel
def test_no_name_begins_a_line_or_hides_one(body) -> None:
    made = body(HEAD, message(B, people=(HOSTILE,)))
    assert "\u202e".encode() not in made
    assert b"\nBcc" not in made


def test_slack_gets_plain_text_without_mentions_and_links() -> None:
    made = json.loads(text.slack(HEAD, message(B, people=(HOSTILE,))))
    assert "<" not in made["text"]
    assert "&lt;!channel&gt;" in made["text"]
    assert made["mrkdwn"] is made["link_names"] is made["unfurl_links"] is False


def test_teams_gets_text_runs_which_know_no_markdown() -> None:
    made = json.loads(text.teams(HEAD, message(B, people=(HOSTILE,))))
    [attached] = made["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    runs = [run for block in attached["content"]["body"] for run in block["inlines"]]
    assert {run["type"] for run in runs} == {"TextRun"}
    assert runs[0]["text"] == "Seatrial: BROKEN: crm.customers fresh (acme, production)"


def test_a_program_gets_fields_and_an_id_that_stays() -> None:
    made = json.loads(text.webhook(HEAD, message(B)))
    assert (made["format"], made["kind"], made["omitted"]) == (1, "alert", 0)
    assert made["id"] == json.loads(text.webhook(HEAD, message(B)))["id"]
    [news] = made["news"]
    assert news["step"] == "opened"
    assert (news["source"], news["dataset"], news["claim"]) == ("crm", "customers", "fresh")
    assert json.loads(text.webhook(HEAD, TEST))["kind"] == "test"


def test_a_mail_names_itself_by_the_messages_id() -> None:
    one = message(B)
    made = text.mail(HEAD, one, sender="a@b.example", to="c@d.example", now=FIRST)
    assert made["Message-ID"] == f"<{one.id}@b.example>"
