"""A file that cannot be read ends no other; where it is not the file's fault, the reading ends."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import BrokenFile, SourceChanged
from connectors.events import Completed, Unreadable
from connectors.files.formats import Block, Layout
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.packing import Gzip
from harness import tags
from harness.run.failure import failure_of
from tests.connectors.folder_fixture import CANARY, Folder

SCHEMA = pa.schema([("n", pa.int64()), ("more", pa.string())])
GOOD = "n,more\n1,a\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv())


@pytest.mark.parametrize("at", [1, 2, 3])
def test_the_others_are_read_and_it_as_far_as_it_goes(folder: Folder, at: int) -> None:
    for number in (1, 2, 3):
        folder.put(f"{number}.it", f"{GOOD}2,b,{CANARY}\n" if number == at else GOOD)
    run = folder.refused(SCHEMA, rf"^{at}\.it: row 3 has too few or too many fields")
    assert [one.name for one in run.of(Unreadable)] == [f"{at}.it"]
    assert run.completed.rows == run.table.num_rows == 2, "its block was not read"


def test_each_of_several_is_told_and_where_no_other_is_left_the_first(folder: Folder) -> None:
    for number in (1, 2, 3):
        folder.put(f"{number}.it", "n,n\n" if number < 3 else GOOD)
    run = folder.refused(SCHEMA, r"^1\.it: the header must name each column, and once")
    assert [one.name for one in run.of(Unreadable)] == ["1.it", "2.it"]
    folder.put("3.it", "n,n\n")
    with pytest.raises(BrokenFile, match=r"^1\.it: the header"):
        folder.read(SCHEMA)


def test_a_packed_file_and_lines_of_json_are_told_alike(tmp_path: Path) -> None:
    for number, content in enumerate((gzip.compress(GOOD.encode()), b"no gzip"), 1):
        (tmp_path / f"{number}.it").write_bytes(content)
    Folder(tmp_path, Csv(), packed=Gzip()).refused(SCHEMA, r"^2\.it is damaged, or not so packed")
    for number, text in enumerate(('{"n": 1}\n', '{"n": 1}\n{"n": 1, "more": 2}\n'), 1):
        (tmp_path / f"{number}.it").write_text(text)
    Folder(tmp_path, JsonLines()).refused(SCHEMA, r"^2\.it: row 2 has 'more', which row 1 lacks")


def test_rows_with_data_for_names_end_the_reading(folder: Folder) -> None:
    """They have landed before the next file shows what they are."""
    folder.put("1.it", f"{CANARY},1\n")
    folder.put("2.it", GOOD)
    run = folder.refused(SCHEMA, r"^1\.it: it names none of the contract's columns")
    assert not run.of(Completed)


@dataclass(frozen=True, slots=True)
class Starved(Csv):
    """A format whose parser has no memory left for one file, and blames it."""

    def blocks(self, path: Path, name: str, layout: Layout, schema: pa.Schema) -> Iterator[Block]:
        if name == "2.it":
            raise SourceChanged(f"{name}: it is damaged") from MemoryError()
        yield from Csv.blocks(self, path, name, layout, schema)


def test_a_lack_of_memory_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Starved())
    for number in (1, 2, 3):
        folder.put(f"{number}.it", GOOD)
    with pytest.raises(SourceChanged) as caught:
        folder.read(SCHEMA)
    assert failure_of(caught.value).kind == tags.LIMIT_REACHED
