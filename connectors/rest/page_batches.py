"""What the pages of one reading hold and declare, page by page."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

import pyarrow as pa

from connectors.convert.fit import fit
from connectors.convert.json import columns, plain
from connectors.errors import SourceChanged
from connectors.events import Completed, Emit, Witness, WitnessKind, declare_names
from connectors.rest.locations import Location
from connectors.rest.paginators import Page


@dataclass(slots=True, kw_only=True)
class PageBatches:
    """Counts while it passes the batches on; one per reading."""

    emit: Emit
    total: Location | None
    """Where each page declares how many rows there are in all."""
    names: tuple[str, ...] = ()
    omitted: set[str] = field(default_factory=set)
    """Fields that some row of a page had and another left out."""
    declared: int | None = None
    pages: int = 0
    rows: int = 0
    bytes: int = 0

    def batches(
        self, pages: Generator[Page, None, str], schema: pa.Schema
    ) -> Generator[pa.RecordBatch, None, str]:
        """A batch for each page with rows, or one without any; returns the last page's mark.

        Without any row the columns are unknown: the batch then has all of `schema`, empty.
        """
        known = frozenset(schema.names)
        while True:
            try:
                page = next(pages)
            except StopIteration as end:
                if not self.rows:
                    yield fit({name: [] for name in schema.names}, schema)
                marker: str = end.value
                return marker
            self._count(page)
            if page.rows:
                found = self._columns(page, schema)
                yield fit(found, schema, extra=[name for name in found if name not in known])

    def complete(self, marker: str) -> Completed:
        """The last event, with the total that the source declared as witness."""
        witness = None
        if self.declared is not None:
            witness = Witness(
                kind=WitnessKind.DECLARED_TOTAL,
                declared=self.declared,
                unit="rows",
                detail=f"{marker} on page {self.pages}",
            )
        return Completed(rows=self.rows, bytes=self.bytes, witness=witness)

    def _count(self, page: Page) -> None:
        self.pages += 1
        self.rows += len(page.rows)
        self.bytes += page.bytes
        if self.total is not None:
            self._compare(page, self.total)
        if self.declared is not None and self.rows > self.declared:
            raise SourceChanged(
                f"{page.what}: {self.rows} rows so far, and the source declared {self.declared}: "
                "read again, or correct the name of the total"
            )

    def _columns(self, page: Page, schema: pa.Schema) -> dict[str, list[object]]:
        """The page's rows as columns of the names that the first page had.

        A field that no row has, and that until now no row left out, was dropped: a null would
        say what the source did not. Sources that leave nulls out show it on a page where some
        rows have the field and others do not; from then on its absence is a null. One that never
        did and then does for a whole page at once is rare, and an error too many is not a pass.
        """
        found, omitted = columns(page.rows)
        if not self.names:
            self.names = tuple(found)
            self.emit(declare_names(self.names, by="first page"))
        if late := found.keys() - set(self.names):
            raise SourceChanged(
                f"{page.what}: {len(late)} fields that the first page did not have: "
                "read again, or ask for all fields on every page"
            )
        if dropped := set(self.names) - found.keys() - self.omitted:
            raise SourceChanged(
                f"{page.what}: {len(dropped)} fields that all rows had until now are in no "
                "row here: read again, or ask for all fields on every page"
            )
        self.omitted |= omitted
        absent: list[object] = [None] * len(page.rows)
        return {name: plain(found.get(name, absent), name, schema) for name in self.names}

    def _compare(self, page: Page, total: Location) -> None:
        """A total that moves means that the pages are of different moments."""
        declared = page.find_number(total)
        if declared is None:  # the source did not count this time
            return
        if self.declared not in (None, declared):
            raise SourceChanged(
                f"{page.what}: the total moved from {self.declared} to {declared} while it was "
                "read: read again"
            )
        self.declared = declared
