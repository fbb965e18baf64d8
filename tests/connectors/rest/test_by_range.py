"""Ranges of rows (RFC 9110 14): 206 is a page, and Content-Range says of how many."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceChanged
from connectors.events import Completed, WitnessKind
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, Header
from connectors.rest.numbers import ContentRange, content_range
from connectors.rest.paginators import Paging
from connectors.rest.paginators.by_range import by_range
from connectors.rest.paginators.page_number import page_number
from connectors.rest.unmoved.immutable_key import immutable_key
from connectors.rest.unmoved.read_twice import read_twice
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import Asked, Said, Scripted, scripted
from tests.connectors.vendor_fixture import Run

COUNT = st.integers(0, 10**17)
HELD: list[dict[str, Any]] = [{"key": key} for key in range(7)]
TYPED = {"content-type": "application/json"}
TOTAL = Header("Content-Range")


def held(field: str, rows: list[dict[str, Any]], status: int = 206) -> Said:
    return Said(rows, status=status, headers={**TYPED, "Content-Range": field})


def ranged(*, unit: str = "items", most: int = 3, tells: bool = True) -> Callable[[Asked], Said]:
    """Seven rows, `most` at once, whatever is asked for; 416 behind the last."""

    def answers(asked: Asked) -> Said:
        match = re.fullmatch(rf"{unit}=(\d+)-(\d+)", asked.headers["range"])
        assert match is not None
        start, end = int(match[1]), min(int(match[2]), int(match[1]) + most - 1, len(HELD) - 1)
        total = len(HELD) if tells else "*"
        if start >= len(HELD):
            return held(f"{unit} */{total}", [], status=416)
        return held(f"{unit} {start}-{end}/{total}", HELD[start : end + 1])

    return answers


def read(source: Scripted, pages: Paging, **settings: Any) -> Run:
    endpoint = Endpoint(path="/1", pages=pages, rows=ROOT, **settings)
    return read_as(source, endpoint, auth=NoAuth())


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("rows", [2, 5, 100])
def test_p06_ranges_are_read_to_their_end_though_the_source_gives_fewer(
    rows: int, *, tells: bool
) -> None:
    """With a total no range behind the last is asked for, and without one 416 is the end."""
    unmoved = read_twice("key")
    with scripted(ranged(tells=tells)) as source:
        run = read(source, by_range(rows), total=TOTAL, unmoved=unmoved)
        behind = [a for a in source.asked if int(a.headers["range"][6:].split("-")[0]) >= 7]
    assert keys(run) == list(range(7))
    assert bool(behind) is not tells
    (completed,) = run.of(Completed)
    assert (completed.witness and completed.witness.kind) == (
        WitnessKind.READ_TWICE if tells else None
    )


@pytest.mark.parametrize("half_open", [True, False])
def test_h12_a_range_whose_end_is_the_row_behind_it_is_declared(*, half_open: bool) -> None:
    """As Tryton has it. Taken for a closed one it is refused: no row is left out unnoticed."""

    def answers(asked: Asked) -> Said:
        start, end = map(int, asked.headers["range"].removeprefix("items=").split("-"))
        rows = HELD[start:end]
        return held(f"items {start}-{start + len(rows)}/{len(HELD)}", rows, status=200)

    with scripted(answers) as source:
        if half_open:
            assert keys(read(source, by_range(3, half_open=True), total=TOTAL)) == list(range(7))
            assert len(source.asked) == 3
        else:
            with pytest.raises(SourceChanged, match="not those that its Content-Range names"):
                read(source, by_range(3))


def test_several_ranges_at_once_give_the_same() -> None:
    with scripted(ranged(most=2)) as source:
        assert keys(read(source, by_range(2), at_once=4, total=TOTAL)) == list(range(7))


def test_a_unit_is_named_or_left_out() -> None:
    with scripted(ranged(unit="rows")) as source:
        assert keys(read(source, by_range(3, unit="rows"))) == list(range(7))

    def bare(asked: Asked) -> Said:
        start = int(asked.headers["range"].partition("-")[0])
        rows = HELD[start : start + 4]
        return held(f"{start}-{start + len(rows) - 1}/*" if rows else "*/*", rows, status=200)

    with scripted(bare) as source:
        assert keys(read(source, by_range(4, unit=None))) == list(range(7))
        assert [asked.headers["range"] for asked in source.asked] == ["0-3", "4-7", "7-10"]


ANSWERS = {
    "H12 a range that was not asked for": (held("items 1-3/7", HELD[1:4]), "not those that its"),
    "H12 fewer rows than its range": (held("items 0-2/7", HELD[:2]), "not those that its"),
    "H12 no Content-Range": (Said(HELD, status=206), "no Content-Range that can be read"),
    "H12 a source that does not know Range": (Said(HELD), "no Content-Range that can be read"),
    "H12 an end beyond the total": (held("items 0-2/3", HELD[:4]), "not those that its"),
    "H12 total below the range": (held("items 0-2/2", HELD[:3]), "not those that its"),
    "H12 total far below the range": (held("items 0-2/1", HELD[:3]), "no Content-Range that can"),
    "H12 one row of none": (held("items 0-0/0", HELD[:1]), "not those that its"),
    "P07 no rows of seven": (held("items */7", [], status=416), "tells of more"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_h12_p07_an_answer_that_contradicts_its_range_is_refused(case: str) -> None:
    answer, told = ANSWERS[case]
    with scripted(lambda _: answer) as source, pytest.raises(SourceChanged, match=told):
        read(source, by_range(3))


@pytest.mark.parametrize("status", [206, 416])
def test_h12_a_part_that_nobody_asked_for_is_no_page(status: int) -> None:
    """Control: the same answers to a request without a range."""
    with (
        scripted(lambda _: held("items 0-6/7", HELD, status=status)) as source,
        pytest.raises(SourceChanged, match=f"answered {status}"),
    ):
        read(source, page_number())


def test_an_empty_source_is_416_at_once() -> None:
    with scripted(lambda _: held("items */0", [], status=416)) as source:
        run = read(source, by_range(3), total=TOTAL)
    assert keys(run) == []


def test_p03_keys_in_order_prove_nothing_where_rows_are_counted() -> None:
    with pytest.raises(ValueError, match="immutable_key shows nothing where pages are counted"):
        Endpoint(
            path="/1",
            pages=by_range(3),
            rows=ROOT,
            total=TOTAL,
            unmoved=immutable_key("key"),
        )


def test_a_range_has_rows() -> None:
    with pytest.raises(ValueError, match="one row or more"):
        by_range(0)


@given(COUNT, COUNT, COUNT | st.none(), st.sampled_from(["items ", "bytes\t", "", "x-y  "]))
def test_a_content_range_is_read_as_it_is_written(
    first: int, rows: int, beyond: int | None, unit: str
) -> None:
    last = first + rows
    total = None if beyond is None else last + 1 + beyond
    written = f"{unit}{first}-{last}/{'*' if total is None else total}"
    assert content_range(written) == ContentRange(first, last, total)


@given(COUNT, COUNT, COUNT)
def test_a_content_range_that_contradicts_itself_is_none(a: int, b: int, c: int) -> None:
    found = content_range(f"items {a}-{b}/{c}")
    assert (found is not None) == (a <= b <= c)


@given(st.text("0123456789-/* items", max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    found = content_range(text)
    assert found is None or "/" in text
