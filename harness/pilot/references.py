"""Follows references, as a pilot's settings have them: to environment variables, to files, and to
the secret store that `pilot.yaml` names for an environment. One `References` serves one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from connectors.secrets import (
    FORMS,
    IN_STORE,
    STORED,
    Kept,
    MissingReference,
    Secret,
    is_reference,
)
from harness.errors import ConfigurationError
from harness.pilot import settings
from harness.pilot.resolver import Here, Resolver

if TYPE_CHECKING:
    from connectors.vault.vault import Vault


class References:
    """Follows the references of one run."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        vault: settings.Vault | None,
        where: str,
        resolver: Resolver | None = None,
    ) -> None:
        """`where` is the environment's `file:line` in `pilot.yaml`; `resolver` follows them where
        that is not to be done here.
        """
        self._here = Here(environ, vault=vault, where=where)
        self.resolver: Resolver = resolver or self._here

    def text(self, setting: str) -> str:
        """A setting's text, resolved if it is a reference. Raises MissingReference or
        SourceError.
        """
        return self.resolver.first(setting) if is_reference(setting) else setting

    def secret(self, reference: str, *, what: str) -> Secret:
        """A secret, which is fetched anew whenever it is needed. Raises ConfigurationError, naming
        `what`, if the value itself was given; MissingReference or SourceError if there is none
        now.
        """
        if not is_reference(reference):
            raise ConfigurationError(f"{what} holds a secret itself: write {FORMS}")
        self.resolver.require(reference)
        return Secret(reference, self.resolver.present)

    def kept(self, reference: str, *, what: str) -> Kept:
        """A secret that its use replaces. Raises ConfigurationError, naming `what`, where nothing
        can replace it.
        """
        if not reference.startswith(STORED):
            raise ConfigurationError(
                f"{what} is replaced as it is used, which no variable and no file can be safely: "
                "keep it in the secret store, and write vault:mount/path#field"
            )
        return self.resolver.kept(reference)

    @property
    def store(self) -> Vault:
        """The environment's secret store. Raises MissingReference or ConfigurationError where none
        is named as it should be.
        """
        return self._here.store

    def kept_alive(self) -> AbstractContextManager[None]:
        """Renew what the store has issued while the block runs, and give it back then."""
        return self._here.kept_alive()

    def missing(self, given: Iterable[str]) -> list[MissingReference]:
        """An error for each of the settings `given` that does not resolve.

        The store is queried only if nothing on this machine is missing. Raises SourceError if it
        does not answer or refuses our log-in.
        """
        wanted = list(dict.fromkeys(filter(is_reference, given)))
        stored = [one for one in wanted if one.startswith(IN_STORE)]
        local = [one for one in wanted if one not in stored]
        if stored and self._here.vault is not None:
            local += filter(is_reference, self._here.vault.given.values())
        return self._unresolved(local) or self._unresolved(stored)

    def _unresolved(self, references: Iterable[str]) -> list[MissingReference]:
        errors = []
        for reference in references:
            try:
                self.text(reference)
            except MissingReference as error:
                errors.append(error)
        return errors
