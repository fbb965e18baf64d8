"""Signature Version 4 of Amazon Web Services, of one request whose body we hold whole; pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

_ALGORITHM, _END, _UNRESERVED = "AWS4-HMAC-SHA256", "aws4_request", "-_.~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who asks which service, where."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str
    service: str


def signed(  # noqa: PLR0913 - all that is signed
    method: str,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    signer: Signer,
    now: datetime,
) -> dict[str, str]:
    """The headers of a request, all of them signed, with its signature. `url` is encoded already,
    header names are in lower case; `now` is UTC.
    """
    parts = urlsplit(url)
    moment = f"{now:%Y%m%dT%H%M%SZ}"
    sent = {**headers, "x-amz-date": moment}
    all_of_it = dict(sorted({**sent, "host": _host(parts)}.items()))
    names = ";".join(all_of_it)
    lines = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in all_of_it.items())
    path, digest = _path(parts.path, signer.service), hashlib.sha256(body).hexdigest()
    request = f"{method}\n{path}\n{_query(parts.query)}\n{lines}\n{names}\n{digest}"
    scope = f"{moment[:8]}/{signer.region}/{signer.service}/{_END}"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashed}"
    signing = f"AWS4{signer.secret_key}".encode()
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.digest(signing, text.encode(), "sha256").hex()
    credential = f"Credential={signer.access_key}/{scope}"
    said = f"{credential}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "authorization": f"{_ALGORITHM} {said}"}


def _path(path: str, service: str) -> str:
    """S3 signs a path as it is sent, every other service encodes it once more."""
    return path if service == "s3" else quote(path or "/", safe=f"/{_UNRESERVED}")


def _query(query: str) -> str:
    """By encoded names, then by values."""
    pairs = parse_qsl(query, keep_blank_values=True)
    encoded = [tuple(quote(one, safe=_UNRESERVED) for one in pair) for pair in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


def _host(parts: SplitResult) -> str:
    """The host as it is sent: without the port that its scheme has by itself (RFC 9110 7.2)."""
    usual = {"https": ":443", "http": ":80"}[parts.scheme]
    return parts.netloc.lower().removesuffix(usual)
