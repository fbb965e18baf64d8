"""What is wrong with the line of a pilot that builds a connector: one line, never a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot.connect import build
from harness.pilot.loading import load
from harness.pilot.model import Address, Source
from harness.pilot.references import References
from seatrial.connector import Connector
from seatrial.files import Csv
from seatrial.sql import Sql
from tests.harness.engagement import PILOT_PY, write

AT = Address(
    where="pilot.yaml:9",
    values={"folder": "canary-4b1d"},
    references=References({}, vault=None, where="pilot.yaml:7"),
)


PROMISED = 'name="erp", promises=SourcePromises('


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
    line = f"{__file__}:{drop.__code__.co_firstlineno + 1}"
    assert said.endswith(f"{line} takes no delimeter: did you mean delimiter?")


def test_a_keyword_that_is_left_out_is_named_with_its_line() -> None:
    def drop(at: Address) -> Connector:
        return Sql(url=at.text("folder"))  # type: ignore[call-arg]

    said = refused(drop)
    line = f"{__file__}:{drop.__code__.co_firstlineno + 1}"
    assert said.endswith(f"Sql at {line} needs password, tables: write password=…")


def test_of_any_other_error_only_its_type_and_line_are_told() -> None:
    def drop(at: Address) -> Connector:
        raise TypeError(at.text("folder"))

    said = refused(drop)
    assert f"TypeError at {__file__}:" in said


def test_the_name_that_was_meant_is_suggested() -> None:
    def drop(at: Address) -> Connector:
        return Csv(delimiterr=at.text("folder"))

    assert refused(drop).endswith("takes no delimiterr: did you mean delimiter?")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('key=("order_key",)', 'kye=("order_key",)', "Promises takes no kye: did you mean key?"),
        ('name="erp", ', 'nam="erp", ', "Source takes no nam: did you mean name?"),
        ("sources=(", "source=(", "Pilot takes no source: did you mean sources?"),
        ("strict=True", "strikt=True", "DataFrameSchema takes no strikt: did you mean strict?"),
        (
            'description="The order\'s number"',
            'descripton="The order\'s number"',
            "Column takes no descripton: did you mean description?",
        ),
        ('name="acme", ', "", "Pilot needs name: write name=…"),
        ('name="orders",', "", "Contract needs name: write name=…"),
        ('name="erp", connect=erp, ', "", "Source needs name, connect: write name=…"),
        ('key=("order_key",)', "", "Promises needs key: write key=…"),
        (
            'name="erp", ',
            f'{PROMISED}read_within="24h"), ',
            "read_within is a str: give a timedelta",
        ),
        ('name="erp", ', f"{PROMISED}quota=60), ", "quota is a int: give a Quota"),
        (
            'name="erp", ',
            f'{PROMISED}quota=Quota(requests="9", seconds=1)), ',
            "requests is a str",
        ),
        ('name="erp", ', 'name="erp", xyzzy=1, ', "Source takes no xyzzy: there are: connect, "),
    ],
)
def test_so_it_is_in_the_rest_of_pilot_py_with_the_line(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert right in PILOT_PY
    py = PILOT_PY.replace(
        "Pilot, Promises, Source", "Pilot, Promises, Quota, Source, SourcePromises"
    )
    folder = write(tmp_path, py=py.replace(right, wrong))
    with pytest.raises(ConfigurationError) as refusal:
        load(folder)
    said = str(refusal.value)
    assert told in said
    line = next(n for n, text in enumerate(PILOT_PY.splitlines(), 1) if right in text)
    assert said.startswith(f"{folder / 'pilot.py'}:")
    assert abs(int(said.removeprefix(f"{folder / 'pilot.py'}:").partition(":")[0]) - line) <= 2
