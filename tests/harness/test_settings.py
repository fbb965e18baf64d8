"""The published JSON Schema of `pilot.yaml` is the one that is enforced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import harness
from harness.pilot.settings import Settings, schema

PUBLISHED = Path(harness.__file__).parent / "pilot" / "pilot.schema.json"


def test_the_published_schema_is_the_enforced_one() -> None:
    """To renew it: python -m harness.pilot.settings > harness/pilot/pilot.schema.json."""
    assert json.loads(PUBLISHED.read_text()) == schema()


def without_words(value: Any) -> Any:
    """A schema without what it says to people."""
    if isinstance(value, dict):
        named = "properties" in value and isinstance(value["properties"], dict)
        kept = {k: v for k, v in value.items() if k != "description" or not isinstance(v, str)}
        inside = {k: without_words(v) for k, v in kept.items()}
        if named:
            inside["properties"] = {k: without_words(v) for k, v in value["properties"].items()}
        return inside
    return [without_words(one) for one in value] if isinstance(value, list) else value


def test_an_editor_can_show_what_a_key_means_and_nothing_else_is_added() -> None:
    said = schema()
    assert said["$defs"]["LogFields"]["properties"]["id"]["description"].startswith("Text that")
    assert said["$defs"]["ModelField"]["properties"]["from"]["description"]
    assert without_words(said) == without_words(Settings.model_json_schema())
