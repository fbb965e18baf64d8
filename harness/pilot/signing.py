"""The signer, the trusted keys and the second copies that `pilot.yaml` gives an environment."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from connectors.errors import SourceError
from connectors.http.origin import origin
from connectors.secrets import MissingReference
from connectors.vault.transit import SCHEME
from harness.errors import ConfigurationError
from harness.pilot import signing_settings as given
from harness.pilot.model import LoadedPilot
from harness.pilot.references import References
from harness.signing import ed25519, key_file, register
from harness.signing.copies.copy import Copy
from harness.signing.copies.folder import Folder
from harness.signing.copies.webhook import Webhook
from harness.signing.copies.witness import Witness
from harness.signing.ed25519 import Unverified
from harness.signing.signer import Signer
from harness.signing.signing import Signing

_NOT_OURS = (MissingReference, ConfigurationError, SourceError, ValueError)
"""What a reader meets who may not use a key or a place."""


def signing(loaded: LoadedPilot, environment: str, references: References) -> Signing:
    """How an environment's ledger is signed. Nothing is sent to a copy yet.

    Raises ConfigurationError for a key that is missing, that others can read or that is encrypted,
    for a register that is none and for a reference that does not resolve; SourceError where the
    secret store does not answer.
    """
    settings = loaded.environment(environment).signing
    if settings is None:
        return Signing()
    where = loaded.document.at(("environments", environment, "signing"))
    try:
        signer = open_signer(settings.key, references)
        return Signing(
            signer=signer,
            trusted={ed25519.key_id(signer.public): signer.public, **_trusted(settings.trust)},
            copies=tuple(copy for one in settings.copies for copy in _copy(one, references)),
            witnesses=tuple(_witness(one.witness) for one in settings.copies if one.witness),
        )
    except (MissingReference, ConfigurationError, ValueError) as error:
        raise ConfigurationError(f"{where}: {error}") from None


def reading(loaded: LoadedPilot, environment: str, references: References) -> Signing:
    """What a ledger is held against by whoever reads it: the keys of the register, and our key and
    the second copies as far as the reader may use them. Raises ConfigurationError for a register
    that is none.
    """
    settings = loaded.environment(environment).signing
    if settings is None:
        return Signing()
    trusted, copies = {**_trusted(settings.trust)}, list[Copy]()
    with suppress(*_NOT_OURS):
        signer = open_signer(settings.key, references)
        trusted[ed25519.key_id(signer.public)] = signer.public
    for one in settings.copies:
        with suppress(*_NOT_OURS):
            copies += _copy(one, references)
    return Signing(trusted=trusted, copies=copies)


def open_signer(reference: str, references: References) -> Signer:
    """The signer behind a key's reference. Raises ConfigurationError, and SourceError where the
    secret store does not answer.
    """
    if reference.startswith(SCHEME):
        from harness.signing.transit import TransitSigner  # an HTTP client, needed here alone

        return TransitSigner(references.store, reference)
    if reference.startswith("pkcs11:"):
        from harness.signing.pkcs11 import open_token  # an extra

        return open_token(reference)
    return key_file.read(Path(reference.removeprefix("file:")))


def register_of(
    loaded: LoadedPilot, environment: str, trust: Path | None = None
) -> register.Register | None:
    """The register that was named, or that `pilot.yaml` names. Raises ConfigurationError."""
    settings = loaded.environment(environment).signing
    given = trust or (Path(settings.trust) if settings and settings.trust else None)
    return None if given is None else read_register(given)


def read_register(path: Path) -> register.Register:
    """The register in a file. Raises ConfigurationError."""
    try:
        with path.open("rb") as file:
            return register.read(file.read(register.MOST_BYTES + 1))
    except OSError as error:
        raise ConfigurationError(f"register {path}: {error.strerror}: name one to read") from None
    except Unverified as error:
        raise ConfigurationError(f"register {path}: {error}") from None


def _trusted(path: str | None) -> Mapping[str, bytes]:
    """Of a register, the keys that sign checkpoints; whether they were valid is the verifier's to
    say, for an old checkpoint stays what it was.
    """
    if path is None:
        return {}
    signers = set(register.MAY_SIGN["checkpoint"])
    found = read_register(Path(path))
    return {identity: key.public for identity, key in found.items() if signers & set(key.roles)}


def _copy(one: given.Copy, references: References) -> list[Copy]:
    if one.folder is not None:
        return [Folder(Path(one.folder))]
    if one.webhook is not None:
        url = references.secret(one.webhook.url, what="webhook")
        origin(url.reveal())
        return [Webhook(url, ca_file=_path(one.webhook.ca_file))]
    if one.bucket is not None:
        return [_bucket(one.bucket, references)]
    return []


def _bucket(one: given.Bucket, references: References) -> Copy:
    from connectors.files.stores.s3_client import Key  # Arrow, needed where a bucket is named
    from connectors.files.stores.s3_small import SmallObjects
    from harness.signing.copies.bucket import Bucket

    objects = SmallObjects(
        endpoint=one.endpoint,
        region=one.region,
        bucket=one.name,
        folder=one.folder,
        key=Key(
            access_key=references.secret(one.access_key, what="access_key").reveal(),
            secret_key=references.secret(one.secret_key, what="secret_key").reveal(),
        ),
        ca_file=_path(one.ca_file),
    )
    return Bucket(objects, name=f"bucket {one.name}")


def _witness(one: given.Witness) -> Witness:
    origin(one.url)
    public = ed25519.from_base64(one.public)
    if len(public) != ed25519.KEY_BYTES:
        raise ConfigurationError(
            f"witness {one.name}: its public key has 32 bytes: write them in base64"
        )
    return Witness(url=one.url, name=one.name, public=public, ca_file=_path(one.ca_file))


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
