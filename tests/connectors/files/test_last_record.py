"""The last record of a file, and what its line end tells."""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.packing import Gzip, Packing, Zip
from connectors.files.said import Said, Word
from tests.connectors.folder_fixture import Folder

SCHEMA = pa.schema([("a", pa.int64()), ("b", pa.int64())])
WHOLE = {"csv": "a,b\n1,100\n2,2300\n", "jsonl": '{"a": 1, "b": 100}\n{"a": 2, "b": 23}\n'}
CUT = {"csv": "a,b\n1,100\n2,2", "jsonl": '{"a": 1, "b": 100}'}
FORMATS: dict[str, Format] = {"csv": Csv(), "jsonl": JsonLines()}
PACKINGS: dict[str, tuple[Packing | None, Callable[[bytes], bytes]]] = {
    "plain": (None, bytes),
    "gzip": (Gzip(), gzip.compress),
}


@pytest.mark.parametrize("packed", PACKINGS)
@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_last_record_without_the_line_end_of_its_siblings_is_cut(
    tmp_path: Path, written: str, packed: str, order: str
) -> None:
    packing, pack = PACKINGS[packed]
    folder = Folder(tmp_path, FORMATS[written], packed=packing)
    whole, cut = order
    folder.put(f"{whole}.it", pack(WHOLE[written].encode()))
    folder.put(f"{cut}.it", pack(CUT[written].encode()))
    message = rf"{cut}\.it: its last record has no line end, and that of {whole}\.it has one: have"
    folder.refused(SCHEMA, message)


def test_a_member_of_an_archive_is_a_sibling(tmp_path: Path) -> None:
    with zipfile.ZipFile(into := io.BytesIO(), "w") as archive:
        archive.writestr("1.csv", WHOLE["csv"])
        archive.writestr("2.csv", CUT["csv"])
    folder = Folder(tmp_path, Csv(), packed=Zip("*.csv"))
    folder.put("a.it", into.getvalue())
    folder.refused(SCHEMA, r"a\.it/2\.csv: its last record has no line end")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
def test_a_line_end_is_found_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    folder = Folder(tmp_path, Csv(encoding=encoding))
    for name in ("a.it", "b.it"):
        folder.put(name, WHOLE["csv"].replace("\n", "\r\n").encode(encoding))
    assert folder.read(SCHEMA).completed.rows == 4
    folder.put("b.it", CUT["csv"].encode(encoding))
    folder.refused(SCHEMA, r"b\.it: its last record has no line end")


def test_a_line_end_is_found_in_either_byte_order(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Csv(encoding="utf-16"))
    for name, order, mark in (
        ("a.it", "utf-16-le", codecs.BOM_UTF16_LE),
        ("b.it", "utf-16-be", codecs.BOM_UTF16_BE),
    ):
        folder.put(name, mark + WHOLE["csv"].encode(order))
    assert folder.read(SCHEMA).completed.rows == 4


@pytest.mark.parametrize("written", FORMATS)
def test_files_that_all_lack_it_are_read(tmp_path: Path, written: str) -> None:
    """So does one alone: nothing tells that it is cut, and so nothing proves that it is whole."""
    folder = Folder(tmp_path, FORMATS[written])
    for name in ("a.it", "b.it"):
        folder.put(name, CUT[written])
        assert folder.read(SCHEMA).completed.rows >= 1


def test_a_header_alone_is_no_record_and_a_trailer_tells_more(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Csv())
    folder.put("a.it", WHOLE["csv"])
    folder.put("b.it", "a,b")
    assert folder.read(SCHEMA).completed.rows == 2
    with_trailer = replace(folder, format=Csv(trailer="T,{rows}"))
    for name, end in (("a.it", "\n"), ("b.it", "")):
        folder.put(name, f"a,b\n1,100\nT,1{end}")
    assert with_trailer.read(SCHEMA).completed.rows == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("more", range(4))
def test_the_trailer_of_a_long_file_is_read_in_any_encoding(
    tmp_path: Path, encoding: str, more: int
) -> None:
    """Only the end of the file is read, and it begins with a whole character."""
    path = tmp_path / "a.csv"
    rows = 30_000 + more
    path.write_text("n\n" + "7\n" * rows + f"END;{rows}\n", encoding)
    layout = Csv(trailer="END;{rows}", encoding=encoding).layout(path, path.name)
    assert layout is not None
    assert layout.said == Word(by="its trailer", said=Said(rows=rows))
