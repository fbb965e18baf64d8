"""Every store with every format and packing: they know nothing of each other."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.events import WitnessKind
from connectors.files.connector import Files
from connectors.files.control import ControlFile
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from connectors.files.packing import Gzip, Packing, Zip
from connectors.files.stores import Store
from connectors.files.stores.local import Local
from tests.conformance import keeps_the_seam, read
from tests.connectors.bucket_fixture import LINES, bucket, lines
from tests.connectors.drop_fixture import drop

Place = tuple[Store, Path, list[str]]
"""A store, the folder that is its root, and what must be shown nowhere."""


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("local")
    return Local(folder), folder, []


@pytest.fixture(scope="module")
def sftp() -> Iterator[Place]:
    with drop() as running:
        secret = Path(running.environ["LOGISTICS_KEY_FILE"]).read_text().splitlines()[2]
        yield running.store(), running.folder.parent, [secret]


@pytest.fixture(scope="module")
def s3() -> Iterator[Place]:
    with bucket() as running:
        keys = [running.environ[f"BILLING_{name}_KEY"] for name in ("ACCESS", "SECRET")]
        yield running.s3(), running.root, keys


def put(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "part.it").write_bytes(content)


def csv(table: pa.Table) -> bytes:
    rows = [",".join(map(str, row.values())) for row in table.to_pylist()]
    return "\n".join([",".join(table.column_names), *rows, ""]).encode()


def semicolons(table: pa.Table) -> bytes:
    rows = [";".join(map(str, row.values())).replace(".00;", ",00;") for row in table.to_pylist()]
    text = "\r\n".join([";".join(table.column_names), *rows, f"END;{len(rows)}", ""])
    return text.encode("utf-16")


def jsonl(table: pa.Table) -> bytes:
    return "".join(json.dumps(row, default=str) + "\n" for row in table.to_pylist()).encode()


def parquet(table: pa.Table) -> bytes:
    pq.write_table(table, into := io.BytesIO())
    return into.getvalue()


def zipped(content: bytes) -> bytes:
    with zipfile.ZipFile(into := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("it.txt", content)
        archive.writestr("readme.md", "not a row")
    return into.getvalue()


SEMICOLONS = Csv(delimiter=";", encoding="utf-16", decimal=",", trailer="END;{rows}")
FORMATS: dict[str, tuple[Format, Callable[[pa.Table], bytes]]] = {
    "csv": (Csv(), csv),
    "semicolons": (SEMICOLONS, semicolons),
    "jsonl": (JsonLines(), jsonl),
    "parquet": (Parquet(), parquet),
}
PACKINGS: dict[str, tuple[Packing | None, Callable[[bytes], bytes]]] = {
    "plain": (None, bytes),
    "gzip": (Gzip(), gzip.compress),
    "zip": (Zip("*.txt"), zipped),
}


@pytest.mark.parametrize("packed", PACKINGS)
@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("place", ["local", "sftp", "s3"])
def test_a_pair_keeps_what_every_connector_must(
    place: str, written: str, packed: str, request: pytest.FixtureRequest
) -> None:
    store, root, secrets = request.getfixturevalue(place)
    format_, write = FORMATS[written]
    packing, pack = PACKINGS[packed]
    for day in (1, 2):
        put(root / f"{written}-{packed}" / f"day={day}", pack(write(lines(500))))
    files = FileSet(f"{written}-{packed}/day=*/*.it", format_, packing)
    connector = Files(store=store, datasets={"it": files})
    logs_in = place != "local"
    keeps_the_seam(connector, "it", LINES, rows=1_000, secrets=secrets, logs_in=logs_in)


@pytest.mark.parametrize("packed", PACKINGS)
@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("place", ["local", "sftp", "s3"])
def test_of_a_pair_only_the_sender_proves_that_all_is_there(
    place: str, written: str, packed: str, request: pytest.FixtureRequest
) -> None:
    """Its count and digest; the count of one row more refutes."""
    store, root, _ = request.getfixturevalue(place)
    format_, write = FORMATS[written]
    packing, pack = PACKINGS[packed]
    folder = root / f"sealed-{written}-{packed}"
    content = pack(write(lines(500)))
    put(folder, content)
    sealed = ControlFile("{stem}.ok", "{rows};{sha256}")
    glob = f"{folder.name}/*.it"

    def found(one: ControlFile | None) -> tuple[WitnessKind, int, int]:
        files = Files(store=store, datasets={"it": FileSet(glob, format_, packing, one)})
        completed = read(files, "it", LINES).completed
        assert completed.witness is not None
        return completed.witness.kind, completed.witness.declared, completed.rows

    if written != "semicolons":  # which have a trailer
        assert found(None)[0] is WitnessKind.LISTING
    for rows in (500, 501):
        digest = hashlib.sha256(content).hexdigest()
        (folder / "part.ok").write_text(f"{rows};{digest}\n")
        assert found(sealed) == (WitnessKind.SENDERS_WORD, rows, 500)
