"""Every message to a user names what it is about, and says what to do next.

The messages are read from the code: a new one that only complains fails here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import harness

ROOT = Path(harness.__file__).parent
ERRORS = {"ConfigurationError", "LedgerLost", "ProcessDied"}
VERBS = (
    "add|choose|chmod|chown|correct|do|draft|give|grant|install|keep|leave|list|lay|make|mend|move|"
    "name|open|prove|put|remove|rename|report|restore|return|run|say|seatrial|select|set|shorten|"
    "start|store|use|wait|write"
)
NEXT = re.compile(rf"(?:^|[:;,(]|\b(?:and|or|then)\b) *(?:{VERBS})\b", re.IGNORECASE)
INNER = re.compile(r"\{(?!error\.strerror)[^}]*\}$|\{remedy\(")
"""What ends with another message, whose own words are held to the same; never the system's."""
ABOUT = re.compile(r"\{|--\w|\w+\.(?:py|yaml)|\bpilot\b|\bjob\b|\btag\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text that is raised, with `{…}` for what is put into it."""

    place: str
    text: str


def shown(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may come to."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(
                str(part.value)
                if isinstance(part, ast.Constant)
                else f"{{{ast.unparse(part.value)}}}"  # type: ignore[attr-defined]
                for part in values
            )
        case ast.BinOp(left=left, right=right):
            yield from (one + two for one in shown(left) for two in shown(right))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*shown(body), *shown(orelse))
        case _:
            yield f"{{{ast.unparse(node)}}}"


def messages(file: Path, text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[told, *_]) if name in ERRORS:
                for one in shown(told):
                    yield Message(place=f"{file.name}:{node.lineno}", text=one)


CATALOGUE = [
    one for file in sorted(ROOT.rglob("*.py")) for one in messages(file, file.read_text())
]


def says_what_to_do(text: str) -> bool:
    return bool(NEXT.search(text) or INNER.search(text))


def test_the_catalogue_is_read() -> None:
    assert len(CATALOGUE) > 80
    assert any("is taken: give another --port" in one.text for one in CATALOGUE)


def test_every_message_says_what_to_do_next() -> None:
    only_complain = [one for one in CATALOGUE if not says_what_to_do(one.text)]
    assert not only_complain, "\n".join(f"{one.place} {one.text}" for one in only_complain)


def test_every_message_names_what_it_is_about() -> None:
    assert [f"{one.place} {one.text}" for one in CATALOGUE if not ABOUT.search(one.text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "{path} cannot be read: {error.strerror}",
        "the name is wrong",
        "{path} has format {found}, and this code knows no other",
        "{address}: its connect returns no connector",
    ],
)
def test_a_message_that_only_complains_is_seen(text: str) -> None:
    """The control."""
    assert not says_what_to_do(text)


def test_a_text_that_depends_on_something_is_read_whole() -> None:
    code = 'raise ConfigurationError("a " + ("b" if x else f"c {d}"))'
    assert [one.text for one in messages(ROOT, code)] == ["a b", "a c {d}"]
