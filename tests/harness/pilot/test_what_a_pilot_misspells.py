"""What is wrong with the line of a pilot that builds a connector: one line, never a value."""

from __future__ import annotations

import pytest

from harness.errors import ConfigurationError
from harness.pilot.connect import build
from harness.pilot.model import Address, Source
from harness.pilot.references import References
from seatrial.connector import Connector
from seatrial.files import Csv

AT = Address(
    where="pilot.yaml:9",
    values={"folder": "canary-4b1d"},
    references=References({}, vault=None, where="pilot.yaml:7"),
)


def refused(connect) -> str:
    with pytest.raises(ConfigurationError) as refusal:
        build(Source(name="drop", connect=connect, contracts=()), AT)
    assert "canary-4b1d" not in str(refusal.value)
    return str(refusal.value)


def test_a_misspelt_keyword_is_named_with_its_line() -> None:
    def drop(at: Address) -> Connector:
        return Csv(delimeter=at.text("folder"))

    said = refused(drop)
    assert said.startswith("pilot.yaml:9: drop: Csv at ")
    assert said.endswith(
        f"{__file__}:{drop.__code__.co_firstlineno + 1} takes no delimeter: correct the name"
    )


def test_of_any_other_error_only_its_type_and_line_are_told() -> None:
    def drop(at: Address) -> Connector:
        raise TypeError(at.text("folder"))

    said = refused(drop)
    assert f"TypeError at {__file__}:" in said
