"""Who logs in to an SFTP server, and by what."""

from __future__ import annotations

from dataclasses import dataclass, field

import asyncssh


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who logs in, by key or by password."""

    user: str
    key: asyncssh.SSHKey | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def how(self) -> str:
        """By what."""
        if self.key is not None:
            return "key"
        return "name alone" if self.password is None else "password"

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods to use of those that the server offers.

        Of two, asyncssh sends the password by the second only where the server lacks the first,
        and only to one prompt: it forgets a password that it has sent.
        """
        if self.key is not None:
            return ("publickey",)
        return ("none",) if self.password is None else ("password", "keyboard-interactive")
