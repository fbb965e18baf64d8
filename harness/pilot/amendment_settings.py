"""`amendments:` and `validity:` in `pilot.yaml`: how long a signature and evidence may count."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from harness.pilot.strict_model import StrictModel

MOST_DAYS = 366
"""That any amendment may count."""
_AGE = re.compile(r"([1-9][0-9]{0,3}) ?(h|hours?|days?)")


def _age(text: object) -> object:
    """An age, written as `26 h` or `7 days`."""
    if not isinstance(text, str):
        return text
    age = _AGE.fullmatch(text)
    if age is None:
        raise ValueError("is no age: write it as 26 h or 7 days")
    return timedelta(**{"hours" if age[2].startswith("h") else "days": int(age[1])})


def _shown(age: timedelta) -> str:
    days, rest = divmod(age, timedelta(days=1))
    return f"{age // timedelta(hours=1)} h" if rest or days == 1 else f"{days} days"


Age = Annotated[
    timedelta,
    BeforeValidator(_age),
    PlainSerializer(_shown),
    WithJsonSchema({"type": "string", "pattern": f"^{_AGE.pattern}$"}),
]


class Amendments(StrictModel):
    """What people may sign."""

    at_most_days: int = Field(default=90, ge=1, le=MOST_DAYS)


class Validity(StrictModel):
    """How old evidence may be. Then its verdict is STALE."""

    drift: Age = Field(default=timedelta(days=7), json_schema_extra={"default": "7 days"})
    """Of `stable_schema` and `stable_values`."""
    load: Age = Field(default=timedelta(days=30), json_schema_extra={"default": "30 days"})
    """Of claims that load is generated for."""
    drills: Age = Field(default=timedelta(days=90), json_schema_extra={"default": "90 days"})
    """Of claims that something is made to fail for."""
    rest: Age = Field(default=timedelta(hours=26), json_schema_extra={"default": "26 h"})
    """Of every other claim: a night, and two hours more."""
