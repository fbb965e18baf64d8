"""Link headers are read as RFC 8288 writes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.rest.paginators.link_header import link_header
from tests.connectors.rest.keyed import ONE, SCHEMA, keys
from tests.connectors.scripted import Said, paged, scripted
from tests.connectors.vendor_fixture import read


@pytest.mark.parametrize(
    ("link", "follows"),
    [
        ('</2>; rel="next"', True),
        ("</2>; rel=next", True),
        ("</2>;rel=NEXT", True),
        ('</2>; title="a, b; c"; rel="prev next"', True),
        ('</0>; rel="prev", </2>; rel="next"', True),
        ('</2>; rel="prev"', False),
        ('</2>; rel="nextish"', False),
        ('</2>; rel="prev"; rel="next"', False),
        ('</0>; title="</2>; rel=next"; rel=prev', False),
        ("", False),
    ],
)
def test_links_are_read_as_rfc_8288_writes_them(link: str, *, follows: bool) -> None:
    headers = {"content-type": "application/json", "link": link}
    pages = {"/1": Said(ONE, headers=headers), "/2": Said({**ONE, "rows": [{"key": 2}]})}
    with scripted(paged(pages)) as source:
        rest = source.rest()
        parts = replace(rest.endpoints["parts"], pages=link_header(), total=None)
        run = read(replace(rest, endpoints={"parts": parts}), schema=SCHEMA)
    assert keys(run) == ([1, 2] if follows else [1])
