"""Signature Version 4 of one S3 request whose body we hold whole; pure.

Arrow's client is not used where a right is tried: it writes markers of folders besides, and begins
an object in parts.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from connectors.files.stores.s3_client import Key

_ALGORITHM, _SERVICE, _END = "AWS4-HMAC-SHA256", "s3", "aws4_request"


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
    parts = urlsplit(url)
    moment, digest = f"{now:%Y%m%dT%H%M%SZ}", hashlib.sha256(body).hexdigest()
    sent = {**headers, "x-amz-date": moment, "x-amz-content-sha256": digest}
    signed = dict(sorted({**sent, "host": _host(parts)}.items()))
    names = ";".join(signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
    request = f"{method}\n{parts.path}\n{parts.query}\n{lines}\n{names}\n{digest}"
    scope = f"{moment[:8]}/{region}/{_SERVICE}/{_END}"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashed}"
    signing = f"AWS4{key.secret_key}".encode()
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.digest(signing, text.encode(), "sha256").hex()
    credential = f"Credential={key.access_key}/{scope}"
    said = f"{credential}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "authorization": f"{_ALGORITHM} {said}"}


def _host(parts: SplitResult) -> str:
    """The host as it is sent: without the port that its scheme has by itself (RFC 9110 7.2)."""
    usual = {"https": ":443", "http": ":80"}[parts.scheme]
    return parts.netloc.lower().removesuffix(usual)
