"""`nightly:` in `pilot.yaml`: when it starts, and whether it starts by itself at all."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from harness.pilot.strict_model import StrictModel

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_ARMED = {"true": True, "false": False}


def _time(text: object) -> object:
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError('is no time of day: write it as "02:00"')
    return text


def truth(text: object) -> object:
    """A setting that is yes or no. YAML's reader leaves every value as text; only these two words
    are plain to everybody.
    """
    if isinstance(text, bool):
        return text
    if isinstance(text, str) and text in _ARMED:
        return _ARMED[text]
    raise ValueError("is neither true nor false: write one of them")


TimeOfDay = Annotated[
    str,
    BeforeValidator(_time),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME.pattern}$"}),
]


class Timetable(StrictModel):
    """A time of day in the pilot's zone, and whether something starts at it."""

    at: TimeOfDay
    armed: Annotated[bool, BeforeValidator(truth), WithJsonSchema({"type": "boolean"})] = False
    """A time alone arms nothing."""


def _timetable(given: object) -> object:
    """A time alone is one that is not armed."""
    if isinstance(given, str):
        return {"at": _time(given)}
    if isinstance(given, (dict, Timetable)):
        return given
    raise ValueError('is no time: write "02:00", or {at: "02:00", armed: true}')


Nightly = Annotated[
    Timetable, BeforeValidator(_timetable, json_schema_input_type=TimeOfDay | Timetable)
]
"""As `"02:00"`, or as `{at: "02:00", armed: true}`."""
