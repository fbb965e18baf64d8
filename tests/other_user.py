"""A second user of this machine, for tests of what others may not do here.

Root becomes one in a child process: nobody. Nobody else can become another user; then the second
user is root, whose folders and files are not ours: `others_folder` and `others_file`.
"""

from __future__ import annotations

import os
import pickle
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

OTHER = 65534 if os.geteuid() == 0 else 0
"""The uid of the second user."""
T = TypeVar("T")


def as_other(action: Callable[[], T]) -> T:
    """What `action` returns in a child of ours that has become the second user; as ourselves
    where we may not become anybody. AssertionError if it fails.

    What the action needs is imported before: the other user may not be able to read our Python.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _become_other_and_end(action, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer = answers.read()
    os.waitpid(child, 0)
    assert answer, "the second user's process died"
    value, failure = pickle.loads(answer)
    assert failure is None, failure
    return value


def _become_other_and_end(action: Callable[[], object], writing: int) -> None:
    """The child returns to nobody: what the parent would do at its end is not the child's."""
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(OTHER, OTHER, OTHER)
            os.setresuid(OTHER, OTHER, OTHER)
        answer = pickle.dumps((action(), None))
    except BaseException:  # noqa: BLE001 - the parent raises it
        answer = pickle.dumps((None, traceback.format_exc()))
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(answer)
    os._exit(0)


def others_folder(shared: Path) -> Path:
    """A folder of the second user: made by them in `shared`, which others may write, as /tmp is;
    without root one that root has.
    """
    if os.geteuid() != 0:
        return Path("/usr")
    folder = shared / "theirs"
    as_other(lambda: folder.mkdir(mode=0o755))
    return folder


def others_file(shared: Path, content: bytes = b"theirs\n", *, mode: int = 0o644) -> Path:
    """A file of the second user in `shared`; without root one that root has, with its content."""
    if os.geteuid() != 0:
        return Path("/etc/passwd")
    file = shared / "theirs.txt"

    def write() -> None:
        file.write_bytes(content)
        file.chmod(mode)

    as_other(write)
    return file


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder in which everybody may make files, and nobody remove another's: as /tmp is.

    It is in no folder of pytest's, which others may not pass.
    """
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o1777)
        yield Path(name)
