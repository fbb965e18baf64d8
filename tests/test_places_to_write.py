"""A file that a user names is replaced only where it is a file; a full disk is said so."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from harness.errors import ConfigurationError, of_disk
from harness.folders import require_replaceable
from harness.pilot import loading
from harness.pins.file import save
from tests.cli import SEATRIAL, seatrial
from tests.harness import engagement
from tests.harness.acme_layout import Acme, lay_out
from tests.shell import Ended, run

LARGE = 4_000_000


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


def test_neither_is_a_pin_file_that_is_a_link(tmp_path: Path) -> None:
    folder, shared = engagement.write(tmp_path), tmp_path / "shared.json"
    shared.write_text("theirs")
    (folder / "baseline.json").symlink_to(shared)
    with pytest.raises(ConfigurationError, match=r"baseline\.json is a link, not a file"):
        save(loading.load(folder), "baseline.json", {})
    assert shared.read_text() == "theirs"


def test_a_disk_too_full_to_mark_a_report_is_said_before_any_source_is_read(acme: Acme) -> None:
    """As on a full disk, no file may grow to the size of the report; the ledger needs less."""
    assert prove(acme).code == 1
    out = acme.elsewhere / "out" / "acme"
    report = out / "report.html"
    grown = report.read_bytes() + b" " * LARGE
    report.write_bytes(grown)
    ended = prove_without_room(acme)
    assert ended.code == 2
    assert ended.complaint.startswith(
        "seatrial: out/acme/report.html: its disk is full, or a quota is: make room there"
    )
    assert "report.html is of an earlier run, and does not say so" in ended.err
    assert report.read_bytes() == grown
    assert list((out / "landed").glob("*")) == []
    assert list(out.glob(".*.partial")) == []


def test_a_disk_too_full_for_the_report_is_no_defect_of_ours(acme: Acme) -> None:
    """All is read and recorded by then."""
    ended = prove_without_room(acme, large=True)
    assert ended.code == 4
    assert ended.complaint == (
        "seatrial: out/acme/report.html could not be written: the disk is full, or a quota is: "
        "make room there, and run again"
    )


def prove_without_room(acme: Acme, *, large: bool = False) -> Ended:
    """Prove where no file may be large, as the report then may be. Python ignores SIGXFSZ, so that
    a write fails.
    """
    code = f"""if True:
        import resource, runpy, sys
        from harness.report import html
        if {large}:
            html.render = lambda result: "x" * {LARGE}
        resource.setrlimit(resource.RLIMIT_FSIZE, ({LARGE // 2}, {LARGE // 2}))
        sys.argv = [{str(SEATRIAL)!r}, "prove"]
        runpy.run_path(sys.argv[0], run_name="__main__")
    """
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
