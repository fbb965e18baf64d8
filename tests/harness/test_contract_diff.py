"""`seatrial contract diff A B`: what B promises other than A, breaking or compatible."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.onboarding.contract_versions import Compared, compare
from tests.cli import seatrial
from tests.harness.contract_files import write


def compared(folder: Path, *edits: tuple[str, str]) -> Compared:
    return compare(write(folder / "old"), write(folder / "new", *edits))


ANOTHER = (
    "contract orders: its digest is another: nights that were proven under the first version "
    "count no longer under the second"
)
AMOUNT = 'pa.Column(pl.Decimal(12, 2), nullable=True, description="euros")'
EDITS: dict[str, tuple[tuple[tuple[str, str], ...], str]] = {
    "a longer lag": (
        (("hours=24", "hours=48"),),
        "lag changed from 1 day, 0:00:00 to 2 days, 0:00:00 (breaking)",
    ),
    "a shorter lag": (
        (("hours=24", "hours=12"),),
        "lag changed from 1 day, 0:00:00 to 12:00:00 (compatible)",
    ),
    "a wider type": (
        (("Decimal(12, 2)", "Decimal(14, 4)"),),
        "column amount changed its type from decimal(12, 2) to decimal(14, 4) (breaking)",
    ),
    "a narrower type": (
        (("Decimal(12, 2)", "Decimal(9, 2)"),),
        "column amount changed its type from decimal(12, 2) to decimal(9, 2) (compatible)",
    ),
    "a listed value more": (
        (('["AIR", "RAIL"]', '["AIR", "RAIL", "SEA"]'),),
        "column mode may have AIR, RAIL, SEA now (breaking)",
    ),
    "a listed value less": (
        (('["AIR", "RAIL"]', '["AIR"]'),),
        "column mode may have AIR now (compatible)",
    ),
    "a list that is dropped": (
        (('pa.Check.isin(["AIR", "RAIL"]), ', ""),),
        "column mode may have any value now (breaking)",
    ),
    "a value that may be missing": (
        (('isin(["AIR", "RAIL"]), ', 'isin(["AIR", "RAIL"]), nullable=True, '),),
        "column mode may be missing now (breaking)",
    ),
    "a rule that is dropped": (
        (("pa.Check.gt(0), ", ""),),
        "column order_key: greater_than(0) is promised no more (breaking)",
    ),
    "another key": (
        (('key=("order_key",)', 'key=("order_key", "mode")'),),
        "key changed from order_key to order_key, mode (breaking)",
    ),
    "fewer rows": (
        (("minimum=10", "minimum=0"),),
        (
            "volume changed from Volume(minimum=10, maximum=1000) to "
            "Volume(minimum=0, maximum=1000) (breaking)"
        ),
    ),
    "a promise more": (
        (("missing={", 'missing_as=("-",), missing={"mode": 0, '),),
        "missing_as changed from nothing to - (compatible)",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_each_change_is_breaking_or_compatible(tmp_path: Path, name: str) -> None:
    edits, told = EDITS[name]
    found = compared(tmp_path, *edits)
    assert f"contract orders: {told}" in found.lines
    assert found.lines[-1] == ANOTHER
    assert found.is_breaking is told.endswith("(breaking)")


def test_a_column_that_is_gone_breaks_and_a_new_one_does_not(tmp_path: Path) -> None:
    gone = (('missing={"amount": 0.01},', ""), (f'"amount": {AMOUNT},', ""))
    told = "contract orders: column amount (decimal(12, 2)) was"
    assert f"{told} removed (breaking)" in compared(tmp_path, *gone).lines
    back = compare(tmp_path / "new" / "orders.py", tmp_path / "old" / "orders.py")
    assert f"{told} added (compatible)" in back.lines
    assert back.is_breaking is False


def test_other_words_are_no_difference(tmp_path: Path) -> None:
    found = compared(tmp_path, ('description="euros"', 'description="Euros, VAT included"'))
    same = "contract orders: as before; what was proven still counts"
    assert found == Compared(lines=[same], is_breaking=False)


def test_the_breaking_ones_come_first(tmp_path: Path) -> None:
    found = compared(tmp_path, ("hours=24", "hours=12"), ("pa.Check.gt(0), ", ""))
    assert [line.endswith("(breaking)") for line in found.lines] == [True, False, False]


def test_a_contract_of_another_name_is_another_contract(tmp_path: Path) -> None:
    found = compared(tmp_path, ('name="orders"', 'name="sales"'))
    assert found.lines == [
        "contract orders: it was removed (breaking)",
        "contract sales: it was added (compatible)",
    ]


def test_two_versions_of_a_package_are_told_apart(tmp_path: Path) -> None:
    """Both are `twice.contracts.orders`, with a module beside them that differs."""
    files = []
    for version, unit in (("old", "euros"), ("new", "cents")):
        place = tmp_path / version / "twice" / "contracts"
        use = ('"""Orders."""\n', '"""Orders."""\nfrom twice.contracts.units import UNIT\n')
        amount = (f'"amount": {AMOUNT}', f"UNIT: {AMOUNT}")
        files.append(write(place, use, amount, ('missing={"amount": 0.01},', "")))
        (place / "units.py").write_text(f'UNIT = "{unit}"\n')
        (place.parent / "pilot.py").write_text("")
    assert compare(*files).lines[:2] == [
        "contract orders: column euros (decimal(12, 2)) was removed (breaking)",
        "contract orders: column cents (decimal(12, 2)) was added (compatible)",
    ]


def test_the_command_ends_with_1_0_or_2(tmp_path: Path) -> None:
    write(tmp_path / "a"), write(tmp_path / "b", ("hours=24", "hours=48"))
    write(tmp_path / "c", ("hours=24", "hours=0"))

    def code(old: str, new: str) -> int:
        return seatrial(
            ["contract", "diff", f"{old}/orders.py", f"{new}/orders.py"], cwd=tmp_path
        ).code

    assert [code("a", "b"), code("b", "a"), code("a", "a"), code("a", "c")] == [1, 0, 0, 2]
    with pytest.raises(ConfigurationError):
        compare(tmp_path / "a" / "orders.py", tmp_path / "c" / "orders.py")
