"""A secret file that somebody else could have put there is refused: with it they would choose as
whom we log in, and where to.

Each attempt has its control: where nobody looks who owns what, their secret is taken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors import ownership
from connectors.secrets import MissingReference, resolve
from tests.other_user import as_other, shared_folder

THEIRS = "their-password"


@pytest.fixture
def shared() -> Iterator[Path]:
    with shared_folder() as folder:
        yield folder


def write(file: Path) -> Path:
    file.write_text(THEIRS)
    file.chmod(0o600)
    return file


def their_file(shared: Path) -> Path:
    as_other(lambda: write(shared / "secret") and None)
    return shared / "secret"


def their_folder(shared: Path) -> Path:
    """The file in it is ours: they may lay any other of ours in its place."""
    as_other(lambda: (shared / "run").mkdir() or (shared / "run").chmod(0o777))
    return write(shared / "run" / "secret")


def their_link(shared: Path) -> Path:
    file = write(shared / "another")
    as_other(lambda: (shared / "secret").symlink_to(file))
    return shared / "secret"


def an_open_folder(shared: Path) -> Path:
    (shared / "run").mkdir()
    (shared / "run").chmod(0o777)
    return write(shared / "run" / "secret")


@pytest.mark.attempt(5)
@pytest.mark.parametrize("looked_at", [True, False], ids=["looked at", "not looked at"])
@pytest.mark.parametrize(
    ("lay", "said"),
    [
        (their_file, r"secret belongs to [\w ]+: chown it"),
        (their_folder, r"run belongs to [\w ]+: chown it"),
        (their_link, r"secret belongs to [\w ]+: chown it"),
        (an_open_folder, r"others may write .+run \(mode 0777\): chmod go-w it"),
    ],
)
def test_a_secret_is_ours_and_so_is_the_way_to_it(
    shared: Path,
    monkeypatch: pytest.MonkeyPatch,
    lay: Callable[[Path], Path],
    said: str,
    *,
    looked_at: bool,
) -> None:
    file = lay(shared)
    us = os.geteuid()
    if not looked_at:
        monkeypatch.setattr(ownership, "danger", lambda _path, **_: None)
        assert resolve(f"file:{file}", {}) == THEIRS
        return
    if us != 0 and "belongs" in said:  # without root all files of a test are its own
        monkeypatch.setattr(os, "geteuid", lambda: us + 1)
        said = r"belongs to [\w ]+: chown it"
    with pytest.raises(MissingReference) as error:
        resolve(f"file:{file}", {})
    assert re.fullmatch(f"secret file {re.escape(str(file))}: .*{said}.*", str(error.value))
    assert THEIRS not in str(error.value)


def test_a_link_of_ours_leads_to_a_secret(tmp_path: Path) -> None:
    """As a platform lays them: `password` to `..data/password`, `..data` to a dated folder."""
    (tmp_path / "..dated").mkdir()
    write(tmp_path / "..dated" / "password")
    (tmp_path / "..data").symlink_to("..dated")
    (tmp_path / "password").symlink_to("..data/password")
    assert resolve(f"file:{tmp_path / 'password'}", {}) == THEIRS
