"""A failed rule in lines of text, the same in every report.

    market_segment, at most 2 % missing: 1,052 of 15,000 rows fail (7 %)
      row 14, customer_key 14
      Next: Ask the owner of crm to fill in the values; …

A row's number is its place in the landed file.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts.evaluation import Sample, Shown
from harness.claims import wording
from harness.claims.wording import count, number, percent
from harness.say import visible
from harness.verdict import FailedRule, Verdict


def headline(rule: FailedRule) -> str:
    """Which rule failed, and how often."""
    return f"{name(rule)}: {counted(rule)}"


def name(rule: FailedRule) -> str:
    """The rule, after the column that it is on."""
    return rule.rule if rule.column is None else f"{rule.column}, {rule.rule}"


def counted(rule: FailedRule) -> str:
    """`3 of 12 rows fail (25 %)`."""
    share = f" ({percent(rule.failed / rule.rows)})".replace(" %", _PERCENT) if rule.rows else ""
    return f"{number(rule.failed)} of {count(rule.rows, 'row')} fail{share}"


_PERCENT = "\N{NO-BREAK SPACE}%"


def sample(one: Sample) -> str:
    """One row: where it is, its key, and what the rule read in it."""
    *some, last = map(number, one.rows)
    rows = f"rows {', '.join(some)} and {last}" if some else f"row {last}"
    delivery = "" if one.delivery is None else f" ({wording.name(one.delivery)})"
    key = "".join(f", {_named(shown)}" for shown in one.key)
    values = [v.text if v.column == one.column else _named(v) for v in one.values]
    return f"{rows}{delivery}{key}{': ' if values else ''}{', '.join(values)}"


def lines(verdict: Verdict) -> Iterator[tuple[int, str]]:
    """All failed rules of a verdict, each line with its depth."""
    for rule in verdict.failed_rules:
        yield 0, headline(rule)
        yield from ((1, sample(one)) for one in rule.samples)
        yield 1, f"Next: {rule.next_step}"


def text(verdict: Verdict) -> str:
    """All failed rules of a verdict, one line each, safe to show."""
    return "\n".join("  " * depth + visible(line) for depth, line in lines(verdict))


def _named(shown: Shown) -> str:
    return f"{wording.name(shown.column)} {shown.text}"
