"""`gate:` in pilot.yaml may ask for more than the default and for less only as practice."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.facts import EvidenceClass
from harness.pilot.agreed_settings import agreed
from harness.pilot.settings import Settings, load

REST = "title: Acme\nenvironments: {dev: {evidence_class: staging, sources: {}}}\n"


def settings(root: Path, gate: str) -> Settings:
    (root / "pilot.yaml").write_text(f"{gate}{REST}")
    return load(root / "pilot.yaml")[0]


def test_the_default_asks_three_roles_for_production_and_is_in_no_policy(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    assert found.gate.roles == ("engineering", "security", "legal")
    assert found.gate.minimum_class is EvidenceClass.PRODUCTION
    assert "gate" not in agreed(found)


def test_what_is_not_default_is_part_of_the_policy(tmp_path: Path) -> None:
    found = settings(tmp_path, "gate: {minimum_class: simulated, practice: true}\n")
    assert agreed(found)["gate"] == {
        "roles": ["engineering", "security", "legal"],
        "minimum_class": "simulated",
        "practice": True,
        "evidence_days": 30,
    }


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("roles: [engineering, security]", "roles lacks legal, who sign always: add it"),
        ("roles: [engineering, security, legal, boss]", "roles has boss, who signs nothing"),
        ("roles: [engineering, security, legal, legal]", "roles has one twice"),
        ("minimum_class: simulated", "add practice: true"),
        ("practice: true", "practice is for minimum_class: simulated"),
        ("practice: perhaps", "is neither true nor false"),
        ("evidence_days: 0", "greater than or equal to 1"),
        ("role: [legal]", "unknown key"),
    ],
)
def test_less_is_refused_with_its_line(tmp_path: Path, gate: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as refused:
        settings(tmp_path, f"gate: {{{gate}}}\n")
    assert "pilot.yaml:1" in str(refused.value)
