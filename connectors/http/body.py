"""The body of an answer: whole, unpacked and within its limits, or none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from connectors.errors import SourceChanged, SourceUnavailable
from connectors.http.gzip import gunzip
from connectors.http.messages import Limits

ERROR_SECONDS = 2.0
"""For the words of an error. One that never ends would else be no answer at all: a 401 would be
tried again, and an account be locked."""
_BODILESS = (204, 304)
"""RFC 9112 6.3 (1): they end with their head."""


def read_body(  # noqa: PLR0913 - an answer's parts, and what is done with them
    chunks: Iterator[bytes],
    status: int,
    headers: Mapping[str, str],
    *,
    what: str,
    limits: Limits,
    has_grown: Callable[[int], None],
) -> bytes:
    """What `chunks` hold, as the headers frame and pack it. SourceUnavailable for one that ends
    in two places or is cut, SourceChanged for one that may be, or that breaks its coding or our
    limits. `has_grown` is told its size as it comes.
    """
    chunked = "transfer-encoding" in headers  # the library knows no other coding
    if chunked and "content-length" in headers:  # RFC 9112 6.3 (3): two ends, an attack or a fault
        raise SourceUnavailable(
            f"{what}: its answer gives two ends, Content-Length and Transfer-Encoding; none was "
            "believed: try later, and report it there"
        )
    if not (
        chunked or status in _BODILESS or "content-length" in headers
    ):  # RFC 9112 6.3 (8): it ends where the connection does, cut or not
        raise SourceChanged(f"{what}: nothing says where its answer ends: it may be cut")
    if not 200 <= status < 300:  # noqa: PLR2004 - RFC 9110 15.3
        chunks = _hurry(chunks, what)
    capped = _cap(chunks, what, limits.bytes)
    match headers.get("content-encoding", "identity").lower():
        case "identity":
            return b"".join(_told(capped, has_grown))
        case "gzip" | "x-gzip":
            return gunzip(
                capped,
                what=what,
                max_bytes=limits.bytes,
                max_ratio=limits.ratio,
                has_grown=has_grown,
            )
    raise SourceChanged(f"{what}: its answer is encoded in a way that was not asked for")


def _hurry(chunks: Iterator[bytes], what: str) -> Iterator[bytes]:
    """The chunks that come in time: an error is known before its words."""
    until = time.monotonic() + ERROR_SECONDS
    for chunk in chunks:
        yield chunk
        if time.monotonic() > until:
            raise SourceUnavailable(f"{what}: its answer drips")


def _told(chunks: Iterator[bytes], has_grown: Callable[[int], None]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        has_grown(size)


def _cap(chunks: Iterator[bytes], what: str, max_bytes: int) -> Iterator[bytes]:
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > max_bytes:
            raise SourceChanged(f"{what}: its answer is larger than {max_bytes} bytes")
        yield chunk
