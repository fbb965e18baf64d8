"""Which readings of earlier nights a verdict may rest on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from contracts.digest import Digests
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Verdict
from tests.harness.acme_layout import Acme

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Acme's orders, of which a new one comes before every reading."""

    loaded: LoadedPilot
    sources: Mapping[str, str]
    out: Path

    def read(
        self, *, at: datetime, slot: date | None = None, file: str = ""
    ) -> dict[str, Verdict]:
        """The verdicts of one run that begins at `at`, for the slot of that day or another."""
        shop = file or self.sources["ACME_SHOP"]
        with sqlite3.connect(shop) as connection:
            connection.execute(
                "update orders set ordered_at = ? where order_key = 1",
                (f"{at:%Y-%m-%dT%H:%M:%S.%fZ}",),
            )
        connection.close()
        claims = ["fresh", "arrives"]
        result = prove(
            RunConfig(
                loaded=self.loaded,
                environment="dev",
                slot=slot or at.astimezone(self.loaded.zone).date(),
                planned=plan(self.loaded.pilot, datasets=["web-shop.orders"], claims=claims),
                out=self.out,
                environ={**self.sources, "ACME_SHOP": shop},
                clock=Clock(now=lambda: at),
            ),
            workplace=in_process,
        )
        return {judged.planned.claim: judged.verdict for judged in result.judged}


@pytest.fixture
def shop(loaded: LoadedPilot, acme: Acme, tmp_path: Path) -> Shop:
    sources = {name: shutil.copy(file, tmp_path) for name, file in acme.sources.items()}
    return Shop(loaded=loaded, sources=sources, out=tmp_path / "out")


NIGHT = datetime.now(UTC).replace(hour=3, minute=0) + 40 * DAY


def test_nights_read_when_they_were_due_add_up(shop: Shop) -> None:
    for n in (2, 1):
        shop.read(at=NIGHT - n * DAY)
    found = shop.read(at=NIGHT)
    assert {claim: verdict.n for claim, verdict in found.items()} == {"fresh": 3, "arrives": 3}


@pytest.mark.parametrize(("of_old", "nights"), [(True, 3), (False, 1)], ids=["same", "another"])
def test_nights_recorded_under_the_first_form_of_the_digest_count(
    shop: Shop, *, of_old: bool, nights: int
) -> None:
    """Each entry names its contract as the release of its night did."""
    name = ("web-shop", "orders")
    former = shop.loaded.digests[name].former
    assert former is not None
    recorded = Digests(current=former if of_old else "0" * 64)
    before = replace(shop.loaded, digests={**shop.loaded.digests, name: recorded})
    for n in (2, 1):
        replace(shop, loaded=before).read(at=NIGHT - n * DAY)
    found = shop.read(at=NIGHT)
    assert {claim: verdict.n for claim, verdict in found.items()} == dict.fromkeys(found, nights)


def test_nights_recorded_before_their_night_and_what_was_asked_were_recorded_count(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("harness.run.recorder.night_of", lambda *_, **__: None)
        before.setattr("harness.run.run.locator", lambda *_: None)
        for n in (2, 1):
            shop.read(at=NIGHT - n * DAY)
    found = shop.read(at=NIGHT)
    assert {claim: verdict.n for claim, verdict in found.items()} == {"fresh": 3, "arrives": 3}


def test_a_past_night_is_not_seen_by_reading_today(shop: Shop) -> None:
    """Else a month of nights could be proven within a minute."""
    today = NIGHT.astimezone(shop.loaded.zone).date()
    for n in range(30, 0, -1):
        shop.read(at=NIGHT - timedelta(minutes=n), slot=today - n * DAY)
    found = shop.read(at=NIGHT)
    assert {claim: verdict.n for claim, verdict in found.items()} == {"fresh": 1, "arrives": 1}
    shop.read(at=NIGHT - 20 * DAY)
    late = shop.read(at=NIGHT, slot=today - 10 * DAY)
    assert late["arrives"].observed == "1 of 19 nights good"


def test_a_ledger_that_was_changed_is_no_history(shop: Shop) -> None:
    shop.read(at=NIGHT - DAY)
    with sqlite3.connect(shop.out / "ledger.sqlite") as forged:
        forged.execute(
            "update entries set body = replace(body, '200', '201') where kind = ?", ["reading"]
        )
    forged.close()
    with pytest.raises(ConfigurationError, match="was changed: keep it, and name another --out"):
        shop.read(at=NIGHT)


def test_nights_of_another_system_behind_the_same_variable_prove_nothing(
    shop: Shop, tmp_path: Path
) -> None:
    shop.read(at=NIGHT - DAY)
    other = shutil.copy(shop.sources["ACME_SHOP"], tmp_path / "other.sqlite")
    found = shop.read(at=NIGHT, file=str(other))
    assert {claim: verdict.n for claim, verdict in found.items()} == {"fresh": 1, "arrives": 1}
