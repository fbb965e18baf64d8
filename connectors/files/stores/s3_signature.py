"""Signature Version 4 of one S3 request whose body we hold whole; pure.

Arrow's client is not used where a right is tried: it writes markers of folders besides, and begins
an object in parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from connectors.files.stores.s3_client import Key
from connectors.http.aws_signature import Signer, signed


def path_of(bucket: str, name: str) -> str:
    """The path of an object, encoded as it is signed and sent."""
    return quote(f"/{bucket}/{name}" if name else f"/{bucket}", safe="/-_.~")


def query_of(parameters: Mapping[str, str]) -> str:
    """A query, encoded as it is signed and sent."""
    return urlencode(sorted(parameters.items()), quote_via=quote, safe="-_.~")


def signed_headers(  # noqa: PLR0913 - all that is signed
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    key: Key,
    region: str,
    now: datetime,
) -> dict[str, str]:
    """The headers of a request, with its signature. `url` is encoded already; `now` is UTC."""
    digest = hashlib.sha256(body).hexdigest()
    signer = Signer(
        access_key=key.access_key, secret_key=key.secret_key, region=region, service="s3"
    )
    sent = {**headers, "x-amz-content-sha256": digest}
    return signed(method, url, body, sent, signer=signer, now=now)
