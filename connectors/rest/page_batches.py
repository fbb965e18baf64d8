"""What the pages of one reading hold, page by page, as batches."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

import pyarrow as pa

from connectors.convert.fit import Values, fit
from connectors.convert.json import plain
from connectors.errors import SourceChanged
from connectors.events import Emit, declare_names
from connectors.rest.evidence import Evidence
from connectors.rest.paginators import Page


@dataclass(slots=True, kw_only=True)
class PageBatches:
    """Shows each page to the evidence and passes its batch on; one per reading."""

    emit: Emit
    evidence: Evidence
    names: tuple[str, ...] = ()
    omitted: set[str] = field(default_factory=set)
    """Fields that some row of a page had and another left out."""

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
                if not self.evidence.rows:
                    yield fit({name: [] for name in schema.names}, schema)
                marker: str = end.value
                return marker
            self.evidence.see(page)
            if page.rows:
                found = self._columns(page, schema)
                yield fit(found, schema, extra=[name for name in found if name not in known])

    def _columns(self, page: Page, schema: pa.Schema) -> dict[str, Values]:
        """The page's rows as columns of the names that the first page had.

        A field that no row has, and that until now no row left out, was dropped: a null would
        say what the source did not. Sources that leave nulls out show it on a page where some
        rows have the field and others do not; from then on its absence is a null. One that never
        did and then does for a whole page at once is rare, and an error too many is not a pass.
        """
        found, omitted = page.table.columns, page.table.omitted
        if not self.names:
            if not found:
                raise SourceChanged(
                    f"{page.what}: its rows are empty objects, so no field is known: ask for the "
                    "fields by name, or correct rows"
                )
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
