"""Why a child did not tell all of its task: as a fact."""

from __future__ import annotations

import signal

from harness import tags
from harness.box.client import Ended
from harness.facts import Failure
from harness.run.failure import OUT_OF_MEMORY

DIED = Failure(kind=tags.DIED, message="")
"""Stands for a death whose reason is to be looked up."""
GARBAGE = Failure(
    kind=tags.DIED,
    message="the process that read it sent what is no message of ours: nothing of it counts; "
    "report it",
)
_NO_MEMORY = (
    b"memory allocation of",
    b"MemoryError",
    b"bad_alloc",
    b"Cannot allocate memory",
    b"WouldBlock",
)
"""What Rust, Python and C++ print when there is none left, also for the stack of a thread."""


def reason(ended: Ended, said: bytes) -> Failure:
    """The failure of what a child was at when it ended; `said` is the last that it printed."""
    if any(words in said for words in _NO_MEMORY):
        return Failure(kind=tags.LIMIT_REACHED, message=OUT_OF_MEMORY)
    whose = "it may be a value in the data: report it"
    if ended.signal == signal.SIGKILL:
        whose = "somebody ended it, or the system had no memory left"
    return Failure(
        kind=tags.DIED,
        message=f"the process that read it died, {ended.how}: nothing of it counts; {whose}",
    )
