"""Text from elsewhere in Dagster, which takes descriptions for Markdown: a picture in one would be
fetched by whoever looks, from wherever it says.
"""

from __future__ import annotations

import re

from harness.say import visible

_LINK = re.compile(r":(?=//)|(?<=www)\.|@", re.IGNORECASE)
"""What makes a link of bare text (GFM 6.9). No escape stops that; code does."""
_MARK = re.compile(r"[\\`*_\[\]<>|~&]|^[-+#=]|(?<=^\d)[.)]")
"""What means something in a line, or at its beginning (CommonMark 2.4, 4 and 5)."""

text = visible
"""As it stands, with whatever hides or reorders it escaped: for what Dagster shows as text."""


def markdown(words: str) -> str:
    """Markdown that shows these words and nothing else. One line, as `visible` leaves no other."""
    return _LINK.sub(r"`\g<0>`", _MARK.sub(r"\\\g<0>", visible(words)))
