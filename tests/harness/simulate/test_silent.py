"""What cannot ring because nothing is promised, and what would make it ring."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.promises import Volume
from harness.simulate.faults import Fault
from harness.simulate.figures import Outlook, Standing, exit_code, look_ahead
from tests.harness.simulate.subjects import promises, subject


def _silent(outlook: Outlook) -> dict[Fault, str | None]:
    return {figure.rang.fault: figure.lacks for figure in outlook.of(Standing.SILENT)}


@pytest.mark.parametrize(
    ("left_out", "fault", "remedy"),
    [
        ({"cadence": None}, Fault.MISSING, "promise a cadence"),
        ({"cadence": None}, Fault.REPEATED, "promise a cadence"),
        ({"cadence": None}, Fault.EMPTY, "promise a cadence"),
        ({"lag": None}, Fault.AHEAD, "promise a lag"),
        ({"event_time": None}, Fault.AHEAD, "name the event_time column"),
        ({"event_time": None}, Fault.STILL, "name the event_time column"),
        ({"volume": Volume(minimum=1)}, Fault.MANY, "promise volume.maximum"),
        ({"volume": Volume(minimum=1)}, Fault.FEW, "promise volume.minimum above 1"),
        ({"volume": Volume(minimum=0)}, Fault.EMPTY, "promise volume.minimum above 0"),
    ],
)
def test_what_is_not_promised_cannot_ring(
    left_out: dict[str, Any], fault: Fault, remedy: str
) -> None:
    outlook = look_ahead(subject(is_files=True, promised=promises(**left_out)), seed=3)
    assert _silent(outlook)[fault] == remedy
    assert not outlook.of(Standing.MISSED)
    assert exit_code([outlook]) == 3


def test_c10_without_a_baseline_no_change_of_other_columns_rings() -> None:
    """C10's neighbour: a schema that nobody approved is never called unchanged."""
    outlook = look_ahead(subject(baseline=None), seed=3)
    remedy = "approve its columns: seatrial baseline approve"
    assert _silent(outlook) == {Fault.ADDED: remedy, Fault.NARROWED: remedy}
    assert "stable_schema" not in outlook.clean.proven
    assert "none approved" in outlook.clean.unproven["stable_schema"].because


def test_c10_with_a_baseline_it_rings() -> None:
    outlook = look_ahead(subject(), seed=3)
    assert _silent(outlook) == {}
    assert outlook.clean.proven["stable_schema"] == 1


def test_without_a_reference_no_drift_of_values_rings() -> None:
    outlook = look_ahead(subject(reference=None), seed=3)
    assert _silent(outlook) == {Fault.DRIFT: "pin a reference: seatrial profile FILE"}


def test_a_calendar_too_short_for_a_fault_says_so() -> None:
    outlook = look_ahead(subject(nights=10), seed=3)
    assert Fault.LATE in {figure.rang.fault for figure in outlook.of(Standing.UNTRIED)}
    assert exit_code([outlook]) == 3
