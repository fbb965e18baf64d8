"""`nightly:` arms a schedule by one word, and by no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot.schedule_settings import Timetable
from harness.pilot.settings import load

REST = "environments:\n  dev: {evidence_class: sandbox, sources: {}}\n"


def night(tmp_path: Path, line: str) -> Timetable:
    file = tmp_path / "pilot.yaml"
    file.write_text(f"title: Acme\n{line}\n{REST}")
    return load(file)[0].nightly


@pytest.mark.parametrize(
    ("line", "armed"),
    [
        ('nightly: "03:15"', False),
        ("nightly: 03:15", False),
        ('nightly: {at: "03:15"}', False),
        ('nightly: {at: "03:15", armed: false}', False),
        ('nightly: {at: "03:15", armed: true}', True),
    ],
)
def test_only_armed_true_arms(tmp_path: Path, line: str, *, armed: bool) -> None:
    assert night(tmp_path, line) == Timetable(at="03:15", armed=armed)


def test_nothing_is_armed_by_default(tmp_path: Path) -> None:
    assert night(tmp_path, "zone: UTC") == Timetable(at="02:00", armed=False)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nightly: {armed: true}", "nightly.at: is missing; add it"),
        ('nightly: "2:00"', 'nightly: is no time of day: write it as "02:00"'),
        ('nightly: "24:00"', 'nightly: is no time of day: write it as "02:00"'),
        ('nightly: {at: "0 2 * * *"}', 'nightly.at: is no time of day: write it as "02:00"'),
        ('nightly: {at: ["02:00"]}', 'nightly.at: is no time of day: write it as "02:00"'),
        (
            'nightly: {at: "02:00", armed: yes}',
            "nightly.armed: is neither true nor false: write one of them",
        ),
        (
            'nightly: {at: "02:00", armd: true}',
            "nightly.armd: unknown key; remove it or correct its name",
        ),
        ("nightly: []", 'nightly: is no time: write "02:00", or {at: "02:00", armed: true}'),
        ("nightly:", 'nightly: is no time: write "02:00", or {at: "02:00", armed: true}'),
    ],
)
def test_anything_else_is_one_line_with_the_remedy(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        night(tmp_path, line)
    assert str(refused.value) == f"{tmp_path / 'pilot.yaml'}:2: {says}"
