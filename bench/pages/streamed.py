"""One reading of the paged API that keeps no row: `URL CA_FILE`. As a script it prints seconds of
CPU and the number of rows.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import pyarrow as pa

from bench.pages.typed import SCHEMA
from connectors.http.messages import Answer
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.bearer import Bearer
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.evidence import Evidence
from connectors.rest.page import read_page
from connectors.rest.page_batches import PageBatches
from connectors.rest.paginators import Page, PageRequest
from connectors.rest.paginators.page_number import page_number
from connectors.secrets import Secret

_ENDPOINT = Endpoint(path="/rows", pages=page_number(), rows="rows", total="total")
_JSON = {"content-type": "application/json"}


def batches(bodies: Sequence[bytes]) -> list[pa.RecordBatch]:
    """Pages as a reading makes batches of them, without their exchange."""

    def pages() -> Generator[Page, None, str]:
        for number, body in enumerate(bodies):
            request = PageRequest(url=f"https://127.0.0.1/rows?page={number}")
            answer = Answer(what="page", url=request.url, status=200, headers=_JSON, body=body)
            yield read_page(answer, request, _ENDPOINT)
        return "no rows"

    made = PageBatches(emit=lambda _: None, evidence=Evidence(_ENDPOINT))
    return list(made.batches(pages(), SCHEMA))


def _read(url: str, ca_file: str) -> dict[str, float]:
    rest = Rest(
        base_url=url,
        auth=Bearer(token=Secret("env:TOKEN", "bench")),
        endpoints={"rows": _ENDPOINT},
        budget=RateLimiter(100_000, 1),
        ca_file=Path(ca_file),
    )
    cpu = time.process_time()
    rows = sum(one.num_rows for one in rest.read("rows", schema=SCHEMA, emit=lambda _: None))
    return {"cpu": time.process_time() - cpu, "rows": rows}


if __name__ == "__main__":
    print(json.dumps(_read(*sys.argv[1:])))
