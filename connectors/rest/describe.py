"""What a first page tells of the rows of an endpoint, for a draft and for what a run declares."""

from __future__ import annotations

from dataclasses import replace

from connectors.capabilities import Described
from connectors.convert import sample
from connectors.convert.json import numbers
from connectors.errors import NeedsRows, SourceChanged
from connectors.events import Declared, declare_names
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Page
from connectors.rest.reads_like import reads_like, unsaid


def describe(page: Page, endpoint: Endpoint) -> Described:
    """Its fields, and how it says that other pages follow. Raises SourceChanged for a page without
    rows.
    """
    if not any(page.rows):
        raise SourceChanged(
            f"{page.what}: its first page has no rows with a field, nothing to describe"
        )
    found = reads_like(page, endpoint.rows)
    like = ", ".join(f"{name}={text}" for name, text in found.items())
    described = sample.described(
        f"first page of {page.what}" + (f", which reads like {like}" if like else ""),
        {name: numbers(values) for name, values in page.table.columns.items()},
        estimated_rows=estimated_rows(page, endpoint),
    )
    hinted = replace(described, hint=unsaid(endpoint, page, found))
    return endpoint.wire.describe(hinted, endpoint.rows)


def estimated_rows(page: Page, endpoint: Endpoint) -> int | None:
    """The total, where the endpoint names one."""
    return None if endpoint.total is None else page.find_number(endpoint.total)


def declare(page: Page) -> Declared:
    """Its fields. Raises NeedsRows for a page without rows."""
    if not any(page.rows):
        raise NeedsRows(f"{page.what}: its first page has no rows, so no field is known")
    return declare_names(page.table.columns, by="first page")
