"""The content of `pilot.yaml`: people, thresholds, places, data to keep.

It is strict: an unknown or duplicate key, or a value of the wrong type, is an error with its line.
The JSON Schema of this file is published as `harness/pilot/pilot.schema.json`.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from connectors.secrets import IN_STORE, is_reference
from harness import limits
from harness.errors import ConfigurationError
from harness.facts import EvidenceClass
from harness.pilot import strict_yaml
from harness.pilot.alert_settings import Alerts
from harness.pilot.amendment_settings import Amendments, Validity
from harness.pilot.gate_settings import Gate
from harness.pilot.governance_settings import Governance
from harness.pilot.privilege_settings import Scratch, SourceSettings
from harness.pilot.schedule_settings import Nightly, Timetable
from harness.pilot.signing_settings import Signing
from harness.pilot.strict_model import StrictModel


class Acknowledgement(StrictModel):
    """A person's statement, on a day, that they answer for this source."""

    by: str = Field(min_length=1)
    on: date


class Owner(StrictModel):
    """Who answers for a source."""

    owner: str | None = None
    deputy: str | None = None
    escalation: str | None = None
    acknowledged: Acknowledgement | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """Owner, deputy and escalation, those that are named."""
        return tuple(filter(None, (self.owner, self.deputy, self.escalation)))


class Thresholds(StrictModel):
    """How much proof is enough; see `contracts.promises.Thresholds`."""

    confidence: float = Field(default=0.95, gt=0, lt=1)
    on_time: float = Field(default=0.95, gt=0, lt=1)
    arrivals: float = Field(default=0.90, gt=0, lt=1)
    matched: float = Field(default=0.99, gt=0, lt=1)


def _size(text: object) -> object:
    """A number of bytes, written as `4 GiB`."""
    if not isinstance(text, str):
        return text
    size = SIZE.fullmatch(text)
    if size is None:
        raise ValueError("is no size: write it as 4 GiB")
    return int(float(size[1]) * UNITS[size[2]])


SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([KMGT]iB)")
UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
Size = Annotated[
    int,
    BeforeValidator(_size),
    WithJsonSchema({"type": "string", "pattern": f"^{SIZE.pattern}$"}),
]
_DEFAULT = limits.Limits()


class Limits(StrictModel):
    """What one reading may take at most; see `harness.limits.Limits`."""

    memory: Size = Field(default=_DEFAULT.memory)
    rows: int = Field(default=_DEFAULT.rows, gt=0)
    bytes: Size = Field(default=_DEFAULT.bytes)
    pages: int = Field(default=_DEFAULT.pages, gt=0)
    hours: float = Field(default=_DEFAULT.hours, gt=0, allow_inf_nan=False)
    free_disk: Size = Field(default=_DEFAULT.free_disk)

    @field_validator("memory")
    @classmethod
    def _enough(cls, memory: int) -> int:
        if memory < limits.LEAST_MEMORY:
            raise ValueError("is too little to read anything: write 512 MiB or more")
        return memory


class Vault(StrictModel):
    """The secret store (OpenBao or HashiCorp Vault) of `vault:mount/path#field`, and our log-in: a
    token or an AppRole. Each value is text, `env:NAME` or `file:/path`.
    """

    address: str = Field(min_length=1)
    token: str | None = None
    role_id: str | None = None
    secret_id: str | None = None
    ca_file: str | None = None
    namespace: str | None = None

    @property
    def given(self) -> dict[str, str]:
        """The values that are set, by name."""
        return self.model_dump(exclude_none=True)

    @field_validator("token", "secret_id")
    @classmethod
    def _by_reference(cls, value: str | None) -> str | None:
        if value is not None and not is_reference(value):
            raise ValueError("holds a secret itself: write env:NAME or file:/path")
        return value

    @field_validator("*")
    @classmethod
    def _outside_the_store(cls, value: str | None) -> str | None:
        if value is not None and value.startswith(IN_STORE):
            raise ValueError("leads into the store itself: write env:NAME or file:/path")
        return value

    @model_validator(mode="after")
    def _one_way_in(self) -> Vault:
        approle = (self.role_id is not None, self.secret_id is not None)
        if approle != (self.token is None,) * 2:
            raise ValueError("name token, or role_id and secret_id")
        return self


