"""Text as OSCAL's markup shows it: every character stands for itself.

Titles, descriptions and remarks in OSCAL are CommonMark, with HTML and `{{ insert: … }}`; a reader
of OSCAL may render them. Text from sources is escaped by backslashes (CommonMark 0.31, 2.4).
"""

from __future__ import annotations

import re

from harness.evidence.formats.plain import line

_ACTIVE = re.compile(r"[\\`*\[\]<>&{}|~$^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_NUMBERED = re.compile(r"^(\d+)([.)])")


def escape(text: str) -> str:
    """One line that renders as the text, be it Markdown or HTML; never empty."""
    escaped = _ACTIVE.sub(lambda found: f"\\{found[0]}", line(text))
    escaped = re.sub(r"^([-+#=])", r"\\\1", escaped)
    return _NUMBERED.sub(r"\1\\\2", escaped)
