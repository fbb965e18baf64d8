"""Sample decisions keep the declared format, or the first that does not is named by its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.governance.decision_log import LONGEST_LINE, Malformed, decisions
from harness.governance.known import Known
from tests.harness.governance.agreed import declared
from tests.harness.governance.made import lines, otherwise, sample

CANARY = "canary-4b1d"
Edit = Callable[[dict[str, Any]], object]


def check(known: Known, given: list[bytes]) -> int:
    governance = known.governance
    assert governance.decision_log is not None
    return sum(1 for _ in decisions(given, governance.decision_log, governance.lineage))


def fault(known: Known, given: list[bytes]) -> str:
    with pytest.raises(Malformed) as found:
        check(known, given)
    return str(found.value)


def test_good_decisions_keep_it(known: Known) -> None:
    overridden = sample(known)
    overridden[2] |= {"override": {"by": "Ada", "why": "she called"}, "shown_to": "Ada"}
    assert check(known, lines(overridden)) == 5


def test_none_are_none(known: Known) -> None:
    assert check(known, []) == 0


FAULTS: dict[str, tuple[Edit, str]] = {
    "a field is missing": (lambda one: one.pop("model_version"), "model_version: is missing"),
    "an undeclared field": (lambda one: one.update(mail=CANARY), "mail: no such field"),
    "an empty id": (lambda one: one.update(decision=" "), "decision: is no text"),
    "an id of before": (lambda one: one.update(decision="d-1"), "decision: is that of line 1"),
    "a line was taken out": (lambda one: one.update(number=4), "number: does not follow"),
    "a boolean for a number": (lambda one: one.update(number=True), "number: is no whole"),
    "a time without a zone": (
        lambda one: one.update(decided_at="2026-11-20T13:03:00"),
        "decided_at: is no time with its zone",
    ),
    "a day that never was": (
        lambda one: one.update(decided_at="2026-11-31T13:03:00Z"),
        "decided_at: is a time that does not exist",
    ),
    "an unknown outcome": (lambda one: one.update(says=CANARY), "says: is none of the outcomes"),
    "an input too few": (lambda one: one["inputs"].pop("voucher"), "inputs: has no voucher"),
    "an input too many": (lambda one: one["inputs"].update(sex=CANARY), "inputs: has something"),
    "a nested input": (lambda one: one["inputs"].update(spent=[CANARY]), "inputs: has an object"),
    "no digest": (
        lambda one: one["data"].update({"outlet.orders": CANARY}),
        "data: has something",
    ),
    "no explanation": (lambda one: one.update(because=""), "because: is no text"),
    "half an override": (lambda one: one.update(override={"by": CANARY}), "override: is neither"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_first_fault_is_named_by_line_and_field_and_no_value_is_repeated(
    known: Known, name: str
) -> None:
    edit, told = FAULTS[name]
    records = sample(known)
    edit(records[2])
    said = fault(known, lines(records))
    assert said.startswith(f"line 3, field {told}")
    assert CANARY not in said


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"[1]\n", b"{]\n", b"\xff\n", b'{"decision": NaN}\n', b"[" * 100_000],
    ids=["empty", "blank", "a list", "no JSON", "no UTF-8", "NaN", "deep"],
)
def test_what_is_no_object_on_one_line_is_named_by_its_line(known: Known, line: bytes) -> None:
    assert fault(known, [*lines(sample(known, count=1)), line]).startswith("line 2: ")


def test_two_keys_of_one_name_are_refused(known: Known) -> None:
    line = lines(sample(known, count=1))[0].replace(b'"number": 1', b'"number": 1, "number": 1')
    assert fault(known, [line]) == "line 1: has a key twice"


def test_a_line_beyond_all_bounds_is_not_read(known: Known) -> None:
    assert "is longer than" in fault(known, [b" " * (LONGEST_LINE + 1)])


def test_a_field_whose_name_is_no_name_is_not_shown(known: Known) -> None:
    records = sample(known, count=1)
    records[0][f"x\x1b[2J{CANARY}"] = 1
    assert CANARY not in fault(known, lines(records))


def test_what_the_model_predicts_is_not_among_its_inputs(known: Known) -> None:
    lineage = known.governance.lineage
    assert lineage is not None
    other = otherwise(known, lineage=lineage.model_copy(update={"predicts": "voucher"}))
    assert "inputs: has something" in fault(other, lines(sample(known)))


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_no_value_at_all_ends_in_another_error(value: object) -> None:
    """And none is taken for a decision."""
    log = declared()
    for name in log.fields.named.values():
        with pytest.raises(Malformed):
            list(decisions([json.dumps({name: value}).encode()], log, None))
