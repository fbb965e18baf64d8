"""A name that is not there: which of those that are may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like `name`, if one is."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1)), None)


def add_or_correct(name: str, known: Iterable[str], setting: str) -> str:
    """What to do where `setting` of a pilot lacks a dataset: add it, or correct a like name."""
    near = nearest(name, known)
    return f"add it to `{setting}`" + (f", or correct {near} there if that is it" if near else "")
