"""The last verdict on each claim, from the entries of several runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from contracts.defaults import persisted_fields
from harness import tags
from harness.errors import ConfigurationError
from harness.ledger.ledger import Header, Origin, open_ledger, read_ledger
from harness.ledger.verdicts import last_verdicts
from harness.result import Planned, RecordedVerdict
from harness.verdict import Outcome, Verdict

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FRESH = Planned(source="erp", dataset="orders", claim="fresh")
OWNED = Planned(source="erp", dataset=None, claim="owned")


def prove(
    place: Path, run: str, *judged: tuple[Planned, Outcome], environment: str = "dev"
) -> None:
    """A run that gave these verdicts."""
    header = Header(pilot="p", environment=environment, run=run, slot="2026-11-20", code="0")
    with open_ledger(place) as ledger:
        ledger.begin(header, {}, at=NOON)
        for planned, outcome in judged:
            verdict = Verdict(
                claim=planned.claim,
                outcome=outcome,
                because=run,
                expected="",
                observed="",
                n=1,
                method="",
            )
            ledger.append(
                header,
                tags.VERDICT,
                persisted_fields(verdict),
                at=NOON,
                origin=Origin(
                    source=planned.source, dataset=planned.dataset, evidence_class="sandbox"
                ),
            )
        ledger.end(header, "FINISHED", {}, at=NOON)


def last(place: Path, wanted: Sequence[Planned]) -> dict[Planned, RecordedVerdict]:
    with read_ledger(place) as ledger:
        return dict(last_verdicts(ledger, pilot="p", environment="dev", wanted=wanted))


def test_of_each_claim_the_newest_counts_whichever_run_judged_it(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    prove(place, "one", (FRESH, Outcome.BROKEN), (OWNED, Outcome.PROVEN))
    prove(place, "two", (FRESH, Outcome.PROVEN))
    prove(place, "elsewhere", (FRESH, Outcome.ERROR), environment="production")
    found = last(place, [FRESH, OWNED])
    assert {p: (v.run, v.verdict.outcome) for p, v in found.items()} == {
        FRESH: ("two", Outcome.PROVEN),
        OWNED: ("one", Outcome.PROVEN),
    }
    assert found[OWNED].planned == OWNED
    assert found[FRESH].slot == date(2026, 11, 20)
    assert found[FRESH].at == NOON


def test_a_claim_that_is_no_longer_planned_is_left_out(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    prove(place, "one", (FRESH, Outcome.BROKEN), (OWNED, Outcome.PROVEN))
    assert set(last(place, [OWNED])) == {OWNED}


def test_where_no_plan_is_known_the_newest_run_that_judged_anything_counts(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    prove(place, "one", (FRESH, Outcome.BROKEN), (OWNED, Outcome.PROVEN))
    prove(place, "two", (FRESH, Outcome.PROVEN))
    prove(place, "three")
    assert {v.run for v in last(place, []).values()} == {"two"}


def test_it_is_read_beside_a_writer_and_never_made(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    with pytest.raises(ConfigurationError, match="there is no ledger"):
        last(place, [])
    assert not place.exists()
    prove(place, "one", (FRESH, Outcome.PROVEN))
    with open_ledger(place):
        assert set(last(place, [FRESH])) == {FRESH}
