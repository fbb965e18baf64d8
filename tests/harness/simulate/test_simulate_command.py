"""`seatrial simulate` as it is typed: what it prints, how it ends, and what it leaves alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.onboarding.simulate import brings_files, simulate, subjects_of
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from tests.cli import DEMO, seatrial
from tests.harness.engagement import PILOT_PY, write

FIRST = date(2026, 1, 1)


def _said(loaded: LoadedPilot, seed: int = 1, *datasets: str) -> tuple[int, list[str]]:
    lines: list[str] = []
    code = simulate(
        loaded, datasets=datasets, nights=100, seed=seed, first=FIRST, say=lines.append
    )
    return code, lines


@pytest.mark.long
def test_it_needs_no_variable_and_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = ("simulate", DEMO, "--dataset", "crm.customers", "--nights", "60", "--seed", "7")
    ended = seatrial(asked, cwd=tmp_path)
    assert (ended.code, ended.err) == (3, "")
    assert "seed 7: --nights 60 --seed 7 repeats it" in ended.out
    assert [*tmp_path.iterdir()] == []


def test_every_line_has_room_in_80_columns() -> None:
    _, lines = _said(loading.load(DEMO), 1, "logistics.shipments")
    assert len(lines) > 20
    assert [line for line in lines if len(line) > 80] == []


def test_a_seed_repeats() -> None:
    loaded = loading.load(DEMO)
    first, again = (_said(loaded, 5, "billing.lines") for _ in range(2))
    assert first == again


def test_where_nothing_is_promised_it_ends_with_3_and_says_what_to_promise(tmp_path: Path) -> None:
    code, lines = _said(loading.load(write(tmp_path)))
    assert code == 3
    text = " ".join(" ".join(lines).split())
    assert "cannot ring: promise a cadence" in text
    assert "kinds of fault cannot ring, for nothing is promised: erp.orders" in text


def test_a_broken_contract_ends_with_4_and_the_others_are_tried(tmp_path: Path) -> None:
    broken = PILOT_PY.replace('key=("order_key",)', 'key=("gone",)')
    code, lines = _said(loading.load(write(tmp_path, py=broken)))
    assert code == 4
    assert any(line.startswith("erp.orders cannot be judged: ") for line in lines)


def test_an_unknown_dataset_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"did you mean crm\.customers"):
        _said(loading.load(DEMO), 1, "crm.customer")


def test_the_type_of_connect_tells_which_sources_bring_files() -> None:
    files = {source.name for source in loading.load(DEMO).pilot.sources if brings_files(source)}
    assert files == {"billing", "logistics"}


def test_every_dataset_of_the_pilot_is_tried() -> None:
    names = [one.name for one in subjects_of(loading.load(DEMO), nights=100, first=FIRST)]
    assert names == [
        *("crm.customers", "erp.orders", "billing.lines", "logistics.shipments"),
        *("vendor.parts", "vendor.prices"),
    ]
