"""A promised cadence as text: a cron expression or an RFC 5545 rule.

0 6 * * 1-5                               minute hour day month weekday
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=18
DTSTART:20260105T060000                   from when an INTERVAL counts
RRULE:FREQ=WEEKLY;INTERVAL=2
EXDATE:20261224T060000                    one that does not come
RDATE:20261228T060000                     one that comes beside the rule
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from contracts.calendar import EVER, Calendar, Rule, shown
from contracts.cron import cron_rule
from contracts.promises import ContractError
from contracts.recurrence import recurrence_rule

MOST_A_DAY = 288
"""One delivery each five minutes."""


@lru_cache
def calendar(text: str, zone: ZoneInfo, excluded: tuple[date, ...] = ()) -> Calendar:
    """The calendar of a promised text. Raises ContractError."""
    return Calendar(rule=rule(text), zone=zone, excluded=frozenset(excluded))


@lru_cache
def rule(text: str) -> Rule:
    """The rule that a text says. Raises ContractError, one line with what to write."""
    plain = text.strip()
    found = recurrence_rule(plain) if "FREQ=" in plain.upper() else cron_rule(plain)
    if len(found.times) > MOST_A_DAY:
        raise ContractError(
            f"cadence {shown(text)} is due {len(found.times)} times a day, and at most "
            f"{MOST_A_DAY} are judged: let several make one delivery"
        )
    if next(iter(found.days(*EVER)), None) is None:
        raise ContractError(
            f"cadence {shown(text)} never comes due, for no such day exists: correct the days"
        )
    return found
