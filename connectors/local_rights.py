"""What this process may change of files on this machine: the kernel is asked, nothing is tried.

    access(2) by effective ids ─▶ may write        owner, capabilities ─▶ may give itself the right

The kernel's answer knows modes, access lists, read-only mounts and immutable files, for root as
for everybody. It is no denial where we could change it: by the mode of what we own, or by mounting
anew. Whoever owns a file is asked nothing: its mode is theirs to set. So root is denied on a mount
alone that is read-only and that it has no capability to mount otherwise, as in a container.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.connector import Probe
from connectors.rights import looked_up, not_asked

_STATUS = Path("/proc/self/status")
_FOWNER, _SYS_ADMIN = 3, 21
"""capabilities(7): change the mode of what others own; mount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Who asks."""

    uid: int
    """Effective."""
    capabilities: int
    """Effective, as bits."""

    @property
    def name(self) -> str:
        """As `user reader`; the number where the machine knows no name."""
        try:
            return f"user {pwd.getpwuid(self.uid).pw_name}"
        except KeyError:
            return f"user {self.uid}"

    def may(self, capability: int) -> bool:
        """Whether it has this one."""
        return bool(self.capabilities >> capability & 1)


def this_process() -> Process:
    """This one. Where the system does not tell capabilities, root has all of them."""
    uid = os.geteuid()
    try:
        lines = _STATUS.read_text().splitlines()
        bits = next(int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))
    except (OSError, StopIteration, ValueError, IndexError):
        bits = -1 if uid == 0 else 0
    return Process(uid=uid, capabilities=bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """What a process may do with one file or folder beyond reading it."""

    write: bool
    own: bool
    """Give itself the right, or others: as its owner, or with CAP_FOWNER."""
    mount: bool
    """Make what is mounted read-only writable."""


def powers(path: str | Path, process: Process, *, at: int | None = None) -> Powers:
    """What a process may do with what is at `path`, from the open folder `at` if one is given.
    Raises OSError where it cannot be looked at.
    """
    state = os.stat(path, dir_fd=at, follow_symlinks=at is None)
    folder = path if at is None else at
    is_read_only = bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    is_ours = state.st_uid == process.uid or process.may(_FOWNER)
    return Powers(
        write=os.access(path, os.W_OK, dir_fd=at, effective_ids=True),
        own=is_ours and not is_read_only,
        mount=is_read_only and process.may(_SYS_ADMIN),
    )


def probes(named: dict[str, list[Powers]], process: Process) -> Iterator[Probe]:
    """One question for each power over each of what is named, as `files of orders`."""
    who = process.name
    for what, found in named.items():
        is_granted = any(one.write for one in found if not one.own)
        if any(one.own for one in found) and not is_granted:
            why = f"{who} may give itself every right on {what}, so their modes deny it nothing: "
            yield not_asked(f"write {what}", f"{why}run as another user, or mount them read-only")
        else:
            yield looked_up(f"write {what}", granted=is_granted, who=who)
        yield looked_up(f"mount {what} anew", granted=any(p.mount for p in found), who=who)
