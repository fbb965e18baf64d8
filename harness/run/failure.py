"""An exception as a fact."""

from __future__ import annotations

import logging

from connectors.errors import SourceError
from harness import tags
from harness.facts import Failure
from harness.limits import LimitReached

_LOG = logging.getLogger("seatrial")


def failure_of(error: Exception) -> Failure:
    """The tag and the text of a SourceError or LimitReached; of any other error its type and the
    line that raised it, because its text may show data.
    """
    if isinstance(error, SourceError | LimitReached):
        return Failure(kind=tags.of_error(error), message=str(error))
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    _LOG.debug("unexpected", exc_info=error)  # shown by --debug alone
    return Failure(
        kind=tags.UNEXPECTED, message=f"{type(error).__name__}{where}: a defect, report it"
    )
