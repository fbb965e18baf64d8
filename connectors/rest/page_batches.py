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

_ALL_FIELDS = (
    "ask for all fields on every page; if the source leaves out what is null, say omits_nulls=True"
)


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
                extra = [name for name in self.names if name not in known]
                late = [name for name in found if name not in self.names]
                yield fit(found, schema, extra=extra, unplaced=late)

    def _columns(self, page: Page, schema: pa.Schema) -> dict[str, Values]:
        """The page's rows as columns of the names that the first page had.

        A field that no row has, and that until now no row left out, was dropped: a null would
        say what the source did not. Sources that leave nulls out show it on a page where some
        rows have the field and others do not; from then on its absence is a null. One that never
        did and then does for a whole page at once is rare, and an error too many is not a pass.

        Where the endpoint says that nulls are left out, all names of the contract are columns from
        the first page on, and a field that neither has is rescued.
        """
        found, omitted = page.table.columns, page.table.omitted
        omits_nulls = self.evidence.endpoint.omits_nulls
        if not self.names:
            if not found:
                raise SourceChanged(
                    f"{page.what}: its rows are empty objects, so no field is known: ask for the "
                    "fields by name, or correct rows"
                )
            self.names = tuple(dict.fromkeys([*found, *(schema.names if omits_nulls else ())]))
            self.emit(declare_names(self.names, by="first page"))
        late = [name for name in found if name not in self.names]
        if late and not omits_nulls:
            raise SourceChanged(
                f"{page.what}: {len(late)} fields that the first page did not have: "
                f"read again, or {_ALL_FIELDS}"
            )
        dropped = set(self.names) - found.keys() - self.omitted
        if dropped and not omits_nulls:
            raise SourceChanged(
                f"{page.what}: {len(dropped)} fields that all rows had until now are in no "
                f"row here: read again, or {_ALL_FIELDS}"
            )
        self.omitted |= omitted
        absent: list[object] = [None] * len(page.rows)
        return {
            name: plain(found.get(name, absent), name, schema) for name in (*self.names, *late)
        }
