"""Columns are asked for in few requests of real servers far away, as a reading declares them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.capabilities import Declares
from connectors.connector import Connector
from connectors.errors import NeedsRows
from connectors.events import Answered, Declared, Event
from tests.conformance import read
from tests.connectors.bucket_fixture import LINES, bucket
from tests.connectors.drop_fixture import SHIPMENTS, drop
from tests.connectors.vendor_fixture import PARTS, plenty, shop
from tests.connectors.vendor_fixture import SCHEMA as PARTS_SCHEMA

MOST = 5


def same(connector: Connector, dataset: str, schema: pa.Schema) -> list[Answered]:
    """What asking took; it declares what a reading declares."""
    assert isinstance(connector, Declares)
    events: list[Event] = []
    declared = connector.declare(dataset, emit=events.append)
    assert read(connector, dataset, schema).of(Declared)[-1] == declared
    answers = [event for event in events if isinstance(event, Answered)]
    assert 0 < len(answers) <= MOST
    return answers


def test_an_object_tells_by_its_footer() -> None:
    with bucket() as billing:
        billing.clear()
        for day in (1, 2):
            billing.put_rows(day, 30_000)
        size = billing.path("day=2026-11-02/part-0.parquet").stat().st_size
        answers = same(billing.store(), "it", LINES)
        assert sum(answer.bytes for answer in answers) <= 64 << 10 < size


def test_a_file_of_a_drop_tells_by_its_header() -> None:
    with drop() as logistics:
        logistics.clear()
        for day in (1, 2):
            logistics.put_rows(day, 30_000)
        answers = same(logistics.sftp(), "it", SHIPMENTS)
        assert sum(answer.bytes for answer in answers) <= 64 << 10


def test_an_interface_tells_by_its_first_page(tmp_path: Path) -> None:
    with shop(tmp_path, requests=10_000, seconds=1) as vendor:
        answers = same(vendor.rest(plenty()), "parts", PARTS_SCHEMA)
        assert len([answer for answer in answers if "parts" in answer.what]) == 1
        nothing = "&part_key__lt=0"
        empty = vendor.rest(
            plenty(), endpoints={"parts": replace(PARTS, path=PARTS.path + nothing)}
        )
        with pytest.raises(NeedsRows, match="no rows"):
            empty.declare("parts", emit=lambda _: None)
