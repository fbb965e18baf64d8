"""The published JSON Schema of `pilot.yaml` is the one that is enforced."""

from __future__ import annotations

import json
from pathlib import Path

import harness
from harness.pilot.settings import Settings

PUBLISHED = Path(harness.__file__).parent / "pilot" / "pilot.schema.json"


def test_the_published_schema_is_the_enforced_one() -> None:
    """To renew it: python -m harness.pilot.settings > harness/pilot/pilot.schema.json."""
    assert json.loads(PUBLISHED.read_text()) == Settings.model_json_schema()
