"""Link headers are read as RFC 8288 writes them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.errors import SourceChanged
from connectors.rest.paginators.link_header import link_header
from tests.connectors.rest.keyed import ONE, SCHEMA, keys
from tests.connectors.scripted import Said, paged, scripted
from tests.connectors.vendor_fixture import Run, read


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
        ("</2>; type=application/json; rel=next", True),
        ("</2>;; rel=next;", True),
        ("</2>; rel=next, </2>; rel=next; type=text/json", True),
        ("</2>; rel=next; anchor=/1", True),
        ('</2>; rel=next; anchor="#rows"', True),
        ("", False),
    ],
)
def test_links_are_read_as_rfc_8288_writes_them(link: str, *, follows: bool) -> None:
    assert keys(following(link)) == ([1, 2] if follows else [1])


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("/2; rel=next", "cannot be read"),
        ("</2; rel=next", "cannot be read"),
        ('</2>; rel="next', "cannot be read"),
        ('</0>; rel=prev, x, </2>; rel="next"', "cannot be read"),
        ("</2>; rel=next, </3>; rel=next", "names 2 next pages"),
        ("</2>; rel=next; anchor=/other", "names what follows another address"),
    ],
)
def test_a_field_that_is_not_understood_is_no_end(link: str, told: str) -> None:
    with pytest.raises(SourceChanged, match=f"/1: its Link header {told}") as refusal:
        following(link)
    assert "\n" not in str(refusal.value)


def following(link: str) -> Run:
    headers = {"content-type": "application/json", "link": link}
    pages = {"/1": Said(ONE, headers=headers), "/2": Said({**ONE, "rows": [{"key": 2}]})}
    with scripted(paged(pages)) as source:
        rest = source.rest()
        parts = replace(rest.endpoints["parts"], pages=link_header(), total=None)
        return read(replace(rest, endpoints={"parts": parts}), schema=SCHEMA)
