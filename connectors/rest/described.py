"""What a first page tells of a dataset: its columns, and the style of pages that it reads like."""

from __future__ import annotations

from dataclasses import replace

from connectors.capabilities import Described
from connectors.convert import sample
from connectors.convert.json import numbers
from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Page
from connectors.rest.reads_like import reads_like, unsaid


def described(endpoint: Endpoint, first: Page) -> Described:
    """By `first` of the pages of `endpoint`. Raises SourceChanged where it has no field."""
    if not any(first.rows):
        raise SourceChanged(
            f"{first.what}: its first page has no rows with a field, nothing to describe"
        )
    found = reads_like(first, endpoint.rows)
    like = ", ".join(f"{name}={text}" for name, text in found.items())
    by_sample = sample.described(
        f"first page of {first.what}" + (f", which reads like {like}" if like else ""),
        {name: numbers(values) for name, values in first.table.columns.items()},
        estimated_rows=None if endpoint.total is None else first.find_number(endpoint.total),
    )
    hinted = replace(by_sample, hint=unsaid(endpoint, first, found))
    return endpoint.wire.describe(hinted, endpoint.rows)
