"""A private key in a device that speaks PKCS#11, named as in RFC 7512.

    pkcs11:token=LABEL;object=LABEL?module-path=/path&pin-source=file:/path

The library that talks to it is an extra: `seatrial[pkcs11]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from connectors.errors import AccessDenied, SourceUnavailable
from connectors.secrets import MissingReference, Secret, secret_file
from harness.errors import ConfigurationError
from harness.signing.ed25519 import KEY_BYTES, verify

FORM = "pkcs11:token=LABEL;object=LABEL?module-path=/path&pin-source=file:/path"
_KEYS = {"token", "object", "module-path", "pin-source"}
_OCTETS = bytes((0x04, KEY_BYTES))
"""DER of an octet string with a raw key; some devices give the raw key alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """Signs by one key of a device. A session is opened for each signature."""

    module: Path
    token: str
    object: str
    pin: Secret
    public: bytes = b""
    """Raw; empty until the device was asked."""

    def sign(self, message: bytes) -> bytes:
        """The device's signature, verified. Raises SourceError."""
        from pkcs11 import Mechanism, ObjectClass

        with self._session() as session:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=self.object)
            signature = bytes(key.sign(message, mechanism=Mechanism.EDDSA))
        if not verify(self.public, message, signature):
            raise AccessDenied(f"{self.token}: what the device signed is not this message")
        return signature

    def read_public(self) -> bytes:
        """The raw public key that the device holds under the same label."""
        from pkcs11 import Attribute, ObjectClass

        with self._session() as session:
            key = session.get_key(object_class=ObjectClass.PUBLIC_KEY, label=self.object)
            point = bytes(key[Attribute.EC_POINT])
        return point.removeprefix(_OCTETS) if len(point) > KEY_BYTES else point

    @contextmanager
    def _session(self) -> Iterator[Any]:
        import pkcs11

        try:
            device = pkcs11.lib(str(self.module)).get_token(token_label=self.token)
            with device.open(user_pin=self.pin.reveal()) as session:
                yield session
        except pkcs11.exceptions.NoSuchToken:
            raise AccessDenied(
                f"token {self.token}: no device has it: correct its label"
            ) from None
        except (pkcs11.exceptions.NoSuchKey, pkcs11.exceptions.MultipleObjectsReturned):
            raise AccessDenied(f"token {self.token}: not one key {self.object} is on it") from None
        except pkcs11.exceptions.PinIncorrect:
            raise AccessDenied(
                f"token {self.token}: wrong PIN: check {self.pin.reference}"
            ) from None
        except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
            raise SourceUnavailable(f"token {self.token}: {type(error).__name__}") from None


def open_token(reference: str) -> Token:
    """The signer behind a reference. Raises ConfigurationError where it is none, the extra is not
    installed or the PIN's file is not ours alone; SourceError where the device refuses.
    """
    given = _attributes(reference)
    try:
        import pkcs11  # noqa: F401 - whether it is there
    except ImportError:
        raise ConfigurationError(
            f"{reference.partition(':')[0]}: a key in a device needs the extra: install "
            "'seatrial[pkcs11]'"
        ) from None
    try:
        pin = secret_file(Path(given["pin-source"].removeprefix("file:")))
    except MissingReference as error:
        raise ConfigurationError(f"signing key: {error}") from None
    unread = Token(
        module=Path(given["module-path"]),
        token=given["token"],
        object=given["object"],
        pin=Secret(given["pin-source"], pin),
    )
    public = unread.read_public()
    if len(public) != KEY_BYTES:
        raise ConfigurationError(
            f"token {unread.token}: {unread.object} is no Ed25519 key: name one that is"
        )
    return replace(unread, public=public)


def _attributes(reference: str) -> dict[str, str]:
    path, _, query = reference.removeprefix("pkcs11:").partition("?")
    pairs = [one.partition("=") for one in (*path.split(";"), *query.split("&"))]
    given = {name: unquote(value) for name, _, value in pairs}
    if given.keys() != _KEYS or len(pairs) != len(_KEYS) or not all(given.values()):
        raise ConfigurationError(f"signing key: write {FORM}")
    return given
