"""A keyword that a pilot gives and nothing takes, or leaves out: what it may have meant."""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

from harness.errors import suggest

_LEFT_OUT = re.compile(r"(\w+)(?:\.__init__)?\(\) missing \d+ required [\w -]+: (.*)")
_UNKNOWN = re.compile(r"(\w+)(?:\.__init__)?\(\) got an unexpected keyword argument '(\w+)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Misspelt:
    """A keyword that a function does not take."""

    function: str
    keyword: str
    known: tuple[str, ...]
    """What it takes; empty if that is not known."""

    def __str__(self) -> str:
        hint = suggest(self.keyword, self.known) if self.known else "correct the name"
        return f"takes no {self.keyword}: {hint}"


def left_out(error: Exception) -> tuple[str, str] | None:
    """The function and what a call of it leaves out, if that is the error. It names no value."""
    found = _LEFT_OUT.match(str(error)) if isinstance(error, TypeError) else None
    if found is None or (names := re.findall(r"'(\w+)'", found[2])) == []:
        return None
    return found[1], f"needs {', '.join(names)}: write {names[0]}=…"


def misspelt(error: Exception, frame: FrameType) -> Misspelt | None:
    """What Python says of a call in `frame`, if that is its error. It names no value."""
    unknown = _UNKNOWN.match(str(error)) if isinstance(error, TypeError) else None
    if unknown is None:
        return None
    function, keyword = unknown.groups()
    known: dict[str, None] = {}
    *_, (raised_in, _) = traceback.walk_tb(error.__traceback__)
    made = None if raised_in is frame else type(raised_in.f_locals.get("self"))
    if made is not None and function in [base.__name__ for base in made.__mro__]:
        function = made.__name__  # it passes on to a base of its own what it does not take
        called_by_name: Iterable[Callable[..., Any]] = made.__mro__
    else:
        called_by_name = _called(function, frame)
    for called in called_by_name:
        try:
            known |= dict.fromkeys(inspect.signature(called).parameters)
        except (TypeError, ValueError):
            continue
    return Misspelt(function=function, keyword=keyword, known=tuple(known))


def _called(name: str, frame: FrameType) -> Iterator[Callable[..., Any]]:
    """What has this name where it was called, itself or in a module that is there."""
    for there in (*frame.f_locals.values(), *frame.f_globals.values()):
        found = there.__dict__.get(name) if isinstance(there, ModuleType) else there
        if callable(found) and getattr(found, "__name__", None) == name:
            yield found
