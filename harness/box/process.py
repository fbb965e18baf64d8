"""What a process does to itself: leave no core file, outlive nobody, stay within limits."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4  # linux/prctl.h
_FILES = 1_024
"""Open files and sockets at most."""
LIBRARIES = 128 << 20
"""Bytes of mapped files, which are no data: what libraries and their caches have in memory."""


def leave_no_core() -> None:
    """Never write a core file, which would hold this process's secrets, and let no other process
    of the same user read its memory or environment. Each process that starts anew must call it.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def end_with(parent: int) -> None:
    """Let the kernel kill this process when `parent`, which started it, ends in any way."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was told
        os._exit(1)


def confine(memory: int) -> None:
    """Limit this process to `memory` bytes. An allocation beyond that fails."""
    # Not RLIMIT_AS: allocators reserve far more addresses than they ever use.
    data = max(memory - LIBRARIES, LIBRARIES)
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option} failed")
