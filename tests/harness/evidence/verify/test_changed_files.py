"""E01 and its kin: whatever is changed in a folder is found, and the file is named."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.evidence.verify import bounds
from harness.evidence.verify.folder import Folder
from tests.harness.evidence.verify.checking import Files, checked, refused, said, write


@pytest.fixture(scope="module")
def folder(made: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("folder"), made)


def test_e01_one_bit_flipped_anywhere_is_found_and_its_file_is_named(
    folder: Path, made: Files
) -> None:
    """Each file at its ends and at drawn places; `bench/evidence_attacks.py` flips 10,000."""
    draw = random.Random(1)
    for name, content in made.items():
        drawn = [draw.randrange(len(content)) for _ in range(12)]
        for at in {0, len(content) - 1, *drawn}:
            bit = 1 << draw.randrange(8)
            changed = content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]
            (folder / name).write_bytes(changed)
            report = checked(folder)
            assert report.code != 0, (name, at, bit)
            assert name in said(report), (name, at, bit)
        (folder / name).write_bytes(content)
    assert checked(folder).code == 0  # each flip alone was what made it fail


def _gone(folder: Path, name: str) -> None:
    (folder / name).unlink()


def _longer(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")


def _cut(folder: Path, name: str) -> None:
    os.truncate(folder / name, 10)


def _emptied(folder: Path, name: str) -> None:
    os.truncate(folder / name, 0)


def _a_link_to_itself(folder: Path, name: str) -> None:
    """The same bytes, elsewhere: whoever owns that place can change them after the check."""
    elsewhere = folder.with_name("elsewhere")
    shutil.move(folder / name, elsewhere)
    (folder / name).symlink_to(elsewhere)


def _a_pipe(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)


def _a_folder(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()


@pytest.mark.parametrize(
    "attack", [_gone, _longer, _cut, _emptied, _a_link_to_itself, _a_pipe, _a_folder]
)
def test_each_file_that_is_another_or_none_is_named(
    tmp_path: Path, made: Files, attack: Callable[[Path, str], None]
) -> None:
    for number, name in enumerate(made):
        folder = write(tmp_path / str(number) / "bundle", made)
        attack(folder, name)
        report = checked(folder)
        assert report.code == 1, (name, said(report))
        assert name in {file.rstrip("/") for _, file in refused(report)}, (name, said(report))


@pytest.mark.parametrize(
    "name", ["notes.txt", "facts/more.jsonl", "judgements/run-9.json", "\x1b[2J\u202e", "é"]
)
def test_a_file_that_nobody_signed_is_named(tmp_path: Path, made: Files, name: str) -> None:
    report = checked(tmp_path, made | {name: b"{}"})
    assert refused(report) == {("files", name)}  # nothing else would have found it


def test_an_empty_folder_within_is_named(tmp_path: Path, made: Files) -> None:
    write(tmp_path, made)
    (tmp_path / "facts" / "old").mkdir()
    assert refused(checked(tmp_path)) == {("files", "facts/old/")}


def test_two_files_swapped_are_both_named(tmp_path: Path, made: Files) -> None:
    one, two = "judgements/run-0.json", "judgements/run-1.json"
    report = checked(tmp_path, made | {one: made[two], two: made[one]})
    assert {("files", one), ("files", two)} <= refused(report)


def test_what_is_too_large_is_refused_unread(
    tmp_path: Path, made: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, made)
    os.truncate(tmp_path / "manifest.json", bounds.JSON + 1)  # sparse: it takes no room
    report = checked(tmp_path)
    assert report.code == 1
    assert "at most 16,777,216 are read" in said(report)
    monkeypatch.setattr(bounds, "FILES", 3)
    with pytest.raises(Exception, match="more than 3 files"):
        checked(tmp_path)


def test_folders_too_deep_are_not_followed(tmp_path: Path, made: Files) -> None:
    deep = "/".join("d" * 40) + "/file"
    report = checked(tmp_path, made | {deep: b""})
    assert ("files", "d/d/d/d/d/d/") in refused(report)


def test_a_file_that_changes_while_it_is_read_is_told(
    tmp_path: Path, made: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its digest was good, and then somebody else's bytes lay there."""
    write(tmp_path, made)
    digest, calls = Folder.digest, list[str]()

    def then_changed(folder: Folder, name: str) -> str:
        found = digest(folder, name)
        calls.append(name)
        if calls.count(name) == 2:  # at first for the manifest, then to look into it
            (tmp_path / name).write_bytes(made[name].replace(b"PROVEN", b"BROKEN"))
        return found

    monkeypatch.setattr(Folder, "digest", then_changed)
    report = checked(tmp_path)
    assert "it changed while it was read" in said(report)
    assert report.code == 1
