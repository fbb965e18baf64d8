"""The doctor names packages that pytest, Jupyter and Dagster would import in place of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.ledger.ledger import utc_now
from harness.onboarding.examine import OURS, Standing, machine, neighbours
from seatrial._foreign import NAMES


def test_it_looks_for_the_names_that_the_commands_refuse() -> None:
    assert OURS == NAMES


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("file", ["{}/__init__.py", "{}.py"])
def test_a_package_beside_the_pilot_is_wrong(tmp_path: Path, name: str, file: str) -> None:
    path = tmp_path / file.format(name)
    path.parent.mkdir(exist_ok=True)
    path.touch()
    (check,) = neighbours(tmp_path / "acme")
    assert check.standing is Standing.WRONG
    assert str(path) in check.says
    assert check.says.endswith("move it into your pilot's package")


def test_a_folder_beside_it_is_none(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    assert not list(neighbours(tmp_path / "acme"))


def test_another_distribution_with_a_package_of_ours_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both would have been written into one folder, the later over the earlier."""

    def packages() -> tuple[Standing, str]:
        (check,) = (c for c in machine(out=tmp_path, now=utc_now()) if c.what == "packages")
        return check.standing, check.says

    assert packages()[0] is Standing.OK
    info = tmp_path / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (info / "RECORD").write_text("contracts/__init__.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    says = "theirs has a package contracts too: give Seatrial an environment of its own"
    assert packages() == (Standing.WRONG, says)
