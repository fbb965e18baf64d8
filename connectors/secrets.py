"""Secrets by reference: a value is fetched when a connection is made and shown nowhere."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FORMS = "env:NAME, file:/path or vault:mount/path#field"
"""What a reference looks like; the last one leads into a secret store (`connectors.vault`)."""
STORED = "vault:"
_SCHEMES = ("env:", "file:", STORED)


class MissingReference(Exception):
    """A reference leads to nothing. The message names it, never a value.

    `variable` is the environment variable that is not set, if that is why.
    """

    def __init__(self, message: str, *, variable: str | None = None) -> None:
        super().__init__(message)
        self.variable = variable


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that knows where it came from. It has no repr of its value and does not pickle."""

    reference: str
    _value: str = field(repr=False, compare=False)

    def reveal(self) -> str:
        """The value, for the one call that sends it."""
        return self._value

    def __reduce__(self) -> str:
        raise TypeError(f"the secret {self.reference} is not to be pickled")


def is_reference(text: str) -> bool:
    """Whether `text` leads to a value, instead of being one."""
    return text.startswith(_SCHEMES)


def resolve(reference: str, environ: Mapping[str, str]) -> str:
    """The value of `env:NAME` or `file:/path`, which are on this machine."""
    scheme, _, rest = reference.partition(":")
    if scheme == "env":
        if not environ.get(rest):
            raise MissingReference(
                f"environment variable {rest} is missing or empty", variable=rest
            )
        return environ[rest]
    if scheme == "file":
        return secret_file(Path(rest))
    raise MissingReference(f"{scheme}: is no reference to this machine: write env: or file:")


def secret_file(path: Path) -> str:
    """What a file holds, which must be readable by its owner alone (mode 0600 or less), as for ssh
    keys.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text().rstrip("\n")
    except (OSError, UnicodeDecodeError):
        raise MissingReference(f"secret file {path} cannot be read") from None
    if mode & 0o077:
        raise MissingReference(f"secret file {path} has mode {mode:04o}: chmod 600 it")
    if not text:
        raise MissingReference(f"secret file {path} is empty")
    return text
