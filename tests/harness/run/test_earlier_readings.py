"""Which recorded readings are history: of the same system, asked for the same, on their night.

The ledger is real, and nothing is read: `tests/harness/test_history.py` has whole runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.sql.connector import Sql
from contracts.digest import Digests
from harness import tags
from harness.facts import EvidenceClass, Reading
from harness.ledger.ledger import Header, Origin, open_ledger
from harness.ledger.nights import read
from harness.pilot.model import LoadedPilot, Pilot
from harness.pilot.settings import Environment, Settings
from harness.pilot.strict_yaml import Document
from harness.run.config import RunConfig
from harness.run.history import earlier_readings
from harness.run.system import System
from tests.harness.claims.made import DAY, HOUR, NOW, TODAY, failed, reading

ORDERS, ITEMS = ("shop", "orders"), ("shop", "items")
SHOP = Sql(
    url="sqlite:///shop.sqlite", password=None, tables={"orders": "orders", "items": "items"}
)
ORIGIN = Origin(
    source="shop",
    dataset="orders",
    endpoint=SHOP.endpoint,
    contract="c1",
    evidence_class=EvidenceClass.SIMULATED,
    locator=SHOP.locate("orders"),
)
HEADER = Header(pilot="truth", environment="dev", run="r1", slot="", code="0")


def entry(of: Reading, *, by: Header = HEADER, origin: Origin = ORIGIN) -> dict[str, Any]:
    """A reading as its run recorded it."""
    return {"header": replace(by, slot=of.slot.isoformat()), "origin": origin, "body": of}


def of_night(slot: date, **given: Any) -> Reading:
    """A reading of the shop on its night, unless it is given another."""
    return reading(source="shop", dataset="orders", slot=slot, **given)


def history(
    folder: Path, *entries: Mapping[str, Any], systems: Mapping[str, System] | None = None
) -> dict[tuple[str, str], tuple[Reading, ...]]:
    """What a run of TODAY, in Berlin, finds in a ledger of these entries."""
    environment = Environment(evidence_class=EvidenceClass.SIMULATED, sources={"shop": {}})
    loaded = LoadedPilot(
        pilot=Pilot(name="truth", sources=()),
        settings=Settings(title="Truth", zone="Europe/Berlin", environments={"dev": environment}),
        document=Document(path=Path("pilot.yaml"), value=None),
        folder=folder,
        digests={
            ORDERS: Digests(current="c1"),
            ITEMS: Digests(current="c2"),
            ("elsewhere", "people"): Digests(current="c1"),
        },
        problems={},
    )
    config = RunConfig(
        loaded=loaded, environment="dev", slot=TODAY, planned=(), out=folder, environ={}
    )
    shop = System(connector=SHOP, evidence_class=EvidenceClass.SIMULATED)
    with open_ledger(folder / "ledger.sqlite") as ledger:
        ledger.begin(HEADER, {}, at=NOW)
        for one in entries:
            kept = {"kind": tags.FACTS[Reading], "at": NOW, **one}
            ledger.append(kept.pop("header"), kept.pop("kind"), kept.pop("body"), **kept)
        ledger.end(HEADER, "FINISHED", {}, at=NOW)
        with ledger.snapshot() as seen:
            nights = read((seen.nights() or {}).values())
        return earlier_readings(config, nights, {"shop": shop} if systems is None else systems)


def test_readings_are_of_each_dataset_by_night_whatever_order_they_were_recorded_in(
    tmp_path: Path,
) -> None:
    nights = [of_night(TODAY - n * DAY) for n in (2, 3, 1)]
    items = replace(of_night(TODAY - DAY), dataset="items")
    of_items = replace(ORIGIN, dataset="items", contract="c2", locator=SHOP.locate("items"))
    found = history(tmp_path, *map(entry, nights), entry(items, origin=of_items))
    assert found == {ORDERS: (nights[1], nights[0], nights[2]), ITEMS: (items,)}


OTHERS = {
    "the run's own night": entry(of_night(TODAY)),
    "a night to come": entry(of_night(TODAY + DAY)),
    "another pilot": entry(of_night(TODAY - DAY), by=replace(HEADER, pilot="other")),
    "another environment": entry(of_night(TODAY - DAY), by=replace(HEADER, environment="prod")),
    "read on another night": entry(of_night(TODAY - DAY, night=TODAY)),
    **{
        f"another {what}": entry(of_night(TODAY - DAY), origin=replace(ORIGIN, **{what: value}))
        for what, value in {
            "source": "elsewhere",
            "dataset": "people",
            "endpoint": "sqlite:///other.sqlite",
            "contract": "c2",
            "evidence_class": EvidenceClass.STAGING,
            "locator": "orders_of_2019",
        }.items()
    },
    "a source that is not read": entry(
        of_night(TODAY - DAY), origin=replace(ORIGIN, source="elsewhere", dataset="people")
    ),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_what_was_read_otherwise_is_no_history_and_hides_none(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    before, after = of_night(TODAY - 9 * DAY), of_night(TODAY - 2 * DAY)
    found = history(tmp_path, entry(before), other, entry(after))
    assert found == {ORDERS: (before, after)}


def test_a_run_that_reads_no_source_has_no_history(tmp_path: Path) -> None:
    assert history(tmp_path, entry(of_night(TODAY - DAY)), systems={}) == {}


def test_of_one_night_the_most_whole_reading_counts_and_of_two_such_the_last(
    tmp_path: Path,
) -> None:
    first, last = (of_night(TODAY - DAY, attempts=n) for n in (1, 2))
    poor = replace(first, witness=None)
    lost = failed("SourceChanged", "gone", source="shop", dataset="orders", slot=TODAY - DAY)
    found = history(tmp_path, *map(entry, (lost, poor, first, last, poor, lost)))
    assert found == {ORDERS: (last,)}


def test_what_was_asked_is_unknown_of_old_entries_and_their_night_is_that_of_their_start(
    tmp_path: Path,
) -> None:
    """23:30 in UTC is past midnight in Berlin."""
    origin = replace(ORIGIN, locator=None)
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    seen, unseen = (
        of_night(slot, night=None, started_at=late) for slot in (date(2026, 11, 18), late.date())
    )
    known = of_night(date(2026, 11, 16), started_at=late + HOUR)
    found = history(tmp_path, *(entry(one, origin=origin) for one in (seen, unseen, known)))
    assert found == {ORDERS: (known, replace(seen, night=seen.slot))}
