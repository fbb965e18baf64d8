"""What a run leaves is for its user alone; what an older version left open is closed."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.folders import require_safe, take_folder, take_results
from harness.onboarding.examine import Standing, engagement, place
from tests.cli import seatrial
from tests.harness.acme_layout import lay_out
from tests.harness.engagement import write
from tests.harness.trust.scene import Scene


@pytest.fixture
def open_umask() -> Iterator[None]:
    """What is made without a mode may be written by everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.usefixtures("open_umask")
def test_whatever_the_umask_nobody_else_reads_results(tmp_path: Path) -> None:
    """An engagement of its own: what Python compiles beside it may now be written by everybody."""
    acme = lay_out(tmp_path)
    out = tmp_path / "new" / "out"
    seatrial(["prove", acme.folder, "--out", out], cwd=tmp_path, environ=acme.sources)
    assert {mode(path) for path in (out.parent, out, out / "logs")} == {0o700}
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {mode(path) for path in files} == {0o600}
    assert {path.name for path in files} >= {"ledger.sqlite", "run.lock", "report.html"}


def test_what_an_older_version_left_is_closed(scene: Scene) -> None:
    """The folder that a user names keeps its mode: it may be a home, or `/`."""
    scene.begin(scene.out)
    for path in (scene.out, *scene.out.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    scene.begin(scene.out)
    assert mode(scene.out) == 0o755
    assert mode(scene.out / "logs") == 0o700
    assert {mode(scene.out / name) for name in ("ledger.sqlite", "run.lock")} == {0o600}


@pytest.mark.usefixtures("open_umask")
def test_what_is_made_for_others_to_read_is_never_theirs_to_write(tmp_path: Path) -> None:
    """Files of a pilot, which are kept with it; a file that --json names."""
    tmp_path.chmod(0o755)
    seatrial(["init", "acme-modes"], cwd=tmp_path)
    assert mode(tmp_path / "acme-modes" / "acme_modes" / "pilot.py") == 0o644


def test_a_folder_that_our_own_group_may_write_is_ours(tmp_path: Path) -> None:
    """Many systems give each user a group of the same name and let it write. Any other is not."""
    named = grp.getgrgid(os.getgid()).gr_name == pwd.getpwuid(os.geteuid()).pw_name
    tmp_path.chmod(0o770)
    if named:
        take_folder(tmp_path)
        assert mode(tmp_path) == 0o700
        return
    with pytest.raises(ConfigurationError, match="others may write"):
        take_folder(tmp_path)


def test_an_access_control_list_may_let_anybody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o770)
    monkeypatch.setattr(os, "listxattr", lambda *_, **__: ["system.posix_acl_access"])
    with pytest.raises(ConfigurationError, match="others may write"):
        require_safe(tmp_path)


def test_a_folder_is_reached_through_links_of_ours(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "here").symlink_to("disk/../disk")
    take_results(tmp_path / "here" / "out")
    assert (tmp_path / "disk" / "out").is_dir()
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(ConfigurationError, match="leads in circles"):
        take_results(tmp_path / "round" / "out")


def test_the_doctor_says_where_others_may_write(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert not list(engagement(folder))
    folder.chmod(0o777)
    [check] = engagement(folder)
    assert check.standing is Standing.NOTE
    assert "others may write" in check.says
    [check] = place(folder / "out")
    assert check.standing is Standing.WRONG
    assert "chmod go-w" in check.says
