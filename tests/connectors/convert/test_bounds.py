"""What is beyond a bound reaches no library: a value is rescued as it came, a table is refused.

Each attempt is harmless: one over the bound. Its control is the same call with the bound one
higher, in `test_with_the_bound_one_higher_…`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from connectors import bounds
from connectors.connector import RESCUED
from connectors.convert.fit import fit
from connectors.convert.json import columns
from connectors.convert.strict_json import NotStrictJson, decoded, decoded_lines
from connectors.errors import SourceChanged

MONEY = pa.decimal128(12, 2)
DIGITS = "0" * (bounds.NUMBER_CHARACTERS - 10) + "1234567890"
EXPONENT = "0" * (bounds.EXPONENT_DIGITS - 1) + "2"
DEEP = "[" * bounds.NESTING + "]" * bounds.NESTING
WIDE = {f"column {n}": [1] for n in range(bounds.COLUMNS)}
NAME = "n" * bounds.NAME_CHARACTERS
SPARSE = [{"a": 1}, {"b": 1}, {"c": 1}]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A number at a bound, the same number one over it, and its value."""

    bound: str = "NUMBER_CHARACTERS"
    wanted: pa.DataType = MONEY
    at: str = DIGITS
    over: str = "0" + DIGITS
    value: Decimal | float = Decimal(1234567890)

    def landed(self) -> tuple[list[Any], str | None]:
        """Both values, and what was rescued of the one over the bound."""
        batch = fit({"a": pa.array([self.over, self.at])}, pa.schema({"a": self.wanted}))
        return batch.column("a").to_pylist(), batch.column(RESCUED)[0].as_py()


VALUES = {
    "digits of a decimal": Case(),
    "places of a decimal": Case(
        at="1.50".ljust(bounds.NUMBER_CHARACTERS, "0"),
        over="1.50".ljust(bounds.NUMBER_CHARACTERS + 1, "0"),
        value=Decimal("1.50"),
    ),
    "digits of a double": Case(wanted=pa.float64(), value=1234567890.0),
    "exponent of a decimal": Case(
        bound="EXPONENT_DIGITS", at=f"1e{EXPONENT}", over=f"1e0{EXPONENT}", value=Decimal(100)
    ),
    "small exponent": Case(
        bound="EXPONENT_DIGITS", at=f"1E-{EXPONENT}", over=f"1E-0{EXPONENT}", value=Decimal("0.01")
    ),
}


@pytest.mark.attempt(4)
@pytest.mark.parametrize("case", VALUES.values(), ids=VALUES)
def test_a_number_over_a_bound_is_rescued_and_one_at_it_exact(case: Case) -> None:
    assert case.landed() == ([None, case.value], json.dumps({"a": case.over}))


@pytest.mark.parametrize("case", VALUES.values(), ids=VALUES)
def test_with_the_bound_one_higher_a_number_gets_through(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, case.bound, getattr(bounds, case.bound) + 1)
    assert case.landed() == ([case.value, case.value], None)


TABLES: dict[str, tuple[str, Callable[[], Any], str]] = {
    "nested lists": (
        "NESTING",
        lambda: decoded(f'[{DEEP}, "]]\\"]"]'.encode()),
        "more than 64 deep",
    ),
    "nested objects": (
        *(
            "NESTING",
            lambda: decoded(b'{"a":' * 65 + b"1" + b"}" * 65),
            "more than 64 deep",
        ),
    ),
    "columns": (
        "COLUMNS",
        lambda: fit({**WIDE, "x": [1]}, pa.schema([]), extra=[*WIDE, "x"]),
        "10,001 columns, of 10,000",
    ),
    "fields of JSON": ("COLUMNS", lambda: columns([{**WIDE, "x": 1}], "here"), "^here has 10,001"),
    "a name": ("NAME_CHARACTERS", lambda: columns([{NAME + "n": 1}], "here"), "column 1, 'nnn"),
}


@pytest.mark.attempt(4)
@pytest.mark.parametrize(("_bound", "read", "said"), TABLES.values(), ids=TABLES)
def test_a_table_over_a_bound_is_refused(_bound: str, read: Callable[[], Any], said: str) -> None:
    with pytest.raises((SourceChanged, NotStrictJson), match=said):
        read()


@pytest.mark.parametrize(("bound", "read", "_said"), TABLES.values(), ids=TABLES)
def test_with_the_bound_one_higher_a_table_gets_through(
    bound: str, read: Callable[[], Any], _said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, bound, getattr(bounds, bound) + 1)
    assert read()


@pytest.mark.attempt(4)
def test_rows_that_share_no_field_make_no_huge_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the last line, where the bound is one higher."""
    monkeypatch.setattr(bounds, "CELLS", 8)
    with pytest.raises(SourceChanged, match=r"^here: 3 rows have 3 fields, most of them left out"):
        columns(SPARSE, "here")
    monkeypatch.setattr(bounds, "CELLS", 9)
    assert columns(SPARSE, "here")[1] == {"a", "b", "c"}


@pytest.mark.attempt(4)
def test_a_page_of_too_many_values_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the last line, where the bound is one higher."""
    monkeypatch.setattr(bounds, "VALUES", 99)
    page = f"[{'0,' * 100}0]".encode()
    with pytest.raises(ValueError, match="has more than 99 values"):
        decoded(page)
    monkeypatch.setattr(bounds, "VALUES", 100)
    assert decoded(page) == [0] * 101


def test_what_is_at_a_bound_is_read() -> None:
    assert decoded(DEEP.encode()) == json.loads(DEEP)
    assert decoded_lines(f"{DEEP}\n{DEEP}\n".encode()) == [json.loads(DEEP)] * 2
    assert fit(WIDE, pa.schema([]), extra=list(WIDE)).num_columns == bounds.COLUMNS + 1
    assert columns([{NAME: 1}], "here") == ({NAME: [1]}, set())


def test_a_json_number_beyond_the_bounds_is_rescued_as_it_was_written() -> None:
    """In every type, and no number beside it is lost."""
    row = decoded(b'{"a": 1e0999, "b": 1e1000, "c": 1e-1000, "d": %b}' % (b"1" * 5000))
    schema = pa.schema({"a": pa.string(), "b": pa.float64(), "c": MONEY, "d": pa.int64()})
    [fitted] = fit(columns([row], "here")[0], schema).to_pylist()
    rescued = json.loads(fitted[RESCUED])
    assert rescued == {"a": "1E+999", "b": "1e1000", "c": "1e-1000", "d": "1" * 5000}


def test_half_a_character_is_no_name() -> None:
    with pytest.raises(SourceChanged, match=r"^here: the name of column 1, '\\ud800', holds half"):
        columns([decoded(b'{"\\ud800": 1}')], "here")
