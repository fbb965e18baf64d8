"""A root file system on this machine, and commands that see nothing but it.

Mounts are made in a namespace of the command's own and end with it; so does every process that it
started. What a client's container engine would enforce is enforced here by the same kernel.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.container import machine

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_POWERLESS = ("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "seatrial-roots"
"""Debian's minimal roots, kept between runs on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """Something of this machine that a command sees at `at`."""

    source: Path
    at: str
    writable: bool = False


def minimal(*packages: str) -> Path:
    """Debian's smallest root with these packages besides; made once, never changed."""
    release = machine.debian()
    root = CACHE / "-".join((release.codename, *packages))
    if root.is_dir():
        return root
    unfinished = root.with_name(f"{root.name}.{os.getpid()}")
    machine.need("debootstrap")
    ended = subprocess.run(
        [
            *("debootstrap", "--variant=minbase", f"--include={','.join(packages)}"),
            *(release.codename, unfinished, release.mirror),
        ],
        capture_output=True,
        text=True,
    )
    assert not ended.returncode, f"needs root, and Debian's mirror: {ended.stdout[-2000:]}"
    unfinished.rename(root)
    return root


def copied(root: Path, to: Path) -> Path:
    """A root of its own."""
    subprocess.run(["cp", "--archive", "--reflink=auto", root, to], check=True)
    return to


def run(  # noqa: PLR0913 - what an engine takes
    root: Path,
    command: Sequence[str],
    *,
    environ: Mapping[str, str],
    mounts: Sequence[Mount] = (),
    user: str = "0:0",
    workdir: str = "/",
    read_only: bool = False,
    timeout: float = 600,
) -> subprocess.CompletedProcess[str]:
    """Run a command in the root. Read-only, it may write to /tmp, which is new, and to what is
    mounted writable; and it can gain no power that it does not have.
    """
    at = shlex.quote(str(root))
    lines = [f"mount --bind {at} {at}"]
    if read_only:
        lines += [f"mount --options remount,bind,ro {at}", f"mount --types tmpfs tmp {at}/tmp"]
    lines += [f"mount --types proc proc {at}/proc"]
    for mount in mounts:
        source, target = (shlex.quote(str(p)) for p in (mount.source, f"{root}{mount.at}"))
        lines.append(f"mount --bind {source} {target}")
        if not mount.writable:
            lines.append(f"mount --options remount,bind,ro {target}")
    values = [f"{name}={value}" for name, value in environ.items()]
    uid, _, gid = user.partition(":")
    become = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    inside = [
        *("chroot", str(root), *become, *(_POWERLESS if read_only else ())),
        *("env", "--ignore-environment", f"--chdir={workdir}", *values, *command),
    ]
    script = "\n".join((*lines, f"exec {shlex.join(inside)}"))
    with ExitStack() as stubs:
        for mount in mounts:
            stubs.enter_context(_mount_point(root / mount.at.lstrip("/"), mount.source))
        return subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-eu", "-c", script],
            capture_output=True,
            text=True,
            timeout=timeout,
        )


@contextmanager
def _mount_point(path: Path, source: Path) -> Iterator[None]:
    """Something to mount on, gone afterwards where there was nothing."""
    missing = [p for p in (path, *path.parents) if not p.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.mkdir() if source.is_dir() else path.touch()
    yield
    for made in missing:
        made.rmdir() if made.is_dir() else made.unlink()
