"""Secrets by reference: a value is fetched when a log-in needs it, and never shown.

    Secret ─ present ─▶ the same with the value of now ─ reveal ─▶ sent

What is shown once, as a password, is fetched for it. What goes with every request is fetched when
a reading begins, and again where a source refuses what it had taken: it may have been replaced.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from connectors import ownership
from connectors.redaction import remember

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Holder = TypeVar("_Holder", bound="DataclassInstance")

FORMS = "env:NAME, file:/path or vault:mount/path#field"
"""The forms of a reference; the last one names a field in a secret store (`connectors.vault`), as
does `lease:mount/path#field` of what such a store issues for a time.
"""
STORED, ISSUED = "vault:", "lease:"
IN_STORE = (STORED, ISSUED)
_SCHEMES = ("env:", "file:", *IN_STORE)


class MissingReference(Exception):
    """A reference that does not resolve. The message names the reference, never a value.

    `variable` is the environment variable that is not set, if that is the reason.
    """

    def __init__(self, message: str, *, variable: str | None = None) -> None:
        super().__init__(message)
        self.variable = variable


Fetch: TypeAlias = Callable[[Sequence[str]], Sequence[str]]
"""What the given references lead to now, all of one moment. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret with its reference: its value, or who fetches it. The value is in no repr, and it
    cannot be pickled.

    >>> Secret("env:SHOP_PASSWORD", "canary")
    Secret(reference='env:SHOP_PASSWORD')
    """

    reference: str
    _value: str | Fetch = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self._value, str):
            remember(self._value, self.reference)

    def reveal(self) -> str:
        """The value, which is fetched unless it is here. Call this only where the value is sent.
        Raises SourceError.
        """
        if isinstance(self._value, str):
            return self._value
        [value] = self._value([self.reference])
        remember(value, self.reference)
        return value

    def __reduce__(self) -> str:
        raise TypeError(f"the secret {self.reference} is not to be pickled")


def present(holder: _Holder) -> _Holder:
    """The same dataclass, with the values that the secrets in its fields have now: a user and a
    password that were issued together stay together. Raises SourceError.
    """
    away: dict[Fetch, dict[str, str]] = {}
    for one in fields(holder):
        secret = getattr(holder, one.name)
        if isinstance(secret, Secret) and not isinstance(fetch := secret._value, str):  # noqa: SLF001 - ours
            away.setdefault(fetch, {})[one.name] = secret.reference
    fetched: dict[str, Secret] = {}
    for fetch, asked in away.items():
        values = fetch(list(asked.values()))
        fetched |= {
            name: Secret(reference, value)
            for (name, reference), value in zip(asked.items(), values, strict=True)
        }
    return replace(holder, **fetched) if fetched else holder


def is_another(now: _Holder, before: _Holder) -> bool:
    """Whether a secret in a field of two that are `present` has another value."""
    pairs = [(getattr(now, one.name), getattr(before, one.name)) for one in fields(now)]
    return any(
        isinstance(new, Secret) and isinstance(old, Secret) and new.reveal() != old.reveal()
        for new, old in pairs
    )


class Kept(Protocol):
    """A secret that its use replaces, in a store that takes the new one only for the old one.

    >>> at.kept("refresh_token").reference
    'vault:secret/shop#refresh_token'
    """

    @property
    def reference(self) -> str:
        """`vault:mount/path#field`."""

    def take(self) -> Secret:
        """What the store holds now, once it has shown that it lets us write there. Raises
        SourceError or MissingReference.
        """

    def put(self, new: str, *, instead_of: Secret) -> None:
        """Keep `new`. Raises SourceError where the store does not, or no longer holds what it
        should stand instead of.
        """


def is_reference(text: str) -> bool:
    """Whether `text` is a reference, not the value itself."""
    return text.startswith(_SCHEMES)


def variable(reference: str) -> str | None:
    """The environment variable that `env:NAME` names; None for any other text."""
    scheme, _, name = reference.partition(":")
    return name if scheme == "env" else None


def resolve(reference: str, environ: Mapping[str, str]) -> str:
    """The value of `env:NAME` or `file:/path` on this machine. Raises MissingReference."""
    scheme, _, rest = reference.partition(":")
    if scheme == "env":
        if not environ.get(rest):
            raise MissingReference(
                f"environment variable {rest} is missing or empty", variable=rest
            )
        return require_text(reference, environ[rest])
    if scheme == "file":
        return secret_file(Path(rest))
    raise MissingReference(f"{scheme}: is no reference to this machine: write env: or file:")


def require_text(reference: str, value: str) -> str:
    """The value, if it can be sent at all. Raises MissingReference for half a character, which is
    what bytes other than UTF-8 become in an environment, and for NUL.
    """
    try:
        value.encode()
    except UnicodeEncodeError:
        raise MissingReference(f"{reference}: its value is no text: write it in UTF-8") from None
    if "\0" in value:
        raise MissingReference(f"{reference}: its value holds a NUL: leave it out")
    return value


def secret_file(path: Path) -> str:
    """The content of a file of ours or root's that only its owner can read (mode 0600 or less), as
    for ssh keys. A link leads to it only where nobody else could have laid it.

    Raises MissingReference for a file that is missing or empty, that others may read, or that
    somebody else could have put there.
    """
    require_private(path)
    try:
        text = path.read_text().rstrip("\n")
    except UnicodeDecodeError:
        raise MissingReference(f"secret file {path} is no text: write it in UTF-8") from None
    except (OSError, ValueError):  # a path that no file can have
        raise MissingReference(f"secret file {path} cannot be read") from None
    if not text:
        raise MissingReference(f"secret file {path} is empty")
    return require_text(f"file:{path}", text)


def require_private(path: Path) -> None:
    """Raises MissingReference unless the file is ours or root's, and its owner's alone to read."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise MissingReference(f"secret file {path} has mode {mode:04o}: chmod 600 it")
        if danger := ownership.danger(path, us=os.geteuid()):
            raise MissingReference(f"secret file {path}: {danger}")
    except (OSError, ValueError):  # a path that no file can have
        raise MissingReference(f"secret file {path} cannot be read") from None
