"""Packed files come out whole, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.connector import DELIVERY
from connectors.errors import SourceChanged
from connectors.events import Delivered
from connectors.files.formats.csv import Csv
from connectors.files.packing import Bounds, Gzip, Packing, Zip, _directory_bytes
from tests.connectors.folder_fixture import CANARY, Folder

SCHEMA = pa.schema([("n", pa.int64()), ("text", pa.string())])
ROWS = "n,text\n" + "".join(f"{n},{hashlib.sha256(bytes([n])).hexdigest()}\n" for n in range(99))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv(), packed=Gzip())


def zipped(members: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with zipfile.ZipFile(into := io.BytesIO(), "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return into.getvalue()


def test_all_members_of_a_gzip_file_are_one_file(folder: Folder) -> None:
    whole = gzip.compress(ROWS[:50].encode()) + gzip.compress(ROWS[50:].encode())
    name = folder.put("a.it", whole)
    run = folder.read(SCHEMA)
    assert run.table.column("n").to_pylist() == list(range(99))
    (delivered,) = run.of(Delivered)
    assert (delivered.name, delivered.bytes) == (name, len(whole))
    assert delivered.sha256 == hashlib.sha256(whole).hexdigest()


def test_the_members_of_an_archive_are_read_by_name_and_the_archive_is_the_delivery(
    folder: Folder,
) -> None:
    content = {"in/2.csv": "n,text\n2,b\n", "in/1.csv": "n,text\n1,a\n", "in/readme.txt": "no"}
    name = folder.put("a.it", zipped(content))
    run = replace(folder, packed=Zip("in/*.csv")).read(SCHEMA)
    assert run.table.column("n").to_pylist() == [1, 2]
    assert set(run.table.column(DELIVERY).to_pylist()) == {name}
    assert [delivered.name for delivered in run.of(Delivered)] == [name]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_any_usual_method_is_unpacked(folder: Folder, method: int) -> None:
    folder.put("a.it", zipped({"1.csv": ROWS}, method))
    assert replace(folder, packed=Zip("*.csv")).read(SCHEMA).completed.rows == 99


def cut(whole: bytes) -> bytes:
    return whole[:-9]


def flipped(whole: bytes) -> bytes:
    at = len(whole) // 2
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


@pytest.mark.parametrize(
    ("packed", "pack"), [(Gzip(), gzip.compress), (Zip("*.csv"), lambda b: zipped({"1.csv": b}))]
)
@pytest.mark.parametrize(
    "damage", [cut, flipped, lambda whole: whole + b"more" * 20_000, lambda _: b"n,text\n1,a\n"]
)
def test_a_damaged_file_is_named_and_does_not_count(
    folder: Folder,
    packed: Packing,
    pack: Callable[[bytes], bytes],
    damage: Callable[[bytes], bytes],
) -> None:
    folder.put("a.it", damage(pack(ROWS.encode())))
    reading = replace(folder, packed=packed)
    reading.refused(SCHEMA, r"a\.it.* (is damaged|stops before its end)")


@pytest.mark.parametrize(
    ("packed", "pack"),
    [
        (Gzip, gzip.compress),
        (lambda bounds: Zip("*", bounds), lambda b: zipped({"1": b, "2": b, "3": b})),
    ],
)
def test_a_bomb_is_not_unpacked(
    folder: Folder, packed: Callable[[Bounds], Packing], pack: Callable[[bytes], bytes]
) -> None:
    """By its ratio, or by its bytes; and within the bounds it is read."""
    content = b"n,text\n" + b"1,aaaaaaaaaaaaaaaa\n" * 200_000
    folder.put("a.it", pack(content))
    assert replace(folder, packed=packed(Bounds(ratio=2_000))).read(SCHEMA).completed.rows
    for bounds in (Bounds(), Bounds(ratio=2_000, bytes=1_000_000)):
        reading = replace(folder, packed=packed(bounds))
        reading.refused(SCHEMA, r"a\.it.* unpacks to more than [0-9,]+ bytes: raise its bounds")


def test_an_archive_without_a_member_to_read_is_refused(folder: Folder) -> None:
    folder.put("a.it", zipped({"1.txt": ROWS}))
    replace(folder, packed=Zip("*.csv")).refused(SCHEMA, r"a\.it: no member matches \*\.csv")


def test_an_archive_of_too_many_members_is_refused(folder: Folder) -> None:
    folder.put("a.it", zipped({f"{n}.csv": ROWS for n in range(4)}))
    assert replace(folder, packed=Zip("*.csv", max_members=4)).read(SCHEMA).completed.rows == 396
    few = replace(folder, packed=Zip("*.csv", max_members=3))
    few.refused(SCHEMA, r"a\.it: it has 4 members: raise max_members")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(folder: Folder) -> None:
    with zipfile.ZipFile(into := io.BytesIO(), "w") as archive:
        for content in ("n,text\n1,a\n", "n,text\n2,b\n"):
            archive.writestr("1.csv", content)
    folder.put("a.it", into.getvalue())
    replace(folder, packed=Zip("*.csv")).refused(SCHEMA, "two members have one name")


@pytest.mark.parametrize(
    "name", ["../1.csv", "a\n.csv", "..\\1.csv", f"{'x' * 300}.csv", "\u202ecsv.csv"]
)
def test_a_member_of_a_hostile_name_is_refused(folder: Folder, name: str) -> None:
    folder.put("a.it", zipped({name: ROWS}))
    for glob in ("*.csv", "*/*.csv"):
        reading = replace(folder, packed=Zip(glob))
        reading.refused(SCHEMA, "is no plain file name|no member matches")


def test_a_link_in_an_archive_is_refused(folder: Folder) -> None:
    with zipfile.ZipFile(into := io.BytesIO(), "w") as archive:
        link = zipfile.ZipInfo("1.csv")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    folder.put("a.it", into.getvalue())
    replace(folder, packed=Zip("*.csv")).refused(SCHEMA, r"a\.it: 1\.csv is no regular file")


def test_an_encrypted_member_is_refused(folder: Folder) -> None:
    whole = bytearray(zipped({"1.csv": ROWS}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + at] |= 1
    folder.put("a.it", bytes(whole))
    reading = replace(folder, packed=Zip("*.csv"))
    reading.refused(SCHEMA, r"a\.it/1\.csv is encrypted: ask for it without")


@pytest.mark.parametrize(
    ("whole", "declare"),
    [(gzip.compress(b"n,text\n"), r"Gzip\(\)"), (zipped({"1": "n"}), r'Zip\("\*\.csv"\)')],
    ids=["gzip", "zip"],
)
def test_a_packed_file_that_nothing_declares_is_told(
    folder: Folder, whole: bytes, declare: str
) -> None:
    folder.put("a.it", whole)
    plain = replace(folder, packed=None)
    plain.refused(SCHEMA, rf"a\.it is packed: declare {declare} in its FileSet")


def test_a_row_in_a_member_is_named_with_both_names(folder: Folder) -> None:
    folder.put("a.it", zipped({"1.csv": f"n,text\n1,a\n2,{CANARY},3\n"}))
    reading = replace(folder, packed=Zip("*.csv"))
    reading.refused(SCHEMA, r"a\.it/1\.csv: row 3 has too few or too many fields")


@pytest.mark.parametrize(
    ("packed", "pack"),
    [(Gzip(), gzip.compress), (Zip("*"), lambda b: zipped({"1.csv": b, "2.csv": b}))],
)
def test_whatever_bytes_come_it_is_read_whole_or_refused(
    tmp_path: Path, packed: Packing, pack: Callable[[bytes], bytes]
) -> None:
    whole, path = pack(ROWS.encode()), tmp_path / "it"

    @settings(deadline=None)  # the machine may be busy
    @given(st.integers(0, len(whole)), st.integers(0, 9), st.binary(max_size=9))
    def holds(at: int, less: int, more: bytes) -> None:
        path.write_bytes(whole[:at] + more + whole[at + less :])
        try:
            content = [part.read_bytes() for _, part in packed.members(path, "it")]
        except SourceChanged:
            return
        assert set(content) <= {ROWS.encode()}

    holds()


def many(members: int, *, comment: int = 0) -> bytes:
    """An archive of empty members, whose comments make its directory long."""
    with zipfile.ZipFile(into := io.BytesIO(), "w") as archive:
        for number in range(members):
            info = zipfile.ZipInfo(f"{number}.csv")
            info.comment = b"c" * comment
            archive.writestr(info, "n,text\n")
    return into.getvalue()


@pytest.mark.attempt(4)
def test_a_directory_longer_than_its_members_need_is_not_read(folder: Folder) -> None:
    """Control: the last line, where twice as many members are allowed."""
    folder.put("a.it", many(10, comment=2_000))
    zip_ = Zip("*.csv", max_members=10)
    said = (
        r"^a\.it: its directory has 20,\d{3} bytes, more than 10 members need: raise max_members$"
    )
    replace(folder, packed=zip_).refused(SCHEMA, said)
    assert replace(folder, packed=replace(zip_, max_members=21)).read(SCHEMA).table.num_rows == 0


def test_the_directory_of_zip64_is_measured_as_well(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(many(70_000))
    with path.open("rb") as file:
        assert zipfile.ZipFile(file).start_dir + _directory_bytes(path) + 98 == path.stat().st_size


METHODS = {9: "method that is not read here", 99: "method that is not read here", 12: "is damaged"}


@pytest.mark.parametrize(("method", "why"), METHODS.items())
def test_a_method_that_is_not_read_is_told_and_what_is_not_of_its_method_is_damage(
    folder: Folder, method: int, why: str
) -> None:
    """Deflate64 and AES by name; deflated bytes, declared as bzip2's."""
    archive = bytearray(zipped({"a.csv": ROWS}))
    entry = archive.find(b"PK\1\2")
    for at in (8, entry + 10):
        archive[at : at + 2] = method.to_bytes(2, "little")
    folder.put("a.it", bytes(archive))
    replace(folder, packed=Zip("*.csv")).refused(SCHEMA, why)
