"""What a message may hold by its XSD; pure data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.rest.locations import DocumentPath, steps

TEXT = "value"
"""The name of an element's text beside its attributes."""


@dataclass(slots=True, kw_only=True)
class Shape:
    """An element's content. One without children and attributes is a value. Filled once, since a
    type may hold itself.
    """

    type: str | None = None
    """Of its text: the type of XSD that it is made of, as `decimal`; None if it has no text."""
    children: dict[str, Part] = field(default_factory=dict)
    """By qualified name, `{namespace}name`."""
    attributes: dict[str, Part] = field(default_factory=dict)

    @property
    def is_value(self) -> bool:
        """Whether it is a text alone."""
        return not self.children and not self.attributes

    def parts(self) -> Iterator[Part]:
        """All that it holds by name."""
        yield from self.attributes.values()
        yield from self.children.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A child element, or an attribute."""

    name: str
    """Without its namespace."""
    shape: Shape
    many: bool = False
    required: bool = False
    nillable: bool = False


def of_rows(shape: Shape, rows: DocumentPath) -> Shape | None:
    """The shape of one row; None where the path leads nowhere in it."""
    for step in steps(rows):
        inner = next((part.shape for part in shape.parts() if part.name == step), None)
        if inner is None:
            return None
        shape = inner
    return shape
