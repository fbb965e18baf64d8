"""XML of others, read in one way alone; the only module that knows the parser.

XML 1.0 in UTF-8, without a document type: no entity is expanded and nothing is fetched. Comments
and processing instructions are no content, and leave no seam in the text that they stand in.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from connectors import bounds

if TYPE_CHECKING:
    from lxml import etree  # noqa: F401 - for the alias

Element: TypeAlias = Any
"""An element of lxml, which has no types."""

_PROLOG = rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
_DOCTYPE = re.compile(_PROLOG + rb"<!DOCTYPE", re.DOTALL)
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]*)""")
_UTF_8 = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


class NotPlainXml(ValueError):
    """No XML that can be read in one way alone. Its text is a clause of why, without the data."""


def require_plain(body: bytes) -> None:
    """NotPlainXml for another encoding than UTF-8, and for a document type: with one, few bytes
    make many, and others are fetched.
    """
    declared = _DECLARED.match(body)
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"} or (
        declared is not None and declared[1].lower() not in _UTF_8
    ):
        raise NotPlainXml("is not in UTF-8")
    if _DOCTYPE.match(body):
        raise NotPlainXml("has a document type (DOCTYPE), which is never read")


def parsed(body: bytes) -> Element:
    """The root element; NotPlainXml for what is cut, malformed or beyond our bounds, too."""
    from lxml import etree

    require_plain(body)
    if body.count(b"<") > 2 * bounds.VALUES:
        raise NotPlainXml(f"has more than {bounds.VALUES:,} elements")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise NotPlainXml("is cut, malformed or nested too deep") from None


def written(element: Element) -> bytes:
    """The element as a document in UTF-8."""
    from lxml import etree

    body: bytes = etree.tostring(element, encoding="utf-8", xml_declaration=True)
    return body
