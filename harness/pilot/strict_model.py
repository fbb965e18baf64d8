"""The base of all that `pilot.yaml` holds: an unknown key is an error, nothing changes later."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from connectors.secrets import FORMS, is_reference


class StrictModel(BaseModel):
    """A part of `pilot.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def require_reference(value: str) -> str:
    """The value, if it is a reference. Raises ValueError for a secret that is written out."""
    if not is_reference(value):
        raise ValueError(f"holds a secret itself: write {FORMS}")
    return value
