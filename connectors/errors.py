"""What a source's failure asks of the reader: fix access, come later, or read again."""

from __future__ import annotations


class SourceError(Exception):
    """A source could not be read. The message is one line, names the source's answer and says
    what to do; it never holds a secret or a value from the data.
    """


class AccessDenied(SourceError):
    """The source refused who we are or what we asked for: fix credentials or grants, no retry."""


class SourceUnavailable(SourceError):
    """The source did not answer, or not in time: later may be better.

    `retry_after` is the wait in seconds that the source asked for, if it did.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceChanged(SourceError):
    """What was read no longer hangs together (a column gone, a file replaced, a total that moved,
    an answer that is no answer): read again, or correct the contract.
    """
