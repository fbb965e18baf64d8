"""What a policy holds of `pilot.yaml` beside thresholds: what is not default."""

from __future__ import annotations

from typing import Any

from harness.pilot.settings import Settings

AGREED = ("amendments", "gate", "validity")


def agreed(settings: Settings) -> dict[str, Any]:
    """As plain JSON, by the name of the section."""
    default = Settings.model_fields
    sections = {name: getattr(settings, name) for name in AGREED}
    return {
        name: section.model_dump(mode="json")
        for name, section in sections.items()
        if section != default[name].get_default()
    }
