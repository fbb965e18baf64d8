"""Small objects of a bucket: a few are written, listed and read, each whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pyarrow import fs

from connectors.errors import SourceUnavailable
from connectors.files.stores.s3_client import Key, client, source_error, status_of
from connectors.worker import in_time

_SECONDS = 20.0
_T = TypeVar("_T")


class SmallObjects:
    """The objects below one prefix of a bucket."""

    def __init__(  # noqa: PLR0913 - where a bucket is, and who asks
        self,
        *,
        endpoint: str,
        region: str,
        bucket: str,
        folder: str,
        key: Key,
        ca_file: Path | None,
    ) -> None:
        # By default AWS's library sends the length behind the object. Many stores refuse that.
        os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
        self._client = client(endpoint, region, key, ca_file)
        self._prefix = "/".join(filter(None, (bucket, folder)))

    def put(self, name: str, data: bytes) -> None:
        """Write one object. Raises SourceError."""

        def write() -> None:
            with self._client.open_output_stream(f"{self._prefix}/{name}") as stream:
                stream.write(data)

        _asked(f"write {name}", write)

    def names(self) -> list[str]:
        """The names directly below the prefix. Raises SourceError."""
        below = fs.FileSelector(self._prefix, allow_not_found=True)
        found = _asked(f"list {self._prefix}", lambda: self._client.get_file_info(below))
        return [one.base_name for one in found if one.type is fs.FileType.File]

    def read(self, name: str, *, most_bytes: int) -> bytes:
        """One object, or no more than so many bytes of it. Raises SourceError."""

        def read() -> bytes:
            with self._client.open_input_file(f"{self._prefix}/{name}") as source:
                return source.read(min(source.size(), most_bytes))

        return _asked(f"read {name}", read)


def _asked(what: str, send: Callable[[], _T]) -> _T:
    try:
        return in_time(send, _SECONDS)
    except TimeoutError:
        raise SourceUnavailable(f"{what}: no whole answer in {_SECONDS:g} s") from None
    except OSError as error:
        raise source_error(what, status_of(error)) from None