class Environment(StrictModel):
    """Where the sources are, and the class of evidence from there."""

    evidence_class: EvidenceClass
    vault: Vault | None = None
    sources: dict[str, dict[str, str]]
    """Source → setting → text, or a reference: `env:NAME`, `file:/path`, `vault:mount/path#field`.
    Secrets must be references."""
    alerts: Alerts | None = None
    """Who is told, and how; nobody without it."""
    signing: Signing | None = None
    """By which key the ledger is signed; nothing is without it."""
    scratch: dict[str, Scratch] = Field(default={})
    """Source → where its owner permits us to try what our log-in may write."""


class Proxy(StrictModel):
    """A reverse proxy on this machine that logs people in for `seatrial ui`."""

    origin: str = Field(pattern=r"^(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d+)?$")
    """What browsers have in their address bar, as `https://seatrial.acme.example`."""
    user_header: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    """Who was logged in, as `X-Forwarded-User`."""
    secret: str
    """What it shows in the header X-Seatrial-Proxy, by reference."""
    address: str = Field(default="127.0.0.1", pattern=r"^127\.\d+\.\d+\.\d+$")
    """The address that it asks from."""
    operators: tuple[str, ...] = ()
    """Who may start runs; all others whom it logs in may read."""

    @field_validator("secret")
    @classmethod
    def _by_reference(cls, value: str) -> str:
        if not is_reference(value):
            raise ValueError("holds a secret itself: write env:NAME or file:/path")
        return value


class Ui(StrictModel):
    """How `seatrial ui` is reached by more than one person."""

    proxy: Proxy


class Settings(StrictModel):
    """All of `pilot.yaml`."""

    title: str = Field(min_length=1)
    zone: str = "UTC"
    """The zone in which nights are counted, as `Europe/Berlin`."""
    nightly: Nightly = Timetable(at="02:00")
    """When the nightly job starts, in that zone, and whether it starts by itself."""
    drift: Nightly = Timetable(at="01:00")
    """The same for the nightly look for drift, which reads no rows."""
    thresholds: Thresholds = Thresholds()
    owners: dict[str, Owner] = Field(default={})
    gate: Gate = Gate()
    """Who must sign before a model is trained, and on what evidence."""
    limits: Limits = Limits()
    keep: tuple[str, ...] = ()
    """Datasets, as `source.dataset`, whose landed rows are kept, for training."""
    amendments: Amendments = Amendments()
    validity: Validity = Validity()
    environments: dict[str, Environment] = Field(min_length=1)
    sources: dict[str, SourceSettings] = Field(default={})
    """Source → the claims that cannot be asked of it, and what stands for them."""
    ui: Ui | None = None
    governance: Governance | None = None
    """What people decide about the system: decision log, explanation, rollback and the rest."""

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {name!r}") from error
        return name


def load(path: Path) -> tuple[Settings, strict_yaml.Document]:
    """Read and check `pilot.yaml`. Raises ConfigurationError with the line of the first fault."""
    document = strict_yaml.load(path)
    try:
        return Settings.model_validate(document.value), document
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        # A misspelt key is also a missing key; the line to correct is the misspelt one.
        first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        place = tuple(first["loc"])
        name = ".".join(map(str, place)) or "the file"
        reason = {
            "extra_forbidden": "unknown key; remove it or correct its name",
            "missing": "is missing; add it",
            "too_short": "is empty; add one",
            "string_too_short": "is empty; write it",
            "tuple_type": "must be a list",
            "dict_type": "must be keys with values",
            "model_type": "must be keys with values",
            "date_from_datetime_parsing": "is no date; write it as 2026-11-02",
        }.get(first["type"], first["msg"].removeprefix("Value error, "))
        raise ConfigurationError(f"{document.at(place)}: {name}: {reason}") from error


def schema() -> dict[str, Any]:
    """The JSON Schema of `pilot.yaml`, with what each key means."""
    from harness.pilot.field_docs import described

    return described(Settings)


if __name__ == "__main__":
    import json

    print(json.dumps(schema(), indent=2))  # noqa: T201 - this is its output
