"""An exception as a fact."""

from __future__ import annotations

import errno

from connectors.errors import SourceError, lacked_memory
from connectors.redaction import redact
from harness import tags
from harness.errors import ConfigurationError, defect
from harness.facts import Failure
from harness.limits import LimitReached

OUT_OF_MEMORY = (
    "it needs more memory than limits: {memory: …} in pilot.yaml allows: find out why it takes so "
    "much, or allow more there"
)
DISK_FULL = (
    "the disk on which it lands or is unpacked is full: make room there, or name another TMPDIR "
    "or --out"
)


def failure_of(error: Exception) -> Failure:
    """The tag and the text of an error that a user can correct; of any other error its type and
    a line that it came through, because its text may show data.
    """
    if lacked_memory(error):
        return Failure(kind=tags.LIMIT_REACHED, message=OUT_OF_MEMORY)
    if isinstance(error, SourceError | LimitReached | ConfigurationError):
        return Failure(kind=tags.of_error(error), message=_told(error))
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failure(kind=tags.LIMIT_REACHED, message=DISK_FULL)
    return Failure(kind=tags.UNEXPECTED, message=defect(error))


def _told(error: Exception) -> str:
    """Its text, with half a character written out: no message can hold one. A secret in it, which
    a pilot's own connector may quote, goes no further than here.
    """
    return redact(str(error)).encode(errors="backslashreplace").decode()
