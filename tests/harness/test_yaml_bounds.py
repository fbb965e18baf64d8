"""What no pilot needs is refused with its line, before it takes memory or time."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot import strict_yaml
from harness.pilot.strict_yaml import load

SMALL = {"CHARACTERS": 300, "NESTING": 4, "VALUES": 40, "TEXT_CHARACTERS": 60}
LAUGHS = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"
BEYOND = {
    "characters": ("a: b\n" + "# a comment\n" * 25, 26, "300 characters in all"),
    "nesting": ("a:\n b:\n  c:\n   d:\n    e: f\n", 5, "4 lists and mappings in one another"),
    "values": ("".join(f"k{n}: v\n" for n in range(21)), 20, "40 values"),
    "text": ("a: b\nc: " + "x" * 61 + "\n", 2, "60 characters in one text"),
    "aliases": (LAUGHS, 1, "40 values, with those that aliases repeat"),
    "an alias of itself": ("a: &a\n  b: *a\n", 1, "4 lists and mappings in one another"),
}
AT = {
    "characters": "a: b\n" + "# a comment\n" * 24 + "#" * 7,
    "nesting": "a:\n b:\n  c:\n   d: e\n",
    "values": "".join(f"k{n}: v\n" for n in range(18)) + "last: [v]\n",
    "text": "c: " + "x" * 60 + "\n",
    "aliases": "a: &a [x, x, x]\nb: [*a, *a, *a]\n",
}


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a file goes whose reader has small bounds."""
    for name, bound in SMALL.items():
        assert bound < getattr(strict_yaml, name)
        monkeypatch.setattr(strict_yaml, name, bound)
    return tmp_path / "pilot.yaml"


@pytest.mark.attempt(4)
@pytest.mark.parametrize(("text", "line", "most"), BEYOND.values(), ids=BEYOND)
def test_a_file_beyond_a_bound_is_refused_with_its_line(
    path: Path, text: str, line: int, most: str
) -> None:
    """Control: `test_without_the_bound_the_same_file_is_read`."""
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=rf"yaml:{line}: {most} are read at most"):
        load(path)


@pytest.mark.parametrize("name", [name for name in BEYOND if name != "an alias of itself"])
def test_without_the_bound_the_same_file_is_read(tmp_path: Path, name: str) -> None:
    """The product's bounds are far above these files."""
    path = tmp_path / "pilot.yaml"
    path.write_text(BEYOND[name][0])
    assert load(path).value


@pytest.mark.parametrize("text", AT.values(), ids=AT)
def test_a_file_at_the_bound_is_read(path: Path, text: str) -> None:
    path.write_text(text)
    assert load(path).value
