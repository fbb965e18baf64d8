"""A report that a later run did not replace says so: nobody shall take it for the newest."""

from __future__ import annotations

import re
from datetime import datetime

from harness.report import words

_MARK = '<p class="banner" id="old" role="alert">'
_MARKED = re.compile(rf"{re.escape(_MARK)}[^\n]*\n")
_BODY = "<body>\n"
_TITLE, _OLD = "<title>", "OLD: "


def is_old(page: str) -> bool:
    """Whether a report says that it is old."""
    return _MARK in page


def mark_old(page: str, *, at: datetime) -> str:
    """The report, which now says that a later run, begun or refused at `at`, has written none."""
    page = _MARKED.sub("", page, count=1).replace(_TITLE + _OLD, _TITLE, 1)
    told = (
        f"{_MARK}<strong>This report is old: a later run, of {words.instant(at)}, "
        "has written no report.</strong></p>\n"
    )
    return page.replace(_BODY, _BODY + told, 1).replace(_TITLE, _TITLE + _OLD, 1)
