"""The files that are one dataset: where they lie, how they are written, who calls them whole."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.capabilities import Described
from connectors.files import beside
from connectors.files.control import ControlFile
from connectors.files.formats import Format
from connectors.files.inventory import Inventory, Place
from connectors.files.listing import split
from connectors.files.packing import Packing, Zip, refuse_packed
from connectors.files.stores import Session


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files that are one dataset.

    >>> FileSet("shipments/shipments_*.csv", Csv(delimiter=";", decimal=",")).glob
    'shipments/shipments_*.csv'
    """

    glob: str
    """`shipments/shipments_*.csv`, from the store's root; a `*` does not reach beyond a `/`."""
    format: Format
    """How each of them is written."""
    packed: Packing | None = None
    """What is around them: `Gzip()`, `Zip("*.csv")`."""
    sealed: ControlFile | None = None
    """The files in which their sender says that they are whole: `ControlFile("{name}.ok")`."""

    def __post_init__(self) -> None:
        split(self.glob)
        ending = Path(self.glob).suffix
        if self.sealed and "{stem}" in self.sealed.name and not ending[1:].isalnum():
            raise ValueError(f"{{stem}} needs a glob that tells the ending, not {self.glob!r}")

    def place(self, session: Session) -> Place:
        """Where they lie in a store that is open."""
        folder, pattern = split(self.glob)
        return Place(session=session, folder=folder, pattern=pattern, sealed=self.sealed)

    def hinted(self, described: Described, found: Inventory) -> Described:
        """The description, with what seems to be the sender's word."""
        seen = None if self.sealed else beside.proposal(found.listed, found.files)
        if seen is None or described.hint is not None:
            return described
        hint = f"if the files beside the data are written last, say so in its FileSet: {seen}"
        return replace(described, hint=hint)

    @property
    def locator(self) -> str:
        """The files that are asked for, and the members of each: not how they are written."""
        return f"{self.glob} > {self.packed.glob}" if isinstance(self.packed, Zip) else self.glob

    def parts(self, path: Path, name: str) -> Generator[tuple[str, Path], None, None]:
        """What the format reads of one file: its members, or itself."""
        if self.packed is not None:
            yield from self.packed.members(path, name)
        else:
            refuse_packed(path, name)
            yield name, path
