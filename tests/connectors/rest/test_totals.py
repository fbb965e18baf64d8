"""The total that a source declares is held against what it gives. It refutes, and never proves."""

from __future__ import annotations

import pytest

from connectors.errors import SourceChanged
from connectors.events import Completed, WitnessKind
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.unmoved.one_snapshot import one_snapshot
from tests.connectors.rest.keyed import SCHEMA, read_as, reading
from tests.connectors.scripted import TOKEN, Asked, Said, documents, paged, scripted
from tests.connectors.vendor_fixture import Run


def declaring(*pages: tuple[int, int | None]) -> Completed:
    """Pages with so many rows, and the total that each declares; all of one snapshot."""
    keys = iter(range(100))
    last = len(pages)
    answers = {
        f"/{n}": Said(
            {
                "rows": [{"key": next(keys)} for _ in range(rows)],
                "total": total,
                "next": None if n == last else f"/{n + 1}",
                "revision": 1,
            }
        )
        for n, (rows, total) in enumerate(pages, 1)
    }
    endpoint = Endpoint(
        path="/1",
        pages=next_url("next"),
        rows="rows",
        total="total",
        unmoved=one_snapshot("revision"),
    )
    with scripted(paged(answers)) as source:
        (completed,) = read_as(source, endpoint).of(Completed)
    assert isinstance(completed, Completed)
    return completed


PROVEN, REFUTES, NONE = WitnessKind.ONE_SNAPSHOT, WitnessKind.DECLARED_TOTAL, None


@pytest.mark.parametrize(
    ("pages", "kind", "declared", "because"),
    [
        (((2, 3), (1, 3)), PROVEN, 3, None),  # control: it is a total, and nothing moved
        (((3, 3), (0, 3)), PROVEN, 3, None),
        (((2, None), (1, 3)), PROVEN, 3, None),
        (((3, 3),), NONE, None, "own number of rows"),
        (((2, 2), (1, 1)), NONE, None, "own number of rows"),
        (((2, 2), (2, 2)), NONE, None, "own number of rows"),  # a source that caps at 2
        (((3, 3), (0, 0)), NONE, None, "own number of rows"),
        (((3, 3), (0, None)), NONE, None, "own number of rows"),
        (((0, 0),), REFUTES, 0, "own number of rows"),  # that it holds nothing is its word
        (((2, None), (1, None)), NONE, None, "declared no total on any page"),
        (((2, 3), (1, 4)), NONE, None, "moved between 3 and 4"),
        (((2, 4), (1, 3)), NONE, None, "moved between 3 and 4"),
        (((2, 2), (2, 4)), NONE, None, "moved between 2 and 4"),  # it counts what came so far
        (((2, 5), (2, 3), (1, 1)), PROVEN, 5, None),  # how many there are from this page on
        (((2, 5), (2, 3), (1, 2)), NONE, None, "moved between 2 and 5"),
        (((2, 5), (2, 3)), REFUTES, 5, None),
        (((2, 5), (1, 4)), REFUTES, 4, None),  # fewer rows than it ever declared
        (((2, 2), (2, 3)), REFUTES, 3, None),  # and more
        (((2, 4), (1, 4)), REFUTES, 4, None),
    ],
)
def test_a_total_proves_only_where_it_is_one(
    pages: tuple[tuple[int, int | None], ...],
    kind: WitnessKind | None,
    declared: int | None,
    because: str | None,
) -> None:
    completed = declaring(*pages)
    witness = completed.witness
    assert (witness and witness.kind, witness and witness.declared) == (kind, declared)
    if because is None:
        assert completed.unwitnessed is None
    else:
        assert because in (completed.unwitnessed or "")


def test_without_a_total_that_is_said() -> None:
    endpoint = Endpoint(path="/1", pages=next_url("next"), rows="rows")
    with scripted(paged(documents([{"key": 1}]))) as source:
        (completed,) = read_as(source, endpoint).of(Completed)
    assert completed.witness is None
    assert completed.unwitnessed == "the endpoint names no total of the source"


def test_p07_a_declared_total_that_was_not_delivered_is_told_and_not_judged() -> None:
    (completed,) = reading(documents([{"key": 1}], total=2)).of(Completed)
    assert (completed.rows, completed.witness.declared) == (1, 2)


def test_an_empty_last_page_shows_that_a_total_is_one() -> None:
    """Pages by offset end on one: a single page of rows is enough."""

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        rows = [{"key": 1}] if asked.path.endswith("offset=0") else []
        return Said({"rows": rows, "total": 1, "revision": 1})

    endpoint = Endpoint(
        path="/1", pages=offset(), rows="rows", total="total", unmoved=one_snapshot("revision")
    )
    with scripted(answers) as source:
        (completed,) = read_as(source, endpoint).of(Completed)
    assert completed.witness.kind is WitnessKind.ONE_SNAPSHOT


def test_rows_far_beyond_the_total_end_the_reading() -> None:
    """A source that always names a next page would be asked for ever."""

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        number = int(asked.path[1:])
        following = f"/{number + 1}" if number < 50 else None
        return Said({"rows": [{"key": number}], "total": 4, "next": following})

    run = Run()
    with scripted(answers) as source:
        reader = source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        with pytest.raises(
            SourceChanged, match="/1 page 8: 8 rows so far, and the source declared 4"
        ):
            reader.read_all()
        asked = ["/token", *[f"/{number}" for number in range(1, 10)]]
        assert source.paths() in (asked, asked[:-1])  # one page may be on its way
    assert not run.of(Completed)
