"""A file that a user names is replaced only where it is a file; a full disk is said so."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import ConfigurationError, of_disk
from harness.folders import require_replaceable
from harness.pilot import loading
from harness.pins.file import save
from tests.cli import SEATRIAL, seatrial
from tests.harness.acme_layout import Acme, lay_out
from tests.shell import Ended, run


@pytest.fixture
def acme(tmp_path: Path) -> Acme:
    return lay_out(tmp_path)


def prove(acme: Acme, *words: str | Path) -> Ended:
    return seatrial(["prove", *words], cwd=acme.elsewhere, environ=acme.sources)


@pytest.mark.parametrize("option", ["--json", "--junit"])
def test_a_pipe_a_link_and_a_folder_stay_what_they_are(acme: Acme, option: str) -> None:
    """They are told before anything is read."""
    pipe, link, target = (acme.elsewhere / name for name in ("pipe", "link", "target"))
    os.mkfifo(pipe)
    target.write_text("theirs")
    link.symlink_to(target)
    for path, kind in ((pipe, "a pipe"), (link, "a link")):
        ended = prove(acme, option, path)
        assert ended.code == 2
        assert ended.complaint == (
            f"seatrial: {option} {path} is {kind}, not a file that may be replaced: name another"
        )
    assert prove(acme, option, acme.folder).code == 2
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert link.is_symlink()
    assert target.read_text() == "theirs"
    assert not (acme.elsewhere / "out").exists()


def test_a_device_is_none_either() -> None:
    """Only looked at."""
    with pytest.raises(ConfigurationError, match="/dev/null is a device, not a file"):
        require_replaceable(Path(os.devnull))


def test_the_control_replaces_a_file_or_makes_it(acme: Acme) -> None:
    old, new = acme.elsewhere / "old.json", acme.elsewhere / "new.xml"
    old.write_text("old")
    assert prove(acme, "--json", old, "--junit", new).code == 1
    assert old.read_text().startswith("{")
    assert new.read_text().startswith("<")


def test_neither_is_a_pin_file_that_is_a_link(acme: Acme) -> None:
    shared = acme.elsewhere / "shared.json"
    shared.write_text("theirs")
    (acme.folder / "baseline.json").unlink(missing_ok=True)
    (acme.folder / "baseline.json").symlink_to(shared)
    with pytest.raises(ConfigurationError, match=r"baseline\.json is a link, not a file"):
        save(loading.load(acme.folder), "baseline.json", {})
    assert shared.read_text() == "theirs"


def test_a_disk_too_full_to_mark_a_report_is_said_before_any_source_is_read(acme: Acme) -> None:
    """As on a full disk, no file may grow to the size of the report. The ledger is elsewhere: it
    would say the same first.
    """
    assert prove(acme).code == 1
    out = acme.elsewhere / "out" / "acme"
    report = out / "report.html"
    for path in out.glob("ledger*"):
        path.unlink()
    shutil.rmtree(out / "logs")
    before = report.read_bytes()
    grown = before + b" " * 400_000
    report.write_bytes(grown)
    ended = limited(acme, 200_000)
    assert ended.code == 2
    assert ended.complaint.startswith(
        "seatrial: out/acme/report.html: its disk is full, or a quota is: make room there"
    )
    assert "report.html is of an earlier run, and does not say so" in ended.err
    assert report.read_bytes() == grown
    assert list((out / "landed").glob("*")) == []
    assert list(out.glob(".*.partial")) == []


def limited(acme: Acme, size: int) -> Ended:
    """Prove with a limit to the size of each file; Python ignores SIGXFSZ, so a write fails."""
    limit = f"import os, resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size})); "
    code = limit + f"os.execv({str(SEATRIAL)!r}, ['seatrial', 'prove'])"
    return run([sys.executable, "-c", code], cwd=acme.elsewhere, environ=acme.sources)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "x could not be written: the disk is full, or a quota is: make room there"),
        (errno.EROFS, "x could not be written: its file system is read-only"),
        (errno.EIO, "x could not be written: the disk fails"),
    ],
)
def test_a_disk_that_fails_later_is_no_defect_of_ours(number: int, says: str) -> None:
    assert str(of_disk(OSError(number, "", "x"))).startswith(says)


def test_another_failure_may_be_one() -> None:
    assert of_disk(OSError(errno.EBADF, "", "x")) is None
