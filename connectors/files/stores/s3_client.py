"""What S3 answers, in our words; and the client that asks it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pyarrow import fs

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.host_names import find_out, unknown_host
from connectors.http.origin import origin
from connectors.http.proxy import Proxy

OK = "200"
NO_ANSWER = "NetworkConnection"
UNTRUSTED = "TlsNotTrusted"
_NOT_RESOLVED = re.compile(r"curlCode: ([56])\b")
"""libcurl-errors(3): the proxy's name, the host's."""
_AT_THE_PROXY = re.compile(
    r"curlCode: .*(CONNECT tunnel failed, response (\d{3})|Failed to connect to \S+ over proxy)"
)
DENIED = (
    *("401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    *("InvalidClientTokenId", "UnrecognizedClient", "MissingAuthenticationToken"),
    *("IncompleteSignature", "ExpiredToken", "InvalidToken", "RequestExpired"),
    *("RequestTimeTooSkewed", "AllAccessDisabled", "AccountProblem"),
)
"""Answers that refuse who asks, or what is asked for."""
UNSIGNED = (*DENIED, "UnsupportedAlgorithm")
"""Answers that refuse a request without a signature; the last is rclone's word for it."""
_MISSING = ("404", "NoSuchKey", "ResourceNotFound")
OVERLOAD = (
    *("429", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequests"),
    *("RequestThrottled", "RequestLimitExceeded", "BandwidthLimitExceeded"),
)
"""Answers that refuse a request for how many there are."""
_BUSY = (
    *("408", "500", "502", "503", "504", "RequestTimeout"),
    *("ServiceUnavailable", "InternalFailure", "InternalError"),
)
_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Who asks."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


def client(
    endpoint: str, region: str, key: Key | None, ca_file: Path | None, proxy: Proxy | None = None
) -> fs.S3FileSystem:
    """A client for one endpoint; connects to nothing. No other proxy, no profile, no other key;
    without one requests are not signed.
    """
    at = urlsplit(origin(endpoint))
    return fs.S3FileSystem(
        access_key=None if key is None else key.access_key,
        secret_key=None if key is None else key.secret_key,
        anonymous=key is None,
        region=region,
        scheme="https" if at.scheme == "https" else "http",
        endpoint_override=at.netloc,
        # pyarrow-stubs do not know the option yet
        tls_ca_file_path=None if ca_file is None else str(ca_file),  # type: ignore[call-arg]
        # pyarrow-stubs misspell one of its keys
        proxy_options=None if proxy is None else _theirs(proxy),  # type: ignore[arg-type]
        connect_timeout=_CONNECT_SECONDS,
        request_timeout=_SILENCE_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1),
    )


def _theirs(proxy: Proxy) -> dict[str, object]:
    """The proxy as Arrow wants it."""
    at = urlsplit(proxy.url)
    port = at.port or (443 if at.scheme == "https" else 80)
    user, password = proxy.login or (None, None)
    return {
        "scheme": at.scheme,
        "host": at.hostname,
        "port": port,
        "username": user,
        "password": password,
    }


def at_the_proxy(what: str, error: OSError, proxy: Proxy) -> SourceError | None:
    """Why a request did not get beyond the proxy, if that is why it failed."""
    met = _AT_THE_PROXY.search(str(error))
    return None if met is None else proxy.failure(what, int(met[2]) if met[2] else None)


def unknown(what: str, error: OSError, endpoint: str, proxy: Proxy | None) -> SourceError | None:
    """The error for a name that no host has, if that is why there was no answer."""
    met = _NOT_RESOLVED.search(str(error))
    if met is None:
        return None
    at, setting = endpoint, "endpoint of S3(…)"
    if proxy is not None and met[1] == "5":
        at, setting = proxy.url, "url of Proxy(…)"
    host = urlsplit(at).hostname or ""
    return unknown_host(what, host=host, setting=setting) if find_out(host) else None


def status_of(error: OSError) -> str:
    """S3's own name for a failure (`NoSuchBucket`), the HTTP status where Arrow knows no name, or
    why there was no answer.
    """
    said = str(error)
    if isinstance(error, FileNotFoundError):
        return "NoSuchKey"
    if re.search(r"curlCode: (51|60|77|83|90|91)\b", said):
        return UNTRUSTED
    if named := re.search(r"ExceptionName: ([A-Za-z]{1,64})\b", said):
        return named[1]
    if numbered := re.search(r"AWS Error UNKNOWN \(HTTP status (\d{3})\)", said):
        return numbered[1]
    code = re.search(r"AWS Error ([A-Z_]+)", said)
    return code[1].title().replace("_", "") if code else NO_ANSWER


_FAILURES: tuple[tuple[tuple[str, ...], type[SourceError], str], ...] = (
    ((NO_ANSWER,), SourceUnavailable, "no whole answer: is the server up?"),
    ((UNTRUSTED,), AccessDenied, "TLS is not trusted: check address and CA file"),
    (DENIED, AccessDenied, "refused ({}): check the key, its grants and our clock"),
    ((*OVERLOAD, *_BUSY), SourceUnavailable, "not now ({}): try later"),
    (("NoSuchBucket",), SourceChanged, "there is no such bucket: correct its name"),
    (_MISSING, SourceChanged, "nothing of that name is there: correct it, or read again"),
)


def source_error(what: str, status: str) -> SourceError:
    """What the answer to `what` asks of the reader."""
    for meant, kind, says in _FAILURES:
        if status in meant:
            return kind(f"{what}: {says.format(status)}")
    return SourceChanged(f"{what}: answered {status}: read again, or correct endpoint and region")
