"""A file with another delimiter is told with what to declare, and never drafted as one column."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import seatrial

PILOT = """\
from __future__ import annotations

from pathlib import Path

from seatrial import Address, Pilot, Source
from seatrial.files import Csv, Files, FileSet, Local


def share(at: Address) -> Files:
    sets = {"orders": FileSet("orders_*.csv", Csv())}
    return Files(store=Local(folder=Path(at.text("folder"))), datasets=sets)


PILOT = Pilot(name="mine", sources=(Source(name="share", connect=share, contracts=()),))
"""
SETTINGS = """\
title: Mine
environments:
  dev:
    evidence_class: sandbox
    sources:
      share: {{folder: {folder}}}
"""


@pytest.mark.parametrize(
    ("content", "declare"),
    [
        ("order;price\n1;1,50\n2;20\n", 'Csv(delimiter=";", decimal=",")'),
        ("order\tprice\n1\t1.50\n", r'Csv(delimiter="\t")'),
        ("order;price\n", 'Csv(delimiter=";")'),
    ],
)
def test_it_is_one_line_that_says_what_to_set(tmp_path: Path, content: str, declare: str) -> None:
    mine = tmp_path / "mine"
    (mine / "contracts").mkdir(parents=True)
    for name in ("__init__.py", "contracts/__init__.py"):
        (mine / name).touch()
    (mine / "pilot.py").write_text(PILOT)
    (mine / "pilot.yaml").write_text(SETTINGS.format(folder=tmp_path / "share"))
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "orders_1.csv").write_text(content)
    ended = seatrial(["draft", "share", "--write"], cwd=tmp_path, environ={})
    assert (ended.code, ended.out) == (4, "")
    assert f"if its owner confirms it, declare {declare} in pilot.py" in ended.complaint
    assert [path.name for path in (mine / "contracts").glob("*.py")] == ["__init__.py"]
