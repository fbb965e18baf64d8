"""A broken contract is told with the file that it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pilot.loading import load
from tests.harness.engagement import PILOT_PY, write

MADE = PILOT_PY.index("KEY =")
USED = PILOT_PY.index("def erp")
ODD = PILOT_PY[:USED].replace('key=("order_key",)', 'key="order_key", lag="24h"')


IMPORT = "from {package}.contracts.odd import ORDERS\n"


@pytest.mark.parametrize("init", ["", IMPORT], ids=["one file", "imported by its package, too"])
def test_it_names_the_module_of_the_contract(tmp_path: Path, init: str) -> None:
    folder = write(tmp_path)
    package = folder.name
    (folder / "__init__.py").touch()
    (folder / "contracts").mkdir()
    (folder / "contracts" / "odd.py").write_text(ODD)
    (folder / "contracts" / "__init__.py").write_text(init.format(package=package))
    imported = IMPORT.format(package=package)
    (folder / "pilot.py").write_text(PILOT_PY[:MADE] + imported + PILOT_PY[USED:])
    assert load(folder).problems["erp", "orders"] == (
        f"{package}/contracts/odd.py: contract orders: "
        'key is of type str: write key=("order_key",); '
        "lag is of type str: write lag=timedelta(hours=24)"
    )
