"""The ERP's nightly drift: its owner is told once, not again that night, and once when mended."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from estate.lifecycle import Running, running
from harness.onboarding.demo_told import News, read
from tests.cli import DEMO, seatrial
from tests.shell import Ended

pytestmark = pytest.mark.long
SCHEMA = ("erp", "orders", "stable_schema")


def of(one: News) -> tuple[str, str, str | None, str]:
    return str(one.step), one.source, one.dataset, one.claim


def test_the_renamed_and_narrowed_columns_of_the_erp(tmp_path: Path) -> None:
    """An estate of its own, because its room is counted and it is repaired."""
    with running() as estate:

        def run(*words: str) -> Ended:
            environ = {**os.environ, **estate.environ}
            return seatrial(
                [*words, DEMO, "--out", tmp_path / "out", "--dataset", "erp.orders"],
                cwd=tmp_path,
                environ=environ,
            )

        def heard() -> Counter[tuple[str, str, str | None, str]]:
            return Counter(of(one) for one in read(estate.room.heard))

        first = run("drift")
        assert first.code == 1
        assert_names(first, estate)
        assert heard() == {("opened", *SCHEMA): 1}
        assert entries(tmp_path, "reading") == 0
        for words in (("drift",), ("prove", "--claim", "stable_schema")):
            assert run(*words).code == 1
            assert heard() == {("opened", *SCHEMA): 1}
        estate.repair()
        for _ in range(2):
            assert run("drift").code == 0
            assert heard() == {("opened", *SCHEMA): 1, ("mended", *SCHEMA): 1}


def assert_names(ended: Ended, estate: Running) -> None:
    told = " ".join(ended.out.split())
    for column in (*estate.condition.renamed, *estate.condition.narrowed):
        assert column in told


def entries(folder: Path, kind: str) -> int:
    with closing(sqlite3.connect(folder / "out" / "ledger.sqlite")) as ledger:
        bodies = ledger.execute("select body from entries where kind = ?", (kind,)).fetchall()
    return len([json.loads(body) for (body,) in bodies])
