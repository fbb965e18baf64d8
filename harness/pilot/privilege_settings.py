"""What `pilot.yaml` says of a source that is asked what our log-in may do, and of one that cannot
be: `scratch:` of an environment, and `sources:`.

A permission is the owner's: who gave it, when, until when, and for which names. Nothing is ever
written without one, nor at another name.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from harness.claims import SOURCE_CLAIMS
from harness.claims.claim import Need
from harness.pilot.strict_model import StrictModel

_NAME = re.compile(r"/?[A-Za-z0-9_.=-]{1,100}(/[A-Za-z0-9_.=-]{1,100}){0,15}")
UNASKABLE = tuple(claim.name for claim in SOURCE_CLAIMS.values() if Need.PROBE in claim.needs)


def _unaskable(claim: str) -> str:
    if claim not in UNASKABLE:
        raise ValueError(
            f"{claim!r} is no claim that a source may be unable to answer: name "
            f"{' or '.join(UNASKABLE)}"
        )
    return claim


Unaskable = Annotated[
    str, AfterValidator(_unaskable), WithJsonSchema({"type": "string", "enum": list(UNASKABLE)})
]
"""The claims that some sources cannot be asked about."""


def _scratch_name(text: str) -> str:
    if not _NAME.fullmatch(text) or {".", ".."}.intersection(text.split("/")):
        raise ValueError(f"{text!r} is no name for it: write it as lines/seatrial-scratch")
    return text


class Scratch(StrictModel):
    """An owner's written permission to try what our log-in may write."""

    at: tuple[Annotated[str, AfterValidator(_scratch_name)], ...] = Field(min_length=1)
    """An object of a bucket, or an empty folder of an SFTP server, as a glob of a dataset would
    name it: one below each folder that a dataset is read from. No other name is ever touched."""
    permitted_by: str = Field(min_length=1)
    """The source's owner or deputy, as `owners` names them."""
    on: date
    until: date
    """The last day on which it holds, in the pilot's zone."""

    @model_validator(mode="after")
    def _holds(self) -> Scratch:
        if self.until < self.on:
            raise ValueError(f"ends on {self.until}, before it begins: correct until")
        if len(set(self.at)) < len(self.at):
            raise ValueError("names one place twice: remove one")
        return self


class SourceSettings(StrictModel):
    """The claims that cannot be asked of a source: on whose word they stand, or why not owed."""

    attested: tuple[Unaskable, ...] = ()
    """Claims that count while somebody's signed word on them is valid (`seatrial attest`)."""
    not_planned: dict[Unaskable, Annotated[str, Field(min_length=1)]] = Field(default={})
    """Claims on which no verdict is owed, each with why. Coverage shows them."""

    @model_validator(mode="after")
    def _one_of_them(self) -> SourceSettings:
        for claim in self.attested:
            if claim in self.not_planned or self.attested.count(claim) > 1:
                raise ValueError(f"{claim} is planned twice: name it once")
        return self
