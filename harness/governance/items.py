"""The fixed items of governance, as data, and what of the law each of them supports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("items.json")
LAW = Path(__file__).with_name("law.json")


class By(StrEnum):
    """What fills an item."""

    FACTS = "facts"
    """The harness, from the ledger, the contracts, or what `pilot.yaml` says elsewhere."""
    PEOPLE = "people"
    """Somebody, in `governance:`."""
    DEFAULT = "default"
    """Nobody decided otherwise. It is filled, and counts for no fact."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that must be known before Legal can sign."""

    id: str
    topic: str
    demands: tuple[int, ...]
    """The demands that it answers, by their numbers in `harness/coverage/demands.json`."""
    asks: str
    """In words that need no explanation."""
    whose: str
    """Who is to fill it."""
    supports: tuple[str, ...] = ()
    """What it supports, by the names of `law.json`. It proves compliance with none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One provision of a law, as it was published on a day."""

    law: str
    article: str
    about: str
    published: date


class _Items(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    items: tuple[Item, ...]


class _Law(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    note: str
    provisions: dict[str, Provision]


@cache
def items() -> tuple[Item, ...]:
    """All of them, in the order in which they are read."""
    return msgspec.json.decode(FILE.read_bytes(), type=_Items).items


@cache
def law() -> Mapping[str, Provision]:
    """The provisions that items support, by name."""
    return msgspec.json.decode(LAW.read_bytes(), type=_Law).provisions
