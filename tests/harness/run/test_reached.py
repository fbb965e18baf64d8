"""Each reading tells whom its connections reached, and how much came from there."""

from __future__ import annotations

import pyarrow as pa

from connectors.events import Answered
from connectors.peer import Connected, Peer, Reached
from harness.run.sums import REACHED_KEPT, Sums
from tests.connectors.scripted import documents, paged, scripted

SCHEMA = pa.schema([("key", pa.int64())])
HERE = Peer(host="127.0.0.1", address="127.0.0.1")


def test_a_reading_counts_its_connections_and_the_bytes_of_its_answers() -> None:
    sums = Sums()
    with scripted(paged(documents([{"key": 1}], [{"key": 2}]))) as source:
        source.rest().read("parts", schema=SCHEMA, emit=sums.add).read_all()
    (reached,) = sums.reached()
    assert reached.peer == HERE
    assert reached.connections >= 1
    assert reached.bytes == sums.answered_bytes > 0


def test_who_was_reached_and_gave_no_answer_is_told_too() -> None:
    sums = Sums()
    sums.add(Connected(peer=HERE))
    assert sums.reached() == (Reached(peer=HERE, connections=1, bytes=0),)


def test_an_address_that_changes_is_told_apart() -> None:
    sums = Sums()
    there = Peer(host="127.0.0.1", address="::1")
    for peer in (HERE, there, HERE):
        sums.add(Connected(peer=peer))
        sums.add(Answered(what="GET /1", status="200", seconds=0.1, bytes=5, attempt=1, peer=peer))
    assert [(one.connections, one.bytes) for one in sums.reached()] == [(2, 10), (1, 5)]


def test_no_more_are_kept_than_a_fact_may_hold() -> None:
    sums = Sums()
    for number in range(REACHED_KEPT + 5):
        sums.add(Connected(peer=Peer(host="shop.example", address=f"10.0.0.{number}")))
    assert len(sums.reached()) == REACHED_KEPT
