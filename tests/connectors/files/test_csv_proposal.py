"""A dialect is proposed from what a file looks like, and never read with until it is declared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.capabilities import Described
from connectors.errors import SourceChanged
from connectors.files.formats.csv import Csv
from connectors.files.formats.csv_proposal import proposed
from connectors.files.formats.csv_text import Ends
from tests.connectors.folder_fixture import CANARY, Folder

GERMAN = 'n;Ort;Preis\r\n1;Köln;1,50\r\n2;"a;b";1.234,00\r\nT;2;x\r\n'
GERMAN_DIALECT = Csv(
    delimiter=";", encoding="cp1252", decimal=",", thousands=".", trailer="T;{rows};*"
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv())


def described(folder: Folder, content: str | bytes, dialect: Csv | None = None) -> Described:
    folder.put("a.it", content)
    return replace(folder, format=dialect or Csv()).files.describe("it", emit=[].append)


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (
            GERMAN.encode("cp1252"),
            GERMAN_DIALECT.written,
        ),
        ("n\ttown\n1\tA\n2\tB\n", r'Csv(delimiter="\t")'),
        ("n|town\n1|A\n".encode("utf-16"), 'Csv(delimiter="|", encoding="utf-16")'),
        ("1;A\n2;B\n", "Csv(delimiter=\";\", names=('column_1', 'column_2'))"),
        ("n;town\n", 'Csv(delimiter=";")'),
        ('"n";"town"\n"1";"A"\n', 'Csv(delimiter=";")'),
        ("made on friday\n\nn;town\n1;A\n2;B\n", 'Csv(delimiter=";", skip_lines=2)'),
    ],
)
def test_a_file_that_cannot_be_of_the_dialect_is_told_with_one_that_it_may_be_of(
    folder: Folder, content: str | bytes, written: str
) -> None:
    with pytest.raises(SourceChanged) as caught:
        described(folder, content)
    assert f"if its owner confirms it, declare {written} in pilot.py" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_was_proposed_and_declared_is_described_without_a_word(folder: Folder) -> None:
    found = described(folder, GERMAN.encode("cp1252"), GERMAN_DIALECT)
    assert found.hint is None
    assert found.key == ("n",)
    assert [(column.name, column.lands_as) for column in found.columns] == [
        ("n", pa.int64()),
        ("Ort", pa.string()),
        ("Preis", pa.decimal128(18, 2)),
    ]


def test_a_column_that_may_hold_decimal_commas_is_a_hint_and_no_refusal(folder: Folder) -> None:
    found = described(folder, 'n,price\n1,"1,50"\n2,"7"\n')
    assert found.hint is not None
    assert 'declare Csv(decimal=",") in pilot.py' in found.hint


def test_commas_in_numbers_alone_are_no_delimiter_beside_another(folder: Folder) -> None:
    folder.put("a.it", "1;1,50\n2;2,75\n")
    assert proposed(Ends.of(folder.path / "a.it"))["delimiter"] == ";"
    folder.put("a.it", "1,50\n2,75\n")
    assert proposed(Ends.of(folder.path / "a.it"))["delimiter"] == ","


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        ("n,town\n1,A\n2,B\n", Csv()),
        ("town\nA\nB\n", Csv()),
        ("town\nA\nB\n", Csv(delimiter=";")),
        ("n,town\n1,A\n", Csv(encoding="cp1252")),
        ("x\nn,town\n1,A\n", Csv(skip_lines=1)),
        ("n,town\n1,A\n", Csv(names=("a", "b"), skip_lines=1)),
        ("n,town\n1,\"Köln, 'the' one\"\n", Csv()),
    ],
)
def test_a_file_that_fits_is_described_without_a_word(
    folder: Folder, content: str, dialect: Csv
) -> None:
    assert described(folder, content, dialect).hint is None


@pytest.mark.parametrize("content", ["", "\n", '"', "\x00\x01\x02", "a" * 300_000, ",,,\n;;;\n"])
def test_nothing_is_proposed_of_what_tells_nothing(folder: Folder, content: str) -> None:
    folder.put("a.it", content)
    settings = proposed(Ends.of(folder.path / "a.it"))
    assert replace(Csv(), **settings).delimiter in (",", ";")  # type: ignore[arg-type]


def test_no_value_of_the_file_is_in_what_is_proposed(folder: Folder) -> None:
    content = f"{CANARY}\nn;{CANARY}\n1;{CANARY}\n2;B\n{CANARY};{CANARY};2\n"
    with pytest.raises(SourceChanged) as caught:
        described(folder, content)
    assert 'skip_lines=1, trailer="*;*;{rows}"' in str(caught.value)
    assert CANARY not in str(caught.value)


def test_a_file_without_end_is_looked_at_by_its_ends_alone(folder: Folder) -> None:
    folder.put("a.it", "n;town\n" + "1;A\n" * 500_000 + "END;500000;x\n")
    seen = Ends.of(folder.path / "a.it")
    assert (len(seen.head), seen.last, seen.is_all) == (1 << 18, b"END;500000;x", False)
    assert proposed(seen)["trailer"] == "END;{rows};*"
