"""A pilot whose nightly run is not due while a test looks at it."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

_HALF_A_DAY = timedelta(hours=12)


def copy_pilot(pilot: Path, to: Path) -> Path:
    """A copy of a pilot, without its night: a test that is running then would see two runs."""
    shutil.copytree(pilot, to, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    move_night(to / "pilot.yaml")
    return to


def move_night(settings: Path) -> None:
    """Have the nightly run half a day from now in UTC, far enough in any zone of our tests."""
    at = datetime.now(UTC) + _HALF_A_DAY
    night = r'(?m)^(nightly: (?:\{at: )?)"..:.."'
    text, found = re.subn(night, rf'\g<1>"{at:%H:%M}"', settings.read_text())
    assert found == 1
    settings.write_text(text)
