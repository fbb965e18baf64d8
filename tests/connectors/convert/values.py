"""Any value that may come, in any type that may be promised; and what became of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from connectors.connector import RESCUED
from connectors.convert.fit import fit

MONEY = pa.decimal128(12, 2)

INSTANT = pa.timestamp("us", "UTC")

LOCAL = pa.timestamp("us")

LOCAL_NOON = datetime(2026, 1, 1, 12)  # noqa: DTZ001  a time without zone is the point

TYPES = [
    pa.int64(),
    pa.int32(),
    pa.uint8(),
    MONEY,
    pa.decimal128(38, 10),
    pa.float64(),
    pa.float32(),
    pa.bool_(),
    pa.date32(),
    INSTANT,
    LOCAL,
    pa.string(),
    pa.large_string(),
]

instants = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7, minutes=30))])
)

written = st.one_of(
    st.text(alphabet="0123456789+-.eExXTZ: ainfNtrue,_", max_size=24),
    st.integers(-(2**65), 2**65).map(str),
    st.decimals(allow_nan=True).map(str),
    st.from_regex(r"[+-]?[0-9]{0,45}(\.[0-9]{0,45})?(e-?[0-9]{1,3})?", fullmatch=True),
    st.floats().map(repr),
    st.dates().map(str),
    instants.map(str),
    instants.map(lambda at: at.isoformat().replace("+00:00", "Z")),
    st.text(max_size=6),
)

python_values = st.one_of(
    st.none(),
    st.integers(-(2**65), 2**65),
    st.decimals(places=2, allow_nan=True),
    st.decimals(),
    st.integers(-(10**70), 10**70).map(Decimal),
    st.floats(),
    st.booleans(),
    st.dates(),
    instants,
    st.datetimes(),
    st.text(max_size=6),
    st.binary(max_size=3),
    st.lists(st.integers(), max_size=2),
)


def column(values: Any, wanted: pa.DataType) -> tuple[list[Any], list[Any]]:
    """The values in their type, and what stands in `_rescued` for each."""
    batch = fit({"c": values}, pa.schema([("c", wanted)]))
    rescued = [
        None if text is None else json.loads(text) for text in batch.column(RESCUED).to_pylist()
    ]
    return batch.column("c").to_pylist(), rescued
