"""Reads YAML strictly.

Every scalar stays text, a duplicate key is an error, and every value has its line. (PyYAML alone
reads NO as False and 010 as 8, and keeps the last of two equal keys.) What no pilot needs is
refused before it is built: aliases may stand for far more than is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from harness.errors import ConfigurationError

CHARACTERS = 1 << 20
"""Of one file. The reader needs seconds for so many."""
NESTING = 32
"""Lists and mappings in one another."""
VALUES = 20_000
"""Of one file, keys and what aliases repeat included."""
TEXT_CHARACTERS = 65_536
"""Of one value."""

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's value, and the line of each place in it."""

    path: Path
    value: Value
    lines: dict[Place, int] = field(default_factory=dict)

    def at(self, place: Place) -> str:
        """`file:line` of a place, or of its nearest parent that exists."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.path}:{self.lines.get(place, 1)}"


def load(path: Path) -> Document:
    """Read one YAML file. Raises ConfigurationError with the line of the fault."""
    try:
        node = yaml.compose(_text(path), Loader=_Bounded)
        document = Document(path=path, value=None)
        value = _plain(node, (), document) if node is not None else None
    except _Beyond as error:
        line, most = error.args
        raise ConfigurationError(
            f"{path}:{line + 1}: {most} are read at most: shorten it"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise ConfigurationError(f"{path} cannot be read ({reason}): correct that") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        # YAML takes text that begins with * or & for a name; it may be a secret, so it is not
        # shown.
        problem = re.sub(r"(alias|anchor) .*", r"\1: quote the text", str(error.problem))
        raise ConfigurationError(
            f"{path}:{line}: not valid YAML ({problem}): correct it"
        ) from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}: not valid YAML: write it anew") from error
    return Document(path=path, value=value, lines=document.lines)


def _text(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        text = file.read(CHARACTERS + 1)
    if len(text) > CHARACTERS:
        raise _Beyond(text.count("\n", 0, CHARACTERS), f"{CHARACTERS:,} characters in all")
    return text


class _Beyond(Exception):
    """A line, from 0 on, and the bound that is passed there."""


class _Bounded(yaml.SafeLoader):
    """Counts the nodes before it makes them."""

    depth = nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line if event.start_mark else 0
        self.nodes += 1
        if self.nodes > VALUES:
            raise _Beyond(line, f"{VALUES:,} values")
        if isinstance(event, yaml.ScalarEvent) and len(event.value) > TEXT_CHARACTERS:
            raise _Beyond(line, f"{TEXT_CHARACTERS:,} characters in one text")
        if self.depth == NESTING and isinstance(event, yaml.CollectionStartEvent):
            raise _Beyond(line, f"{NESTING} lists and mappings in one another")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def _plain(node: yaml.Node, place: Place, document: Document) -> Value:
    """The value of a node. An alias is the node that it names, so values are counted again."""
    line = node.start_mark.line
    if len(place) > NESTING:
        raise _Beyond(line, f"{NESTING} lists and mappings in one another")
    if len(document.lines) > VALUES:
        raise _Beyond(line, f"{VALUES:,} values, with those that aliases repeat")
    document.lines[place] = line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Value] = {}
        for key, child in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigurationError(
                    f"{document.path}:{line}: a key is no plain text: give it a name"
                )
            if key.value in mapping:
                raise ConfigurationError(
                    f"{document.path}:{line}: duplicate key {key.value!r}: keep one of them"
                )
            mapping[key.value] = _plain(child, (*place, key.value), document)
            document.lines[(*place, key.value)] = line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, i), document) for i, child in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)
