"""Whoever names the wrong folder is told the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot.loading import likely_name, load, load_chosen
from tests.harness.engagement import write


def refused(folder: Path | None, *, start: Path) -> str:
    with pytest.raises(ConfigurationError) as refusal:
        load_chosen(folder, start=start)
    return str(refusal.value)


def test_the_folder_around_a_pilot_is_no_pilot_and_says_which_one_is(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert refused(tmp_path, start=tmp_path) == (
        f"{tmp_path} is no pilot: it has no pilot.py: name {folder}"
    )


def test_of_two_both_are_named(tmp_path: Path) -> None:
    one, other = sorted((write(tmp_path), write(tmp_path)))
    assert refused(tmp_path, start=tmp_path).endswith(f"name {one} or {other}")


def test_a_folder_in_a_pilot_says_so_too(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "contracts").mkdir()
    assert refused(folder / "contracts", start=tmp_path).endswith(f"no pilot.py: name {folder}")
    assert refused(None, start=folder / "contracts") == (
        f"no pilot.yaml below {folder / 'contracts'}: name {folder}"
    )


def test_where_there_is_none_init_lays_one_out(tmp_path: Path) -> None:
    meant = ": name the pilot's folder, or lay one out by seatrial init"
    assert refused(None, start=tmp_path) == f"no pilot.yaml below {tmp_path}{meant}"
    assert refused(tmp_path, start=tmp_path).endswith(f"it has no pilot.py{meant}")


def test_a_pilot_that_may_not_load_is_called_as_its_folder(tmp_path: Path) -> None:
    assert likely_name(None, start=tmp_path) is None
    folder = write(tmp_path, py="nonsense")
    assert likely_name(folder, start=tmp_path) == folder.name
    assert likely_name(None, start=tmp_path) == folder.name
    assert likely_name(None, start=folder) == folder.name
    write(tmp_path)
    assert likely_name(None, start=tmp_path) is None, "there are two, and one is to be named"


def test_the_control_loads(tmp_path: Path) -> None:
    assert load(write(tmp_path)).pilot.name == "acme"
