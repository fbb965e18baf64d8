"""The total that a source declares is held against what it gives."""

from __future__ import annotations

import pytest

from connectors.errors import SourceChanged
from connectors.events import Completed
from tests.connectors.rest.keyed import SCHEMA, reading
from tests.connectors.scripted import TOKEN, Asked, Said, documents, paged, scripted
from tests.connectors.vendor_fixture import Run, read


def test_a_declared_total_that_was_not_delivered_is_told_and_not_judged() -> None:
    (completed,) = reading(documents([{"key": 1}], total=2)).of(Completed)
    assert (completed.rows, completed.witness.declared) == (1, 2)


def test_more_rows_than_declared_end_the_reading_at_once() -> None:
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
            SourceChanged, match="/1 page 5: 5 rows so far, and the source declared 4"
        ):
            reader.read_all()
        assert source.paths() == ["/token", "/1", "/2", "/3", "/4", "/5"]
    assert not run.of(Completed)


def test_a_total_that_comes_late_still_ends_the_reading() -> None:
    pages = documents([{"key": 1}, {"key": 2}], [], [{"key": 3}])
    pages["/1"] = Said({"rows": [{"key": 1}, {"key": 2}], "total": None, "next": "/2"})
    pages["/2"] = Said({"rows": [], "total": 1, "next": "/3"})
    with scripted(paged(pages)) as source:
        with pytest.raises(
            SourceChanged, match="/1 page 2: 2 rows so far, and the source declared 1"
        ):
            read(source.rest(), schema=SCHEMA)
        assert source.paths() == ["/token", "/1", "/2"]


def test_a_total_that_moves_means_different_moments() -> None:
    pages = documents([{"key": 1}], [{"key": 2}])
    pages["/2"] = Said({"rows": [{"key": 2}], "total": 3, "next": None})
    with pytest.raises(SourceChanged, match="the total moved from 2 to 3"):
        reading(pages)
