"""Files in a bucket of an object store that speaks S3. Each try of a request is an event; Arrow's
own retries are off, nobody would see them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from connectors.connector import Probe, ProbeKind
from connectors.errors import SourceError
from connectors.events import Answered, Authenticated, Emit, Event
from connectors.files.stores.s3_client import DENIED, OK, UNSIGNED, Key, client
from connectors.files.stores.s3_scratch import Asking
from connectors.files.stores.s3_session import S3Session
from connectors.http.exchange import Connection
from connectors.http.messages import Limits
from connectors.http.origin import origin
from connectors.http.proxy import Proxy, require_tunnel
from connectors.rate_limiter import RateLimiter
from connectors.retry import RetryPolicy
from connectors.secrets import Secret, present


@dataclass(frozen=True, slots=True, kw_only=True)
class S3:
    """One bucket of an object store that speaks S3.

    >>> S3(
    ...     endpoint="https://s3.example",
    ...     region="eu-central-1",
    ...     bucket="billing",
    ...     access_key=at.secret("key"),
    ...     secret_key=at.secret("password"),
    ... ).endpoint
    'https://s3.example'
    """

    endpoint: str
    """`https://host:port`; plain http on this machine alone."""
    region: str
    bucket: str
    access_key: Secret
    secret_key: Secret
    ca_file: Path | None = None
    """Whose certificates to trust instead of those that this machine trusts."""
    proxy: Proxy | None = None
    """Through which to go; never one of the environment."""
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    answer_seconds: float = 300.0
    """For one listing or one object, however slowly it drips in."""

    def __post_init__(self) -> None:
        origin(self.endpoint)
        require_tunnel(self.endpoint, self.proxy)
        if any(urlsplit(self.endpoint)[2:]):
            raise ValueError("an endpoint is an address without a path: write https://host:port")
        if not self.bucket or "/" in self.bucket:
            raise ValueError("bucket is its name alone: write the folders into the glob")

    @property
    def root(self) -> str:
        """The bucket."""
        return f"{self.bucket}/"

    @contextmanager
    def session(self, emit: Emit) -> Iterator[S3Session]:
        """S3 knows no log-in: what is asked is signed."""
        yield self._as(self._key(), _telling_of_the_key(emit), self.patience)

    def probe(self, folder: str, *, emit: Emit) -> Sequence[Probe]:
        """List a folder without a signature, then with a random key that nobody gave out."""
        stranger = Key(
            access_key=f"STRANGER{secrets.token_hex(6).upper()}",
            secret_key=secrets.token_urlsafe(30),
        )
        unsigned = self._listed_as(None, folder, emit)
        status = self._listed_as(stranger, folder, emit)
        return (
            Probe(
                name="nobody_refused",
                refused=unsigned in UNSIGNED,
                status=unsigned,
                detail="a request without a signature",
                kind=ProbeKind.NOBODY,
            ),
            Probe(
                name="stranger_refused",
                refused=status in DENIED,
                status=status,
                detail="a random access key with a random secret",
            ),
        )

    def try_write(self, at: str, *, emit: Emit) -> Sequence[Probe]:
        """PUT and DELETE one permitted object, once each; what was put is deleted again."""
        body = f"seatrial asked whether its key may write here: {secrets.token_hex()}"
        limits = Limits(seconds=min(self.answer_seconds, Limits().seconds))
        with Connection(
            ca_file=self.ca_file,
            budget=RateLimiter(1, 1),
            limits=limits,
            emit=emit,
            proxy=self.proxy,
            setting="endpoint of S3(…)",
        ) as connection:
            trial = Asking(
                connection=connection,
                endpoint=self.endpoint,
                region=self.region,
                bucket=self.bucket,
                key=self._key(),
                body=body.encode(),
            )
            return trial.try_write(at)

    def _key(self) -> Key:
        us = present(self)
        return Key(access_key=us.access_key.reveal(), secret_key=us.secret_key.reveal())

    def _listed_as(self, key: Key | None, folder: str, emit: Emit) -> str:
        """How the store answered one listing."""
        status = "no answer"

        def answered(event: Event) -> None:
            nonlocal status
            if isinstance(event, Answered):
                status = event.status
            emit(event)

        with suppress(SourceError):  # the answer was told; without one nobody was refused
            self._as(key, answered, RetryPolicy(attempts=1)).entries(folder, "*")
        return status

    def _as(self, key: Key | None, emit: Emit, patience: RetryPolicy) -> S3Session:
        return S3Session(
            client=client(self.endpoint, self.region, key, self.ca_file, self.proxy),
            endpoint=self.endpoint,
            bucket=self.bucket,
            proxy=self.proxy,
            emit=emit,
            patience=patience,
            answer_seconds=self.answer_seconds,
        )


def _telling_of_the_key(emit: Emit) -> Emit:
    """The first request that is answered well tells that our key was taken."""
    taken = False

    def tell(event: Event) -> None:
        nonlocal taken
        if not taken and isinstance(event, Answered) and event.status == OK:
            taken = True
            emit(Authenticated(how="access key", renewed=False))
        emit(event)

    return tell
