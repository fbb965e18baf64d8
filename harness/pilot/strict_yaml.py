"""Reads YAML strictly.

Every scalar stays text, a duplicate key is an error, and every value has its line. (PyYAML alone
reads NO as False and 010 as 8, and keeps the last of two equal keys.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from harness.errors import ConfigurationError

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
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {type(error).__name__}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        # YAML takes text that begins with * or & for a name; it may be a secret, so it is not
        # shown.
        problem = re.sub(r"(alias|anchor) .*", r"\1: quote the text", str(error.problem))
        raise ConfigurationError(f"{path}:{line}: not valid YAML: {problem}") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}: not valid YAML") from error
    document = Document(path=path, value=None)
    value = _plain(node, (), document) if node is not None else None
    return Document(path=path, value=value, lines=document.lines)


def _plain(node: yaml.Node, place: Place, document: Document) -> Value:
    document.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Value] = {}
        for key, child in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigurationError(f"{document.path}:{line}: a key must be plain text")
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
