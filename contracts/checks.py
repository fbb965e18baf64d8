"""Refuses bad contracts before anything is read: a contract contains only what engines judge.

Pandera accepts settings that its polars backend ignores, that change rows, or that mean something
else than they seem to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from contracts.arrow_schema import arrow_problems
from contracts.bounds import JUDGED, argument_problems
from contracts.classification import classification_problems
from contracts.digest import Digests, digests
from contracts.groupable import group_problems
from contracts.promise_types import type_problems
from contracts.promises import Contract, ContractError, Promises
from contracts.reconcilable import problems_of_ours
from contracts.rules import RESERVED, builtin, is_text, statistics
from contracts.time_checks import time_problems
from contracts.time_formats import format_problems

if TYPE_CHECKING:
    import pandera.polars as pa
    import polars as pl


def check(contract: Contract) -> Digests:
    """The digests of a contract. Raises ContractError, with every problem that would keep an
    engine from judging it.
    """
    if found := problems(contract):
        raise ContractError(f"contract {contract.name}: {'; '.join(found)}")
    try:
        for column in contract.schema.columns.values():
            str(column.description).encode()  # only the former digest includes descriptions
        return digests(contract)
    except ContractError as error:
        raise ContractError(f"contract {contract.name}: {error}") from error
    except UnicodeError as error:
        raise ContractError(f"contract {contract.name}: a text in it is no Unicode") from error


def problems(contract: Contract) -> list[str]:
    """Every problem that would keep an engine from judging it, each once."""
    return list(dict.fromkeys(_problems(contract)))


def _problems(contract: Contract) -> Iterator[str]:
    """All problems. What rests on a broken part is not looked at: it would be told twice."""
    schema, promises = contract.schema, contract.promises
    of_schema = [*_schema_problems(schema), *arrow_problems(schema)]
    yield from of_schema or _run_problems(schema)
    yield from classification_problems(contract.classified, schema.columns)
    if of_promises := list(type_problems(promises)):
        yield from of_promises
        return
    yield from time_problems(promises)
    yield from _number_problems(promises)
    if of_names := list(_name_problems(promises, schema)):
        yield from of_names
    elif not of_schema:
        yield from _missing_problems(promises, schema)
        yield from _text_problems(promises, schema)
        yield from format_problems(promises.times, schema.columns)
    for promised in promises.reconciles:
        yield from problems_of_ours(promised, schema)
    if promises.groups is not None:
        yield from group_problems(promises.groups, contract)


def _schema_problems(schema: pa.DataFrameSchema) -> Iterator[str]:
    if schema.strict is not True:
        yield "its schema is not strict: say strict=True, or new columns go unseen"
    yield from _ignored(schema, "its schema", coerce=False, drop_invalid_rows=False, ordered=False)
    yield from _ignored(schema, "its schema", add_missing_columns=False, parsers=[], dtype=None)
    for name in schema.unique or ():
        if name not in schema.columns:
            yield f"unique names {name}, which is not a column: correct the name"
    for name, column in schema.columns.items():
        yield from (f"column {name} {problem}" for problem in _column_problems(name, column))
    if undescribed := [name for name, column in schema.columns.items() if not column.description]:
        yield _say_undescribed(undescribed)
    for one in schema.checks:
        yield from _check_problems(one)


def _say_undescribed(columns: list[str]) -> str:
    """All of them at once: whoever writes one description writes the others, too."""
    if len(columns) == 1:
        return f"column {columns[0]} has no description: say what it means and in which unit"
    names = f"{', '.join(columns[:-1])} and {columns[-1]}"
    return f"columns {names} have no description: say what each means and in which unit"


def _run_problems(schema: pa.DataFrameSchema) -> Iterator[str]:
    """Checks that could never run on a table of this schema."""
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    placed = [(n, one) for n, column in schema.columns.items() for one in column.checks]
    for name, one in (*placed, *((None, one) for one in schema.checks)):
        if builtin(one) in JUDGED:
            judged = types.values() if name is None else [types[name]]
            problem = next(argument_problems(one, tuple(map(_as_instance, judged))), None)
        else:
            import polars as pl

            from contracts.engines.trial import try_once  # with Pandera's engine, 0.3 s to import

            problem = try_once(one, name, pl.DataFrame(schema=types))
        if problem is not None:
            where = "the table" if name is None else f"column {name}"
            yield f"{where} has a check that cannot run: {one.name}: {problem}"


@cache  # a pilot has few types and many columns
def _as_instance(dtype: pl.DataType | type[pl.DataType]) -> pl.DataType:
    import polars as pl

    return pl.DataFrame(schema={"": dtype}).dtypes[0]


def _column_problems(name: str, column: pa.Column) -> Iterator[str]:
    if name in RESERVED:
        yield "is reserved for connectors: choose another name"
    if not column.required:
        yield "is optional: make it nullable instead, absence never passes"
    yield from _ignored(column, "", coerce=False, regex=False, parsers=[])
    yield from _ignored(column, "", default=None, drop_invalid_rows=False)
    for one in column.checks:
        yield from (f"has a check: {problem}" for problem in _check_problems(one))


def _ignored(thing: object, where: str, **defaults: object) -> Iterator[str]:
    """Settings that differ from their default although no engine honours them."""
    for name, default in defaults.items():
        value = getattr(thing, name)
        if (type(value), value) != (type(default), default):
            yield f"{where} sets {name}, which no engine here judges: remove it".lstrip()


def _check_problems(one: pa.Check) -> Iterator[str]:
    if not str(one.name).isidentifier():
        yield "a check has no name: build it with Check(…, name=…)"
    if one.raise_warning or one.groupby is not None:
        yield f"{one.name} only warns or groups, which no engine here judges: make it plain"
    for value in statistics(one).values():
        if isinstance(value, (list, tuple, set, frozenset)) and None in value:
            yield f"{one.name} lists None: say nullable=True for that"
    name = builtin(one)
    if name in ("str_matches", "str_contains"):
        yield from _pattern_problems(name, statistics(one)["pattern"])


def _pattern_problems(name: str, pattern: str | re.Pattern[str]) -> Iterator[str]:
    if isinstance(pattern, re.Pattern):
        yield f"{name} has a compiled pattern, whose flags are ignored: give the text, as (?i)…"
        return
    if _is_refused(pattern):
        yield f"{name} has a pattern that the linear-time engine refuses: use no look-around"
    if re.search(r"\(\?[a-zA-Z]*x", _bare(pattern)):
        yield f"{name} has a pattern in verbose form, (?x): write it without blanks and comments"
    if name == "str_matches" and _alternates(pattern):
        yield "str_matches anchors only the first of alternatives: write (?:a|b) around them"


@lru_cache  # contracts of one shape share their patterns
def _is_refused(pattern: str) -> bool:
    """Whether polars' engine refuses it: it runs in linear time and has no look-around."""
    import polars as pl

    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError:
        return True
    return False


