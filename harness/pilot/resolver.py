"""Where the values behind references come from: this machine, and the secret store.

A run has one; in the child that reads a source another takes its place, which asks this one
(`harness/run/handed.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from connectors.errors import SourceError
from connectors.redaction import remember
from connectors.retry import RetryPolicy, retrying
from connectors.secrets import IN_STORE, Kept, MissingReference, Secret, is_reference, resolve
from harness.errors import ConfigurationError
from harness.pilot import settings
from harness.pilot.lease_keeper import kept_alive

if TYPE_CHECKING:
    from connectors.vault.token import AppRole
    from connectors.vault.vault import Vault


class Resolver(Protocol):
    """What follows references."""

    def first(self, reference: str) -> str:
        """What it led to when the run began. Raises MissingReference or SourceError."""

    def require(self, reference: str) -> None:
        """Raise MissingReference or SourceError unless it leads to a secret."""

    def present(self, references: Sequence[str]) -> Sequence[str]:
        """What they lead to now, of one moment. Raises SourceError."""

    def kept(self, reference: str) -> Kept:
        """A field of the store that its use replaces."""


class Here:
    """Follows them in this process. Connects to the store when a reference needs it."""

    def __init__(
        self, environ: Mapping[str, str], *, vault: settings.Vault | None, where: str
    ) -> None:
        self._environ = environ
        self.vault = vault
        self._where = where
        """The environment's `file:line` in `pilot.yaml`."""
        self._store: Vault | None = None
        self._patience = RetryPolicy(attempts=3, seconds=30.0)

    def first(self, reference: str) -> str:
        """As `Resolver` says; a variable or a file is read each time."""
        if reference.startswith(IN_STORE):
            return self.store.value(reference)
        return resolve(reference, self._environ)

    def require(self, reference: str) -> None:
        """As `Resolver` says."""
        remember(self.first(reference), reference)

    def present(self, references: Sequence[str]) -> Sequence[str]:
        """As `Resolver` says. What it leads to is a secret from now on. A failure is the store's,
        and says nothing of a source.
        """
        stored = [one for one in references if one.startswith(IN_STORE)]
        try:
            values = dict(zip(stored, self._stored(stored), strict=True)) if stored else {}
            found = [values.get(one) or self.first(one) for one in references]
        except (SourceError, MissingReference) as error:
            raise SourceError(str(error)) from error
        for reference, value in zip(references, found, strict=True):
            remember(value, reference)
        return found

    def _stored(self, references: Sequence[str]) -> Sequence[str]:
        """From the store, asked again if it does not answer: it may only change its leader."""
        ask = retrying("the store", emit=_ignore, hold=_ignore, patience=self._patience)
        return ask(lambda: self.store.present(references))

    def kept(self, reference: str) -> Kept:
        """As `Resolver` says."""
        from connectors.vault.kept import KeptField

        return KeptField(reference, self.store)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew what the store has issued while the block runs, and give it back then."""
        if self.vault is None:
            yield
            return
        with kept_alive(self._renew, self._give_back):
            yield

    def _renew(self) -> None:
        if self._store is not None:
            self._store.renew()

    def _give_back(self) -> None:
        if self._store is not None:
            self._store.give_back()

    @property
    def store(self) -> Vault:
        """The environment's secret store. Raises MissingReference or ConfigurationError where none
        is named as it should be.
        """
        if self._store is None:
            self._store = self._at_the_store()
        return self._store

    def _at_the_store(self) -> Vault:
        from connectors.vault.vault import (
            Vault,  # its HTTP client is needed where a store is named
        )

        if self.vault is None:
            raise MissingReference(f"{self._where}: no secret store is named: add vault: there")
        given = {name: _text(value, self._environ) for name, value in self.vault.given.items()}
        try:
            return Vault(
                given["address"],
                credentials=_credentials(self.vault, given),
                ca_file=Path(given["ca_file"]) if "ca_file" in given else None,
                namespace=given.get("namespace"),
            )
        except ValueError as error:
            raise ConfigurationError(f"{self._where}: vault.address: {error}") from error


def _ignore(_: object) -> None:
    """The store keeps an audit log of its own, and nobody else waits for it."""


def _text(setting: str, environ: Mapping[str, str]) -> str:
    return resolve(setting, environ) if is_reference(setting) else setting


def _credentials(vault: settings.Vault, given: Mapping[str, str]) -> Secret | AppRole:
    if vault.token is not None:
        return Secret(vault.token, given["token"])
    from connectors.vault.token import AppRole

    assert vault.secret_id is not None  # the settings require one of the two
    return AppRole(role_id=given["role_id"], secret_id=Secret(vault.secret_id, given["secret_id"]))
