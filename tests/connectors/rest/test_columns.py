"""Fields inside fields as columns: what is missing is missing, and nothing else changes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, DocumentPath
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.single import single
from connectors.rest.unmoved.immutable_key import immutable_key
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import TOKEN, Asked, Said, scripted
from tests.connectors.vendor_fixture import read as read_rows

COLUMNS: dict[str, DocumentPath] = {"city": "address.city", "sku": ("lines", 0, "sku")}


def read(rows: list[Any], columns: dict[str, DocumentPath] = COLUMNS) -> list[dict[str, Any]]:
    endpoint = Endpoint(path="/1", pages=single(), rows=ROOT, columns=columns)
    with scripted(lambda asked: Said(TOKEN if asked.path == "/token" else rows)) as source:
        run = read_as(source, endpoint)
    assert run.table is not None
    return run.table.to_pylist()


def test_a_field_inside_a_field_is_a_column_and_its_holder_stays() -> None:
    rows = [
        {"key": 1, "address": {"city": "Bern"}, "lines": [{"sku": "a"}, {"sku": "b"}]},
        {"key": 2, "address": {"street": "x"}, "lines": []},
        {"key": 3, "address": None},
        {"key": 4},
    ]
    with_columns, without = read(rows), read(rows, {})
    assert [row["city"] for row in with_columns] == ["Bern", None, None, None]
    assert [row["sku"] for row in with_columns] == ["a", None, None, None]
    assert without == [
        {name: value for name, value in row.items() if name not in COLUMNS} for row in with_columns
    ]


def test_a_path_that_leads_nowhere_in_every_row_makes_no_column() -> None:
    """Nulls for a name that is misspelt would be absence that passes."""
    assert "city" not in read([{"key": 1, "adress": {"city": "Bern"}}])[0]
    assert read([{"key": 1, "address": None}])[0]["city"] is None, "the control"


def test_an_object_lands_as_the_text_of_its_json_where_the_endpoint_says_so() -> None:
    """Each number as it was written. The control: without a word it is no text, so it is rescued
    where the contract wants one.
    """
    nested = b'{"b": 1.10, "a": [1e400, 90071992547409931234, "\\u00fc\\"", null, true], "c": {}}'
    body = b'[{"key": 1, "held": %b}, {"key": 2, "held": "plain"}, {"key": 3, "held": null}]'
    schema = pa.schema([("key", pa.int64()), ("held", pa.string())])
    said = Said(body % nested)

    def landed(**settings: Any) -> pa.Table:
        endpoint = Endpoint(path="/1", pages=single(), rows=ROOT, **settings)
        with scripted(lambda asked: Said(TOKEN) if asked.path == "/token" else said) as source:
            table = read_rows(source.rest(endpoints={"parts": endpoint}), schema=schema).table
        assert table is not None
        return table

    text = '{"b":1.10,"a":[1e400,90071992547409931234,"\u00fc\\"",null,true],"c":{}}'
    table = landed(json_text=("held",))
    assert table["held"].to_pylist() == [text, "plain", None]
    assert table[RESCUED].null_count == 3
    control = landed()
    assert control["held"].to_pylist() == [None, "plain", None]
    assert control[RESCUED].null_count == 2


def test_a_text_in_place_of_names_is_refused() -> None:
    with pytest.raises(ValueError, match="json_text is a tuple of fields"):
        Endpoint(path="/1", pages=single(), rows=ROOT, json_text="held")  # type: ignore[arg-type]


def test_a_column_that_the_rows_have_already_is_not_overwritten() -> None:
    with pytest.raises(SourceChanged, match="its rows have a field city of their own"):
        read([{"key": 1, "city": "Bonn", "address": {"city": "Bern"}}])


def test_pages_and_keys_may_go_by_such_a_column() -> None:
    """As with JSON:API, whose rows keep their fields in `attributes`."""

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        after = int(asked.path.removeprefix("/1").removeprefix("?after=") or 0)
        found = range(after + 1, min(after + 2, 3) + 1)
        return Said({"data": [{"attributes": {"id": key}} for key in found], "n": 3})

    endpoint = Endpoint(
        path="/1",
        pages=by_key("after", "key"),
        rows="data",
        total="n",
        unmoved=immutable_key("key"),
        columns={"key": "attributes.id"},
    )
    with scripted(answers) as source:
        assert keys(read_as(source, endpoint)) == [1, 2, 3]


@pytest.mark.parametrize("columns", [{"city": ()}, {"": "a.b"}, {"city": "a..b"}])
def test_a_column_has_a_name_and_a_path(columns: dict[str, DocumentPath]) -> None:
    with pytest.raises(ValueError, match="name"):
        Endpoint(path="/1", pages=single(), rows=ROOT, columns=columns)


def test_the_columns_are_part_of_what_is_asked_for_and_none_changes_nothing() -> None:
    plain = Endpoint(path="/1", pages=single(), rows=ROOT).locator("https://a.example")
    city, street = (
        Endpoint(path="/1", pages=single(), rows=ROOT, columns={"x": path}).locator(
            "https://a.example"
        )
        for path in ("address.city", "address.street")
    )
    assert len({plain, city, street}) == 3
    sent = hashlib.sha256(json.dumps(["", None, []]).encode()).hexdigest()[:16]
    assert plain == f"GET /1 {sent} the root", "as it was before there were columns"
