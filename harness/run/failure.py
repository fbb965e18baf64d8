"""An exception as a fact."""

from __future__ import annotations

import logging

from connectors.errors import SourceError
from harness import tags
from harness.errors import ConfigurationError
from harness.facts import Failure
from harness.limits import LimitReached

OUT_OF_MEMORY = (
    "it needs more memory than limits: {memory: …} in pilot.yaml allows: find out why it takes so "
    "much, or allow more there"
)
_LOG = logging.getLogger("seatrial")


def failure_of(error: Exception) -> Failure:
    """The tag and the text of an error that a user can correct; of any other error its type and
    the line that raised it, because its text may show data.
    """
    if _for_lack_of_memory(error):
        return Failure(kind=tags.LIMIT_REACHED, message=OUT_OF_MEMORY)
    if isinstance(error, SourceError | LimitReached | ConfigurationError):
        return Failure(kind=tags.of_error(error), message=str(error))
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    _LOG.debug("unexpected", exc_info=error)  # shown by --debug alone
    return Failure(
        kind=tags.UNEXPECTED, message=f"{type(error).__name__}{where}: a defect, report it"
    )


def _for_lack_of_memory(error: BaseException | None) -> bool:
    """Whether memory was lacking when it was raised: a parser may blame the file for that."""
    while error is not None and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    return error is not None
