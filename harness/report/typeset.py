"""Typst, in one place: a document of ours becomes PDF/A-3a and PDF/UA-1, both at once.

    Document ─▶ JSON, each text as the fonts can show it ─▶ document.typ ─▶ bytes

No text is ever Typst's source: the template reads JSON. Equal documents give equal bytes, on a
machine with any fonts, language and directory; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from harness.errors import ConfigurationError, one_line
from harness.report.document import Document
from harness.report.letters import printed

MOST = 4_000
"""Characters of one text. What is longer is cut, and says so."""
_TEMPLATE = Path(__file__).with_name("document.typ")


def pdf(document: Document, attached: Mapping[str, str], *, at: datetime) -> bytes:
    """The file. `attached` has the text of each attachment by its name, `at` is the time that the
    file says it was made.

    Raises ConfigurationError where Typst refuses or warns: then there is no file.
    """
    import typst  # 80 MB of machine code, for this alone

    plain = msgspec.to_builtins(document, builtin_types=(bytes,))
    said = msgspec.json.encode(_printed(plain))
    try:
        made, warnings = typst.compile_with_warnings(
            _TEMPLATE,
            root=_TEMPLATE.parent,
            ignore_system_fonts=True,
            sys_inputs={"document": said.decode(), **attached},
            pdf_standards=["a-3a", "ua-1"],  # it refuses what it knows to break either
            timestamp=at.replace(microsecond=0),  # PDF knows no parts of a second
        )
    except typst.TypstError as error:
        raise _refused(error) from error
    if warnings:
        raise _refused(warnings[0])
    return made


def _printed(found: Any) -> Any:
    match found:
        case str():
            return printed(_cut(found))
        case bytes():  # a drawing of ours
            return found.decode()
        case dict():
            return {name: _printed(one) for name, one in found.items()}
        case list() | tuple():
            return [_printed(one) for one in found]
        case _:
            return found


def _cut(text: str) -> str:
    left = len(text) - MOST
    return text if left <= 0 else f"{text[:MOST]} (cut: {left:,} more characters)"


def _refused(error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"report.pdf could not be typeset, so nothing was written: {one_line(error)}: a defect, "
        "report it"
    )
