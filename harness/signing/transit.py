"""A private key in the secret store: its transit engine signs, and the key never leaves it."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.secrets import MissingReference
from connectors.vault import transit
from connectors.vault.vault import Vault
from harness.errors import ConfigurationError
from harness.signing.ed25519 import KEY_BYTES, verify


class TransitSigner:
    """Signs with the version of the key that was newest when it was opened."""

    def __init__(self, store: Vault, reference: str) -> None:
        """Raises ConfigurationError for a key that the store does not have, and SourceError where
        it does not answer or refuses us.
        """
        try:
            self._key = transit.newest(store, reference)
        except MissingReference as error:
            raise ConfigurationError(f"signing key: {error}") from None
        if len(self._key.public) != KEY_BYTES:
            raise ConfigurationError(
                f"signing key: {reference}: its public key is no Ed25519 key: name one that is"
            )
        self._store = store
        self._reference = reference

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self._key.public

    def sign(self, message: bytes) -> bytes:
        """The store's signature, verified. Raises SourceError."""
        signature = transit.sign(self._store, self._key, message)
        if not verify(self.public, message, signature):
            raise SourceChanged(f"{self._reference}: what the store signed is not this message")
        return signature
