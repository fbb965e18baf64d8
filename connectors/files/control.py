"""Control files: what a sender puts beside its data once they are whole.

    {name}.ok, _SUCCESS             it is there: the file, or the folder, is whole
    {name}.ok   {rows};{sha256}     and what the file is
    *.manifest  {sha256}  {name}    a line for each file

Everything here is decided from a listing and from texts; nothing is fetched.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fnmatch import fnmatchcase

from connectors.files import said
from connectors.files.listing import Kind, Listed, is_meant
from connectors.files.said import Said, Word

_OF_EACH = ("{name}", "{stem}")
_SETTLED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that the control files of a dataset say."""

    words: Mapping[str, Word]
    """By the name of the file."""
    absent: Mapping[str, Word]
    """Of files that are not there."""
    doubts: Sequence[str]
    """What was not understood, as clauses."""


@dataclass(frozen=True, slots=True)
class ControlFile:
    """The files in which the sender says that its data are whole.

    >>> whole = ControlFile("{name}.ok", "{rows};{sha256}")
    >>> FileSet("in/*.csv", Csv(), sealed=whole).sealed.says
    '{rows};{sha256}'
    """

    name: str
    """`{name}.ok` lies beside each file; `{stem}.ok` is the same without the file's last ending.
    `_SUCCESS` or `*.manifest` speaks for its folder and those below."""
    says: str = ""
    """What stands in it: `{rows}`, `{bytes}` and `{sha256}` as the file lies there, a `*` for
    anything. With `{name}` there is a line for each file. Empty where it says no more than that
    it is there."""
    skip_lines: int = 0
    """Lines above those for each file."""
    settle: timedelta = _SETTLED
    """A file without its word is not read while it is younger than this: it may still be
    written."""

    def __post_init__(self) -> None:
        known = said.fields(self.says)
        if not self.name or "/" in self.name or sum(map(self.name.count, _OF_EACH)) > 1:
            raise ValueError(
                f"write {{name}}.ok, {{stem}}.ok, _SUCCESS or *.manifest, not {self.name!r}: a "
                "control file lies beside its data or in a folder above"
            )
        if len(set(known)) < len(known):
            raise ValueError("says names each of {name}, {rows}, {bytes} and {sha256} once")
        if self.says and not known:
            raise ValueError("says has {name}, {rows}, {bytes} or {sha256} in it, or is empty")
        if self.says and "{name}" not in known and not self._of_each:
            raise ValueError(
                "a control file for a folder has a line for each file: write {name} into says"
            )
        if self.skip_lines < 0 or self.settle < timedelta():
            raise ValueError("skip_lines and settle are 0 or more")

    @property
    def _of_each(self) -> bool:
        return any(mark in self.name for mark in _OF_EACH)

    def among(self, listed: Iterable[Listed], pattern: str) -> tuple[Listed, ...]:
        """The control files of all that matches the pattern, whether that is there or not."""

        def speaks(name: str) -> bool:
            if not self._of_each:
                return fnmatchcase(posixpath.basename(name), self.name)
            meant = self._meant(name, pattern)
            return meant is not None and is_meant(meant, pattern)

        files = (one for one in listed if one.kind is Kind.FILE and speaks(one.name))
        return tuple(sorted(files, key=lambda one: one.name))

    def hear(
        self,
        files: Sequence[Listed],
        controls: Sequence[Listed],
        texts: Mapping[str, str],
        pattern: str,
    ) -> Heard:
        """What the control files say of the files, of which a control file is no older than what
        it merely calls whole. `texts` are those of the control files, by name.
        """
        there = {file.name: file for file in files}
        told = defaultdict[str, list[tuple[Listed, Said]]](list)
        doubts: list[str] = []
        for control in controls:
            for name, one in self._statements(control, texts, there, pattern):
                if one is None:
                    doubts.append(f"{name} is not of the form {self.says}")
                elif name in there or is_meant(name, pattern):
                    told[name].append((control, one))
        words: dict[str, Word] = {}
        absent: dict[str, Word] = {}
        for name, all_told in told.items():
            control, one = max(all_told, key=lambda each: each[0].modified)
            word = Word(by=control.name, said=one)
            if any(other != one for _, other in all_told):
                doubts.append(f"{name[:80]!a} is spoken of twice, and not alike")
            elif name not in there:
                absent[name] = word
            elif _tells_more(one) or control.modified >= there[name].modified:
                words[name] = word
        return Heard(words=words, absent=absent, doubts=doubts)

    def lacking(self, file: Listed) -> str:
        """Why a file has no word, as a clause."""
        return f"{file.name} has no {self.name} that speaks of it and is no older"

    def awaited(self, file: Listed) -> str:
        """Why a file was not read, as a clause."""
        minutes = f"{self.settle.total_seconds() / 60:g} minutes"
        return (
            f"{file.name} is not delivered yet and was not read: no {self.name} speaks of it, and "
            f"it is younger than {minutes}"
        )

    def _statements(
        self,
        control: Listed,
        texts: Mapping[str, str],
        there: Mapping[str, Listed],
        pattern: str,
    ) -> Iterator[tuple[str, Said | None]]:
        """Each file of which a control file speaks; None, under the name of the line or the file,
        for what is not of the form.
        """
        folder = posixpath.dirname(control.name)
        if "{name}" in self.says:
            lines = texts[control.name].splitlines()
            for number, line in enumerate(lines[self.skip_lines :], self.skip_lines + 1):
                one = said.read(self.says, line.strip()) if line.strip() else None
                if one is not None and one.name is not None:
                    name = posixpath.normpath(posixpath.join(folder, one.name))
                    yield name, replace(one, name=None)
                elif line.strip():
                    yield f"line {number} of {control.name}", None
        elif self._of_each:
            meant = self._meant(control.name, pattern)
            assert meant is not None  # among()
            one = said.read(self.says, texts[control.name].strip()) if self.says else Said()
            yield (control.name, None) if one is None else (meant, one)
        else:
            above = f"{folder}/" if folder else ""
            yield from ((name, Said()) for name in there if name.startswith(above))

    def _meant(self, control: str, pattern: str) -> str | None:
        """The file of which a control file beside it speaks; None for any other file."""
        folder, name = posixpath.split(control)
        before, mark, after = re.split(r"(\{name\}|\{stem\})", self.name)
        if not (name.startswith(before) and name.endswith(after)):
            return None
        inner = name[len(before) : len(name) - len(after)]
        ending = posixpath.splitext(pattern)[1] if mark == "{stem}" else ""
        return posixpath.join(folder, inner + ending) if inner else None


def _tells_more(one: Said) -> bool:
    """Whether it says what the file is, not only that it is whole."""
    return (one.rows, one.bytes, one.sha256) != (None, None, None)