def _alternates(pattern: str) -> bool:
    """Whether `|` stands outside of all brackets."""
    depth = 0
    for character in _bare(pattern):
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            return True
    return False


def _bare(pattern: str) -> str:
    """A pattern without escapes and character classes."""
    return re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "", pattern, flags=re.DOTALL)


def _name_problems(promises: Promises, schema: pa.DataFrameSchema) -> Iterator[str]:
    if not promises.key or len(set(promises.key)) < len(promises.key):
        yield "it needs a key: columns, each once, that together name a row"
    event_time = () if promises.event_time is None else (promises.event_time,)
    columns_by_promise = {
        "key": promises.key,
        "missing": promises.missing,
        "control_characters": promises.control_characters,
        "event_time": event_time,
        "times": promises.times,
    }
    for promise, names in columns_by_promise.items():
        for name in names:
            if name not in schema.columns:
                yield f"{promise} names {name}, which is not a column: correct the name"
    for name in promises.key:
        if name in schema.columns and schema.columns[name].nullable:
            yield f"key column {name} is nullable: a key that may be null names nothing"
    for name in event_time:
        if name in schema.columns and schema.columns[name].dtype is not None:
            yield from _event_problems(name, str(schema.columns[name].dtype), promises.event_zone)


def _event_problems(name: str, dtype: str, zone: str | None) -> Iterator[str]:
    if zone is None and dtype != _UTC_TIME:
        yield (
            f'event_time {name} is not UTC: give it the type pl.Datetime("us", "UTC"), '
            "or name the zone of its local time in event_zone"
        )
    if zone is not None and dtype != _LOCAL_TIME:
        yield f'event_time {name} is no local time: give it the type pl.Datetime("us")'


_UTC_TIME = "Datetime(time_unit='us', time_zone='UTC')"
_LOCAL_TIME = "Datetime(time_unit='us', time_zone=None)"


def _number_problems(promises: Promises) -> Iterator[str]:
    for name in ("confidence", "on_time", "arrivals", "matched"):
        if not 0 < getattr(promises.thresholds, name) < 1:
            yield f"thresholds.{name} must lie between 0 and 1, both excluded"
    bounds = {"any field": promises.missing_jointly, **promises.missing}
    for name, bound in bounds.items():
        if bound is not None and not 0 <= bound < 1:
            yield f"the missing share promised for {name} must be at least 0 and under 1"
    low, high = promises.volume.minimum, promises.volume.maximum
    if low < 0 or (high is not None and high < low):
        yield "volume must run from a minimum of at least 0 up to its maximum"


def _missing_problems(promises: Promises, schema: pa.DataFrameSchema) -> Iterator[str]:
    """Bounds that nothing could exceed: they would be proven whatever the data."""
    for name, bound in promises.missing.items():
        column = schema.columns[name]
        if bound > 0 and not column.nullable and not is_text(column):
            yield (
                f"{name} is not nullable, so its missing share never comes near {bound:g}: say "
                "nullable=True, or leave it out of missing"
            )
    jointly = promises.missing_jointly
    if jointly is None:
        return
    if not promises.missing:
        yield "missing_jointly has no fields to look at: name them in missing"
    elif jointly > (most := sum(promises.missing.values())):
        yield (
            f"missing_jointly cannot be exceeded: the bounds on its fields add up to {most:g}; "
            "give a lower one, or leave it out"
        )


def _text_problems(promises: Promises, schema: pa.DataFrameSchema) -> Iterator[str]:
    from contracts.missing import trim

    for text in promises.missing_as:
        if not trim(text):
            yield "missing_as names a blank text, which counts as missing anyway: leave it out"
        elif trim(text) != text:
            yield f"missing_as names {text!a}, and values are trimmed first: write {trim(text)!a}"
    if promises.missing_as and not any(is_text(schema.columns[n]) for n in promises.missing):
        yield (
            "missing_as is about text columns and missing names none: have the connector read "
            "such a text as null, as Csv(nulls=…) does"
        )
    for name in promises.control_characters:
        if not is_text(schema.columns[name]):
            yield f"control_characters names {name}, which is no text column: leave it out"
