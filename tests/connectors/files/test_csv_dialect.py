"""A dialect of CSV is read as declared, and a file of another one ends the reading."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.events import Declared, Witness, WitnessKind
from connectors.files.formats.csv import Csv
from connectors.files.formats.csv_text import BLOCK_BYTES
from tests.connectors.folder_fixture import CANARY, Folder

SCHEMA = pa.schema([("n", pa.int64()), ("town", pa.string()), ("price", pa.decimal128(12, 2))])
GERMAN = Csv(delimiter=";", encoding="cp1252", decimal=",", thousands=".", trailer="T;{rows};*")
TOWNS = ["Köln", "Zürich;See", 'the "Big" one', None]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv())


def rows(folder: Folder, dialect: Csv, content: str | bytes) -> list[dict[str, Any]]:
    folder.put("a.it", content)
    table = replace(folder, format=dialect).read(SCHEMA).table
    return table.select(
        [n for n in (*SCHEMA.names, RESCUED) if n in table.column_names]
    ).to_pylist()


def test_a_file_of_a_german_spreadsheet_is_read_to_the_last_cent(folder: Folder) -> None:
    content = 'n;town;price\r\n1.234;Köln;1.234.567,50\r\n2;"Zürich;See";-0,5\r\nT;2;x\r\n'
    assert rows(folder, GERMAN, content.encode("cp1252")) == [
        {"n": 1234, "town": "Köln", "price": Decimal("1234567.50"), RESCUED: None},
        {"n": 2, "town": "Zürich;See", "price": Decimal("-0.50"), RESCUED: None},
    ]


@pytest.mark.parametrize("written", ["1.5", "1.23", "12.34,5", "1,5,0", "1.234.56", "x", "", " 1"])
def test_a_number_of_another_writing_is_never_taken_for_one(folder: Folder, written: str) -> None:
    """It is rescued as it was written."""
    content = f'n;town;price\n1;A;"{written}"\n2;B;2,50\nT;2;\n'
    wrong, right = rows(folder, GERMAN, content)
    assert wrong["price"] is None
    assert wrong[RESCUED] == f'{{"price": "{written}"}}'
    assert right["price"] == Decimal("2.50")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32"]
)
def test_an_encoding_is_read_as_declared(folder: Folder, encoding: str) -> None:
    content = "n,town,price\n1,Köln ß,2\n2,B,3"
    towns = [row["town"] for row in rows(folder, Csv(encoding=encoding), content.encode(encoding))]
    assert towns == ["Köln ß", "B"]


@pytest.mark.parametrize(
    ("encoding", "content", "message"),
    [
        ("utf-8", f"n,town\n1,{CANARY}\n2,\xe9\n".encode("latin-1"), "row 3 is not UTF-8"),
        ("cp1252", f"n,town\n1,{CANARY}\n2,\x81\n".encode("latin-1"), "row 3 is not CP1252"),
        ("ascii", f"n,town\n1,{CANARY}\n2,ü\n".encode(), "row 3 is not ASCII"),
        ("utf-16", b"n,town\n1,A\n", "row 1 is not UTF-16"),
        ("utf-16", f"n,town\n1,{CANARY}\n".encode("utf-16")[:-1], "row 2 is not UTF-16"),
        ("utf-8", "n,town\n1,A\n".encode("utf-16"), "row 1 is no header in UTF-8"),
    ],
)
def test_bytes_of_another_encoding_are_named_with_their_row(
    folder: Folder, encoding: str, content: bytes, message: str
) -> None:
    folder.put("a.it", content)
    replace(folder, format=Csv(encoding=encoding)).refused(SCHEMA, rf"a\.it: {message}")


def test_a_row_is_counted_over_all_that_is_decoded(folder: Folder) -> None:
    many = BLOCK_BYTES // 4
    folder.put("a.it", b"n,town\n" + b"1,A\n" * many + b"2,\x81\n")
    dialect = Csv(encoding="cp1252")
    replace(folder, format=dialect).refused(SCHEMA, f"row {many + 2} is not CP1252")


@pytest.mark.parametrize(
    ("dialect", "content"),
    [
        (Csv(), 'n,town\n1,Köln\n2,"Zürich;See"\n3,"the ""Big"" one"\n4,\n'),
        (Csv(delimiter=";"), 'n;town\n1;Köln\n2;"Zürich;See"\n3;"the ""Big"" one"\n4;\n'),
        (Csv(delimiter="\t"), 'n\ttown\n1\tKöln\n2\tZürich;See\n3\t"the ""Big"" one"\n4\t\n'),
        (Csv(delimiter="|", quote=None), 'n|town\n1|Köln\n2|Zürich;See\n3|the "Big" one\n4|\n'),
        (Csv(quote="'"), "n,town\n1,Köln\n2,'Zürich;See'\n3,'the \"Big\" one'\n4,\n"),
        (Csv(escape="\\"), 'n,town\n1,Köln\n2,"Zürich;See"\n3,"the \\"Big\\" one"\n4,\n'),
        (Csv(nulls=("NULL",)), 'n,town\n1,Köln\n2,Zürich;See\n3,"the ""Big"" one"\n4,NULL\n'),
        (Csv(names=("n", "town")), '1,Köln\n2,Zürich;See\n3,"the ""Big"" one"\n4,\n'),
        (
            Csv(names=("n", "town")),
            '\ufeff1,Köln\n2,Zürich;See\n3,"the ""Big"" one"\n4,\n',
        ),
        (
            Csv(skip_lines=2),
            'as "of\nfriday\nn,town\n1,Köln\n2,Zürich;See\n3,"the ""Big"" one"\n4,\n',
        ),
    ],
)
def test_one_table_in_many_dialects_is_one_table(
    folder: Folder, dialect: Csv, content: str
) -> None:
    assert [row["town"] for row in rows(folder, dialect, content)] == TOWNS
    assert [row["n"] for row in rows(folder, dialect, content)] == [1, 2, 3, 4]


def test_a_quoted_null_and_an_empty_text_are_text(folder: Folder) -> None:
    found = rows(folder, Csv(nulls=("NULL",)), 'n,town\n1,"NULL"\n2,\n3,NULL\n')
    assert [row["town"] for row in found] == ["NULL", "", None]


def test_names_of_ours_are_not_told_as_the_sources(folder: Folder) -> None:
    folder.put("a.it", "1,A\n")
    assert not replace(folder, format=Csv(names=("n", "town"))).read(SCHEMA).of(Declared)
    folder.put("a.it", "n,town\n1,A\n")
    assert folder.read(SCHEMA).of(Declared)


@pytest.mark.parametrize(
    ("dialect", "content", "message"),
    [
        (Csv(delimiter=";"), f"n;town\n1;A\n2;B;{CANARY}\n", "row 3 has too few or too many"),
        (Csv(names=("n", "town")), f"1,A\n2,{CANARY},3\n", "row 2 has too few or too many"),
        (Csv(skip_lines=1), f"x\nn,town\n1,A\n2,{CANARY},3\n", "row 4 has too few or too many"),
        (Csv(skip_lines=2), "x\n", "the header must name each column"),
        (Csv(quote="'"), f"n,town\n1,'{CANARY}\n", "a quote before the end of line 2 is not clo"),
        (Csv(skip_lines=1), f'x\nn,town\n1,"{CANARY}\n', "a quote before the end of line 3 is"),
    ],
)
def test_a_row_that_does_not_fit_is_named(
    folder: Folder, dialect: Csv, content: str, message: str
) -> None:
    folder.put("a.it", content)
    replace(folder, format=dialect).refused(SCHEMA, rf"a\.it: {message}")


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        ("1;A;2\n", "it does not end with its trailer: have it sent again"),
        ("1;A;2\nT;1;\n\n", "it does not end with its trailer"),
        ("1;A;2\nT;1;\n2;B;3\n", "it does not end with its trailer"),
        (f"1;A;2\nT;{CANARY};\n", "it does not end with its trailer"),
        (f"{'x' * 70_000}T;1;\n", "it does not end with its trailer"),
    ],
)
def test_a_file_without_its_trailer_was_cut(folder: Folder, tail: str, message: str) -> None:
    folder.put("a.it", f"n;town;price\n{tail}")
    replace(folder, format=GERMAN).refused(SCHEMA, rf"a\.it: {message}")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("declared", [0, 1, 2])
def test_the_count_in_a_trailer_is_the_witness_of_its_file(
    folder: Folder, encoding: str, declared: int
) -> None:
    folder.put("a.it", f"n;town;price\n1;Köln;2\nT;{declared};".encode(encoding))
    dialect = replace(GERMAN, encoding=encoding)
    completed = replace(folder, format=dialect).read(SCHEMA).completed
    assert completed.rows == 1
    assert completed.witness == Witness(
        kind=WitnessKind.SENDERS_WORD, declared=declared, unit="rows", detail="1 files"
    )
    said = f"a.it: 1 row came, and its trailer says {declared}"
    assert completed.unwitnessed == (None if declared == 1 else said)


def test_an_empty_file_is_a_delivery_but_not_where_a_trailer_is_due(folder: Folder) -> None:
    folder.put("a.it", "")
    assert folder.read(SCHEMA).completed.rows == 0
    replace(folder, format=GERMAN).refused(SCHEMA, r"a\.it: ")
    folder.put("a.it", "T;0;\n")
    replace(folder, format=GERMAN).refused(SCHEMA, "its trailer stands where its header should")
    folder.put("a.it", "n;town;price\nT;0;\n")
    assert replace(folder, format=GERMAN).read(SCHEMA).completed.rows == 0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"delimiter": ";;"}, "one ASCII character each"),
        ({"delimiter": "\n"}, "one ASCII character each"),
        ({"delimiter": "§"}, "one ASCII character each"),
        ({"delimiter": '"'}, "different characters"),
        ({"escape": '"'}, "different characters"),
        ({"encoding": "utf-9"}, "encoding 'utf-9' is none of Python's"),
        ({"encoding": "rot13"}, "encoding 'rot13' is none of Python's"),
        ({"decimal": ";"}, "decimal is a point or a comma"),
        ({"thousands": "."}, "thousands is one character, another one than decimal"),
        ({"thousands": "1"}, "thousands is one character"),
        ({"names": ("a", "a")}, "names must name each column, and once"),
        ({"skip_lines": -1}, "0 or more"),
        ({"trailer": "{rows}{rows}"}, "once or not at all"),
        ({"trailer": ""}, "once or not at all"),
    ],
)
def test_a_dialect_that_cannot_be_is_refused_at_once(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Csv(**wrong)
