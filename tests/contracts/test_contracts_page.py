"""What docs/contracts.md shows is what happens."""

from __future__ import annotations

import re

import pyarrow as pa

from connectors.connector import RESCUED
from connectors.convert.time_texts import READERS, SECOND
from connectors.files.formats.csv import Csv
from contracts.classification import CLASSES
from contracts.masking import show
from contracts.time_formats import FORMATS
from tests.connectors.folder_fixture import Folder
from tests.docs import REPOSITORY, snippets

_CODE = re.compile(r"`([^`]+)`")


def test_the_example_holds() -> None:
    examples = snippets(REPOSITORY / "docs" / "contracts.md", "python")
    assert [example.count("assert") for example in examples] == [2, 1, 2, 1]
    for example in examples:
        exec(compile(example, "docs/contracts.md", "exec"), {})


def test_the_page_shows_what_each_class_shows() -> None:
    page = (REPOSITORY / "docs" / "contracts.md").read_text()
    for of in CLASSES:
        [line] = [line for line in page.splitlines() if line.startswith(f"| `{of}` |")]
        assert f"`{show('Anna-7', of)}`" in line


def test_s08_the_page_shows_how_times_are_written() -> None:
    page = (REPOSITORY / "docs" / "contracts.md").read_text()
    lines = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    shown = {(of.strip(" `"), text) for _, of, said, *_ in lines for text in _CODE.findall(said)}
    at = 1_795_947_300 * SECOND
    for written, text in shown:
        if written in FORMATS and text.startswith(("1", "2", "/", '"')):
            clock = READERS[written](text.strip('"'))
            assert clock is not None
            day = at - at % (86_400 * SECOND)
            assert clock.shown - (clock.offset or 0) * SECOND == (at if clock.has_time else day)
    assert {written for written, _ in shown} >= set(FORMATS)


def test_in_a_column_of_numbers_such_a_text_is_null_and_rescued(tmp_path):
    for dialect, rescued in ((Csv(), '{"b": "N/A"}'), (Csv(nulls=("", "N/A")), None)):
        folder = Folder(tmp_path, dialect)
        folder.put("it.it", "a,b\n1,N/A\n")
        table = folder.read(pa.schema({"a": pa.int64(), "b": pa.int64()})).table
        assert table.column("b").to_pylist() == [None]
        assert table.column(RESCUED).to_pylist() == [rescued]
