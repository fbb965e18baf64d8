"""An operation as a WSDL describes it; the only module that knows the library that reads WSDLs.

    file ─▶ zeep ─▶ what to send (its messages are written by the library)
                └─▶ what may come (a `Shape`; `connectors/rest/soap/content.py` reads by it)

The library alone fetches what a WSDL imports, from anywhere, sends to the address that the WSDL
names, and makes of a text what Python has: times lose their seventh digit, dates their zone, and a
value that it cannot read becomes null. None of that is used. Only files are read, and only those
of the WSDL's own folder.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import SourceError
from connectors.near import nearest
from connectors.rest.soap.shape import TEXT, Part, Shape
from connectors.rest.soap.xml import NotPlainXml, require_plain, written

_MOST_BYTES = 16 << 20
"""Of one file: far more than the largest WSDLs have."""
_XSD = "{http://www.w3.org/2001/XMLSchema}"

# Its records show what is sent.
logging.getLogger("zeep").addFilter(lambda _: False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one operation sends, and what may come back."""

    namespace: str
    """Of the envelope: it says which version of SOAP is spoken."""
    headers: Mapping[str, str]
    answer: str | None
    """The qualified name of the element that comes; None where any name does (RPC style)."""
    shape: Shape
    derived: Callable[[str], Shape | None] = field(repr=False)
    write: Callable[[Mapping[str, object]], bytes] = field(repr=False)
    """The envelope with these arguments; SourceError where they do not fit."""


