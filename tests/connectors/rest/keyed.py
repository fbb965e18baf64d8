"""Pages of a scripted source whose rows have a key and a cost, and what is read of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from connectors.rest.endpoint import Endpoint
from tests.connectors.scripted import ENDPOINT, Said, Scripted, paged, scripted
from tests.connectors.vendor_fixture import Run, read

SCHEMA = pa.schema([("key", pa.int64()), ("cost", pa.decimal128(12, 2))])
ONE = {"rows": [{"key": 1}], "total": 1, "next": None}


def reading(pages: Mapping[str, Said], schema: pa.Schema = SCHEMA, **changes: Any) -> Run:
    """The source of `pages`, read as the scripted endpoint says, with changes to it."""
    with scripted(paged(pages)) as source:
        endpoint = replace(ENDPOINT, **changes)
        return read(source.rest(endpoints={"parts": endpoint}), schema=schema)


def read_as(source: Scripted, endpoint: Endpoint, **changes: Any) -> Run:
    """One endpoint of a running source."""
    return read(source.rest(endpoints={"parts": endpoint}, **changes), schema=SCHEMA)


def keys(run: Run) -> list[int]:
    """The keys, in the order of reading."""
    assert run.table is not None
    values: list[int] = run.table["key"].to_pylist()
    return values
