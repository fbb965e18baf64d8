"""`seatrial key`: makes a signing key, and tells what a register of keys should say of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from connectors.secrets import MissingReference
from harness.atomic_write import BY_UMASK, replace
from harness.errors import ConfigurationError, suggest
from harness.folders import require_replaceable
from harness.pilot.place import Place
from harness.pilot.references import References
from harness.pilot.signing import open_signer, read_register
from harness.pilot.signing_settings import KEYS
from harness.signing import key_file, register
from harness.signing.register import Key
from harness.signing.signer import PrivateKey, Signer, from_seed

DAYS = 730
"""How long a key is valid unless somebody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose key it is, and for what."""

    name: str
    roles: Sequence[str]
    until: date | None


def new(path: Path, seed: bytes) -> PrivateKey:
    """Write the key of 32 random bytes to a new file, for us alone. Raises ConfigurationError."""
    key = from_seed(seed)
    key_file.write(path.absolute(), key)
    return key


def signer_of(here: Place, environ: Mapping[str, str]) -> Signer:
    """The signer that `signing:` of an environment names. Raises ConfigurationError and
    SourceError.
    """
    given = here.loaded.environment(here.environment).signing
    if given is None:
        where = here.loaded.document.at(("environments", here.environment))
        raise ConfigurationError(f"{where}: no key is named: add signing: with key: {KEYS}")
    return _opened(given.key, here.loaded.references(here.environment, environ))


def signer_in(path: Path) -> Signer:
    """The signer of a key file. Raises ConfigurationError."""
    return key_file.read(path.absolute())


def entry(signer: Signer, holder: Holder, *, now: datetime) -> Key:
    """What the register says of a key, from today on. Raises ConfigurationError for a role that
    nothing is signed in and for an end that is over.
    """
    for role in holder.roles:
        if role not in register.ROLES:
            known = suggest(role, register.ROLES)
            raise ConfigurationError(f"--role {role}: unknown role: {known}")
    since = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC)
    until = since + timedelta(days=DAYS)
    if holder.until is not None:
        until = datetime.combine(holder.until, datetime.min.time(), UTC)
    if until <= since:
        raise ConfigurationError(f"--until {holder.until}: that is over: name a later day")
    if not holder.name.strip():
        raise ConfigurationError("--name is empty: name the person or system that holds the key")
    roles = tuple(dict.fromkeys(holder.roles))
    return Key(public=signer.public, name=holder.name, roles=roles, since=since, until=until)


def add(path: Path, key: Key) -> None:
    """Add a key to the register in a file; the file is made if there is none. Raises
    ConfigurationError, also for a key that is in it.
    """
    require_replaceable(path)
    found = read_register(path) if path.exists() else {}
    if key.id in found:
        raise ConfigurationError(f"register {path}: key {key.id} is in it: correct its line there")
    try:
        replace(path, register.written({**found, key.id: key}).decode(), mode=BY_UMASK)
    except OSError as error:
        raise ConfigurationError(
            f"register {path}: {error.strerror}: name one to write"
        ) from error


def _opened(reference: str, references: References) -> Signer:
    try:
        return open_signer(reference, references)
    except MissingReference as error:
        raise ConfigurationError(f"signing key {reference}: {error}") from None
