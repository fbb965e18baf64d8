"""What a service's `$metadata` says of one entity set (OData CSDL XML 4.01); pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.rest.described_at import NotDescribed
from connectors.rest.odata.xml import Element

_NAMED = ("EntityType", "ComplexType", "EnumType", "TypeDefinition")
_DESCRIBES = ("Core.Description", "Core.V1.Description", "Common.Label", "Common.v1.Label")
"""Terms by which services say in words what something is, the longest words first."""
_MOST_BASES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property of an entity, as its service describes it."""

    name: str
    type: str
    """`Edm.Decimal`; of a definition of the service's own, what that stands for."""
    kind: str
    """What the service defines the type as: `EnumType`, `ComplexType`; empty for Edm's own."""
    is_nullable: bool
    facets: Mapping[str, str]
    """`MaxLength`, `Precision`, `Scale` as they are written."""
    says: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType:
    """The type of an entity set's entities, with what its base types give it."""

    name: str
    key: tuple[str, ...]
    """Names of properties; of one inside another, its path."""
    properties: tuple[Property, ...]
    says: str | None


def entity_type(document: Element, entity_set: str) -> EntityType:
    """The type of `entity_set`; NotDescribed where the service has no such set, or does not say
    its type.
    """
    sets = {one.attributes.get("Name"): one for one in document.all("EntitySet")}
    if entity_set not in sets:
        raise NotDescribed(f"describes no entity set {entity_set}: correct the path of odata")
    service = _Service(document)
    types = list(service.with_bases(sets[entity_set].attributes.get("EntityType", "")))
    if not types:
        raise NotDescribed(f"does not say what {entity_set} holds: have it corrected")
    key: tuple[str, ...] = ()
    found: dict[str, Property] = {}
    for name, one in reversed(types):  # what is derived adds to its base
        key = tuple(ref.attributes.get("Name", "") for ref in one.all("PropertyRef")) or key
        found |= {p.name: p for p in service.properties(name, one)}
    return EntityType(
        name=types[0][0],
        key=key,
        properties=tuple(found.values()),
        says=service.says(types[0][1], types[0][0]),
    )


class _Service:
    """The types of a service by their qualified names, and what is said of them."""

    def __init__(self, document: Element) -> None:
        self._types: dict[str, tuple[str, Element]] = {}
        self._aliases: dict[str, str] = {}
        self._said: dict[str, list[Element]] = {}
        for schema in document.all("Schema"):
            space = schema.attributes.get("Namespace", "")
            self._aliases[schema.attributes.get("Alias", space)] = space
            for one in schema.children:
                if one.name in _NAMED:
                    name = f"{space}.{one.attributes.get('Name')}"
                    self._types[name] = name, one
                elif one.name == "Annotations":
                    target = self._whole(one.attributes.get("Target", ""))
                    self._said.setdefault(target, []).extend(one.each("Annotation"))

    def with_bases(self, name: str) -> Iterator[tuple[str, Element]]:
        """The type and those that it is derived from, by name."""
        for _ in range(_MOST_BASES):
            if (found := self._types.get(self._whole(name))) is None:
                return
            yield found
            name = found[1].attributes.get("BaseType", "")
        raise NotDescribed("derives a type from itself: have it corrected")

    def properties(self, owner: str, type_: Element) -> Iterator[Property]:
        """Those that are data: neither links to other entities nor streams."""
        for one in type_.each("Property"):
            told = one.attributes
            name, written = told.get("Name", ""), told.get("Type", "")
            facets = {key: told[key] for key in ("MaxLength", "Precision", "Scale") if key in told}
            kind = ""
            if (defined := self._types.get(self._whole(written))) is not None:
                kind = defined[1].name
                if kind == "TypeDefinition":
                    facets = {**defined[1].attributes, **facets}
                    written, kind = facets.get("UnderlyingType", ""), ""
            if written == "Edm.Stream":
                continue
            yield Property(
                name=name,
                type=written,
                kind=kind,
                is_nullable=told.get("Nullable", "true") != "false",
                facets=facets,
                says=self.says(one, f"{owner}/{name}"),
            )

    def says(self, element: Element, target: str) -> str | None:
        """What is said of it in words, there or under its name."""
        said = [*element.each("Annotation"), *self._said.get(target, ())]
        words = {one.attributes.get("Term", ""): one.attributes.get("String") for one in said}
        return next(
            (
                text
                for term in _DESCRIBES
                for named, text in words.items()
                if text and named.endswith(term)
            ),
            None,
        )

    def _whole(self, name: str) -> str:
        """The name by its schema's namespace, where it is by an alias."""
        path, slash, inner = name.partition("/")
        space, dot, local = path.rpartition(".")
        return f"{self._aliases.get(space, space)}{dot}{local}{slash}{inner}"
