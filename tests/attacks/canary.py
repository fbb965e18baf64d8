"""Looks for a secret in whatever form it may have been written, by a way of its own: not by the
forms that the guard knows.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator

ODD = '/"&<+\u00fc'
"""What URLs, JSON, HTML and base64 each write in another way."""


def canary(name: str, *, odd: str = ODD) -> str:
    """A secret of that name; its letters are the same in every text."""
    return f"{_core(name)}{odd}-4711"


def hits(texts: Iterable[str], name: str) -> list[str]:
    """The forms of the secret of that name that stand in any of the texts."""
    core = _core(name)
    return [form for form in _written(core) if any(form in text for text in texts)]


def _core(name: str) -> str:
    return f"c4nary{name}yr4nac"


def _written(core: str) -> Iterator[str]:
    raw = core.encode()
    yield core
    yield from (raw.hex(), raw.hex().upper(), raw.decode()[::-1])
    for before in range(3):
        yield base64.b64encode(b"\0" * before + raw).decode()[4:-4]
