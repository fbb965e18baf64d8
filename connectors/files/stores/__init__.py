"""The seam behind which every place of files stands: a store lists and fetches.

    Store.session ─▶ Session.entries ─▶ names, sizes, times
                             Session.fetch ─▶ one file, whole, in a private file of ours

It knows nothing of what is in the files. Adding one is one file here and its test.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO, Protocol, runtime_checkable

from connectors.connector import Probe
from connectors.events import Emit
from connectors.files.listing import Listed


class Session(Protocol):
    """A store, open for one reading. Every answer is emitted; failures are SourceError."""

    def entries(self, folder: str, pattern: str) -> Iterable[Listed]:
        """What is below `folder`, named as from there: at least all that matches `pattern`, part
        by part, and what lies beside it, whatever kind it is. A folder that is not there is no
        empty listing.
        """

    def fetch(self, folder: str, file: Listed) -> IO[bytes]:
        """The bytes of a listed file, whole, in a private file; SourceChanged where the store can
        tell that they are not of one moment.
        """


@runtime_checkable
class FetchesAhead(Protocol):
    """A session that sends requests for files before their turn."""

    def fetch_all(self, folder: str, files: Sequence[Listed]) -> Generator[IO[bytes], None, None]:
        """Each file in turn, as `fetch` gives it. Closing ends what is under way."""


@runtime_checkable
class FetchesParts(Protocol):
    """A session that fetches some bytes of a file alone."""

    def part(self, folder: str, file: Listed, start: int, size: int) -> bytes:
        """`size` bytes of a listed file from `start` on; fewer where it has become shorter."""


def fetch_each(
    session: Session, folder: str, files: Sequence[Listed]
) -> Generator[IO[bytes], None, None]:
    """Each file in turn, whole; one after the other where the session is one conversation."""
    if isinstance(session, FetchesAhead):
        yield from session.fetch_all(folder, files)
    else:
        for file in files:
            yield session.fetch(folder, file)


class Store(Protocol):
    """A place of files. Building one connects to nothing.

    >>> store: Store = Sftp(
    ...     host="drop.example",
    ...     user="reader",
    ...     host_key="ssh-ed25519 AAAA…",
    ...     password=at.secret("password"),
    ... )
    >>> store.endpoint
    'sftp://drop.example:22'
    """

    @property
    def endpoint(self) -> str:
        """Scheme, host and port, or a folder, without credentials; the same system gives the same
        text.
        """

    def session(self, emit: Emit) -> AbstractContextManager[Session]:
        """Log in, and out again. A log-in is told by `Authenticated`, and only where there was
        one.
        """

    def probe(self, folder: str, *, emit: Emit) -> Sequence[Probe]:
        """Try a stranger's credentials once, at `folder` where there is no log-in by itself; none
        where the store knows no strangers.
        """


@runtime_checkable
class LooksUp(Protocol):
    """A store without a log-in, whose system says what our user may do."""

    def look_up(self, globs: Mapping[str, str], *, emit: Emit) -> Sequence[Probe]:
        """One question for each power over each dataset's files; never raises."""


@runtime_checkable
class Rooted(Protocol):
    """A store whose globs begin at a place that its endpoint does not name."""

    @property
    def root(self) -> str:
        """The bucket or the user's home, as a prefix of a glob."""
