"""One thing in good data is changed, and the claim that was PROVEN of it no longer is.

Most change one value of one row of a file of the pilot in `tests/truth/orders`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from harness.verdict import Outcome
from tests.truth.orders import data
from tests.truth.orders.proving import Orders

_COLUMNS = data.NAMES.split(",")
BROKEN, ERROR, UNPROVEN = Outcome.BROKEN, Outcome.ERROR, Outcome.UNPROVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One row of the table."""

    name: str
    ending: str
    """Of the file that it changes: `csv` or `jsonl`."""
    change: Callable[[str], str]
    right: Outcome
    claim: str = "conforms"

    @property
    def source(self) -> str:
        """The pilot's source that reads the file."""
        return {"csv": "drop", "jsonl": "feed"}[self.ending]

    def deliver(self, orders: Orders) -> None:
        """The good data with the change."""
        good = {"csv": data.csv(), "jsonl": data.jsonl()}[self.ending]
        changed = self.change(good)
        assert changed != good
        orders.deliver(**{self.ending: changed})


def _in_csv(row: int, column: str, new: str) -> Mutation:
    def change(text: str) -> str:
        lines = text.split("\n")
        values = lines[row].split(",")
        values[_COLUMNS.index(column)] = new
        lines[row] = ",".join(values)
        return "\n".join(lines)

    name = f"csv {row} {column} {new!a}"
    return Mutation(name=name, ending="csv", change=change, right=BROKEN)


def _in_json(row: int, column: str, new: str) -> Mutation:
    """`new` is JSON, well-formed or not."""

    def change(text: str) -> str:
        lines = text.split("\n")
        pairs = {name: json.dumps(value) for name, value in json.loads(lines[row - 1]).items()}
        pairs[column] = new
        members = ", ".join(f'"{name}": {value}' for name, value in pairs.items())
        lines[row - 1] = f"{{{members}}}"
        return "\n".join(lines)

    name = f"jsonl {row} {column} {new!a}"
    return Mutation(name=name, ending="jsonl", change=change, right=BROKEN)


def _text(  # noqa: PLR0913, PLR0917 - the columns of the table of mutations
    name: str,
    ending: str,
    old: str,
    new: str,
    right: Outcome = ERROR,
    claim: str = "conforms",
) -> Mutation:
    """What stands once in a file is changed."""

    def change(text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return Mutation(name=name, ending=ending, change=change, right=right, claim=claim)


_CELLS = {
    "order_key": ["", "0", "1.5", "one", "0x1F", "9223372036854775808", "1_000", "\u0661", "NaN"],
    "line": ["0", "8", "-1", "128", "2", ""],  # 2: its key is that of the next row
    "mode": ["", " ", "air", "AIR ", "AlR", "\u0410IR", "N/A", "AIR\u200b", "null"],
    "price": ["", "100.50", "9.905", '"9,90"', "NaN", "1e400", "12345678901.00", "€9.90", "9.9.0"],
    "weight": ["0.5", "-1.5", '"1,5"', "1.5kg", "0"],
    "discount": ["", "NaN", "inf", "-0.000001", "0.26", "25%"],
    "segment": [
        "Building",
        "B",
        "HOUSEHOLDS",
        "BUILD1NG",
        '"BUILDING\n"',
        "N/A",
        " ",
        "BAU\u0308",
    ],
    "invoice": ["", "R-2", "r-1", "1", " R-1", "R-\x1b[2J", "R-\0", "R-\x85"],
    "is_paid": ["", "2", "maybe"],
    "ordered_at": [
        "",
        "2026-11-19T08:00:00",  # of no zone
        "2026-11-19T25:00:00Z",
        "19.11.2026 08:00",
        "2026-11-01T00:00:00+01:00",  # an hour before the bound
        "2026-10-31T23:59:59.999999Z",
        "2026-11-19T08:00:00.1234567Z",
        "2026-02-30T08:00:00Z",
    ],
    "shipped_on": ["", "2026-10-31", "2026-11-21", "19/11/2026", "2026-11-31", "26-11-19"],
    "received_on": ["", "2026-11-18", "tomorrow", "0000-00-00"],
}
_JSON_CELLS = {
    "order_key": ["null", "1.5", "true", '"one"', "0", "9223372036854775808", "[1]", '{"n": 1}'],
    "line": ["8", "300", "null"],
    "mode": ['"air"', '""', "null", "5"],
    "price": ["9.905", "null", '"NaN"', "100.50", "true"],
    "discount": ["null", "-0.1", '"NaN"', "1e400"],
    "invoice": ['"R-2"', r'"R-\u0000"', r'"R-\u001b"', "7"],
    "is_paid": ["null", "2", '"maybe"'],
    "ordered_at": ['"2026-11-19T08:00:00"', '"2026-10-31T23:59:59Z"', "null"],
    "shipped_on": ['"2026-11-21"', '"2026-11-31"', "20261119.5"],
}
_FIRST = "1,1,AIR,9.90,1.5,0.1,BUILDING,R-1,true,2026-11-19T08:00:00Z,2026-11-19,2026-11-20\n"
MUTATIONS = (
    *(_in_csv(1, column, new) for column, values in _CELLS.items() for new in values),
    *(_in_json(1, column, new) for column, values in _JSON_CELLS.items() for new in values),
    _text("a column is called otherwise", "csv", ",mode,", ",Mode,", BROKEN),
    _text("two columns change names", "csv", "price,weight", "weight,price", BROKEN),
    _text(
        "a column is called otherwise, seen", "csv", ",mode,", ",Mode,", BROKEN, "stable_schema"
    ),
    _text("a name stands twice", "csv", "price,weight", "price,price"),
    _text("a row is missing", "csv", _FIRST, "", BROKEN, "complete"),
    _text("a row is doubled", "csv", _FIRST, _FIRST * 2, BROKEN, "complete"),
    _text("the trailer counts one more", "csv", "T,60", "T,61", BROKEN, "complete"),
    _text("the trailer is missing", "csv", "T,60\n", "", ERROR, "complete"),
    _text("the trailer is cut", "csv", "T,60\n", "T,", ERROR, "complete"),
    _text("a row is too short", "csv", "AIR,9.90,", "AIR,"),
    _text("a row is too long", "csv", "AIR,9.90,", "AIR,9,90,"),
    _text("a quote stays open", "csv", "BUILDING", '"BUILDING'),
    _text(
        "a field is missing in one line", "jsonl", '"line": 1, "mode": "AIR", "price": 9.90, ', ""
    ),
    _text("a field comes in one line", "jsonl", '"price": 9.90, ', '"price": 9.90, "more": 1, '),
    _text("a field stands twice", "jsonl", '"price": 9.90, ', '"price": 9.90, "price": 9.90, '),
    _text("half a character", "jsonl", '"R-1"', r'"R-\ud83d"', BROKEN),
    _text("no JSON", "jsonl", '"price": 9.90, ', '"price": NaN, '),
    _text("a line is cut", "jsonl", '"price": 9.90, ', "\n"),
)
