"""`seatrial contract diff`: what another version of a contract promises; pure.

A change is *breaking* for whoever relies on the first version if the second promises less or
other: a column is gone, values may come that could not before. It is *compatible* if all that was
promised still is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from contracts.promises import Contract, Promises, Volume
from contracts.rules import Kind as RuleKind
from contracts.rules import Rule, builtin, is_text, plan_rules
from harness.claims import wording
from harness.claims.value_sets import value_set
from harness.facts import ReadColumn
from harness.pins.reads import read_columns

_Breaks: TypeAlias = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One change of a contract."""

    contract: str
    text: str
    is_breaking: bool


def differences(before: Sequence[Contract], now: Sequence[Contract]) -> list[Difference]:
    """Every change of the contracts of one name, and of each that is gone or new; the breaking
    ones first. All of them can be judged (`contracts/checks.py`).
    """
    old, new = ({contract.name: contract for contract in some} for some in (before, now))
    found = [
        Difference(contract=name, text=text, is_breaking=is_breaking)
        for name in {**old, **new}
        for text, is_breaking in _changes(old.get(name), new.get(name))
    ]
    return sorted(found, key=lambda one: not one.is_breaking)


def _changes(before: Contract | None, now: Contract | None) -> Iterator[tuple[str, bool]]:
    if before is None or now is None:
        yield ("it was removed", True) if now is None else ("it was added", False)
        return
    yield from _column_changes(read_columns(before), read_columns(now))
    yield from _rule_changes(before, now)
    yield from _promise_changes(before.promises, now.promises)
    if dict(before.classified) != dict(now.classified):
        yield "what evidence may show of its values changed", False


def _column_changes(
    before: Sequence[ReadColumn], now: Sequence[ReadColumn]
) -> Iterator[tuple[str, bool]]:
    new = {column.name: column for column in now}
    for column in before:
        if (other := new.pop(column.name, None)) is None:
            yield f"column {column.name} ({column.type}) was removed", True
        else:
            yield from _one_column(column, other)
    for column in new.values():
        yield f"column {column.name} ({column.type}) was added", False


def _one_column(before: ReadColumn, now: ReadColumn) -> Iterator[tuple[str, bool]]:
    if before.type != now.type:
        text = f"column {now.name} changed its type from {before.type} to {now.type}"
        yield text, not value_set(before.type).holds(value_set(now.type))
    if before.nullable != now.nullable:
        may = "may be missing now" if now.nullable else "may not be missing any more"
        yield f"column {now.name} {may}", now.nullable
    if before.listed != now.listed and before.listed is not None:
        come = now.listed is None or not {*now.listed} <= {*before.listed}
        what = "any value" if now.listed is None else ", ".join(now.listed)
        yield f"column {now.name} may have {what} now", come
    elif before.listed != now.listed and now.listed is not None:
        yield f"column {now.name} may have {', '.join(now.listed)} alone now", False


def _rule_changes(before: Contract, now: Contract) -> Iterator[tuple[str, bool]]:
    """Rules besides types, missing values and lists, of columns that both have."""
    old, new = (dict.fromkeys(_rules(contract)) for contract in (before, now))
    shared = before.schema.columns.keys() & now.schema.columns.keys()
    for columns, text in old:
        if (columns, text) not in new and shared.issuperset(columns):
            yield f"{_where(columns)}{text} is promised no more", True
    for columns, text in new:
        if (columns, text) not in old and shared.issuperset(columns):
            yield f"{_where(columns)}{text} is promised now", False


def _where(columns: tuple[str, ...]) -> str:
    return f"column {columns[0]}: " if len(columns) == 1 else ""


def _rules(contract: Contract) -> Iterator[tuple[tuple[str, ...], str]]:
    for rule in plan_rules(contract):
        if rule.kind is RuleKind.UNIQUE and rule.columns != contract.promises.key:
            yield rule.columns, f"unique {', '.join(rule.columns)}"
        if rule.check is not None and not _is_list(contract, rule):
            yield rule.columns, rule.text


def _is_list(contract: Contract, rule: Rule) -> bool:
    """Whether a column of text lists its values: that is compared value by value."""
    if rule.check is None or builtin(rule.check) != "isin" or rule.column is None:
        return False
    return is_text(contract.schema.columns[rule.column])


def _promise_changes(before: Promises, now: Promises) -> Iterator[tuple[str, bool]]:
    """Each promise by its own rule. One that is not listed there breaks if it changes at all."""
    default = {one.name: one.default for one in dataclasses.fields(Promises)}
    for name in default:
        old, new = getattr(before, name), getattr(now, name)
        if old == new or name == "thresholds":
            continue
        was_none = old is None or old in ((), {})
        is_breaking = not was_none and _BREAKS.get(name, _always)(old, new)
        yield f"{name} changed from {_show(old)} to {_show(new)}", is_breaking


def _always(_old: object, _new: object) -> bool:
    return True


def _is_larger(old: Any, new: Any) -> bool:
    return new is None or type(new) is not type(old) or bool(new > old)


def _lets_more_rows(old: Volume, new: Volume) -> bool:
    most_before, most_now = (
        float("inf") if one.maximum is None else one.maximum for one in (old, new)
    )
    return new.minimum < old.minimum or most_now > most_before


def _lets_more_miss(old: Mapping[str, float], new: Mapping[str, float]) -> bool:
    return any(name not in new or new[name] > bound for name, bound in old.items())


def _promises_less(old: Sequence[object], new: Sequence[object]) -> bool:
    return any(one not in new for one in old)


_BREAKS: Mapping[str, _Breaks] = dict(  # noqa: C408 - of promises: one has the name of a claim
    lag=_is_larger,
    cadence=_is_larger,
    missing_jointly=_is_larger,
    volume=_lets_more_rows,
    missing=_lets_more_miss,
    missing_as=_promises_less,
    reconciles=_promises_less,
    control_characters=lambda old, new: _promises_less(new, old),
)


def _show(value: object) -> str:
    if value is None or value in ((), {}):
        return "nothing"
    return wording.name(f"{value}" if isinstance(value, (int, float)) else _plain(value))


def _plain(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_plain, value))
    return str(value)
