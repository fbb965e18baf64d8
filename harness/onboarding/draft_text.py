"""A contract as Python text, from what a source says of a dataset.

It holds only what the source itself tells. What an owner must say is marked CONFIRM, and a
description is what the source's owner wrote there or empty: a contract is refused until somebody
has written what each column means. What the source enforces and no rule says exactly is a TODO.
Names come from a source that nobody knows yet: they stand in it as escaped literals or not at all.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pyarrow as pa

from connectors.capabilities import Described, DescribedColumn
from harness.onboarding.draft_literals import (
    comment,
    description,
    imports,
    literal,
    rule_text,
    type_text,
)

MARK = "CONFIRM"
_TODO = "TODO"
_HEAD = '''\
"""Drafted from a source's own description. Every line marked {mark} is for its owner to answer."""

from __future__ import annotations

{imports}import pandera.polars as pa
import polars as pl
from seatrial import {names}

# Seen: {seen}.
{notes}CONTRACT = Contract(
    name={name},
    promises=Promises(
'''
_MIDDLE = """\
    ),
    # {mark} columns whose values may be shown of rows that fail, as {{"number": "public"}}
    classified={{}},
    schema=pa.DataFrameSchema(
        {{
"""
_FOOT = """\
        }},
        strict=True,
        name={name},
        # {mark} what one row is
        description={description},
    ),
)
"""
_ALONE: Mapping[str, str] = MappingProxyType({})


def module_name(dataset: str) -> str:
    """The module that holds a dataset's contract."""
    name = dataset.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def contract_text(
    dataset: str, described: Described, *, reconcilable: Mapping[str, str] = _ALONE
) -> str:
    """The whole module. `reconcilable` has, as `source.dataset`, the datasets of the same source
    that have a contract beside this one.
    """
    name = literal(dataset)
    rules = (rule for column in described.columns for rule in column.rules)
    imported = "".join(f"{line}\n" for line in imports(rules))
    reconciled = list(_reconciled(described, reconcilable))
    names = ["Reconciliation"] if reconciled else []
    names += ["Volume"] if described.is_empty else []
    return "".join(
        [
            _HEAD.format(
                mark=MARK,
                name=name,
                seen=comment(_seen(described)),
                notes="".join(f"# {line}\n" for line in _notes(described, reconcilable)),
                imports=f"{imported}\n" if imported else "",
                names=", ".join(["Contract", "Promises", *names]),
            ),
            *(f"        {line}\n" for line in (*_promises(described), *reconciled)),
            _MIDDLE.format(mark=MARK),
            *(f"            {line}\n" for c in described.columns for line in _column(c)),
            _FOOT.format(mark=MARK, name=name, description=description(described.comment)),
        ]
    )


def _notes(described: Described, reconcilable: Mapping[str, str]) -> Iterator[str]:
    """What the owner has to know of the whole."""
    if described.hint:
        yield f"{MARK} {comment(described.hint)}, and draft anew"
    if described.doubt is not None:
        yield f"{MARK} not all its rows were looked at: {comment(described.doubt)}, and draft anew"
    for text in described.unsaid:
        yield f"{_TODO} no rule of a contract says exactly this: {comment(text)}"
    for key in described.foreign_keys:
        reason = key.unsaid
        if reason is None and key.dataset not in reconcilable:
            reason = f"{key.dataset} has no contract yet: draft it, and then promise this"
        if reason is not None:
            text = f"{key.column} refers to {key.dataset}.{key.theirs}"
            yield f"{_TODO} no reconciles says that {comment(text)}: {comment(reason)}"


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
        yield f"# {MARK} no key was found: name the columns that together are of one row alone"
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
    for column in described.columns:
        if column.time_written is not None:
            promise = f'{literal(column.name)}: TimeFormat(written="{column.time_written}")'
            yield f"# {MARK} times={{{promise}}} and a type of times, if it tells times"
    if described.is_empty:
        yield f"# {MARK} it holds no row today: take this out if it must not be empty"
        yield "volume=Volume(minimum=0),"
    if optional := [c.name for c in described.columns if c.nullable]:
        yield f"# {MARK} missing={{…: 0.02}}, the share that may be missing of what a model needs:"
        yield f"#     {', '.join(map(literal, optional))}"
    if controlled := [c.name for c in described.columns if c.has_control_characters]:
        yield f"# {MARK} control characters are in these texts: take out where they are wrong"
        yield f"control_characters=({', '.join(map(literal, controlled))},),"


def _reconciled(described: Described, reconcilable: Mapping[str, str]) -> Iterator[str]:
    """Foreign keys as promises."""
    said = [
        f"dataset={literal(reconcilable[key.dataset])}, "
        f"ours={literal(key.column)}, theirs={literal(key.theirs)}"
        for key in described.foreign_keys
        if key.unsaid is None and key.dataset in reconcilable
    ]
    if said:
        yield f"# {MARK} the catalogue's foreign keys; pilot.py lists both contracts"
        yield "reconciles=("
        yield from (f"    Reconciliation({one})," for one in said)
        yield "),"


def _column(column: DescribedColumn) -> Iterator[str]:
    absent = "may be missing" if column.nullable else "never missing"
    yield f"# {MARK} what it means, in which unit; {comment(column.type)}, {absent}"
    if column.lands_as is None:
        yield f"# {MARK} its type: {comment(column.untyped or 'none holds all its values')}:"
        yield "#     have it cast to one type in a view, or leave the column out"
    checks = [rule_text(rule) for rule in column.rules] if column.lands_as is not None else []
    given = [type_text(column.lands_as)]
    if checks:
        given.append(checks[0] if len(checks) == 1 else f"[{', '.join(checks)}]")
    given += ["nullable=True"] if column.nullable else []
    given.append(f"description={description(column.comment)}")
    yield f"{literal(column.name)}: pa.Column({', '.join(given)}),"
