"""Keys that stay in a secret store: its transit engine signs for us (OpenBao, HashiCorp Vault).

transit:mount/key ─▶ GET  /v1/mount/keys/key ─▶ the newest version's public key
                  ─▶ POST /v1/mount/sign/key ─▶ that version's signature
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple

import msgspec

from connectors.errors import SourceChanged
from connectors.http.messages import Answer
from connectors.secrets import MissingReference
from connectors.vault.token import decode
from connectors.vault.vault import Vault

FORM = "transit:mount/key"
SCHEME = "transit:"
_NAME = "([A-Za-z0-9_][A-Za-z0-9_.-]{0,199})"
_FORM = re.compile(f"transit:{_NAME}/{_NAME}")
_BAD_REQUEST, _NOT_FOUND = 400, 404
_ED25519 = "ed25519"


class TransitKey(NamedTuple):
    """One version of a key of the engine; a newer one does not change what this one signs."""

    mount: str
    name: str
    version: int
    public: bytes
    """Raw."""


def newest(store: Vault, reference: str) -> TransitKey:
    """The key behind `transit:mount/key`. Raises MissingReference if the store has none, or one of
    another algorithm; SourceError if it does not answer or refuses us.
    """
    form = _FORM.fullmatch(reference)
    if form is None:
        raise MissingReference(f"{reference}: write {FORM}")
    mount, name = form.groups()
    answer = store.ask(mount, "keys", name)
    if answer.status == _NOT_FOUND:
        raise MissingReference(f"{reference}: the store has no such key")
    found = decode(answer, _KeyAnswer).data
    if found.type != _ED25519:
        raise MissingReference(f"{reference}: a key of type {found.type[:40]!a}: make an ed25519")
    version = found.keys.get(str(found.latest_version))
    if version is None:
        raise _odd(answer)
    return TransitKey(mount, name, found.latest_version, _decoded(version.public_key, answer))


def sign(store: Vault, key: TransitKey, message: bytes) -> bytes:
    """The raw signature of a message. Raises SourceError."""
    body = {"input": base64.b64encode(message).decode(), "key_version": key.version}
    answer = store.ask(key.mount, "sign", key.name, body=body)
    if answer.status in (_BAD_REQUEST, _NOT_FOUND):
        raise SourceChanged(f"{answer.what} answered {answer.status}: the store signs no more")
    prefix, _, signature = decode(answer, _SignAnswer).data.signature.rpartition(":")
    if prefix != f"vault:v{key.version}":
        raise _odd(answer)
    return _decoded(signature, answer)


class _KeyVersion(msgspec.Struct):
    public_key: str


class _Key(msgspec.Struct):
    type: str
    latest_version: int
    keys: dict[str, _KeyVersion]


class _KeyAnswer(msgspec.Struct):
    data: _Key


class _Signature(msgspec.Struct):
    signature: str


class _SignAnswer(msgspec.Struct):
    data: _Signature


def _decoded(text: str, answer: Answer) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _odd(answer) from None


def _odd(answer: Answer) -> SourceChanged:
    return SourceChanged(f"{answer.what} is no answer of a transit engine: check its mount")
