"""What the web process is told at its start, through a pipe: it holds secrets, so no command line,
variable or file has it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from connectors.secrets import Secret
from harness.dagster.web.access import Door, Proxy, Role
from harness.pilot.signing import read_register
from harness.signing.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxySetup:
    """A reverse proxy, with its secret."""

    address: str
    origin: str
    user_header: str
    operators: tuple[str, ...]
    reference: str
    secret: str = field(repr=False)

    def named(self) -> Proxy:
        """What the guard knows it by."""
        return Proxy(
            address=self.address,
            origin=self.origin,
            user_header=self.user_header.lower(),
            operators=frozenset(self.operators),
            secret=Secret(self.reference, self.secret),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One start of the web process."""

    socket: int
    """The file descriptor on which it listens already."""
    port: int
    operator: str = field(repr=False)
    reader: str = field(repr=False)
    local_user: str
    workspace: str
    pilot: str
    title: str
    environment: str
    out: str
    ledger: tuple[str, str] | None = field(repr=False)
    """Reference and URL of a PostgreSQL ledger; None for the SQLite file in `out`."""
    proxy: ProxySetup | None
    trust: str | None = None
    """The file with the register of keys."""

    def register(self) -> Register | None:
        """The register, as it is now. Raises ConfigurationError."""
        return None if self.trust is None else read_register(Path(self.trust))

    def door(self) -> Door:
        """What the guard decides by."""
        return Door(
            port=self.port,
            tokens={Role.OPERATOR: self.operator, Role.READER: self.reader},
            local_user=self.local_user,
            proxy=None if self.proxy is None else self.proxy.named(),
        )

    def ledger_at(self) -> Path | Secret:
        """Where the ledger is."""
        return Path(self.out, "ledger.sqlite") if self.ledger is None else Secret(*self.ledger)

    @property
    def ledger_name(self) -> str:
        """The ledger in messages, without its URL."""
        return str(self.ledger_at()) if self.ledger is None else self.ledger[0]
