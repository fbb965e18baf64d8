"""SOAP 1.1 and 1.2 as the wire of an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.capabilities import Described
from connectors.errors import SourceChanged
from connectors.http.messages import Answer, Request
from connectors.http.status import check_status
from connectors.rest.locations import DocumentPath
from connectors.rest.media_type import not_xml
from connectors.rest.paginators import PageRequest
from connectors.rest.soap.content import NotAsDescribed, content_of
from connectors.rest.soap.described import described_by
from connectors.rest.soap.fault import codes_of, denies, error_of
from connectors.rest.soap.shape import of_rows
from connectors.rest.soap.wsdl import Message, read_wsdl
from connectors.rest.soap.xml import Element, NotPlainXml, parsed

_OK, _UNAUTHORIZED = 200, 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Soap:
    """An operation of a WSDL, which stands in a file beside the pilot with all that it imports:
    nothing is fetched to read it, and the address that it names is not used. The arguments stand
    in the endpoint's `search`, where the page style changes them; its `rows`, `total` and `pages`
    name elements of the answer, without the outermost one.

    >>> orders = Soap(wsdl=Path("orders.wsdl"), operation="ListOrders", safe=True)
    >>> Endpoint(
    ...     path="/services/orders",
    ...     pages=page_number("page", more="more"),
    ...     rows="orders.order",
    ...     total="total",
    ...     search={"size": 100},
    ...     wire=orders,
    ... ).wire.asks
    'SOAP ListOrders'
    """

    wsdl: Path
    operation: str
    port: str | None = None
    """Of the WSDL, where several have the operation; None for the first."""
    safe: bool = False
    """Your word that the operation only reads: then it is asked again where the source is
    unavailable. Without it each page is asked for once."""
    _read: list[Message] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def asks(self) -> str:
        """The operation."""
        return f"SOAP {self.operation}"

    def body(self, search: Mapping[str, object] | None) -> Mapping[str, object]:
        """The arguments."""
        return search or {}

    def to_request(self, asked: PageRequest, *, told: str | None = None) -> Request:
        """The operation with the page's arguments."""
        message = self._message()
        return Request(
            method="POST",
            url=asked.url,
            headers={
                "accept": "application/soap+xml, text/xml",
                **message.headers,
                **asked.headers,
            },
            body=message.write(asked.body or {}),
            told=told,
            safe=self.safe,
        )

    def check(self, answer: Answer) -> Answer:
        """A fault is an error under any status, and so is success without content."""
        if answer.status != _UNAUTHORIZED and (codes := self._fault(answer)) is not None:
            raise error_of(answer.what, answer.status, codes, answer.retry_after)
        check_status(answer)
        if answer.is_success and answer.status != _OK:
            said = f"{answer.what} answered {answer.status}, which is no answer of an operation"
            raise SourceChanged(f"{said}: correct the path")
        return answer

    def refuses(self, answer: Answer) -> bool:
        """A fault that says so."""
        return denies(self._fault(answer) or ())

    def document(self, answer: Answer) -> Any:
        """What the element in the answer's body holds."""
        what, message = answer.what, self._message()
        if (came := not_xml(answer.headers.get("content-type", ""))) is not None:
            raise SourceChanged(f"{what} answered {came}, not XML in UTF-8: correct the path")
        try:
            element = _body(parsed(answer.body), message)
            return content_of(element, message.shape, message.derived)
        except (NotPlainXml, NotAsDescribed) as error:
            raise SourceChanged(
                f"{what}: its answer {error}: have it corrected there, or save its present WSDL"
            ) from None

    def describe(self, sampled: Described, rows: DocumentPath) -> Described:
        """Types and what may be missing by the WSDL."""
        shape = of_rows(self._message().shape, rows)
        return sampled if shape is None else described_by(shape, sampled, self.wsdl.name)

    def _message(self) -> Message:
        """Read once."""
        if not self._read:
            self._read.append(read_wsdl(self.wsdl, self.operation, self.port))
        return self._read[0]

    def _fault(self, answer: Answer) -> tuple[str, ...] | None:
        """The codes of the fault in the answer; None where there is none, or none to be read."""
        if b"Fault" not in answer.body or not_xml(answer.headers.get("content-type", "")):
            return None
        namespace = self._message().namespace
        try:
            fault = parsed(answer.body).find(f"{{{namespace}}}Body/{{{namespace}}}Fault")
        except NotPlainXml:
            return None
        return None if fault is None else codes_of(fault, namespace)


def _body(envelope: Element, message: Message) -> Element:
    """The one element in the body of the envelope; NotAsDescribed where it is another one."""
    inside = envelope.find(f"{{{message.namespace}}}Body")
    if envelope.tag != f"{{{message.namespace}}}Envelope" or inside is None:
        raise NotAsDescribed("is no envelope of the version of SOAP that was sent")
    if len(inside) != 1:
        raise NotAsDescribed(f"has {len(inside)} elements in its body and not one")
    element = inside[0]
    if message.answer not in (None, element.tag):
        raise NotAsDescribed("is not the one of this operation")
    if any(name.endswith("}encodingStyle") for e in (inside, element) for name in e.attrib):
        raise NotAsDescribed("is in SOAP's own encoding, which is not read")
    return element
