"""Answers of `parts.wsdl`, written by hand, and what is read of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import optional
from connectors.rest.paginators.cursor import cursor
from connectors.rest.soap.content import content_of
from connectors.rest.soap.soap import Soap
from connectors.rest.soap.wsdl import read_wsdl
from connectors.rest.soap.xml import parsed
from tests.conformance import Run, read
from tests.connectors.scripted import Said, Scripted, scripted

WSDL = Path(__file__).with_name("parts.wsdl")
SPACE_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SCHEMA = pa.schema({"key": pa.int64(), "cost": pa.decimal128(12, 2)})
ROW = "<part><key>1</key><cost>1.50</cost></part>"
ONE = f"<Listed xmlns='urn:parts'>{ROW}<total>1</total></Listed>"
XSI = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"


def envelope(body: str) -> str:
    return f"<e:Envelope xmlns:e='{SPACE_11}'><e:Body>{body}</e:Body></e:Envelope>"


def said(body: str | bytes, status: int = 200, content_type: str = "text/xml") -> Said:
    """An answer in SOAP 1.1; bytes are the whole document."""
    whole = body if isinstance(body, bytes) else envelope(body).encode()
    return Said(whole, status, {"content-type": content_type})


def fault(code: str) -> str:
    return (
        f"<s:Fault xmlns:s='{SPACE_11}'><faultcode>s:{code}</faultcode>"
        "<faultstring>row 4711 of Mrs Miller</faultstring></s:Fault>"
    )


def endpoint(**changes: Any) -> Endpoint:
    settings = {
        "path": "/soap",
        "pages": cursor("after", at=optional("next")),
        "rows": "part",
        "total": "total",
        "wire": Soap(wsdl=WSDL, operation="ListParts", safe=True),
    }
    return Endpoint(**{**settings, **changes})


def read_parts(source: Scripted, schema: pa.Schema = SCHEMA, **changes: Any) -> Run:
    """All parts of a running source."""
    rest = source.rest(auth=NoAuth(), endpoints={"parts": endpoint(**changes)})
    return read(rest, "parts", schema)


def reading(answer: Said, schema: pa.Schema = SCHEMA) -> Run:
    """What is read of a source that answers so."""
    with scripted(lambda _: answer) as source:
        return read_parts(source, schema)


def content(body: str) -> Any:
    """The document that an element is, by the WSDL."""
    message = read_wsdl(WSDL, "ListParts", None)
    return content_of(parsed(body.encode()), message.shape, message.derived)


def part(inner: str, attributes: str = "") -> Any:
    """One row."""
    rows = f"<part {attributes}>{inner}</part>"
    return content(f"<Listed xmlns='urn:parts' {XSI}>{rows}<total>1</total></Listed>")["part"][0]
