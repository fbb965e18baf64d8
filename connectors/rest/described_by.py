"""What a first page shows of its rows, where the source describes them nowhere; pure."""

from __future__ import annotations

from dataclasses import replace

from connectors.capabilities import Described
from connectors.convert import sample
from connectors.convert.json import numbers
from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Page
from connectors.rest.reads_like import reads_like, unsaid


def described_by(first: Page, endpoint: Endpoint) -> Described:
    """Its rows as a sample, and how it says that other pages follow; SourceChanged without any."""
    if not any(first.rows):
        raise SourceChanged(
            f"{first.what}: its first page has no rows with a field, nothing to describe"
        )
    found = reads_like(first, endpoint.rows)
    like = ", ".join(f"{name}={text}" for name, text in found.items())
    described = sample.described(
        f"first page of {first.what}" + (f", which reads like {like}" if like else ""),
        {name: numbers(values) for name, values in first.table.columns.items()},
        estimated_rows=None if endpoint.total is None else first.find_number(endpoint.total),
    )
    return replace(described, hint=unsaid(endpoint, first, found))
