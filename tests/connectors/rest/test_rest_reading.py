"""The REST connector reads the real gateway, token service and Datasette."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.events import (
    Answered,
    Authenticated,
    Completed,
    Limited,
    Witness,
    WitnessKind,
)
from connectors.rest.counted_at import counted_at
from connectors.rest.locations import DocumentPath
from connectors.rest.paginators import Paging
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.single import single
from connectors.rest.unmoved.immutable_key import immutable_key
from connectors.rest.unmoved.read_twice import read_twice
from estate.vendor import UNLIMITED
from tests.connectors.vendor_fixture import (
    HELD,
    PARTS,
    ROWS,
    SCHEMA,
    Run,
    Shop,
    plenty,
    read,
    shop,
)

PAGES = ROWS // 50
NUMBER: dict[str, DocumentPath] = {"number": ("part_key",)}


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A vendor whose quota nobody spends."""
    with shop(tmp_path_factory.mktemp("v"), requests=10_000, seconds=1) as running:
        yield running


@pytest.mark.parametrize("pages", [PARTS.pages, link_header()], ids=["next_url", "link_header"])
def test_everything_that_the_source_holds_is_read_once(vendor: Shop, pages: object) -> None:
    run = read(vendor.rest(plenty(), endpoints={"parts": replace(PARTS, pages=pages)}))
    assert run.rows() == HELD
    assert run.table is not None
    assert run.table.schema == SCHEMA.append(pa.field(RESCUED, pa.string()))
    assert run.table[RESCUED].null_count == ROWS
    assert run.table["name"].null_count == ROWS // 7


@pytest.mark.parametrize("pages", [PARTS.pages, link_header()], ids=["next_url", "link_header"])
def test_the_sources_own_total_is_the_witness(vendor: Shop, pages: Paging) -> None:
    """Its pages follow the primary key, which the pilot declares and the reading checks."""
    parts = replace(PARTS, pages=pages, unmoved=immutable_key("part_key"))
    run = read(vendor.rest(plenty(), endpoints={"parts": parts}))
    mark = "next_url is null" if pages is PARTS.pages else "no link to a next page"
    answered = sum(event.bytes for event in run.of(Answered) if event.what.startswith("GET"))
    assert run.events[-1] == Completed(
        rows=ROWS,
        bytes=answered,
        witness=Witness(
            kind=WitnessKind.IMMUTABLE_KEY,
            declared=ROWS,
            unit="rows",
            detail=f"{mark} on page {PAGES}",
        ),
    )


def test_a_total_by_a_second_request_is_a_witness_too(vendor: Shop) -> None:
    """And a field of rows with a name of its own."""
    total = counted_at(f"{PARTS.path.partition('?')[0]}?_size=1", "filtered_table_rows_count")
    parts = replace(PARTS, total=total, unmoved=immutable_key("number"))
    run = read(vendor.rest(plenty(), endpoints={"parts": replace(parts, columns=NUMBER)}))
    (completed,) = run.of(Completed)
    assert completed.witness is not None
    assert completed.witness.declared == completed.rows == ROWS
    assert len(run.of(Answered)) == PAGES + 2, "a token, the pages and the count"


def test_a_draft_says_what_its_first_answer_reads_like(vendor: Shop) -> None:
    rest = vendor.rest(plenty(), endpoints={"parts": replace(PARTS, pages=single())})
    described = rest.describe("parts", emit=lambda _: None)
    assert described.hint is not None
    assert "reads like pages=link_header(): write that into its" in described.hint


def test_without_a_declared_total_there_is_no_witness(vendor: Shop) -> None:
    run = read(vendor.rest(plenty(), endpoints={"parts": replace(PARTS, total=None)}))
    assert run.of(Completed)[0].witness is None


def test_pages_sorted_by_something_else_do_not_prove_it(vendor: Shop) -> None:
    """Control: Datasette then asks for the next page by the column it sorts by, and the key."""
    unsorted = replace(PARTS, path=PARTS.path + "&_sort=size", unmoved=immutable_key("part_key"))
    (completed,) = read(vendor.rest(plenty(), endpoints={"parts": unsorted})).of(Completed)
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert "part_key did not ascend" in completed.unwitnessed


def test_a_second_pass_over_any_order_proves_it_at_twice_the_requests(vendor: Shop) -> None:
    twice = replace(PARTS, path=PARTS.path + "&_sort=size", unmoved=read_twice("part_key"))
    run = read(vendor.rest(plenty(), endpoints={"parts": twice}))
    (completed,) = run.of(Completed)
    assert completed.witness.kind is WitnessKind.READ_TWICE
    assert len([event for event in run.of(Answered) if "GET" in event.what]) == 2 * PAGES


def test_a_source_that_did_not_count_is_no_witness(vendor: Shop) -> None:
    uncounted = replace(PARTS, path=PARTS.path + "&_nocount=1")
    run = read(vendor.rest(plenty(), endpoints={"parts": uncounted}))
    assert run.of(Completed)[0].witness is None
    assert run.rows() == HELD


def test_every_answer_is_an_event_without_query_values(vendor: Shop) -> None:
    run = read(vendor.rest(plenty()))
    host = vendor.environ["VENDOR_URL"].removeprefix("https://")
    token, *pages = run.of(Answered)
    assert (token.what, token.status, token.attempt) == (f"POST {host}/oauth/token", "200", 1)
    first = f"GET {host}/vendor/parts.json"
    further = [f"{first} page {number}" for number in range(2, PAGES + 1)]
    assert [page.what for page in pages] == [first, *further]
    assert run.of(Authenticated) == [
        Authenticated(how="OAuth 2.0 client credentials", renewed=False)
    ]


def test_each_quota_that_the_source_tells_is_an_event_once(vendor: Shop) -> None:
    assert read(vendor.rest(plenty())).of(Limited) == [
        Limited(requests=10_000, seconds=1),
        Limited(requests=UNLIMITED, seconds=86_400),
    ]


def test_a_reader_left_early_says_nothing_of_completion(vendor: Shop) -> None:
    run = Run()
    reader = vendor.rest(plenty()).read("parts", schema=SCHEMA, emit=run.events.append)
    reader.read_next_batch()
    del reader
    assert not run.of(Completed)


def test_an_empty_table_is_complete_and_empty(vendor: Shop) -> None:
    nothing = replace(PARTS, path="/vendor/empty_one.json?_shape=objects")
    run = read(vendor.rest(plenty(), endpoints={"parts": nothing}))
    assert run.table is not None
    assert run.table.num_rows == 0
    assert run.table.schema.names == [*SCHEMA.names, RESCUED]
    assert run.of(Completed)[0].witness.declared == 0


def test_columns_follow_the_contract_and_others_stand_after_it_as_text(vendor: Shop) -> None:
    schema = pa.schema([("retail_price", pa.string()), ("gone", pa.int64()), ("size", pa.int64())])
    run = read(vendor.rest(plenty()), schema=schema)
    assert run.table is not None
    assert run.table.schema.names == ["retail_price", "size", "part_key", "name", RESCUED]
    assert run.table["part_key"].type == pa.string()
