"""Kinds 1 and 5: an API in pages whose rows move, and pages that contradict their own end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Paging
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.single import single
from connectors.rest.unmoved.immutable_key import immutable_key
from connectors.rest.unmoved.one_snapshot import one_snapshot
from connectors.rest.unmoved.read_twice import read_twice
from contracts.promises import Promises
from harness.verdict import Outcome, Verdict
from tests.connectors.rest.moving import Moving
from tests.connectors.scripted import scripted
from tests.truth.situation import NUMBER, Ground, Situation, contract, proven

HELD = contract("parts", {"key": NUMBER}, Promises(key=("key",)))
PROVEN, UNPROVEN, ERROR = Outcome.PROVEN, Outcome.UNPROVEN, Outcome.ERROR
ORDER, TWICE, SNAPSHOT = immutable_key("key"), read_twice("key"), one_snapshot("revision")


def _api(  # noqa: PLR0913 - a row of the table
    kind: int,
    name: str,
    right: Outcome,
    source: Callable[[], Moving],
    pages: Paging,
    *,
    claim: str = "complete",
    **endpoint: Any,
) -> Situation:
    asked = Endpoint(path="/1", pages=pages, rows="rows", total="total", **endpoint)

    def judge(ground: Ground) -> Verdict:
        with scripted(source().answer) as server:
            rest = server.rest(endpoints={"parts": asked})
            return proven(ground, rest, HELD, claim=claim)

    return Situation(kind=kind, source="REST", name=name, claim=claim, right=right, judge=judge)


def _still() -> Moving:
    return Moving()


def _shifting() -> Moving:
    """Row 3 is deleted and row 11 added behind page 1: by offset, row 6 is never read."""
    return Moving(deleted=[3], added=[11])


def _growing() -> Moving:
    return Moving(added=[11])


def _saying(**more: object) -> Callable[[], Moving]:
    return lambda: Moving(more=lambda _: more)


def _linking(rest: str) -> Callable[[], Moving]:
    """Page 1 names page 2 in a Link header."""
    link = {"Link": f"</1?page=2>{rest}"}
    return lambda: Moving(headers=lambda asked: link if asked % 2 else {})


def _revised() -> Moving:
    return Moving(deleted=[3], added=[11], more=lambda asked: {"revision": min(asked, 2)})


def _cached() -> Moving:
    return Moving(headers=lambda asked: {"Age": "90"} if asked == 2 else {})


SITUATIONS = (
    _api(1, "rows shift by offset, the total stays", UNPROVEN, _shifting, offset()),
    _api(1, "rows shift, all is read twice", UNPROVEN, _shifting, offset(), unmoved=TWICE),
    _api(1, "nothing moves, all is read twice", PROVEN, _still, offset(), unmoved=TWICE),
    _api(
        1, "rows shift, asked by key", UNPROVEN, _shifting, by_key("after", "key"), unmoved=ORDER
    ),
    _api(1, "nothing moves, asked by key", PROVEN, _still, by_key("after", "key"), unmoved=ORDER),
    _api(
        1,
        "an address counts rows, its keys ascend",
        UNPROVEN,
        _shifting,
        next_url("by_offset"),
        unmoved=ORDER,
    ),
    _api(1, "the address names the last key", PROVEN, _still, next_url("by_key"), unmoved=ORDER),
    _api(1, "another snapshot on page 2", UNPROVEN, _revised, offset(), unmoved=SNAPSHOT),
    _api(1, "one snapshot", PROVEN, _saying(revision=7), offset(), unmoved=SNAPSHOT),
    _api(
        1,
        "one page whose total is its own count",
        UNPROVEN,
        lambda: Moving(keys=[1, 2, 3]),
        single(),
        unmoved=TWICE,
    ),
    _api(1, "the total moves", UNPROVEN, _growing, offset(), unmoved=TWICE),
    _api(1, "the total moves: other claims", PROVEN, _growing, offset(), claim="conforms"),
    _api(1, "page 2 came from a cache", UNPROVEN, _cached, offset(), unmoved=TWICE),
    _api(
        5,
        "a link with an unquoted type and an empty parameter",
        PROVEN,
        _linking("; rel=next; type=application/json;;"),
        link_header(),
        unmoved=TWICE,
    ),
    _api(5, "a link that cannot be read", ERROR, _linking('; rel="next'), link_header()),
    _api(5, "has_more on the last page", ERROR, _saying(has_more=True), offset(), unmoved=TWICE),
    _api(5, "errors beside the rows", ERROR, _saying(errors=["half"]), offset(), unmoved=TWICE),
    _api(5, "a search that timed out", ERROR, _saying(timed_out=True), offset(), unmoved=TWICE),
    _api(
        5,
        "signs that say no",
        PROVEN,
        _saying(has_more=False, errors=[], error=None, truncated=False),
        offset(),
        unmoved=TWICE,
    ),
)
