"""Errors of a source, by what to do: fix access, come back later, or read again."""

from __future__ import annotations


class SourceError(Exception):
    """A source could not be read. The message is one line with the source's answer and what to do.
    It never contains a secret or a value from the data.
    """


class AccessDenied(SourceError):
    """The source refused our credentials or our request: fix credentials or grants.
    Not retried.
    """


class SourceUnavailable(SourceError):
    """The source did not answer in time: try again later.

    `retry_after` is the wait that the source asked for, in seconds; None if it did not.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceChanged(SourceError):
    """What was read is inconsistent (a column disappeared, a file was replaced, a total moved, an
    answer is malformed): read again, or correct the contract.
    """
