"""Whole runs of several processes and machines keep the budget of their account together."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from connectors.slots_in_file import SlotsInFile
from tests.cli import seatrial
from tests.connectors.scripted import Asked, Said, scripted
from tests.harness.engagement import PILOT_YAML, write
from tests.harness.ledger_server import Database

REQUESTS, SECONDS, PAGES = 2, 1.0, 4
PILOT_PY = f"""
import pandera.polars as pa
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.rest import Bearer, Endpoint, RateLimiter, Rest, next_url

PARTS = Contract(
    name="parts",
    promises=Promises(key=("key",)),
    schema=pa.DataFrameSchema({{"key": pa.Column("int64", description="part")}}, strict=True),
)

def shop(at: Address) -> Rest:
    return Rest(
        base_url=at.text("url"),
        auth=Bearer(token=at.secret("password")),
        endpoints={{"parts": Endpoint(path="/1", pages=next_url("next"), rows="rows")}},
        budget=RateLimiter(requests={REQUESTS}, seconds={SECONDS}),
    )

PILOT = Pilot(name="acme", sources=(Source(name="shop", connect=shop, contracts=(PARTS,)),))
"""
YAML = PILOT_YAML.replace("  erp: {owner", "  shop: {owner").replace(
    "      erp: {url: env:ERP_URL, password: env:ERP_PASSWORD}\n",
    "      shop: {url: env:SHOP_URL, password: env:SHOP_PASSWORD}\n",
)


@contextmanager
def shop() -> Iterator[tuple[str, list[float]]]:
    """Its address, and when each request came."""
    stamps: list[float] = []

    def answers(asked: Asked) -> Said:
        stamps.append(time.monotonic())
        number = int(asked.path.removeprefix("/"))
        more = f"/{number + 1}" if number < PAGES else None
        return Said({"rows": [{"key": number}], "next": more})

    with scripted(answers) as source:
        yield source.url, stamps


def prove(folder: Path, environ: Mapping[str, str], *words: str | Path) -> None:
    ended = seatrial(["prove", folder, *words], cwd=folder.parent, environ=environ)
    assert ended.code == 3, ended.out + ended.err  # no total: complete is UNPROVEN


def most_in_a_window(stamps: Sequence[float]) -> int:
    return max(sum(at <= other < at + SECONDS for other in stamps) for at in stamps)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Two pilots of one API."""
    made = [tmp_path / "one", tmp_path / "two"]
    for parent in made:
        parent.mkdir()
    return [write(parent, py=PILOT_PY, yaml=YAML) for parent in made]


def test_two_pilots_at_once_stay_within_one_budget_as_one_user(
    folders: list[Path], tmp_path: Path
) -> None:
    """The control, processes that share none, is in `tests/connectors/test_shared_budget.py`."""
    state = tmp_path / "state"
    environ = {"SHOP_PASSWORD": "canary", "XDG_STATE_HOME": str(state)}
    with shop() as (url, stamps), ThreadPoolExecutor() as pool:
        list(pool.map(prove, folders, [{**environ, "SHOP_URL": url}] * 2))
    assert len(stamps) == 2 * PAGES
    assert most_in_a_window(stamps) <= REQUESTS
    (file,) = (state / "seatrial" / "budgets").iterdir()
    assert SlotsInFile(file, REQUESTS, SECONDS).spent() == 2 * PAGES


def test_a_ledger_in_postgresql_tells_machines_what_others_have_spent(
    folders: list[Path], tmp_path: Path, database: Database
) -> None:
    """Each reads behind the other, with a state folder of its own."""
    with shop() as (url, stamps):
        for number, folder in enumerate(folders):
            environ = {
                "SHOP_URL": url,
                "SHOP_PASSWORD": "canary",
                "XDG_STATE_HOME": str(tmp_path / f"state-{number}"),
                **database.environ,
            }
            prove(folder, environ, "--ledger", "env:SEATRIAL_LEDGER")
    assert len(stamps) == 2 * PAGES
    assert most_in_a_window(stamps) <= REQUESTS
    assert database.ask("select sum(taken) from budgets") == [(2 * PAGES,)]
    assert database.ask("select count(*) from budgets where at is null") == [(0,)]
    assert database.ask("select count(*) from budgets where key ~ '[^0-9a-f]'") == [(0,)]
