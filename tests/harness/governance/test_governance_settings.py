"""`governance:` is as strict as all of pilot.yaml: what it does not know is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot import settings
from tests.harness.engagement import PILOT_YAML
from tests.harness.governance.agreed import GOVERNANCE

FAULTS = {
    "an unknown key": ("  rollback:", "  rolback:", "governance.rolback: unknown key"),
    "one deep below": (
        "how: summed by customer",
        "who: x",
        "from.who: unknown key|.who: unknown key",
    ),
    "one of the fields": (
        "      sequence: number",
        "      seq: number",
        "fields.seq: unknown key",
    ),
    "one field for two meanings": ("id: decision", "id: number", "number is named twice"),
    "an example of no outcome": ("      again: You", "      agian: You", "did you mean again"),
    "an empty answer": ("answer: Yes, in the letter.", 'answer: ""', "answer: is empty"),
    "no date": ("asked_on: 2026-11-02", "asked_on: monday", "asked_on: "),
    "no column": ("[web-shop.orders.voucher]", "[orders.voucher]", "from.0: "),
    "no days": ("decisions: 400", "decisions: 0", "retention.decisions: "),
}


def load(root: Path, text: str) -> settings.Settings:
    (root / "pilot.yaml").write_text(PILOT_YAML + text)
    return settings.load(root / "pilot.yaml")[0]


def test_all_of_it_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, GOVERNANCE).governance
    assert found is not None
    assert found.decision_log is not None
    assert found.decision_log.fields.unnamed == ()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    old, new, told = FAULTS[name]
    assert GOVERNANCE.count(old) == 1
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, GOVERNANCE.replace(old, new))
    assert any(one in str(refused.value) for one in told.split("|")), refused.value
    assert "pilot.yaml:" in str(refused.value)


def test_a_question_of_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    again = "    - {id: q1, question: Who, asked_on: 2026-11-03, owner: Lea Brandt}\n"
    with pytest.raises(ConfigurationError, match="q1 stands twice"):
        load(tmp_path, GOVERNANCE + again)
