"""A sender's word for its files, and what is read and said without one."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged
from connectors.events import Answered, Completed, Delivered, WitnessKind
from connectors.files.control import ControlFile
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from tests.connectors.folder_fixture import MADE_AVAILABLE, Folder

SCHEMA = pa.schema([("a", pa.int64()), ("b", pa.int64())])
CONTENT = "a,b\n1,100\n2,2300\n"
CUT = "a,b\n1,100\n2,2"
SHA256 = hashlib.sha256(CONTENT.encode()).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Csv(), "*.csv")


def completed(folder: Folder, control: ControlFile | None) -> Completed:
    return replace(folder, sealed=control).read(SCHEMA).completed


def is_proven(one: Completed) -> bool:
    return (
        one.witness is not None
        and one.witness.kind is WitnessKind.SENDERS_WORD
        and one.witness.declared == {"rows": one.rows, "bytes": one.bytes}[one.witness.unit]
    )


def is_refuted(one: Completed) -> bool:
    return one.witness is not None and one.witness.declared != {
        "rows": one.rows,
        "bytes": one.bytes,
    }.get(one.witness.unit)


WORDS = [
    ("a.csv.ok", "", ControlFile("{name}.ok")),
    ("a.done", "", ControlFile("{stem}.done")),
    ("_SUCCESS", "", ControlFile("_SUCCESS")),
    ("a.csv.ok", "2", ControlFile("{name}.ok", "{rows}")),
    ("a.csv.ok", f"rows=2;{SHA256.upper()}\r\n", ControlFile("{name}.ok", "rows={rows};{sha256}")),
    ("a.csv.ok", "whatever 17 bytes", ControlFile("{name}.ok", "*{bytes} bytes")),
    ("x.manifest", "a.csv;2\n", ControlFile("*.manifest", "{name};{rows}")),
    ("sums.txt", f"{SHA256}  a.csv\n", ControlFile("sums.txt", "{sha256}  {name}")),
    ("sums.txt", f"{SHA256} *./a.csv\n", ControlFile("sums.txt", "{sha256} *{name}")),
    ("m.csv_list", "name,rows\na.csv,2\nother.txt,9\n", ControlFile("m.*", "{name},{rows}", 1)),
]


@pytest.mark.parametrize(("name", "says", "control"), WORDS)
def test_a_word_that_agrees_proves_the_file_whole(
    folder: Folder, name: str, says: str, control: ControlFile
) -> None:
    folder.put("a.csv", CONTENT)
    folder.put(name, says)
    one = completed(folder, control)
    assert (is_proven(one), one.unwitnessed) == (True, None)


@pytest.mark.parametrize(("name", "says", "control"), WORDS)
def test_nothing_is_proven_without_it_by_a_file_of_another_form_or_before_the_file(
    folder: Folder, name: str, says: str, control: ControlFile
) -> None:
    folder.put("a.csv", CONTENT)
    for absent in (True, False):
        if not absent:
            folder.put(name, f"{says.strip()}?" if says else "", at=MADE_AVAILABLE - 1)
        one = completed(folder, control)
        assert not is_proven(one)
        assert not is_refuted(one)
        assert one.unwitnessed


@pytest.mark.parametrize(("name", "says", "control"), WORDS[3:])
def test_a_word_that_does_not_agree_refutes_and_names_the_file(
    folder: Folder, name: str, says: str, control: ControlFile
) -> None:
    folder.put("a.csv", "a,b\n1,100\n")
    folder.put(name, says)
    one = completed(folder, control)
    assert is_refuted(one)
    assert "a.csv" in (one.unwitnessed or "")
    assert name in (one.unwitnessed or "")


def test_errors_in_two_files_do_not_make_up_for_each_other(folder: Folder) -> None:
    for name, rows, said in (("a.csv", 1, 2), ("b.csv", 2, 1)):
        folder.put(name, "a,b\n" + "1,1\n" * rows)
        folder.put(f"{name}.ok", f"{said}")
    assert is_refuted(completed(folder, ControlFile("{name}.ok", "{rows}")))


def test_a_file_that_is_spoken_of_and_is_not_there_refutes(folder: Folder) -> None:
    folder.put("a.csv", CONTENT)
    folder.put("x.manifest", "a.csv;2\nb.csv;5\n")
    one = completed(folder, ControlFile("*.manifest", "{name};{rows}"))
    assert one.witness is not None
    assert (one.witness.declared, one.rows) == (7, 2)
    assert one.unwitnessed == "x.manifest speaks of a file that is not there"
    folder.put("x.manifest", "a.csv\nb.csv\n")
    one = completed(folder, ControlFile("*.manifest", "{name}"))
    assert not is_proven(one)  # no number says how much is missing


def test_a_file_is_spoken_of_twice_only_alike(folder: Folder) -> None:
    folder.put("a.csv", CONTENT)
    for name, says, proven in (("1.m", "a.csv;2", True), ("2.m", "a.csv;2", True)):
        folder.put(name, says)
        assert is_proven(completed(folder, ControlFile("*.m", "{name};{rows}"))) is proven
    folder.put("3.m", "a.csv;3")
    one = completed(folder, ControlFile("*.m", "{name};{rows}"))
    assert not is_proven(one)
    assert "spoken of twice" in (one.unwitnessed or "")


def test_a_count_does_not_prove_a_last_record_that_may_be_cut(folder: Folder) -> None:
    """`2,2` where `2,2300` was meant: it has its two rows."""
    folder.put("a.csv", CUT)
    folder.put("a.csv.ok", f"2;{SHA256}")
    one = completed(folder, ControlFile("{name}.ok", "{rows};*"))
    assert not is_proven(one)
    assert not is_refuted(one)
    assert "last record may be cut" in (one.unwitnessed or "")
    assert is_refuted(completed(folder, ControlFile("{name}.ok", "{rows};{sha256}")))


def test_a_young_file_without_its_word_is_not_delivered_yet_and_not_read(folder: Folder) -> None:
    folder.put("a.csv", CONTENT, at=MADE_AVAILABLE - 10_000)
    folder.put("a.csv.ok", "2")
    folder.put("b.csv", CUT)
    waiting = replace(folder, sealed=ControlFile("{name}.ok", "{rows}"), now=MADE_AVAILABLE + 899)
    run = waiting.read(SCHEMA)
    assert [one.name for one in run.of(Delivered)] == ["a.csv"]
    assert (run.completed.rows, run.completed.witness) == (2, None)
    assert "b.csv is not delivered yet and was not read" in (run.completed.unwitnessed or "")
    folder.put("b.csv", "a,b\n1,100\n")
    folder.put("b.csv.ok", "2")
    assert is_refuted(waiting.read(SCHEMA).completed)


def test_a_settled_file_without_its_word_is_read_and_named(folder: Folder) -> None:
    folder.put("b.csv", CONTENT)
    late = replace(folder, sealed=ControlFile("{name}.ok"), now=MADE_AVAILABLE + 900)
    one = late.read(SCHEMA).completed
    assert (one.rows, one.witness and one.witness.kind) == (2, WitnessKind.LISTING)
    assert one.unwitnessed == "b.csv has no {name}.ok that speaks of it and is no older"
    patient = replace(late, sealed=ControlFile("{name}.ok", settle=timedelta(hours=1)))
    assert patient.read(SCHEMA).completed.rows == 0
    ahead = replace(late, now=MADE_AVAILABLE - 1_000)  # its clock is wrong, or ours
    assert ahead.read(SCHEMA).completed.rows == 2


def test_what_comes_while_we_read_takes_nothing_from_what_was_closed(folder: Folder) -> None:
    folder.put("a.csv", CONTENT)
    folder.put("a.csv.ok", "")
    sealed = replace(folder, sealed=ControlFile("{name}.ok"))
    reader = sealed.files.read("it", schema=SCHEMA, emit=(told := []).append)
    next(reader)
    folder.put("b.csv", CUT)
    reader.read_all()
    assert is_proven(told[-1])


@pytest.mark.parametrize("name", ["a.csv", "a.csv.ok"])
def test_a_file_or_a_word_that_is_sent_again_while_we_read_is_noticed(
    folder: Folder, name: str
) -> None:
    folder.put("a.csv", CONTENT)
    folder.put("a.csv.ok", "2")
    sealed = replace(folder, sealed=ControlFile("{name}.ok", "{rows}"))
    reader = sealed.files.read("it", schema=SCHEMA, emit=lambda _: None)
    next(reader)
    folder.put(name, "3", at=MADE_AVAILABLE + 1)
    with pytest.raises(SourceChanged, match=f"{name} changed while it was read: read again"):
        reader.read_all()


def test_a_marker_costs_no_request_and_a_control_file_one(folder: Folder) -> None:
    folder.put("a.csv", CONTENT)
    folder.put("a.csv.ok", "2")
    for control, more in (
        (None, 0),
        (ControlFile("{name}.ok"), 0),
        (ControlFile("{name}.ok", "{rows}"), 1),
    ):
        asked = replace(folder, sealed=control).read(SCHEMA).of(Answered)
        assert len(asked) == len(["open", "list", "read a.csv", "list"]) + more


def test_a_control_file_that_the_glob_matches_is_no_data(folder: Folder) -> None:
    folder.put("a.csv", CONTENT)
    folder.put("a.csv.ok", "2")
    every = replace(folder, glob="*")
    assert is_proven(completed(every, ControlFile("{name}.ok", "{rows}")))


def test_a_control_file_of_a_hostile_name_is_refused_in_one_plain_line(folder: Folder) -> None:
    folder.put("a.csv", CONTENT)
    folder.put("a\n.csv.ok", "2")
    sealed = replace(folder, sealed=ControlFile("{name}.ok", "{rows}"))
    sealed.refused(SCHEMA, "is no plain file name: rename it there")


def test_no_file_is_no_word(folder: Folder) -> None:
    folder.put("x.manifest", "")
    one = completed(folder, ControlFile("*.manifest", "{name};{rows}"))
    assert not is_proven(one)


def test_a_listing_alone_says_what_would_do_and_what_it_saw(folder: Folder) -> None:
    folder.put("a.csv", CONTENT)
    one = completed(folder, None)
    assert one.witness is not None
    assert one.witness.kind is WitnessKind.LISTING
    assert "sealed=ControlFile(…)" in (one.unwitnessed or "")
    folder.put("a.csv.ok", "2")
    assert 'declare sealed=ControlFile("{name}.ok")' in (completed(folder, None).unwitnessed or "")
    described = folder.files.describe("it", emit=print)
    assert 'sealed=ControlFile("{name}.ok")' in (described.hint or "")


@pytest.mark.parametrize(
    ("name", "says", "message"),
    [
        ("", "", "not ''"),
        ("ok/{name}", "", "lies beside its data or in a folder above"),
        ("{name}{stem}", "", "write {name}.ok"),
        ("{name}.ok", "{rows};{rows}", "once"),
        ("{name}.ok", "OK", "or is empty"),
        ("_SUCCESS", "{rows}", "a line for each file"),
    ],
)
def test_a_control_file_that_cannot_be_is_refused_at_once(
    name: str, says: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ControlFile(name, says)
    with pytest.raises(ValueError, match="needs a glob that tells the ending"):
        FileSet("in/*", Csv(), sealed=ControlFile("{stem}.ok"))