def read_wsdl(path: Path, operation: str, port: str | None) -> Message:
    """The operation by its name, at the first port of SOAP that has it, or at `port`. SourceError
    where the file cannot be read or has none.
    """
    try:
        from zeep import Settings
        from zeep.wsdl import Document
    except ImportError:
        raise SourceError(
            "SOAP needs packages of its own: install them by pip install 'seatrial[soap]'"
        ) from None
    settings = Settings(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        document = Document(str(path.resolve()), _Folder(path), settings=settings)
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001 - the library raises anything for a faulty file
        raise _unreadable(path, error) from None
    found = dict(_operations(document, port))
    if operation not in found:
        raise SourceError(
            f"{path.name} has no operation {operation} of SOAP over HTTP: correct operation"
            f"{_like(operation, found)}, or wsdl"
        )
    return _message(path, operation, found[operation], document.types)


@dataclass(frozen=True, slots=True)
class _Folder:
    """What the library loads by, in place of its client for HTTP."""

    wsdl: Path

    def load(self, url: str) -> bytes:
        """The bytes of a file in the folder of the WSDL, and nothing else."""
        path = Path(url).resolve()
        if urlsplit(url).scheme or not path.is_relative_to(self.wsdl.resolve().parent):
            raise _elsewhere(self.wsdl)
        try:
            with path.open("rb") as file:
                body = file.read(_MOST_BYTES + 1)
            require_plain(body)
        except OSError:
            raise SourceError(
                f"{self.wsdl.name}: {path.name} is not there: save it beside the WSDL, with what "
                "it imports"
            ) from None
        except NotPlainXml as error:
            raise SourceError(f"{path.name} {error}: have a plain one sent") from None
        if len(body) > _MOST_BYTES:
            raise SourceError(f"{path.name} is larger than {_MOST_BYTES} bytes: correct the path")
        return body


def _elsewhere(wsdl: Path) -> SourceError:
    return SourceError(
        f"{wsdl.name} imports what is not in its folder; nothing was fetched: save it beside the "
        "WSDL, and correct its schemaLocation there"
    )


def _unreadable(path: Path, error: Exception) -> SourceError:
    if type(error).__name__ == "ExternalReferenceForbidden":
        return _elsewhere(path)
    return SourceError(
        f"{path.name} cannot be read as a WSDL ({type(error).__name__}): correct the path, or "
        "have it corrected"
    )


def _operations(document: Any, port: str | None) -> Iterator[tuple[str, Any]]:
    """Name and binding's operation; of several ports the first one counts, so it comes last."""
    from zeep.wsdl.bindings import Soap11Binding, Soap12Binding

    ports = [p for s in document.services.values() for p in s.ports.values()]
    for one in reversed([p for p in ports if port is None or p.name == port]):
        if isinstance(one.binding, Soap11Binding | Soap12Binding):
            yield from one.binding.all().items()


def _message(path: Path, name: str, operation: Any, types: Any) -> Message:
    shapes = _Shapes(path, types)
    sent, came = operation.input.body, operation.output.body if operation.output else None
    if came is None:
        raise SourceError(f"{path.name}: {name} has no answer: correct operation")
    arguments = [] if sent is None else [p.name for p in shapes.of(sent.type).parts()]

    def write(given: Mapping[str, object]) -> bytes:
        if unknown := set(given) - set(arguments):
            wrong = min(unknown)
            raise SourceError(
                f"{path.name}: {name} has no argument {wrong}: correct search or pages"
                f"{_like(wrong, arguments)}"
            )
        try:
            return written(operation.create(**given).content)
        except Exception as error:  # noqa: BLE001 - the library raises anything for a wrong value
            raise SourceError(
                f"{path.name}: the arguments of {name} do not fit it ({type(error).__name__}): "
                f"correct search, which may have {', '.join(arguments)}"
            ) from None

    return Message(
        namespace=operation.nsmap["soap-env"],
        headers=_headers(operation),
        answer=None if operation.style == "rpc" else came.qname.text,
        shape=shapes.of(came.type),
        derived=shapes.by_name,
        write=write,
    )


def _like(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f" to {near}" if near else ""


def _headers(operation: Any) -> dict[str, str]:
    """By which a version of SOAP tells the operation: a header, or a parameter of its type."""
    action = (operation.soapaction or "").replace('"', "")
    if operation.nsmap["soap-env"].endswith("/soap/envelope/"):
        return {"content-type": "text/xml; charset=utf-8", "soapaction": f'"{action}"'}
    more = f'; action="{action}"' if action else ""
    return {"content-type": f"application/soap+xml; charset=utf-8{more}"}


class _Shapes:
    """The shapes of types, each made once."""

    def __init__(self, path: Path, types: Any) -> None:
        self._path = path
        self._types = types
        self._made: dict[int, tuple[Any, Shape]] = {}

    def by_name(self, name: str) -> Shape | None:
        """The shape of a type by its qualified name."""
        from zeep.exceptions import LookupError as Unknown
        from zeep.exceptions import NamespaceError

        try:
            return self.of(self._types.get_type(name))
        except (Unknown, NamespaceError):
            return None

    def of(self, type_: Any) -> Shape:
        """The shape of a type of the library."""
        if id(type_) in self._made:
            return self._made[id(type_)][1]
        shape = Shape()
        self._made[id(type_)] = type_, shape  # first: it may hold itself
        self._fill(shape, type_)
        names = [part.name for part in shape.parts()]
        if len({*names}) < len(names) or (shape.type and TEXT in names):
            raise SourceError(
                f"{self._path.name}: a type has two parts of one name, which no row can hold: "
                "read it by another operation"
            )
        return shape

    def _fill(self, shape: Shape, type_: Any) -> None:
        from zeep.xsd.elements import Element
        from zeep.xsd.types import AnySimpleType, ComplexType

        if not isinstance(type_, ComplexType):
            shape.type = _base(type_)
            return
        inner = type_._element  # noqa: SLF001 - flattened lists forget what may come often
        if isinstance(inner, Element) and isinstance(inner.type, AnySimpleType):
            shape.type = _base(inner.type)
        elif inner is not None:
            shape.children.update(self._children(inner, many=False, required=True))
        for attribute in type_._attributes_unwrapped:  # noqa: SLF001 - by qualified name
            if attribute.name is not None:
                shape.attributes[attribute.qname.text] = Part(
                    name=attribute.name,
                    shape=self.of(attribute.type),
                    required=bool(attribute.required),
                )

    def _children(
        self, particle: Any, *, many: bool, required: bool
    ) -> Iterator[tuple[str, Part]]:
        """The elements of a sequence, a choice or a group in it. A wildcard names none."""
        from zeep.xsd.elements import Any as Wildcard
        from zeep.xsd.elements import Choice, Element

        many = many or particle.accepts_multiple
        required = required and particle.min_occurs > 0
        if isinstance(particle, Element):
            yield (
                particle.qname.text,
                Part(
                    name=particle.name,
                    shape=self.of(particle.type),
                    many=many,
                    required=required,
                    nillable=bool(particle.nillable),
                ),
            )
        elif not isinstance(particle, Wildcard):
            for inner in particle:
                inside = required and not isinstance(particle, Choice)
                yield from self._children(inner, many=many, required=inside)


def _base(type_: Any) -> str:
    """The type of XSD that a simple type is made of; a list and a union are texts."""
    for kind in type(type_).__mro__:
        name = str(vars(kind).get("_default_qname", ""))
        if name.startswith(_XSD):
            return name.removeprefix(_XSD)
    return "string"
