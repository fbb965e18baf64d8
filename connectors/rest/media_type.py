"""Whether an answer says that it is JSON, or XML, in UTF-8; pure.

RFC 9110 8.3.1: a type, then parameters; who does not know one ignores it. JSON has none, and no
encoding but UTF-8 (RFC 8259): a charset that names another one contradicts that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_XML = re.compile(r"(?:text|application)/(?:soap\+)?xml", re.IGNORECASE)
_JSON = re.compile(r"application/(?:[!#$%&'*+.^_`|~0-9a-z-]+\+)?json", re.IGNORECASE)
_PARAMETER = re.compile(
    r'[ \t]*;[ \t]*([^ \t=;"]*)(?:=("(?:[^"\\]|\\.)*"|[^;]*))?[ \t]*', re.DOTALL
)
_UTF_8 = frozenset({"utf-8", "utf8"})
_NAME = re.compile(r"[0-9A-Za-z._:+-]{1,40}")


def not_json(content_type: str) -> str | None:
    """What the answer is instead, as `something other than JSON`; None if it is JSON in UTF-8. A
    parameter other than `charset` means nothing, and neither does a charset without a value.

    >>> not_json("application/fhir+json; fhirVersion=4.0; charset=UTF8;") is None
    True
    >>> not_json("application/json; charset=latin-1")
    'JSON in latin-1'
    """
    return _other_than("JSON", _JSON, content_type)


def not_xml(content_type: str) -> str | None:
    """What the answer is instead; None if it is XML in UTF-8, as far as its header says.

    >>> not_xml('application/soap+xml; action="urn:list"; charset=utf-8') is None
    True
    """
    return _other_than("XML", _XML, content_type)


def _other_than(name: str, kinds: re.Pattern[str], content_type: str) -> str | None:
    text = content_type.strip(" \t")
    kind = re.split(r"[ \t]*(?:;|$)", text, maxsplit=1)[0]
    if not kinds.fullmatch(kind):
        return f"something other than {name}"
    for charset in _charsets(text[len(kind) :]):
        if charset.lower() not in _UTF_8:
            return f"{name} in {charset if _NAME.fullmatch(charset) else 'another charset'}"
    return None


def _charsets(parameters: str) -> Iterator[str]:
    """Each that is named with a value. What cannot be read as a parameter is passed over."""
    for match in _PARAMETER.finditer(parameters):
        name, value = match.groups()
        if name.lower() == "charset" and (charset := _unquoted((value or "").strip(" \t"))):
            yield charset


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL).strip()
    return value.strip("'")  # no quotation of RFC 9110, and sent by some
