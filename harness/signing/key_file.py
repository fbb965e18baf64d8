"""A private key in a file that nobody else can read, as for ssh keys."""

from __future__ import annotations

import os
from pathlib import Path

from connectors.secrets import MissingReference, secret_file
from harness import folders
from harness.errors import ConfigurationError
from harness.signing.ed25519 import Unverified
from harness.signing.signer import PrivateKey, from_private_pem


def read(path: Path) -> PrivateKey:
    """The signer of an Ed25519 PEM (PKCS#8) with mode 0600 or less.

    Raises ConfigurationError where there is none, where others can read or could have changed it,
    where it is encrypted, and where it is another kind of key.
    """
    try:
        return from_private_pem(secret_file(path))
    except MissingReference as error:
        raise ConfigurationError(f"signing key: {error}") from None
    except Unverified as error:
        raise ConfigurationError(f"signing key {path}: it {error}") from None


def write(path: Path, key: PrivateKey) -> None:
    """Write a new key for us alone (0600). Raises ConfigurationError where something is there
    already, so that no key is lost, or where others could change it.
    """
    folders.take_results(path.parent)
    try:
        descriptor = folders.make_file(path)
    except FileExistsError:
        raise ConfigurationError(
            f"{path} is there already: name a new file for a new key"
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror}: name a file that can be written"
        ) from None
    with os.fdopen(descriptor, "w") as file:
        file.write(key.pem())
        file.flush()
        os.fsync(file.fileno())
