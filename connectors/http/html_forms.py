"""The forms of an HTML page: where each is sent, and what it says by itself; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

_LONGEST = 1 << 20
"""Bytes of a page that are looked at."""
_NOT_SENT = frozenset({"submit", "button", "image", "reset", "file"})
"""Kinds of fields that a form does not send by itself (HTML 4.10.21.4)."""
_BOXES = frozenset({"checkbox", "radio"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form. Its values came from a source, and have no repr."""

    action: str = field(repr=False)
    """As it stands there; empty for the page's own address."""
    method: str
    fields: Mapping[str, str] = field(repr=False)
    """What is sent if nobody changes anything."""
    asks_password: bool


def forms(page: bytes) -> Sequence[Form]:
    """Those of a page, in order; what is broken in it is left out."""
    parser = _Forms()
    parser.feed(page[:_LONGEST].decode("utf-8", "replace"))
    parser.close()
    return parser.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self._fields: dict[str, str] = {}
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields, self._is_open = {}, True
            self.found.append(
                Form(
                    action=said.get("action", "").strip(),
                    method=said.get("method", "get").strip().lower(),
                    fields=self._fields,
                    asks_password=False,
                )
            )
        elif self._is_open and tag in {"input", "select", "textarea"}:
            self._field(said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_open = False

    def _field(self, said: Mapping[str, str]) -> None:
        kind, name = said.get("type", "text").strip().lower(), said.get("name", "")
        if kind == "password":
            last = self.found[-1]
            self.found[-1] = Form(
                action=last.action, method=last.method, fields=self._fields, asks_password=True
            )
        if name and kind not in _NOT_SENT and (kind not in _BOXES or "checked" in said):
            self._fields.setdefault(name, said.get("value", ""))
