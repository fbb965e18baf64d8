"""A contract as Python text, from what a source says of a dataset.

It holds only what the source itself tells. What an owner must say is marked CONFIRM, and the
descriptions are empty: a contract is refused until somebody has written what each column means.
Names come from a source that nobody knows yet: they stand in it as escaped literals or not at all.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator

import pyarrow as pa

from connectors.capabilities import Described, DescribedColumn

MARK = "CONFIRM"
_HEAD = '''\
"""Drafted from a source's own description. Every line marked {mark} is for its owner to answer."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from seatrial import Contract, Promises

# Seen: {seen}.
{hint}CONTRACT = Contract(
    name={name},
    promises=Promises(
'''
_FOOT = """\
        }},
        strict=True,
        name={name},
        # {mark} what one row is
        description="",
    ),
)
"""


def module_name(dataset: str) -> str:
    """The module that holds a dataset's contract."""
    name = dataset.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def contract_text(dataset: str, described: Described) -> str:
    """The whole module."""
    name = literal(dataset)
    return "".join(
        [
            _HEAD.format(
                mark=MARK, name=name, seen=comment(_seen(described)), hint=_hint(described)
            ),
            *(f"        {line}\n" for line in _promises(described)),
            "    ),\n    schema=pa.DataFrameSchema(\n        {\n",
            *(f"            {line}\n" for c in described.columns for line in _column(c)),
            _FOOT.format(mark=MARK, name=name),
        ]
    )


def literal(text: str) -> str:
    """Any text as a Python literal on one line, in double quotes where that needs no escape."""
    written = repr(text)
    return written if '"' in text else f'"{written[1:-1]}"'


def comment(text: str) -> str:
    """Any text as part of a comment: one printable line."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _hint(described: Described) -> str:
    return f"# {MARK} {comment(described.hint)}, and draft anew\n" if described.hint else ""


def _seen(described: Described) -> str:
    estimate, sampled = described.estimated_rows, described.sampled_rows
    parts = [described.what]
    if sampled is not None:
        parts.append(f"a sample of {sampled:,} rows")
    if estimate is not None:
        parts.append(f"about {estimate:,} rows in all")
    return ", ".join(parts)


def _promises(described: Described) -> Iterator[str]:
    key = ", ".join(map(literal, described.key)) + ("," if len(described.key) == 1 else "")
    if not key:
        yield f"# {MARK} nothing tells the key, and none is refused: columns that name a row once"
    elif described.sampled_rows is None:
        yield f"# {MARK} the catalogue's primary key"
    else:
        yield f"# {MARK} a guess: no two rows of the sample share these"
    yield f"key=({key}),"
    instants = [c.name for c in described.columns if c.lands_as == pa.timestamp("us", "UTC")]
    if len(instants) == 1:
        yield f"# {MARK} the time at which the thing happened that a row tells"
        yield f"event_time={literal(instants[0])},"
    else:
        several = ", ".join(map(literal, instants)) or "none has a zone"
        yield f"# {MARK} event_time=…, when the thing happened that a row tells: {several}"
    yield f"# {MARK} lag=timedelta(hours=…) and cadence=timedelta(days=…), as promised"
    if optional := [c.name for c in described.columns if c.nullable]:
        yield f"# {MARK} missing={{…: 0.02}}, the share that may be missing of what a model needs:"
        yield f"#     {', '.join(map(literal, optional))}"


def _column(column: DescribedColumn) -> Iterator[str]:
    absent = "may be missing" if column.nullable else "never missing"
    yield f"# {MARK} what it means, in which unit; {comment(column.type)}, {absent}"
    nullable = "nullable=True, " if column.nullable else ""
    type_ = _polars(column.lands_as)
    yield f'{literal(column.name)}: pa.Column({type_}, {nullable}description=""),'


def _polars(type_: pa.DataType) -> str:
    if isinstance(type_, pa.Decimal128Type):
        return f"pl.Decimal({type_.precision}, {type_.scale})"
    return _POLARS[type_]


_POLARS = {
    pa.bool_(): "pl.Boolean",
    pa.int16(): "pl.Int16",
    pa.int32(): "pl.Int32",
    pa.int64(): "pl.Int64",
    pa.float32(): "pl.Float32",
    pa.float64(): "pl.Float64",
    pa.date32(): "pl.Date",
    pa.timestamp("us"): 'pl.Datetime("us")',
    pa.timestamp("us", "UTC"): 'pl.Datetime("us", "UTC")',
    pa.binary(): "pl.Binary",
    pa.string(): "pl.String",
}
