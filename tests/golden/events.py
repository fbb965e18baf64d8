"""One event of each type with every field set: what the golden run log was written from."""

from __future__ import annotations

from connectors.events import (
    Answered,
    Authenticated,
    BlankLines,
    Completed,
    Delivered,
    Event,
    Limited,
    Overloaded,
    Refused,
    Retried,
    Unreadable,
    Waited,
    WaitReason,
)
from connectors.peer import Connected, Peer
from connectors.slots import SpentByOthers
from tests.golden.facts import DECLARED, NOON, READING

EVENTS: tuple[Event, ...] = (
    Answered(what="GET /orders\n", status="200", seconds=0.25, bytes=512, attempt=1),
    Connected(peer=Peer(host="shop.example", address="198.51.100.7", proxy="p.example:3128")),
    Waited(seconds=1.5, why=WaitReason.RETRY_AFTER),
    Retried(what="GET /orders", attempt=2, why="503"),
    Authenticated(how="password", renewed=True),
    Refused(what="GET /orders", status="429", retry_after=3.0),
    Overloaded(what="GET /orders", status="503"),
    Limited(requests=60, seconds=60),
    SpentByOthers(requests=12),
    DECLARED,
    Delivered(name="größe.csv", available_at=NOON, bytes=512, sha256="ab" * 32),
    BlankLines(name="größe.csv", lines=2),
    Unreadable(name="größe.csv", why="größe.csv: it is cut"),
    Completed(rows=7, bytes=512, witness=READING.witness, unwitnessed="views hide rows"),
)
