"""Files and folders of ours: made for us alone, and taken only where nobody else could have put
them there or could change them (`connectors.ownership`).

A folder is taken before what is in it. From then on nobody else can exchange a name in it, so what
is looked at by name stays what it was.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from connectors import ownership
from harness.errors import ConfigurationError

_FOLDER, _FILE = 0o700, 0o600
_OTHERS = 0o077
_AWAY = "move it away, or chown it"
_KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def take_results(folder: Path) -> None:
    """Make the folder that a user names for results, with what is missing above it (0700).

    One that is there may be ours or root's, and keeps its mode. Raises ConfigurationError where it
    is a link or cannot be made, or where others could change it or a folder on the way.
    """
    _make_safe(folder, "a folder: name the folder itself")


def take_folder(folder: Path) -> None:
    """Make a folder of ours (0700). One that is there must be ours; it gets this mode.

    Raises ConfigurationError where it is another's or a link or cannot be made, or where others
    could change it or a folder on the way.
    """
    _make_safe(folder, "a folder of ours: move it away")
    _require_own(folder, _AWAY)
    _tighten(folder, _FOLDER)


def take_file(file: Path, *, cure: str = _AWAY) -> None:
    """Make a file of ours (0600), in a folder that was taken. One that is there must be ours; it
    gets this mode.

    Raises ConfigurationError where it is another's, a link or no file, or where others may write
    it, and OSError.
    """
    try:
        os.close(make_file(file))
    except FileExistsError:
        require_own_file(file, cure=cure)
        _tighten(file, _FILE)


def make_file(file: Path, mode: int = _FILE) -> int:
    """A descriptor to write a new file, of ours alone unless `mode` says more. Raises
    FileExistsError where something is there, be it a link that leads nowhere, and OSError.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(file, flags, mode)


def require_own_file(file: Path, *, cure: str = _AWAY) -> None:
    """Raise ConfigurationError where a file is another's, a link or no file, or where others could
    change it, and OSError where there is none. `cure` says what to do about it.
    """
    _require_kind(file, stat.S_IFREG, f"a file of ours: {cure}")
    _require_own(file, cure)
    require_safe(file)


def require_safe_file(file: Path, *, cure: str) -> None:
    """The same for a file that is read alone: it may be root's, too, as in an archive."""
    _require_kind(file, stat.S_IFREG, f"a file of ours: {cure}")
    require_safe(file)


def require_replaceable(file: Path) -> None:
    """Raise ConfigurationError where a new file would replace a folder, link, pipe or device."""
    if os.path.lexists(file):
        _require_kind(file, stat.S_IFREG, "a file that may be replaced: name another")


def require_safe(path: Path) -> None:
    """Raise ConfigurationError where others could change what is at `path`, or lead it elsewhere.
    Root's is as good as ours.
    """
    if danger := ownership.danger(path, us=os.geteuid()):
        raise ConfigurationError(danger)


def require_text(path: Path) -> None:
    """Raise ConfigurationError for a path whose bytes are no UTF-8: no record could name it."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ConfigurationError(
            f"{str(path)!a} holds bytes that are no UTF-8: rename it, or name another"
        ) from None


def _make_safe(folder: Path, wanted: str) -> None:
    require_text(folder)
    if os.path.lexists(folder):
        _require_kind(folder, stat.S_IFDIR, wanted)
    require_safe(folder)
    try:
        _make(folder)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be made: {error.strerror}: name another"
        ) from error
    # Once more: where all may make folders, somebody else may have been faster.
    _require_kind(folder, stat.S_IFDIR, wanted)
    require_safe(folder)


def _make(folder: Path) -> None:
    """Make a folder and those missing above it, each for us alone."""
    try:
        folder.mkdir(mode=_FOLDER)
    except FileNotFoundError:
        _make(folder.parent)
        folder.mkdir(mode=_FOLDER)
    except FileExistsError:
        pass


def _require_kind(path: Path, kind: int, wanted: str) -> None:
    there = stat.S_IFMT(path.lstat().st_mode)
    if there != kind:
        raise ConfigurationError(f"{path} is {_KINDS.get(there, 'no file')}, not {wanted}")


def _require_own(path: Path, cure: str) -> None:
    owner = path.lstat().st_uid
    if owner != os.geteuid():
        raise ConfigurationError(f"{path} belongs to {ownership.user(owner)}: {cure}")


def _tighten(path: Path, mode: int) -> None:
    """Close to others what an older version or a umask left open for reading. Never for writing:
    that is refused, as somebody may have used it.
    """
    if stat.S_IMODE(path.lstat().st_mode) & _OTHERS:
        path.chmod(mode)
