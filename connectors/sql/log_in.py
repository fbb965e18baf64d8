"""Who we are at a database: a password, and a user where that is a secret, too."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import URL

from connectors.secrets import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """What a session begins with, beside what the URL says."""

    user: Secret | None
    """None for the user of the URL."""
    password: Secret | None

    def at(self, url: URL) -> URL:
        """The URL with both. Raises SourceError where one cannot be fetched."""
        if self.user is not None:
            url = url.set(username=self.user.reveal())
        return url if self.password is None else url.set(password=self.password.reveal())
