"""Files that another user put among our results are neither written nor believed.

Each attempt has its control: where nothing is looked at, the run goes on with them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.atomic_write import replace
from harness.errors import ConfigurationError
from harness.ledger.ledger import entries, open_ledger
from tests.harness.test_ledger import NOON, header
from tests.harness.trust.scene import Scene, open_file

THEIRS = (
    r"belongs to \w+: (move it away|restore or chown what is yours|chown it, or use what is yours)"
    r"|others may write .+ \(mode 0666\): chmod go-w it"
)


@pytest.mark.attempt(5)
def test_their_ledger_is_neither_read_nor_continued(
    scene: Scene,
    tmp_path: Path,
    looked_at: bool,  # noqa: FBT001
) -> None:
    """It tells of a run that never was."""
    with open_ledger(tmp_path / "forged.sqlite") as ledger:
        ledger.begin(header("never"), {}, at=NOON)
    content = (tmp_path / "forged.sqlite").read_bytes()
    scene.in_out(lambda out: open_file(out / "ledger.sqlite", content))
    place = scene.out / "ledger.sqlite"
    if not looked_at:
        assert entries(place)[0].run == "never"
        scene.begin(scene.out)
        return
    for use in (lambda: entries(place), lambda: scene.begin(scene.out)):
        with pytest.raises(ConfigurationError, match=THEIRS):
            use()


@pytest.mark.attempt(5)
@pytest.mark.parametrize("suffix", ["-journal", "-wal"])
def test_what_they_put_beside_our_ledger_is_no_part_of_it(
    scene: Scene,
    looked_at: bool,  # noqa: FBT001
    suffix: str,
) -> None:
    """SQLite takes pages from such a file, if it has the right form."""
    scene.begin(scene.out)
    place = scene.out / "ledger.sqlite"
    scene.in_out(lambda out: open_file(out / f"ledger.sqlite{suffix}", b"theirs"))
    if not looked_at:
        scene.begin(scene.out)
        return
    for use in (lambda: entries(place), lambda: scene.begin(scene.out)):
        with pytest.raises(ConfigurationError, match=THEIRS):
            use()


def link(path: Path) -> None:
    to = path.parent.parent / "theirs" / path.name
    open_file(to, b"")
    path.symlink_to(to)


@pytest.mark.attempt(5)
@pytest.mark.parametrize("name", ["run.lock", "verdicts.json", "report.html"])
@pytest.mark.parametrize("plant", [os.mkfifo, link], ids=["pipe", "link"])
def test_a_pipe_or_a_link_is_no_file_of_ours(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    looked_at: bool,  # noqa: FBT001
    plant: Callable[[Path], None],
    name: str,
) -> None:
    """It is looked at and never opened: a pipe could keep us waiting."""
    scene.in_out(lambda out: plant(out / name))
    if not looked_at:
        monkeypatch.setattr(os, "O_NOFOLLOW", 0)  # the lock is opened without following, besides
        scene.begin(scene.out)
        return
    with pytest.raises(ConfigurationError, match=rf"{name} is a (pipe|link), not a file of ou"):
        scene.begin(scene.out)


@pytest.mark.attempt(5)
@pytest.mark.parametrize("name", ["report.html", ".report.html.partial"])
@pytest.mark.parametrize("write", [replace, Path.write_text], ids=["replaced", "control"])
def test_a_report_overwrites_no_file_that_they_lead_it_to(
    scene: Scene, tmp_path: Path, name: str, write: Callable[[Path, str], object]
) -> None:
    """A file of ours which they may not write. Writing by name alone, as most programs do, is the
    control.
    """
    precious = tmp_path / "precious"
    precious.write_text("mine")
    scene.in_out(lambda out: (out / name).symlink_to(precious))
    if write is not replace:
        write(scene.out / name, "a report")
        assert precious.read_text() == "a report"
        return
    write(scene.out / "report.html", "a report")
    assert precious.read_text() == "mine"
    assert (scene.out / "report.html").read_text() == "a report"
    assert (scene.out / "report.html").lstat().st_mode & 0o777 == 0o600


@pytest.mark.attempt(5)
@pytest.mark.parametrize("lead", [True, False], ids=["led elsewhere", "control"])
def test_nothing_elsewhere_is_removed_with_what_a_killed_run_left(
    scene: Scene,
    lead: bool,  # noqa: FBT001
) -> None:
    """The next run empties `landed`; they laid a link into it. The control: rows are removed."""
    left = scene.shared / "mine" if lead else scene.out / "landed" / "killed"
    left.mkdir(mode=0o700, parents=True)
    (left / "rows").touch()
    (scene.out / "landed").mkdir(exist_ok=True, parents=True)
    (scene.out / "landed").chmod(0o777)
    scene.in_out(lambda out: (out / "landed" / "link").symlink_to(left))
    (scene.out / "landed").chmod(0o700)
    scene.begin(scene.out)
    assert (left / "rows").exists() == lead
    assert not (scene.out / "landed").exists()
