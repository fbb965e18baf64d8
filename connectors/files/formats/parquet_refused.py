"""Why a Parquet file is not read, and what to do: a file of a kind that Arrow does not know is not
damaged.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors import bounds
from connectors.errors import SourceChanged

_AGAIN = "have it written again"
_FOOTER_END_BYTES = 8
"""Behind the footer: its length, and PAR1."""
_SIGNATURE_BYTES = 28
"""Behind a readable footer whose columns are encrypted (Encryption.md 5.5: nonce and tag)."""
_ENCRYPTED = (
    "it is encrypted, and nothing here holds its key: have it delivered decrypted, or written "
    "without encryption"
)
_UNKNOWN = "which are not read here: have them written as a plain type"
_WORDS = (
    ("is 0 bytes", f"it is empty, without even a Parquet footer: {_AGAIN}"),
    ("crypt", _ENCRYPTED),
    (
        "more than 64 bits",
        f"it holds integers of more than 64 bits, {_UNKNOWN}, such as decimal(38, 0)",
    ),
    ("deeply nested", f"its columns are nested too deep: {_AGAIN} with fewer levels"),
    ("odec", "it is packed with a codec that is not read here: have it written with zstd"),
    ("footer", f"it is cut, or no Parquet file: {_AGAIN}"),
    ("CRC checksum", f"a page fails its checksum: {_AGAIN}"),
    ("UTF8", f"a text in it is not UTF-8: {_AGAIN}"),
    ("utf-8", f"a text in it is not UTF-8: {_AGAIN}"),
    ("acceptable range", f"a time of day in it is none: {_AGAIN}"),
)
"""What Arrow says, and what we do: its own words may quote the data."""


def refused(name: str, error: Exception) -> SourceChanged:
    """The error for what Arrow raised."""
    said = str(error)
    for words, told in _WORDS:
        if words in said:
            return SourceChanged(f"{name}: {told}")
    if isinstance(error, NotImplementedError):
        return SourceChanged(f"{name}: it holds types or encodings {_UNKNOWN}")
    return SourceChanged(f"{name}: it is damaged: {_AGAIN}")


def require_short_footer(path: Path, name: str) -> None:
    """SourceChanged for a footer that is longer than our bound."""
    footer, size = _footer_bytes(path)
    if bounds.FOOTER_BYTES < footer < size:
        raise SourceChanged(
            f"{name}: its footer has {footer:,} bytes, of {bounds.FOOTER_BYTES:,} that are read "
            "at most: have it written with fewer columns or row groups"
        )


def require_readable_columns(file: pq.ParquetFile, path: Path, name: str) -> None:
    """SourceChanged where the footer is readable and columns are encrypted: the footer is signed
    then. Ask before any column is looked at, because Arrow has no answer for those.
    """
    footer, _ = _footer_bytes(path)
    if footer - file.metadata.serialized_size == _SIGNATURE_BYTES:
        raise SourceChanged(f"{name}: {_ENCRYPTED}")


def _footer_bytes(path: Path) -> tuple[int, int]:
    """Of the footer, as the file's end says, and of the file."""
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _FOOTER_END_BYTES))
        return int.from_bytes(file.read(4), "little"), size


def require_valid(column: pa.Array[Any]) -> None:
    """ArrowInvalid for bytes that are no UTF-8 and digits that are no decimal: Arrow takes any.
    Times of day are not looked at: PostgreSQL has 24:00:00, and none of them is promised.
    """
    if not pa.types.is_time(column.type):
        column.validate(full=True)
