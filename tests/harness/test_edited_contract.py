"""C06: a contract that is edited after its nights were proven has another digest, and those nights
count no longer."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.checks import check
from contracts.digest import Digests
from contracts.promises import Contract
from harness.pilot.contract_file import load_contracts
from harness.pilot.model import LoadedPilot
from tests.harness.acme_layout import SAMPLE, Acme
from tests.harness.test_history import Shop

DAY = timedelta(days=1)
NIGHT = datetime.now(UTC).replace(hour=3, minute=0) + 40 * DAY
NAME = ("web-shop", "orders")
EDIT = ("0.10", "0.11")
"""One byte."""
PROSE = ("To pay, in euros", "To pay, in euros, VAT included")


class Anything(Digests):
    """Every night that was ever recorded belongs to it: the guard switched off."""

    def __contains__(self, recorded: str | None) -> bool:
        return True


def contract(folder: Path, *, edit: tuple[str, str] | None = None) -> Contract:
    """The contract of acme's orders, from its file, edited on disk before it is loaded."""
    file = folder / "signed" / "contracts" / "orders.py"
    if not file.exists():
        shutil.copytree(SAMPLE / "acme", folder / "signed")
    if edit is not None:
        text = file.read_text()
        assert edit[0] in text
        file.write_text(text.replace(*edit, 1))
        os.utime(file, (later := file.stat().st_mtime + 2, later))  # Python looks at whole seconds
    (one,) = load_contracts(file)
    return one.contract


@pytest.fixture
def shop(loaded: LoadedPilot, acme: Acme, tmp_path: Path) -> Shop:
    sources = {name: shutil.copy(file, tmp_path) for name, file in acme.sources.items()}
    return Shop(loaded=loaded, sources=sources, out=tmp_path / "out")


def nights_that_count(shop: Shop, before: Digests, now: Digests) -> int:
    """Of two nights under the first digests and one under the others, as the verdict counts."""
    signed, edited = (
        replace(shop, loaded=replace(shop.loaded, digests={**shop.loaded.digests, NAME: digests}))
        for digests in (before, now)
    )
    for n in (2, 1):
        signed.read(at=NIGHT - n * DAY)
    return edited.read(at=NIGHT)["fresh"].n


def test_nights_under_a_contract_that_was_edited_since_prove_nothing_c06(
    shop: Shop, tmp_path: Path
) -> None:
    signed = check(contract(tmp_path))
    edited = check(contract(tmp_path, edit=EDIT))
    assert signed.current != edited.current
    assert nights_that_count(shop, signed, edited) == 1


def test_without_the_digest_they_would_count_c06(shop: Shop, tmp_path: Path) -> None:
    """Guard off: the same nights, and a contract that takes every digest for its own."""
    signed = check(contract(tmp_path))
    edited = check(contract(tmp_path, edit=EDIT))
    assert nights_that_count(shop, signed, Anything(current=edited.current)) == 3


def test_nights_under_other_words_of_the_same_contract_count_c06(
    shop: Shop, tmp_path: Path
) -> None:
    signed = check(contract(tmp_path))
    reworded = check(contract(tmp_path, edit=PROSE))
    assert signed.current == reworded.current
    assert nights_that_count(shop, signed, reworded) == 3
