"""YAML is read as it was written, or refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot.strict_yaml import load


def test_scalars_stay_the_text_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("country: NO\nzip: 010\nversion: 1.10\nempty:\nlist: [yes, 1e3]\n")
    assert load(path).value == {
        "country": "NO",
        "zip": "010",
        "version": "1.10",
        "empty": None,
        "list": ["yes", "1e3"],
    }


def test_each_place_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb:\n  c: 2\n  d: 3\n")
    document = load(path)
    assert document.at(("b", "d")).endswith("x.yaml:4")
    assert document.at(("b", "unheard")).endswith("x.yaml:2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3: duplicate key 'a'"),
        ("a: [1\n", "x.yaml:2: not valid YAML ("),
        ("? [a]\n: 1\n", "x.yaml:1: a key is no plain text: give it a name"),
        ("a: \x07\n", "not valid YAML"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as error:
        load(path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_secret_that_looks_like_an_alias_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("password: *hunter2\n")
    with pytest.raises(ConfigurationError, match=r"yaml:1: .* quote the text") as e:
        load(path)
    assert "hunter2" not in str(e.value)
