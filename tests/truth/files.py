"""Kind 2: what a sender delivered, against what lies there."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.files.connector import Files
from connectors.files.control import ControlFile
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from connectors.files.packing import Gzip
from connectors.files.stores import Store
from connectors.files.stores.local import Local
from harness.verdict import Outcome, Verdict
from tests.connectors.bucket_fixture import bucket
from tests.connectors.drop_fixture import drop
from tests.truth.situation import NUMBER, Ground, Situation, contract, proven

HELD = contract("it", {"n": NUMBER})
DAY_SECONDS = 86_400
WHOLE = b"n\n1\n23\n"
CUT = b"n\n1\n2"
SHA256 = hashlib.sha256(WHOLE).hexdigest()
BY_NAME = ControlFile("{name}.ok")
COUNTED = ControlFile("{name}.ok", "{rows};{sha256}")
MANIFEST = ControlFile("*.manifest", "{name};{rows}")
CSV = FileSet("in/*.csv", Csv())
SEALED = FileSet("in/*.csv", Csv(), sealed=BY_NAME)
PARQUET = FileSet("in/day=*/*.parquet", Parquet())
FOOTER = FileSet("in/*.parquet", Parquet(footer="rows_sent={rows}"))


def parquet(**metadata: str) -> bytes:
    """Two rows."""
    schema = pa.schema([("n", pa.int64())], metadata=metadata)
    pq.write_table(pa.table({"n": [1, 2]}, schema=schema), into := io.BytesIO())
    return into.getvalue()


@contextmanager
def store(source: str, ground: Ground) -> Iterator[tuple[Store, Path]]:
    """A running one, and the folder that is its root."""
    if source == "SFTP":
        with drop() as sftp:
            yield sftp.store(), sftp.folder.parent
    elif source == "S3":
        with bucket() as s3:
            yield s3.s3(), s3.root
    else:
        folder = ground.folder()
        yield Local(folder), folder


def _situation(  # noqa: PLR0913 - a row of a table
    source: str,
    name: str,
    right: Outcome,
    files: FileSet,
    there: Mapping[str, bytes],
    *,
    young: str = "",
    claim: str = "complete",
) -> Situation:
    """`there` is put below `in/`, a day ago and one after the other; `young` just now."""

    def judge(ground: Ground) -> Verdict:
        with store(source, ground) as (place, root):
            for second, (path, content) in enumerate(there.items()):
                put(root / "in" / path, content, age=0 if path == young else DAY_SECONDS - second)
            it = Files(store=place, datasets={"it": files})
            return proven(ground, it, HELD, claim=claim)

    return Situation(kind=2, source=source, name=name, claim=claim, right=right, judge=judge)


def put(path: Path, content: bytes, *, age: float) -> None:
    """A file of this age in seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (int(time.time()) - age,) * 2)  # whole seconds, which every server can tell


PROVEN, BROKEN, UNPROVEN, ERROR = (
    *(Outcome.PROVEN, Outcome.BROKEN),
    *(Outcome.UNPROVEN, Outcome.ERROR),
)
_TOLD = f"2;{SHA256}".encode()
SITUATIONS = (
    _situation("CSV", "a file cut before it was listed", UNPROVEN, CSV, {"a.csv": CUT}),
    _situation(
        *("SFTP", "whole, and its control file agrees", PROVEN),
        FileSet("in/*.csv", Csv(), sealed=COUNTED),
        {"a.csv": WHOLE, "a.csv.ok": _TOLD},
    ),
    _situation(
        *("SFTP", "cut, its control file has its count and the digest of the whole", BROKEN),
        FileSet("in/*.csv", Csv(), sealed=COUNTED),
        {"a.csv": CUT, "a.csv.ok": _TOLD},
    ),
    _situation(
        *("SFTP", "the values of a file that its control file denies", UNPROVEN),
        FileSet("in/*.csv", Csv(), sealed=COUNTED),
        {"a.csv": CUT, "a.csv.ok": _TOLD},
        claim="conforms",
    ),
    _situation(
        *("CSV", "cut, its control file has but its count", UNPROVEN),
        FileSet("in/*.csv", Csv(), sealed=ControlFile("{name}.ok", "{rows}")),
        {"a.csv": CUT, "a.csv.ok": b"2"},
    ),
    _situation(
        *("SFTP", "half written, a minute old, the only one", UNPROVEN, SEALED, {"a.csv": CUT}),
        young="a.csv",
    ),
    _situation("SFTP", "a day old and without its marker", UNPROVEN, SEALED, {"a.csv": WHOLE}),
    _situation(
        *("S3", "sent again after its marker", UNPROVEN, SEALED),
        {"a.csv.ok": b"", "a.csv": WHOLE},
    ),
    _situation(
        *("CSV", "one count too high, another too low", BROKEN),
        FileSet("in/*.csv", Csv(), sealed=MANIFEST),
        {"a.csv": WHOLE, "b.csv": WHOLE, "x.manifest": b"a.csv;1\nb.csv;3\n"},
    ),
    _situation(
        *("S3", "a manifest counts a file that never came", BROKEN),
        FileSet("in/*.jsonl.gz", JsonLines(), Gzip(), MANIFEST),
        {
            "a.jsonl.gz": gzip.compress(b'{"n": 1}\n'),
            "x.manifest": b"a.jsonl.gz;1\nb.jsonl.gz;1\n",
        },
    ),
    _situation(
        *("Parquet", "a job that failed closed its file, its footer says how many were due"),
        *(BROKEN, FOOTER, {"a.parquet": parquet(rows_sent="3")}),
    ),
    _situation(
        *("S3", "the footer has the sender's own count", PROVEN, FOOTER),
        {"a.parquet": parquet(rows_sent="2")},
    ),
    _situation(
        *("S3", "the files of a Delta table", ERROR, PARQUET),
        {"day=1/a.parquet": parquet(), "_delta_log/0.json": b"{}"},
    ),
    _situation(
        *("S3", "the files of an Iceberg table", ERROR, FileSet("in/data/*.parquet", Parquet())),
        {"data/a.parquet": parquet(), "metadata/v1.metadata.json": b"{}"},
    ),
    _situation(
        *("S3", "the last day lacks the _SUCCESS of the days before", UNPROVEN),
        FileSet("in/day=*/*.parquet", Parquet(), sealed=ControlFile("_SUCCESS")),
        {
            "day=1/a.parquet": parquet(),
            "day=1/_SUCCESS": b"",
            "day=2/a.parquet": parquet(),
        },
    ),
    _situation(
        *("SFTP", "the part of another file beside it", UNPROVEN, SEALED),
        {"a.csv": WHOLE, "a.csv.ok": b"", "b.csv.filepart": CUT},
    ),
    _situation(
        *("CSV", "a last record without the line end of its siblings", BROKEN, CSV),
        {"a.csv": WHOLE, "b.csv": CUT},
    ),
)
