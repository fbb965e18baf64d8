"""A reference leads to a value or says in one line why not; a secret shows nothing."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from connectors.secrets import MissingReference, Secret, is_reference, resolve

CANARY = "canary-41b7"


def refused(reference: str, said: str) -> MissingReference:
    with pytest.raises(MissingReference, match=said) as caught:
        resolve(reference, {"EMPTY": ""})
    assert CANARY not in str(caught.value)
    return caught.value


def test_a_variable_and_a_file_lead_to_what_they_hold(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{CANARY}\n")
    file.chmod(0o600)
    assert resolve("env:NAME", {"NAME": CANARY}) == CANARY
    assert resolve(f"file:{file}", {}) == CANARY


@pytest.mark.parametrize("name", ["EMPTY", "NOT_THERE"])
def test_a_variable_that_is_missing_or_empty_is_named(name: str) -> None:
    assert refused(f"env:{name}", f"variable {name} is missing or empty").variable == name


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (CANARY.encode(), 0o640, "has mode 0640: chmod 600 it"),
        (CANARY.encode(), 0o604, "has mode 0604: chmod 600 it"),
        (b"\n", 0o600, "is empty"),
        (b"\xff" + CANARY.encode(), 0o600, "is no text: write it in UTF-8"),
        (CANARY.encode() + b"\0", 0o600, "holds a NUL"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_file_that_others_may_read_or_that_holds_no_text_is_refused(
    tmp_path: Path, content: bytes | None, mode: int, said: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    assert refused(f"file:{file}", said).variable is None


def test_bytes_of_an_environment_that_are_no_text_are_no_secret() -> None:
    """Python keeps them as halves of characters (PEP 383), which nothing can send."""
    environ = {"NAME": os.fsdecode(b"\xff" + CANARY.encode())}
    with pytest.raises(MissingReference, match="env:NAME: its value is no text") as caught:
        resolve("env:NAME", environ)
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("text", ["env:A", "file:/a", "vault:a/b#c"])
def test_what_leads_to_a_value_is_told_from_what_is_one(text: str) -> None:
    assert is_reference(text)
    for value in (text.upper(), f" {text}", "postgresql://h/d", "env", ""):
        assert not is_reference(value)


def test_a_secret_has_neither_a_repr_of_its_value_nor_a_pickle() -> None:
    secret = Secret("env:NAME", CANARY)
    assert repr(secret) == "Secret(reference='env:NAME')"
    with pytest.raises(TypeError, match="not to be pickled"):
        pickle.dumps(secret)
