"""The cookies that an answer sets (RFC 6265 4.1), where its fields are joined to one; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SET = re.compile(r"(?:^|,)\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([^;,]*)([^,]*(?:,[^=,;]*(?=;|$))?)")
_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{0,4096}")
"""RFC 6265 4.1.1, cookie-octet: what a header can hold, whatever a source sends."""
_ENDS = re.compile(r";\s*max-age=(?:0|-\d+)\s*(?:;|$)", re.IGNORECASE)


def cookies_set(headers: Mapping[str, str]) -> dict[str, str]:
    """By name, what the answer sets; an empty text for one that it ends or that no header can
    hold.

    >>> cookies_set({"set-cookie": "a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT, b=2; HttpOnly"})
    {'a': '1', 'b': '2'}
    """
    found = {}
    for name, value, attributes in _SET.findall(headers.get("set-cookie", "")):
        text = value.strip().strip('"')
        is_kept = _VALUE.fullmatch(text) and not _ENDS.search(attributes)
        found[name] = text if is_kept else ""
    return found
