"""Every file of the folder is one that was signed, with its size and digest; none is missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from harness.evidence.verify.finding import Finding, NotReadable, good, refused
from harness.evidence.verify.folder import Folder

CHECK = "files"
_OTHER = "it is not the file that was signed: somebody changed it, or the copy is damaged"


def odd(folder: Folder) -> Iterator[Finding]:
    """What lies in the folder and is no plain file."""
    for name, says in folder.wrong.items():
        yield refused(
            CHECK,
            f"it is {says}",
            file=name,
            means="a bundle has plain files alone; what this leads to is not evidence",
        )


def as_listed(folder: Folder, listed: Mapping[str, tuple[str, int]]) -> Iterator[Finding]:
    """Each file of the manifest, held against the disk."""
    held, size_of_all = 0, 0
    for name, (digest, size) in sorted(listed.items()):
        says = _deviation(folder, name, digest, size)
        if says is None:
            held, size_of_all = held + 1, size_of_all + size
        elif name not in folder.sizes and name not in folder.wrong:
            yield refused(CHECK, says, file=name, means="somebody removed it, or the copy is cut")
        else:
            yield refused(CHECK, says, file=name, means=_OTHER)
    if held == len(listed) and listed:
        yield good(CHECK, f"{held:,} files with {size_of_all:,} bytes, each as the manifest says")


def unsigned(folder: Folder, known: Collection[str]) -> Iterator[Finding]:
    """Files that nobody signed."""
    for name in sorted(folder.sizes.keys() - set(known)):
        yield refused(
            CHECK,
            "it is in the folder, and nobody signed it",
            file=name,
            means="it is not part of the evidence: do not read it as such",
        )


def _deviation(folder: Folder, name: str, digest: str, size: int) -> str | None:
    if name not in folder.sizes:
        return "it is in the manifest, and not in the folder"
    if folder.sizes[name] != size:
        return f"it has {folder.sizes[name]:,} bytes; the manifest says {size:,}"
    try:
        found = folder.digest(name)
    except NotReadable as error:
        return str(error)
    return None if found == digest else "its SHA-256 is another than the manifest's"
