"""The last guard of secrets: whatever people, logs or the ledger are shown passes here.

The first guards are elsewhere: no message of ours quotes a secret. This one is for text that is
not ours: a server that answers with the key it was sent, a connector of the pilot's own that
raises with its password, a traceback of a library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, quote_plus, unquote, urlsplit

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Fact = TypeVar("_Fact", bound="DataclassInstance")

_SHORTEST = 8
"""Characters. A shorter value is a word as often as a secret, and what it hides would show it."""
_TOKEN = 16
"""Characters from which on a part of a hook's address, or a line of a key, is a secret itself."""
_LEADING, _TRAILING = (0, 2, 3), (None, -3, -2)
"""Characters of base64 that are not the value's alone, by the bytes before it and at its end."""
KNOWN: dict[str, str] = {}
"""The reference of each value that was ever resolved in this process."""


def remember(value: str, reference: str) -> None:
    """Redact this value from now on, also where it is encoded, or a part of it stands alone."""
    for part in _parts(value):
        KNOWN.setdefault(part, reference)


def redact(text: str) -> str:
    """The text, with the reference in place of each secret of this process that it holds.

    As it is, and as URLs, JSON, HTML, Python, base64 and hexadecimal write it.
    """
    for value, reference in [*KNOWN.items()]:
        for form in _forms(value):
            if form in text:
                text = text.replace(form, f"[the secret {reference}]")
    return text


def redacted(fact: _Fact) -> _Fact:
    """The same dataclass, with no secret in its texts, nor in those of a dataclass in it. What is
    in a tuple or a mapping of it are names, and stays.
    """
    given = {one.name: getattr(fact, one.name) for one in fields(fact)}
    changed = {name: new for name, old in given.items() if (new := _redacted(old)) != old}
    return replace(fact, **changed) if changed else fact


def _redacted(value: object) -> object:
    if type(value) is str:  # and no enum
        return redact(value)
    if is_dataclass(value) and not isinstance(value, type):
        return redacted(value)
    return value


def _parts(value: str) -> Iterator[str]:
    if len(value) >= _SHORTEST:
        yield value
    lines = value.splitlines()
    if len(lines) > 1:  # a key: its first and last line are those of every key
        yield from (one for one in lines if len(one) >= _TOKEN and not one.startswith("-----"))
    if "://" in value:
        yield from _parts_of_address(value)


def _parts_of_address(value: str) -> Iterator[str]:
    """The password of a URL, and whatever else in it is as long as a token."""
    try:
        address = urlsplit(value)
        password = unquote(address.password or "")
    except ValueError:
        return
    if len(password) >= _SHORTEST:
        yield password
    if address.scheme in ("http", "https"):
        tokens = re.split(r"[/&=]", f"{address.path}/{address.query}")
        yield from (one for one in tokens if len(one) >= _TOKEN)


@lru_cache(maxsize=1_024)
def _forms(value: str) -> tuple[str, ...]:
    """All that the value may be written as, the longest first."""
    return tuple(sorted({*_written(value)}, key=len, reverse=True))


def _written(value: str) -> Iterator[str]:
    """In text of a protocol, and that as Python, hexadecimal and base64 show it once more. Base64
    leaves out the characters that depend on what stands before and behind.
    """
    import base64

    for text in _in_protocols(value):
        raw = text.encode(errors="surrogatepass")
        yield from (text, repr(text)[1:-1], repr(raw)[2:-1], raw.hex(), raw.hex().upper())
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            for before in range(3):
                written = encode(b"\0" * before + raw).decode()
                yield written[_LEADING[before] : _TRAILING[(before + len(raw)) % 3]]


def _in_protocols(value: str) -> Iterator[str]:
    import html
    import json

    yield value
    for quoted in (quote(value, safe=""), quote(value), quote_plus(value)):
        yield from (quoted, re.sub("%..", lambda it: it[0].lower(), quoted))
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    escaped = html.escape(value)
    yield from (escaped, escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;"))
    yield html.escape(value, quote=False)
