"""An exception that nobody foresaw is told with whose it is, and without its text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NoReturn

import pytest

from connectors.convert.fit import fit
from harness.errors import defect
from harness.pilot import loading
from harness.pilot.model import Pilot
from tests.harness.engagement import write

CANARY = "canary"


def caught(raises: object) -> str:
    assert callable(raises)
    with pytest.raises(Exception) as error:  # noqa: PT011 - any at all
        raises()
    told = defect(error.value)
    assert CANARY not in told
    return told


def test_one_of_ours_is_a_defect_to_report_also_where_a_library_raised_it() -> None:
    told = caught(lambda: fit({"a": [CANARY]}, CANARY))  # type: ignore[arg-type]
    assert re.fullmatch(r"\w+ in connectors\.convert\.\w+:\d+: a defect, report it", told)


def test_one_of_the_pilots_own_code_is_the_pilots_to_correct() -> None:
    def own() -> NoReturn:
        raise KeyError(CANARY)

    told = caught(own)
    assert told.startswith("KeyError in tests.harness.test_defect:")
    assert told.endswith(", the pilot's own code: correct it there")


def test_one_without_a_place_is_ours() -> None:
    assert defect(KeyError(CANARY)) == "KeyError: a defect, report it"


def test_a_contract_that_cannot_be_checked_is_one_contracts_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a library makes of it, and however it fails."""

    def fails(_: object) -> NoReturn:
        raise RuntimeError(CANARY)

    folder = write(tmp_path)
    assert loading.load(folder).problems == {}, "the control"
    monkeypatch.setattr(loading, "check", fails)
    loaded = loading.load(folder)
    assert isinstance(loaded.pilot, Pilot)
    (problem,) = loaded.problems.values()
    assert problem.startswith("contract orders: RuntimeError in ")
    assert CANARY not in problem
