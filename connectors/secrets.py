"""Secrets by reference: a value is fetched when a connection is made and shown nowhere."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


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


def resolve(reference: str, environ: Mapping[str, str]) -> str:
    """The value of `env:NAME` or `file:/path`.

    A file with a secret must be readable by its owner alone (mode 0600 or less), as for ssh keys.
    """
    scheme, _, rest = reference.partition(":")
    if scheme == "env":
        if not environ.get(rest):
            raise MissingReference(
                f"environment variable {rest} is missing or empty", variable=rest
            )
        return environ[rest]
    if scheme == "file":
        path = Path(rest)
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError as error:
            raise MissingReference(f"secret file {path} cannot be read") from error
        if mode & 0o077:
            raise MissingReference(f"secret file {path} has mode {mode:04o}: chmod 600 it")
        return path.read_text().rstrip("\n")
    raise MissingReference(f"{scheme}: is no reference; write env:NAME or file:/path")
