"""References followed: into the environment, into files, and into the secret store that
`pilot.yaml` names for an environment. One `References` serves one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from connectors.secrets import FORMS, STORED, MissingReference, Secret, is_reference, resolve
from connectors.vault import AppRole, Vault
from harness.errors import ConfigurationError
from harness.pilot import settings


class References:
    """What one run's references lead to. The store is connected to when one leads there."""

    def __init__(
        self, environ: Mapping[str, str], *, vault: settings.Vault | None, where: str
    ) -> None:
        self._environ = environ
        self._vault = vault
        self._where = where
        """The environment's `file:line` in `pilot.yaml`."""

    def text(self, setting: str) -> str:
        """A setting: the text itself, or what it leads to."""
        if not is_reference(setting):
            return setting
        if setting.startswith(STORED):
            return self._store.value(setting)
        return resolve(setting, self._environ)

    def secret(self, reference: str, *, what: str) -> Secret:
        """A secret; `what` must be given by reference, never as itself."""
        if not is_reference(reference):
            raise ConfigurationError(f"{what} holds a secret itself: write {FORMS}")
        return Secret(reference, self.text(reference))

    def missing(self, given: Iterable[str]) -> list[MissingReference]:
        """Of the settings `given`, each that leads nowhere. The store is asked only when nothing
        on this machine is missing; a SourceError when it does not answer or let us in.
        """
        wanted = list(dict.fromkeys(filter(is_reference, given)))
        stored = [one for one in wanted if one.startswith(STORED)]
        here = [one for one in wanted if one not in stored]
        if stored and self._vault is not None:
            here += filter(is_reference, self._vault.given.values())
        return self._leading_nowhere(here) or self._leading_nowhere(stored)

    def _leading_nowhere(self, references: Iterable[str]) -> list[MissingReference]:
        found = []
        for reference in references:
            try:
                self.text(reference)
            except MissingReference as error:
                found.append(error)
        return found

    @cached_property
    def _store(self) -> Vault:
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


def _credentials(named: settings.Vault, given: Mapping[str, str]) -> Secret | AppRole:
    if named.token is not None:
        return Secret(named.token, given["token"])
    assert named.secret_id is not None  # one of the two, or the settings would not have loaded
    return AppRole(role_id=given["role_id"], secret_id=Secret(named.secret_id, given["secret_id"]))
