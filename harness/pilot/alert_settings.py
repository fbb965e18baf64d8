"""`alerts:` of an environment in `pilot.yaml`: who is told, by which channel, and what must beat.

Addresses of hooks and of the heartbeat hold a token: they are references, as passwords are.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from harness.errors import suggest
from harness.pilot.strict_model import StrictModel, require_reference

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""RFC 5321 4.1.2 without quoted names: what every server takes, and no place for a new line."""
HOOKS = ("slack", "teams", "webhook")
"""The kinds of channels that are an address to post to."""

Reference = Annotated[str, AfterValidator(require_reference)]


def _mail_address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} is no mail address: write it as ada@acme.example")
    return text


Mail = Annotated[str, AfterValidator(_mail_address)]


class Channel(StrictModel):
    """One way to reach people: exactly one of `slack`, `teams`, `webhook` and `email`."""

    slack: Reference | None = None
    """The address of an incoming webhook of Slack, by reference."""
    teams: Reference | None = None
    """The address of a workflow of Teams that posts what it receives, by reference."""
    webhook: Reference | None = None
    """An address that takes our own JSON, by reference."""
    email: Mail | None = None
    """A mail address; `smtp` says by which server."""
    ca_file: str | None = None
    """Who vouches for the hook's server; without it, whom this machine trusts."""

    @model_validator(mode="after")
    def _one_kind(self) -> Channel:
        kinds = (*HOOKS, "email")
        if sum(getattr(self, kind) is not None for kind in kinds) != 1:
            raise ValueError(f"name one of {', '.join(kinds)}")
        if self.email is not None and self.ca_file is not None:
            raise ValueError("ca_file of a mail server belongs to smtp: move it there")
        return self

    @property
    def kind(self) -> str:
        """`slack`, `teams`, `webhook` or `email`."""
        return next(kind for kind in (*HOOKS, "email") if getattr(self, kind) is not None)

    @property
    def url(self) -> str | None:
        """The reference of a hook's address; None for mail."""
        return self.slack or self.teams or self.webhook


class Smtp(StrictModel):
    """The server that takes our mail."""

    host: str = Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$")
    port: int = Field(default=587, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    """`tls` from the first byte on (port 465 as a rule); `none` for a server on this machine."""
    sender: Mail
    user: str | None = Field(default=None, min_length=1)
    password: Reference | None = None
    ca_file: str | None = None

    @model_validator(mode="after")
    def _nothing_in_clear(self) -> Smtp:
        if (self.user is None) != (self.password is None):
            raise ValueError("name user and password, or neither")
        if self.tls == "none" and self.host not in _LOOPBACK:
            raise ValueError(f"{self.host} would get mail in clear: write tls: starttls or tls")
        return self


class Heartbeat(StrictModel):
    """What shows that the night ran: an address that is asked, or a file that is written."""

    url: Reference | None = None
    file: str | None = None

    @field_validator("file")
    @classmethod
    def _from_the_root(cls, file: str | None) -> str | None:
        if file is not None and not Path(file).is_absolute():
            raise ValueError("is no whole path: begin it with /")
        return file

    @model_validator(mode="after")
    def _either(self) -> Heartbeat:
        if (self.url is None) == (self.file is None):
            raise ValueError("name url or file")
        return self


class Alerts(StrictModel):
    """Who is told when a claim turns bad or is mended, and how."""

    channels: dict[str, Channel] = Field(default={})
    people: dict[str, tuple[str, ...]] = Field(default={})
    """A name as in `owners` → the channels that reach it."""
    smtp: Smtp | None = None
    escalate_after_hours: float = Field(default=20, ge=0, allow_inf_nan=False)
    """How long an incident may stay without an acknowledgement before `escalation` is told."""
    heartbeat: Heartbeat | None = None

    @field_validator("channels")
    @classmethod
    def _names(cls, channels: dict[str, Channel]) -> dict[str, Channel]:
        for name in channels:
            if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name):
                raise ValueError(f"{name!r} is no name: use a-z, 0-9, _ and -, a letter first")
        return channels

    @model_validator(mode="after")
    def _all_known(self) -> Alerts:
        for person, names in self.people.items():
            for name in names:
                if name not in self.channels:
                    known = suggest(name, self.channels)
                    raise ValueError(f"people.{person}: unknown channel {name!r}: {known}")
        mail = [name for name, one in self.channels.items() if one.email is not None]
        if mail and self.smtp is None:
            raise ValueError(f"channel {mail[0]} is mail, and no server takes it: add smtp")
        return self

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference in it."""
        urls = [one.url for one in self.channels.values()]
        password = self.smtp.password if self.smtp else None
        heartbeat = self.heartbeat.url if self.heartbeat else None
        return tuple(filter(None, (*urls, password, heartbeat)))
