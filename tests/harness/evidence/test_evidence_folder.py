"""Under a bundle's name stands all of it, or nothing."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.evidence.folder import write

FILES = {"manifest.json": b"{}", "facts/entries.jsonl": b"1\n", "export/deep/er.json": b"[]"}


def names(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def listed(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_all_of_it_is_there_and_for_us_alone(tmp_path: Path) -> None:
    write(tmp_path / "new" / "bundle", FILES)
    folder = tmp_path / "new" / "bundle"
    assert {name: (folder / name).read_bytes() for name in names(folder)} == FILES
    modes = {stat.S_IMODE(one.stat().st_mode) & 0o077 for one in (folder, *folder.rglob("*"))}
    assert modes == {0}
    assert listed(tmp_path / "new") == ["bundle"]


@pytest.mark.parametrize(("of", "call"), [(os, "fsync"), (Path, "rename")])
def test_where_the_disk_is_full_nothing_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: object, call: str
) -> None:
    monkeypatch.setattr(of, call, full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "bundle", FILES)
    assert listed(tmp_path) == []


def test_guard_off_written_in_place_half_of_it_would_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: the same failure at its end, without the folder beside."""

    @contextmanager
    def in_place(to: Path) -> Iterator[Path]:
        to.mkdir()
        yield to

    monkeypatch.setattr("harness.evidence.folder._partial", in_place)
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "bundle", FILES)
    assert names(tmp_path / "bundle") == set(FILES)


def test_what_is_there_is_never_replaced(tmp_path: Path) -> None:
    write(tmp_path / "bundle", FILES)
    with pytest.raises(ConfigurationError, match="is there already: move it away, or name a new"):
        write(tmp_path / "bundle", {"manifest.json": b"other"})
    assert (tmp_path / "bundle" / "manifest.json").read_bytes() == b"{}"
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match="is there already"):
        write(tmp_path / "link", FILES)


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".bundle.partial"
    (left / "facts").mkdir(parents=True)
    (left / "facts" / "old.jsonl").write_text("half")
    (left / "link").symlink_to(tmp_path)
    write(tmp_path / "bundle", FILES)
    assert names(tmp_path / "bundle") == set(FILES)
    assert listed(tmp_path) == ["bundle"]


def test_two_exports_to_one_name_do_not_mix(tmp_path: Path) -> None:
    partial = tmp_path / ".bundle.partial"
    partial.mkdir(mode=0o700)
    other = os.open(partial, os.O_RDONLY)
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(ConfigurationError, match="another export is writing"):
            write(tmp_path / "bundle", FILES)
    finally:
        os.close(other)
    assert partial.is_dir()


def test_a_folder_that_others_may_write_is_refused(tmp_path: Path) -> None:
    open_to_all = tmp_path / "shared"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    with pytest.raises(ConfigurationError):
        write(open_to_all / "bundle", FILES)
    assert listed(open_to_all) == []
