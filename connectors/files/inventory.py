"""Which files of a listing are a dataset, and what their sender says of them.

Beyond the listing itself this asks for the control files in which something stands, for the
folders above in which alone a table format's log could lie, and for one folder `metadata`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from connectors.errors import SourceChanged, SourceError
from connectors.events import Witness
from connectors.files import beside
from connectors.files.control import ControlFile
from connectors.files.listing import Kind, Listed, matching, require_plain, unmoved
from connectors.files.private import path_of
from connectors.files.said import Word
from connectors.files.stores import Session, fetch_each

_LONGEST_BYTES = 4 << 20
"""Of a control file; a longer one says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """One listing, sorted."""

    listed: Sequence[Listed]
    """All of it."""
    files: tuple[Listed, ...]
    controls: tuple[Listed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is read, and what is known of it before."""

    files: tuple[Listed, ...]
    words: Mapping[str, Word] = field(default_factory=dict)
    absent: Sequence[Word] = ()
    """Of files that are not there."""
    left_out: Sequence[Listed] = ()
    """Not yet delivered: without a word, and so young that they may still be written."""
    doubts: Sequence[str] = ()
    """Why it may not be all that the sender meant, as clauses."""
    proposal: str | None = None
    """What seems to be the sender's word, as a pilot would declare it."""
    is_sealed: bool = False
    """Only what the sender has closed is read, so what comes later takes nothing away."""

    def unmoved(self, before: Inventory, after: Inventory) -> Witness:
        """The witness that two listings around the reading are; SourceChanged where they differ
        in what was read.
        """
        if not self.is_sealed:
            return unmoved(before.files, after.files)
        known = {one.name for one in (*self.files, *before.controls)}
        unmoved(before.controls, tuple(one for one in after.controls if one.name in known))
        return unmoved(self.files, tuple(one for one in after.files if one.name in known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the files of a dataset lie, in an open store."""

    session: Session
    folder: str
    pattern: str
    sealed: ControlFile | None

    def look(self) -> Inventory:
        """List it once; SourceChanged for names that cannot be files of the dataset."""
        listed = tuple(self.session.entries(self.folder, self.pattern))
        controls = () if self.sealed is None else self.sealed.among(listed, self.pattern)
        for control in controls:
            for part in control.name.split("/"):
                require_plain(part, control.name)
        files = matching(set(listed).difference(controls), self.pattern)
        return Inventory(listed=listed, files=files, controls=controls)

    def refuse_tables(self, found: Inventory) -> None:
        """SourceChanged for files that are the inside of a Delta, Hudi or Iceberg table."""
        self._refuse(self.folder, found.listed, found.files)
        for above in beside.tables_above(self.folder) if found.files else ():
            below = self.folder.removeprefix(above).lstrip("/")
            files = [replace(one, name=f"{below}/{one.name}") for one in found.files]
            self._refuse(above, self._entries(above, "*"), files)

    def delivery(self, found: Inventory, now: float) -> Delivery:
        """Hear what the control files say. `now` is in seconds since 1970."""
        doubts = list(beside.doubts(found.listed, found.files, self.pattern))
        if self.sealed is None:
            seen = beside.proposal(found.listed, found.files)
            return Delivery(files=found.files, doubts=doubts, proposal=seen)
        texts = self._texts(found.controls) if self.sealed.says else {}
        heard = self.sealed.hear(found.files, found.controls, texts, self.pattern)
        files, left_out = list[Listed](), list[Listed]()
        for file in found.files:
            if file.name in heard.words:
                files.append(file)
            elif abs(now - file.modified) < self.sealed.settle.total_seconds():
                left_out.append(file)
            else:
                files.append(file)
                doubts.append(self.sealed.lacking(file))
        waiting = [self.sealed.awaited(file) for file in left_out]
        return Delivery(
            files=tuple(files),
            words=heard.words,
            absent=tuple(heard.absent.values()),
            left_out=left_out,
            doubts=[*waiting, *heard.doubts, *doubts],
            is_sealed=True,
        )

    def _refuse(self, folder: str, listed: Sequence[Listed], files: Sequence[Listed]) -> None:
        told = beside.log_of_a_table(listed, files)
        metadata = beside.metadata_folder(listed, files)
        if told is None and metadata is not None:
            inside = self._entries(posixpath.join(folder, metadata), beside.ICEBERG_FILES)
            told = beside.log_of_iceberg(metadata, inside)
        if told is not None:
            raise SourceChanged(told)

    def _entries(self, folder: str, pattern: str) -> Sequence[Listed]:
        """A folder that the glob does not reach; one that we may not see says nothing."""
        try:
            return tuple(self.session.entries(folder, pattern))
        except SourceError:
            return ()

    def _texts(self, controls: Sequence[Listed]) -> Mapping[str, str]:
        """What stands in them; nothing in those that are no file or too long."""
        heard = [c for c in controls if c.kind is Kind.FILE and c.bytes <= _LONGEST_BYTES]
        texts = dict.fromkeys((control.name for control in controls), "")
        with closing(fetch_each(self.session, self.folder, heard)) as copies:
            for control, private in zip(heard, copies, strict=True):
                with private:
                    text = path_of(private).read_text(encoding="utf-8-sig", errors="replace")
                texts[control.name] = text
        return texts
