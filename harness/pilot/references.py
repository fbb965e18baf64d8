"""Resolves references: to environment variables, to files, and to the secret store that
`pilot.yaml` names for an environment. One `References` serves one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from connectors.secrets import (
    FORMS,
    STORED,
    Kept,
    MissingReference,
    Secret,
    is_reference,
    resolve,
)
from harness.errors import ConfigurationError
from harness.pilot import settings

if TYPE_CHECKING:
    from connectors.vault import AppRole, Vault


class References:
    """Resolves the references of one run. Connects to the store when a reference needs it."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        vault: settings.Vault | None,
        where: str,
        known: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`known` has what some references resolve to already."""
        self._environ = environ
        self._known = known
        self._vault = vault
        self._written: set[str] = set()
        """What was asked for to be replaced."""
        self._where = where
        """The environment's `file:line` in `pilot.yaml`."""

    def text(self, setting: str) -> str:
        """A setting's text, resolved if it is a reference. Raises MissingReference or
        SourceError.
        """
        if not is_reference(setting):
            return setting
        if setting in self._known:
            return self._known[setting]
        if setting.startswith(STORED):
            return self.store.value(setting)
        return resolve(setting, self._environ)

    def secret(self, reference: str, *, what: str) -> Secret:
        """A secret. Raises ConfigurationError, naming `what`, if the value itself was given."""
        if not is_reference(reference):
            raise ConfigurationError(f"{what} holds a secret itself: write {FORMS}")
        return Secret(reference, self.text(reference))

    def kept(self, reference: str, *, what: str) -> Kept:
        """A secret that its use replaces. Raises ConfigurationError, naming `what`, where nothing
        can replace it.
        """
        if not reference.startswith(STORED):
            raise ConfigurationError(
                f"{what} is replaced as it is used, which no variable and no file can be safely: "
                "keep it in the secret store, and write vault:mount/path#field"
            )
        from connectors.kept import KeptField

        self._written.add(reference)
        return KeptField(reference, self.store)

    def store_for(self, references: Iterable[str]) -> tuple[settings.Vault, dict[str, str]] | None:
        """The store's settings and what their references resolve to, if one of `references` is
        replaced there; None if all of them are only read.
        """
        if self._vault is None or not self._written.intersection(references):
            return None
        own = filter(is_reference, self._vault.given.values())
        return self._vault, {reference: self.text(reference) for reference in own}

    def missing(self, given: Iterable[str]) -> list[MissingReference]:
        """An error for each of the settings `given` that does not resolve.

        The store is queried only if nothing on this machine is missing. Raises SourceError if it
        does not answer or refuses our log-in.
        """
        wanted = list(dict.fromkeys(filter(is_reference, given)))
        stored = [one for one in wanted if one.startswith(STORED)]
        local = [one for one in wanted if one not in stored]
        if stored and self._vault is not None:
            local += filter(is_reference, self._vault.given.values())
        return self._unresolved(local) or self._unresolved(stored)

    def _unresolved(self, references: Iterable[str]) -> list[MissingReference]:
        errors = []
        for reference in references:
            try:
                self.text(reference)
            except MissingReference as error:
                errors.append(error)
        return errors

    @cached_property
    def store(self) -> Vault:
        """The environment's secret store. Raises MissingReference or ConfigurationError where none
        is named as it should be.
        """
        from connectors.vault import Vault  # its HTTP client is needed where a store is named

        if self._vault is None:
            raise MissingReference(f"{self._where}: no secret store is named: add vault: there")
        given = {name: self.text(value) for name, value in self._vault.given.items()}
        try:
            return Vault(
                given["address"],
                credentials=_credentials(self._vault, given),
                ca_file=Path(given["ca_file"]) if "ca_file" in given else None,
                namespace=given.get("namespace"),
            )
        except ValueError as error:
            raise ConfigurationError(f"{self._where}: vault.address: {error}") from error


def _credentials(vault: settings.Vault, given: Mapping[str, str]) -> Secret | AppRole:
    if vault.token is not None:
        return Secret(vault.token, given["token"])
    from connectors.vault import AppRole

    assert vault.secret_id is not None  # the settings require one of the two
    return AppRole(role_id=given["role_id"], secret_id=Secret(vault.secret_id, given["secret_id"]))
