"""`gate:` in `pilot.yaml`: who must sign, and what evidence is enough, before a model is trained.

It may ask for more than the default, and never for less: but for practice, which says so.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from harness.facts import EvidenceClass
from harness.pilot.schedule_settings import truth
from harness.pilot.strict_model import StrictModel
from harness.signing.register import MAY_SIGN

NEEDED = ("engineering", "security", "legal")
"""The roles that sign always."""


class Gate(StrictModel):
    """What the gate asks for, as the people who sign the policy agree."""

    roles: tuple[str, ...] = NEEDED
    """Who must sign: the three, and `owner` if you like."""
    minimum_class: EvidenceClass = EvidenceClass.PRODUCTION
    practice: Annotated[bool, BeforeValidator(truth), WithJsonSchema({"type": "boolean"})] = False
    """For exercises on simulated sources: every page then says so."""
    evidence_days: int = Field(default=30, ge=1, le=90)
    """How many days after its newest night a bundle can still open the gate."""

    @model_validator(mode="after")
    def _asks_for_enough(self) -> Gate:
        if missing := [role for role in NEEDED if role not in self.roles]:
            raise ValueError(f"roles lacks {', '.join(missing)}, who sign always: add it")
        for role in self.roles:
            if role not in MAY_SIGN["signoff"]:
                known = ", ".join(MAY_SIGN["signoff"])
                raise ValueError(f"roles has {role}, who signs nothing: choose of {known}")
        if len(set(self.roles)) != len(self.roles):
            raise ValueError("roles has one twice: write each once")
        if self.minimum_class is EvidenceClass.SIMULATED and not self.practice:
            raise ValueError(
                "minimum_class is simulated, which is for practice: add practice: true, or write "
                "sandbox, staging or production"
            )
        if self.practice and self.minimum_class is not EvidenceClass.SIMULATED:
            raise ValueError("practice is for minimum_class: simulated: write that, or remove it")
        return self
