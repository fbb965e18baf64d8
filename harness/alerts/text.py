"""The words of a message, and the body that each kind of channel takes. Pure.

They hold names of the pilot and what was promised, numbers of the promise included: never what was
found, because that may quote data. Each has a bound, and nothing in it steers its channel.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from harness.alerts.due import Item, Message
from harness.alerts.records import Step
from harness.report.summary import where
from harness.say import visible

MOST_ITEMS = 20
"""Incidents that one message names; of the others it tells the number."""
_MOST_CHARACTERS = 160
"""Of one name or sentence in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What a message is from."""

    pilot: str
    environment: str
    run: str


def subject(head: Letterhead, message: Message) -> str:
    """One line: what happened."""
    of = f"({head.pilot}, {head.environment})"
    if not message.items:
        return f"Seatrial: a test {of}"
    first, more = message.items[0], len(message.items) - 1
    return f"Seatrial: {_headline(first)}{f' and {more} more' if more else ''} {of}"


def lines(head: Letterhead, message: Message) -> list[str]:
    """The whole message, line by line."""
    text = [subject(head, message), ""]
    if not message.items:
        text += ["This is a test. Nothing is wrong, and you can be reached here."]
    for item in message.items[:MOST_ITEMS]:
        text += [_headline(item), *(f"  {line}" for line in _details(item))]
    if (left := len(message.items) - MOST_ITEMS) > 0:
        text += [f"and {left} more: seatrial incident shows all"]
    if not message.items or any(item.step is Step.OPENED for item in message.items):
        text += ["", "To acknowledge: " + acknowledge(head, message.people)]
    if message.items:
        text += ["What was found: seatrial incident, and the report of run " + head.run]
    return [visible(line) for line in text]


def acknowledge(head: Letterhead, people: tuple[str, ...]) -> str:
    """The command by which one of these people acknowledges."""
    name = shlex.quote(_short(people[0])) if people else "NAME"
    return f"seatrial ack --env {shlex.quote(head.environment)} --by {name}"


def slack(head: Letterhead, message: Message) -> bytes:
    """For an incoming webhook of Slack: plain text, no mention and no link of it is followed."""
    text = "\n".join(lines(head, message))
    for mark, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(mark, escaped)
    plain = {"mrkdwn": False, "link_names": False, "unfurl_links": False, "unfurl_media": False}
    return _json({"text": text, **plain})


def teams(head: Letterhead, message: Message) -> bytes:
    """For a workflow of Teams: a card of text runs, which know no Markdown."""
    runs = [
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line or " "}]}
        for line in lines(head, message)
    ]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": runs,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return _json({"type": "message", "attachments": [{"contentType": kind, "content": card}]})


def webhook(head: Letterhead, message: Message) -> bytes:
    """Our own JSON, for programs. A message that comes again has the same `id`."""
    return _json(
        {
            "format": 1,
            "id": message.id,
            "pilot": head.pilot,
            "environment": head.environment,
            "run": head.run,
            "kind": "alert" if message.items else "test",
            "people": [_short(person) for person in message.people],
            "text": "\n".join(lines(head, message)),
            "omitted": max(0, len(message.items) - MOST_ITEMS),
            "news": [
                {
                    "step": str(item.step),
                    "incident": item.incident.id,
                    "source": item.incident.planned.source,
                    "dataset": item.incident.planned.dataset,
                    "claim": item.incident.planned.claim,
                    "outcome": str(item.incident.latest.verdict.outcome),
                    "detected_at": _instant(item.incident.detected.at),
                }
                for item in message.items[:MOST_ITEMS]
            ],
        }
    )


def mail(
    head: Letterhead, message: Message, *, sender: str, to: str, now: datetime
) -> EmailMessage:
    """A mail in plain text. RFC 3834 5: it answers nothing and wants no answer."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = Address(addr_spec=sender), Address(addr_spec=to)
    made["Subject"] = visible(subject(head, message))
    made["Date"] = now
    made["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content("\n".join(lines(head, message)) + "\n", cte="quoted-printable")
    return made


def _headline(item: Item) -> str:
    planned, latest = item.incident.planned, item.incident.latest.verdict
    word = "MENDED" if item.step is Step.MENDED else str(latest.outcome)
    return f"{word}: {where(planned)} {planned.claim}"


def _details(item: Item) -> list[str]:
    incident = item.incident
    found = f"found {_instant(incident.detected.at)}, incident {incident.id}"
    if item.step is Step.MENDED:
        return [f"{found}, mended {_instant(incident.latest.at)}"]
    return [f"promised: {_short(incident.detected.verdict.expected)}", found]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _short(text: str) -> str:
    plain = re.sub(r"\s+", " ", text)
    return plain if len(plain) <= _MOST_CHARACTERS else f"{plain[: _MOST_CHARACTERS - 1]}…"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, allow_nan=False).encode()
