"""What is written is what was written, byte for byte, and what was written is still read.

A new kind of entry or event adds a file or a line here; none of the others ever changes.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from connectors.events import Event
from harness import tags
from harness.facts import Fact, Reading
from harness.ledger.chain import Entry
from harness.ledger.history import readings_in
from tests.golden import write
from tests.golden.events import EVENTS
from tests.golden.facts import FACTS, READING
from tests.golden.renamed import renamed

HERE = Path(__file__).parent
BODIES = {path.stem: path.read_bytes() for path in (HERE / "bodies").iterdir()}
LOG = (HERE / "run_log.jsonl").read_bytes()
OF_CLASSES = (*get_args(Fact), *get_args(Event))


def test_each_body_is_what_it_was(tmp_path: Path) -> None:
    assert write.bodies(tmp_path) == BODIES


def test_each_line_of_the_run_log_is_what_it_was(tmp_path: Path) -> None:
    assert write.log_lines(tmp_path) == LOG


def test_classes_may_be_renamed_and_moved(tmp_path: Path) -> None:
    with renamed(OF_CLASSES):
        names = {type(READING).__name__, type(READING).__module__}
        found = write.bodies(tmp_path), write.log_lines(tmp_path)
    assert names == {"RenamedReading", "Renamedharness.facts"}
    assert found == (BODIES, LOG)


def test_every_type_has_a_golden_instance() -> None:
    assert [type(fact) for fact in FACTS] == list(get_args(Fact))
    assert [type(event) for event in EVENTS] == list(get_args(Event))


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: tags.FACTS[type(fact)])
def test_a_body_of_old_is_read_as_the_fact_it_was(fact: Fact) -> None:
    tag = tags.FACTS[type(fact)]
    body = msgspec.json.decode(BODIES[tag], type=dict[str, msgspec.Raw])
    assert msgspec.json.decode(body[tag], type=type(fact), strict=False) == fact


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("verdict", write.VERDICT),
        ("kept", write.KEPT),
        ("told", write.TOLD),
        ("acknowledged", write.ACKNOWLEDGED),
        ("evaluation_later", write.LATER_EVALUATION),
        ("verdict_later", write.LATER_VERDICT),
        ("baseline_later", write.LATER_BASELINE),
        ("promises", write.PROMISED),
        ("signature", write.SIGNATURE),
        ("signoff", write.SIGNOFF),
        ("amendment", write.AMENDMENT),
        ("verdict_measured", write.MEASURED_VERDICT),
        ("promises_source", write.PROMISED_BY_SOURCE),
        ("missed_armed", write.MISSED),
        ("reading_files", write.FILES_READING),
        ("reading_unreadable", write.UNREADABLE_READING),
        ("reading_reached", write.REACHED_READING),
        ("reading_shared", write.SHARED_READING),
        ("reading_grouped", write.GROUPED_READING),
        ("reading_ungrouped", write.UNGROUPED_READING),
    ],
)
def test_any_other_record_of_old_is_read(name: str, record: object) -> None:
    body = msgspec.json.decode(BODIES[name], type=dict[str, msgspec.Raw])
    tag = name.partition("_")[0]
    assert msgspec.json.decode(body[tag], type=type(record), strict=False) == record


def test_history_reads_a_reading_of_old() -> None:
    kind = tags.FACTS[Reading]
    entry = Entry(seq=1, run="run-1", kind=kind, format=1, body=BODIES[kind], sha256="", prev="")
    (found,) = readings_in([entry])
    assert found.reading == READING
    assert found.contract == write.ORIGIN.contract
    assert found.locator is None


def test_history_reads_what_was_asked_and_on_which_night() -> None:
    kind = tags.FACTS[Reading]
    body = BODIES[f"{kind}_later"]
    entry = Entry(seq=1, run="run-1", kind=kind, format=1, body=body, sha256="", prev="")
    (found,) = readings_in([entry])
    assert (found.reading, found.locator) == (write.LATER_READING, "sales.orders")
