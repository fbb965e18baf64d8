"""Errors of a source, by what to do: fix access, come back later, or read again."""

from __future__ import annotations


class SourceError(Exception):
    """A source could not be read. The message is one line with the source's answer and what to do.
    It never contains a secret or a value from the data.

    >>> raise SourceError("https://shop.example has no endpoint for parts: add it")
    Traceback (most recent call last):
    connectors.errors.SourceError: https://shop.example has no endpoint for parts: add it
    """


class AccessDenied(SourceError):
    """The source refused our credentials or our request: fix credentials or grants.
    Not retried.

    >>> raise AccessDenied("GET shop.example/parts answered 401: check env:SHOP_TOKEN")
    Traceback (most recent call last):
    connectors.errors.AccessDenied: GET shop.example/parts answered 401: check env:SHOP_TOKEN
    """


class SourceUnavailable(SourceError):
    """The source did not answer in time: try again later.

    `retry_after` is the wait that the source asked for, in seconds; None if it did not. `answered`
    is true if the source itself said that it cannot now, which may be about this request alone.

    >>> SourceUnavailable("GET shop.example/parts answered 503", retry_after=30).retry_after
    30
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, answered: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.answered = answered


class SourceChanged(SourceError):
    """What was read is inconsistent (a column disappeared, a file was replaced, a total moved, an
    answer is malformed): read again, or correct the contract.

    >>> raise SourceChanged("orders_20261120.csv was replaced while it was read")
    Traceback (most recent call last):
    connectors.errors.SourceChanged: orders_20261120.csv was replaced while it was read
    """


class NeedsRows(SourceError):
    """The columns of a dataset cannot be told without reading it: let a reading declare them.

    >>> raise NeedsRows("shipments.zip: its names are inside the archive")
    Traceback (most recent call last):
    connectors.errors.NeedsRows: shipments.zip: its names are inside the archive
    """


def lacked_memory(error: BaseException | None) -> bool:
    """Whether memory was lacking when it was raised: a parser may blame the source for that.

    >>> lacked_memory(MemoryError())
    True
    """
    while error is not None and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    return error is not None


class BrokenFile(SourceChanged):
    """A file was transferred whole and cannot be read: it is cut, damaged, or not written as the
    pilot says. The log-in and the transfer are not to blame: have the file sent again.
    """
