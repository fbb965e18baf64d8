"""`signing:` of an environment in `pilot.yaml`: by which key its ledger is signed, and where a
second copy of each checkpoint goes.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from harness.pilot.strict_model import StrictModel, require_reference

KEYS = "file:/path, transit:mount/key or pkcs11:…"
"""The forms of a key's reference."""
_KEY = re.compile(r"(file:/|transit:|pkcs11:).+")
_KINDS = ("folder", "bucket", "webhook", "witness")


def _key_reference(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise ValueError(f"is no reference of a key: write {KEYS}")
    return text


def _whole_path(text: str) -> str:
    if not Path(text).is_absolute():
        raise ValueError("is no whole path: begin it with /")
    return text


Reference = Annotated[str, AfterValidator(require_reference)]
KeyReference = Annotated[str, AfterValidator(_key_reference)]
WholePath = Annotated[str, AfterValidator(_whole_path)]


class Bucket(StrictModel):
    """A bucket of an object store that speaks S3. Lock its objects there, so that none is lost."""

    endpoint: str = Field(min_length=1)
    region: str = Field(min_length=1)
    name: str = Field(min_length=1, pattern="^[^/]+$")
    folder: str = Field(default="", pattern="^[^/].*[^/]$|^[^/]?$")
    access_key: Reference
    secret_key: Reference
    ca_file: WholePath | None = None


class Witness(StrictModel):
    """Somebody else's service that countersigns (C2SP tlog-witness)."""

    url: str = Field(pattern="^https?://")
    """The prefix to which `/add-checkpoint` is added."""
    name: str = Field(pattern=r"^[^\s+]{1,200}$")
    """As which it signs."""
    public: str = Field(min_length=1)
    """Its Ed25519 public key, 32 bytes in base64."""
    ca_file: WholePath | None = None


class Hook(StrictModel):
    """An address that takes each checkpoint as JSON."""

    url: Reference
    ca_file: WholePath | None = None


class Copy(StrictModel):
    """One second copy: exactly one of `folder`, `bucket`, `webhook` and `witness`."""

    folder: WholePath | None = None
    bucket: Bucket | None = None
    webhook: Hook | None = None
    witness: Witness | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Copy:
        if sum(getattr(self, kind) is not None for kind in _KINDS) != 1:
            raise ValueError(f"name one of {', '.join(_KINDS)}")
        return self


class Signing(StrictModel):
    """How an environment's ledger is signed."""

    key: KeyReference
    trust: WholePath | None = None
    """A register of keys (`trust.json`): who else has signed this ledger, as before a new key."""
    copies: tuple[Copy, ...] = ()

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference in its copies."""
        hooks = [one.webhook.url for one in self.copies if one.webhook]
        buckets = [one.bucket for one in self.copies if one.bucket]
        keys = [key for one in buckets for key in (one.access_key, one.secret_key)]
        return (*hooks, *keys)
