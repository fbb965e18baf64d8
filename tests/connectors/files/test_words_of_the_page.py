"""docs/files.md: each declaration of a sender's word proves what the page says it proves."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.errors import SourceChanged
from connectors.events import WitnessKind
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.stores.local import Local
from tests.cli import REPOSITORY
from tests.conformance import read
from tests.connectors.folder_fixture import MADE_AVAILABLE
from tests.docs import snippets

SCHEMA = pa.schema([("n", pa.int64())])
DECLARED: dict[str, FileSet] = {}
exec(snippets(REPOSITORY / "docs" / "files.md", "python")[1], DECLARED)  # the page's own text

CSV = b"n\n1\n2\n"
JSON = b'{"n": 1}\n{"n": 2}\n'
SHA256 = {text: hashlib.sha256(text).hexdigest() for text in (CSV, JSON)}


def parquet(**metadata: str) -> bytes:
    table = pa.table({"n": [1, 2]}, schema=SCHEMA).replace_schema_metadata(metadata)
    pq.write_table(table, into := io.BytesIO())
    return into.getvalue()


Put = Mapping[str, bytes]
CASES: dict[str, tuple[Put, Put, WitnessKind | None]] = {
    "MARKED": ({"in/returns_1.csv": CSV}, {"in/returns_1.csv.ok": b""}, WitnessKind.LISTING),
    "COUNTED": (
        {"in/orders_1.jsonl": JSON},
        {"in/orders_1.ok": f"2;{SHA256[JSON]}\n".encode()},
        WitnessKind.LISTING,
    ),
    "BY_DAY": (
        {"out/day=1/0.parquet": parquet()},
        {"out/day=1/_SUCCESS": b""},
        WitnessKind.LISTING,
    ),
    "LISTED": (
        {"in/a.csv.gz": gzip.compress(CSV)},
        {"in/of_today.manifest": b"file;rows\na.csv.gz;2\n"},
        WitnessKind.LISTING,
    ),
    "SUMMED": (
        {"in/a.csv": CSV},
        {"in/SHA256SUMS": f"{SHA256[CSV]}  a.csv\n".encode()},
        WitnessKind.LISTING,
    ),
    "FOOTED": ({"out/a.parquet": parquet()}, {"out/a.parquet": parquet(rows_sent="2")}, None),
}
"""The data, the word, and the witness without it; None where the reading ends."""


def put(folder: Path, files: Put) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (MADE_AVAILABLE, MADE_AVAILABLE))


def test_every_declaration_of_the_page_is_tried() -> None:
    assert {name for name, value in DECLARED.items() if isinstance(value, FileSet)} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_senders_word_and_without_it_nothing_is_proven(
    tmp_path: Path, name: str
) -> None:
    data, word, without = CASES[name]
    files = Files(store=Local(tmp_path), datasets={"it": DECLARED[name]})
    put(tmp_path, data)
    if without is None:
        with pytest.raises(SourceChanged, match="have it sent again"):
            read(files, "it", SCHEMA)
    else:
        assert read(files, "it", SCHEMA).completed.witness.kind is without
    put(tmp_path, word)
    assert read(files, "it", SCHEMA).completed.witness.kind is WitnessKind.SENDERS_WORD
