"""A person who signs by a command: who they say they are, in which role, with which key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.clock import Clock
from harness.errors import ConfigurationError, suggest
from harness.pilot.place import Place
from harness.pilot.signing import open_signer, register_of
from harness.signing import register as registers
from harness.signing.ed25519 import key_id
from harness.signing.signer import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who signs."""

    by: str
    role: str
    key: str
    """A reference: `file:/path`, `transit:mount/key` or `pkcs11:…`."""
    trust: Path | None = None
    """A register of keys; what it does not allow is refused."""


def require_words(texts: Mapping[str, str | None]) -> None:
    """Raise ConfigurationError for a text, by its option, that nobody could read."""
    for option, text in texts.items():
        if text is not None and (not text.strip() or not text.isprintable()):
            raise ConfigurationError(f"{option} is empty or holds controls: write it in words")


def require_role(role: str, roles: Collection[str]) -> None:
    """Raise ConfigurationError for a role that does not sign such a thing."""
    if role not in roles:
        raise ConfigurationError(f"--role {role}: unknown role: {suggest(role, roles)}")


def signer_of(
    here: Place, person: Person, what: str, *, environ: Mapping[str, str], clock: Clock
) -> Signer:
    """The person's signer, if the register lets it sign `what` (of MAY_SIGN) in their role. Raises
    ConfigurationError, and SourceError where the secret store does not answer.
    """
    signer = open_signer(person.key, here.loaded.references(here.environment, environ))
    register = register_of(here.loaded, here.environment, person.trust)
    if register is None:
        return signer
    identity = key_id(signer.public)
    if says := registers.objection(register, identity, what, clock.now()):
        raise ConfigurationError(f"--key {person.key}: {says}")
    key = register[identity]
    if person.role not in key.roles:
        raise ConfigurationError(
            f"--role {person.role}: by the register {key.name} signs as {', '.join(key.roles)}"
        )
    return signer
