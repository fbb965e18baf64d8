"""The numbers that Dagster plots of a dataset over its nights: how late, how much is missing, and
how many nights count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from contracts.evaluation import Evaluation
from harness.claims import arrives, fresh
from harness.facts import Fact, Reading
from harness.report.figures import newest_lag
from harness.result import Judged

_HOUR = timedelta(hours=1)


def of_dataset(
    reading: Reading, facts: Sequence[Fact], judged: Iterable[Judged]
) -> dict[str, float]:
    """Plain numbers, under names that stay: Dagster draws a line through each name."""
    found: dict[str, float] = {}
    if (lag := newest_lag(reading)) is not None:
        found["lag_hours"] = round(lag / _HOUR, 2)
    shares = [
        column.missing / column.rows
        for fact in facts
        if isinstance(fact, Evaluation) and fact.dataset == reading.dataset
        for column in fact.missing
        if column.rows > 0
    ]
    if shares:
        found["most_missing_percent"] = round(100 * max(shares), 2)
    for one in judged:
        if one.planned.dataset == reading.dataset:
            match one.planned.claim:
                case arrives.CLAIM.name:
                    found["nights_counted"] = one.verdict.n
                case fresh.CLAIM.name:
                    found["deliveries_counted"] = one.verdict.n
    return found
