"""The right count of each rule, by a plain loop over the rows. It knows no polars and no Pandera.

Null and NaN are missing. A check leaves a missing value out, unless `ignore_na=False`: then it
fails. A unique rule leaves out rows in which a value is missing.
"""

from __future__ import annotations

import math
import operator
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.contracts.differential.model import MISSING_AS, Check, Column, Model, Row

PATTERNS: Mapping[str, Callable[[str], bool]] = {
    "^a": lambda text: text.startswith("a"),
    "b": lambda text: text.startswith("b"),
    "[a-z]+$": lambda text: text != "" and all("a" <= one <= "z" for one in text),
    r"^\d$": lambda text: len(text) == 1 and unicodedata.category(text) == "Nd",
    "^.$": lambda text: len(text) == 1 and text != "\n",
    "(?:a|1)$": lambda text: text in ("a", "1"),
    "^$": lambda text: not text,
}
"""Patterns of `str_matches`, which is anchored at the start, and what they mean."""
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def counts(model: Model) -> dict[tuple[str, str | None], int | None]:
    """Failed rows by rule and column; None where an engine has to refuse."""
    rows = model.rows
    found: dict[tuple[str, str | None], int | None] = {
        ("no_other_columns", name): len(rows) if name else 0 for name in model.others or (None,)
    }
    for one in model.columns:
        found |= {
            (rule, one.name): None if one.name in model.absent else count
            for rule, count in _of_column(one, rows).items()
        }
        found["required", one.name] = len(rows) if one.name in model.absent else 0
    is_absent = not model.absent.isdisjoint(model.key)
    found["unique", ", ".join(model.key)] = None if is_absent else _doubled(rows, model.key)
    for own in model.owns:
        is_absent = not model.absent.isdisjoint(own.columns)
        failed = None if is_absent else own.count(rows)
        found[f"{own.name}()", None] = failed if rows else 0
    return found


def _of_column(one: Column, rows: Sequence[Row]) -> dict[str, int]:
    values = [row[one.name] for row in rows]
    found = {"type": sum(one.name in row["rescued"] for row in rows)}
    if not one.nullable:
        found["not_null"] = sum(map(is_missing, values))
    if one.type == "text":
        found["no_control_characters"] = sum(map(_has_control, values))
    if one.unique:
        found["unique"] = _doubled(rows, (one.name,))
    for check in one.checks:
        found[_text(check)] = sum(_fails(check, value) for value in values)
    return found


def missing(model: Model) -> tuple[dict[str, int], int | None]:
    """Missing values of each bounded field that came, and rows with any; None if one did not."""
    names = [name for name in model.missing if name not in model.absent]
    lacks = [[_is_blank(row[name]) for name in names] for row in model.rows]
    alone = {name: sum(row[place] for row in lacks) for place, name in enumerate(names)}
    is_whole = bool(names) and len(names) == len(model.missing)
    return alone, sum(map(any, lacks)) if is_whole else None


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip() or value.strip() in MISSING_AS
    return is_missing(value)


def _text(check: Check) -> str:
    from contracts.rules import rule_text

    return rule_text(check.pandera)


def _has_control(value: str | None) -> bool:
    return any(unicodedata.category(one) == "Cc" and one not in "\t\n\r" for one in value or "")


def _doubled(rows: Sequence[Row], columns: tuple[str, ...]) -> int:
    keys = [tuple(row[name] for name in columns) for row in rows]
    whole = [key for key in keys if not any(map(is_missing, key))]
    return sum(n for n in Counter(whole).values() if n > 1)


def _fails(check: Check, value: Any) -> bool:
    if is_missing(value):
        return not check.ignore_na
    return not _holds(check, value)


def _holds(check: Check, value: Any) -> bool:  # noqa: PLR0911 - one for each check
    given = check.arguments
    match check.name:
        case "in_range":
            above = operator.ge if given["include_min"] else operator.gt
            below = operator.le if given["include_max"] else operator.lt
            return above(value, given["min_value"]) and below(value, given["max_value"])
        case "isin":
            return value in given["allowed_values"]
        case "notin":
            return value not in given["forbidden_values"]
        case "str_matches":
            return PATTERNS[given["pattern"]](value)
        case "str_contains":
            return given["pattern"] in value
        case "str_startswith" | "str_endswith":
            return bool(getattr(value, check.name.removeprefix("str_"))(given["string"]))
        case "str_length":
            return bool(given["min_value"] <= len(value) <= given["max_value"])
    return _COMPARISONS[check.name](value, next(iter(given.values())))
