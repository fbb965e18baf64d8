"""What our login may write on an SFTP server, tried in one folder that its owner has permitted.

    the folder is there and empty ─▶ write a file in it ─▶ make a folder in it ─▶ remove it

The names in it are random. A denial is SSH_FX_PERMISSION_DENIED alone: a server that fails for
another reason, as one whose disk is read-only today, has not denied us anything. A file that is
not there cannot be removed by anybody, so the folder itself is what removing is tried on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial

import asyncssh

from connectors.connector import Probe
from connectors.errors import SourceError
from connectors.events import Emit
from connectors.files.stores.sftp_answers import DENIED, OK, status_of
from connectors.files.stores.sftp_asking import asking, wait
from connectors.rights import GRANTED, NO_ANSWER, left_behind, not_asked, power

_MISSING, _HOLDS, _OTHER = "NoSuchFile", "holds", "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One permitted folder, as our login asks for it."""

    client: asyncssh.SFTPClient
    runner: asyncio.Runner
    emit: Emit
    user: str
    at: str
    token: str
    """Of the names in it: random."""

    def try_write(self) -> Iterator[Probe]:
        """What the server answered to each kind of write, or why none was sent."""
        if (unfit := self._unfit()) is not None:
            yield unfit
            return
        file, folder = f"{self.at}/seatrial-{self.token}", f"{self.at}/seatrial-{self.token}.d"
        client = self.client
        make, unmake = partial(client.mkdir, folder), partial(client.rmdir, folder)
        for what, do, undo, there in (
            ("write files into", partial(self._write, file), partial(client.remove, file), file),
            ("make folders in", make, unmake, folder),
            ("remove", partial(client.rmdir, self.at), partial(client.mkdir, self.at), None),
        ):
            answers = tuple(self._try(f"{what} {self.at}", do, undo, there))
            yield from answers
            if answers[-1].status not in (GRANTED, DENIED):
                return

    def _unfit(self) -> Probe | None:
        """Why nothing may be tried here."""
        what = f"write files into {self.at}"
        status = self._ask(f"look at {self.at}", self._entries)
        why = {
            _MISSING: "there is no such folder: have its owner make it, empty",
            _HOLDS: "it holds something already: have its owner empty it, or permit another",
            _OTHER: "it is no folder: have its owner make one there, empty",
        }.get(status)
        if why is not None:
            return not_asked(what, f"{self.at}: {why}")
        if status == OK:
            return None
        detail = "nothing was written, because what lies there could not be listed"
        return power(what, status=status, detail=detail)

    async def _entries(self) -> str:
        attributes = await self.client.lstat(self.at)
        if attributes.type != asyncssh.FILEXFER_TYPE_DIRECTORY:
            return _OTHER
        async for entry in self.client.scandir(self.at):
            if entry.filename not in (".", ".."):
                return _HOLDS
        return OK

    async def _write(self, name: str) -> None:
        # Some servers refuse as late as the file is closed.
        async with self.client.open(name, "xb"):
            pass

    def _try(
        self,
        what: str,
        do: Callable[[], Awaitable[None]],
        undo: Callable[[], Awaitable[None]],
        there: str | None,
    ) -> Iterator[Probe]:
        status = self._ask(what, do)
        if status not in (OK, DENIED):
            found = self._ask(f"look at {there or self.at}", self._looks(there or self.at))
            if found == (_MISSING if there is None else OK):
                status = OK  # it was done all the same
            elif found not in (OK, _MISSING):
                yield left_behind(there or self.at)
        if status == OK and self._ask(f"undo: {what}", undo) != OK:
            yield left_behind(there or f"no folder {self.at}")
        who = f"user {self.user}"
        granted = GRANTED if status == OK else status
        yield power(what, status=granted, detail=who, refused=status == DENIED)

    def _looks(self, name: str) -> Callable[[], Awaitable[None]]:
        async def look() -> None:
            await self.client.lstat(name)

        return look

    def _ask(self, what: str, work: Callable[[], Awaitable[str | None]]) -> str:
        """How the server answered, or what was found where it answered well."""
        try:
            with asking(what, self.emit):
                found = wait(self.runner, work())
        except SourceError as error:
            cause = error.__cause__
            return status_of(cause) if isinstance(cause, asyncssh.SFTPError) else NO_ANSWER
        return found or OK
