"""Every page names the same snapshot of its source."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import SourceChanged
from connectors.events import WitnessKind
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import Header, optional
from connectors.rest.paginators.offset import offset
from connectors.rest.unmoved.one_snapshot import one_snapshot
from connectors.rest.unmoved.read_twice import read_twice
from tests.connectors.rest.moving import Moving, told


@pytest.mark.parametrize("token", ["v7", 7])
def test_one_snapshot_on_every_page_proves_that_nothing_moved(token: object) -> None:
    source = Moving(more=lambda _: {"meta": {"revision": token}})
    completed, _, _ = told(source, offset(), unmoved=one_snapshot("meta.revision"))
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.ONE_SNAPSHOT
    assert completed.unwitnessed is None


def test_it_may_stand_in_a_header() -> None:
    source = Moving(headers=lambda _: {"X-Revision": "v7"})
    completed, _, _ = told(source, offset(), unmoved=one_snapshot(Header("X-Revision")))
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.ONE_SNAPSHOT


@pytest.mark.parametrize(
    ("tokens", "told_as"),
    [
        (["v7", "v8", "v8"], "another snapshot on GET"),
        (["v7", "v7", "v8"], "another snapshot on GET"),
        (["v7", None, "v7"], "no snapshot on GET"),
        ([None, None, None], "no snapshot on GET"),
        (["", "", ""], "no snapshot on GET"),
        ([True, True, True], "no snapshot on GET"),
    ],
)
def test_another_snapshot_or_none_proves_nothing(tokens: list[Any], told_as: str) -> None:
    source = Moving(deleted=[3], added=[11], more=lambda asked: {"revision": tokens[asked - 1]})
    completed, _, _ = told(source, offset(), unmoved=one_snapshot("revision"))
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert completed.unwitnessed is not None
    assert f"revision names {told_as}" in completed.unwitnessed


def test_a_place_without_anything_is_misspelt_unless_the_pilot_says_otherwise() -> None:
    with pytest.raises(SourceChanged, match="nothing at revision"):
        told(Moving(), offset(), unmoved=one_snapshot("revision"))
    completed, _, _ = told(Moving(), offset(), unmoved=one_snapshot(optional("revision")))
    assert completed.unwitnessed is not None


def test_what_shows_that_nothing_moved_shows_nothing_without_a_total() -> None:
    with pytest.raises(ValueError, match="unmoved shows nothing without a total"):
        Endpoint(path="/1", pages=offset(), rows="rows", unmoved=read_twice("key"))
