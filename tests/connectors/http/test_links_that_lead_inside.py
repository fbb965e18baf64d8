"""Whatever a page or a redirect names: nothing is sent to another origin."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged
from connectors.events import Event
from connectors.peer import Connected
from tests.connectors.http.raw_server import canary
from tests.connectors.scripted import Said, documents, paged, scripted

_SCHEMA = pa.schema([("key", pa.int64())])
LINKS = ("http://127.0.0.9/", "//127.0.0.9/2", "https://localhost/")
"""Other origins, and on this machine: with the guard off nothing leaves it."""


@pytest.mark.parametrize("link", LINKS)
def test_h17_a_next_url_that_leads_inside_is_not_followed(link: str) -> None:
    pages = documents([{"key": 1}], [{"key": 2}])
    pages["/1"] = Said({"rows": [{"key": 1}], "total": 2, "next": link})
    _refuses_to_follow(pages, "links to another origin: it was not followed")


@pytest.mark.parametrize(
    "location", [*LINKS, "file:///etc/passwd", "gopher://127.0.0.1/", "http://u:p@127.0.0.1/"]
)
def test_h15_h16_a_redirect_is_not_followed_wherever_it_leads(location: str) -> None:
    moved = Said(status=302, headers={"location": location})
    _refuses_to_follow({"/1": moved}, "302, a redirect: correct the address")


def test_h17_a_next_url_of_another_port_gets_no_connection() -> None:
    with canary() as (port, heard):
        pages = {
            "/1": Said({"rows": [{"key": 1}], "total": 2, "next": f"http://127.0.0.1:{port}/2"})
        }
        _refuses_to_follow(pages, "links to another origin")
    assert heard == []


def _refuses_to_follow(pages: dict[str, Said], why: str) -> None:
    events: list[Event] = []
    with scripted(paged(pages)) as source, pytest.raises(SourceChanged, match=why):
        source.rest().read("parts", schema=_SCHEMA, emit=events.append).read_all()
    assert {e.peer.address for e in events if isinstance(e, Connected)} == {"127.0.0.1"}
    assert set(source.paths()) == {"/token", "/1"}
