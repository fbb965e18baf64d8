"""Who else could change a file or folder of this machine, or lead us to another one: as OpenSSH
looks at its keys and at the folders above them (`StrictModes`).

Root may do everything anyway, so what root owns is as good as ours. So is a group that is named as
we are and that nobody else is in, as many systems give each user one.
"""

from __future__ import annotations

import grp
import os
import pwd
import stat
from functools import cache
from pathlib import Path

ROOT = 0
_LINKS = 40
"""The most links that Linux follows, too."""
_ACL = "system.posix_acl_access"


def danger(path: Path, *, us: int) -> str | None:
    """Why others could change what is at `path`, or lead it elsewhere: one line that says what to
    do. None if only the user `us` and root could, also where nothing is there yet.

    It looks at each folder and link on the way, from the root down. So nothing that it has passed
    can be exchanged behind it. A folder on the way may be open to all if only the owner of a name
    may change it there (sticky, as /tmp).
    """
    rest = [*reversed(path.absolute().parts)]
    at = Path(rest.pop())
    links = 0
    while True:
        try:
            state = at.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            return f"{at} cannot be looked at: {error.strerror}"
        if state.st_uid not in (ROOT, us):
            return f"{at} belongs to {user(state.st_uid)}: chown it, or use what is yours"
        if stat.S_ISLNK(state.st_mode):
            links += 1
            if links > _LINKS:
                return f"{path} is a link that leads in circles"
            target = at.readlink()
            rest += [part for part in reversed(target.parts) if part != target.anchor]
            at = Path(target.anchor) if target.is_absolute() else at.parent
        elif others_may_write(at, state, us=us) and not (rest and state.st_mode & stat.S_ISVTX):
            return f"others may write {at} ({mode(state)}): chmod go-w it, or use another"
        if not rest:
            return None
        part = rest.pop()
        at = at.parent if part == ".." else at / part


def others_may_write(path: Path, state: os.stat_result, *, us: int) -> bool:
    """Whether somebody but its owner and root may write, by the mode of the file or folder."""
    if not state.st_mode & stat.S_IWGRP:
        return bool(state.st_mode & stat.S_IWOTH)
    # Under an access control list the group's bits are the most that anybody named in it may do.
    listed = _ACL in _attributes(path)
    return bool(state.st_mode & stat.S_IWOTH) or listed or not _ours_alone(state.st_gid, us)


def _attributes(path: Path) -> list[str]:
    try:
        return os.listxattr(path, follow_symlinks=False)
    except OSError:  # a file system that has none
        return []


@cache
def _ours_alone(group: int, us: int) -> bool:
    """Whether a group has our name, or root's, and by the machine's lists nobody else is in it."""
    names = {user(us), user(ROOT)}
    try:
        listed = grp.getgrgid(group)
    except KeyError:
        return False
    others = (one.pw_uid for one in pwd.getpwall() if one.pw_gid == group)
    return listed.gr_name in names and {*listed.gr_mem} <= names and {*others} <= {ROOT, us}


def user(uid: int) -> str:
    """The name of a user; the number where the machine knows none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def mode(state: os.stat_result) -> str:
    """A mode in words, as `mode 0644`."""
    return f"mode {stat.S_IMODE(state.st_mode):04o}"
