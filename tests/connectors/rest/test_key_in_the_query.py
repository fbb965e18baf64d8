"""A key in the query is in no address that we keep, even where the source echoes it."""

from __future__ import annotations

import logging
import traceback

import pytest

from connectors.errors import SourceChanged, SourceError
from connectors.events import Answered
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Page, PageRequest, Pages, Paging
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.next_url import next_url
from connectors.secrets import Secret
from tests.connectors.rest.keyed import SCHEMA, keys, read_as
from tests.connectors.scripted import Said, paged, scripted
from tests.connectors.vendor_fixture import Run

KEY = "canary-5e1f"
AUTH = ApiKey(key=Secret("env:VENDOR_KEY", KEY), parameter="api_key")
TYPED = {"content-type": "application/json"}


def echoing(*, further: str) -> dict[str, Said]:
    """Two pages; each names the next by the whole address it was asked by, key and all."""
    onward = f"/1?api_key={KEY}&page=2"
    first = Said(
        {"rows": [{"key": 1}], "next": onward}, headers={**TYPED, "link": f"<{onward}>; rel=next"}
    )
    last = {"rows": [{"key": 2}], "next": further or None}
    headers = {**TYPED, **({"link": f"<{further}>; rel=next"} if further else {})}
    return {
        f"/1?api_key={KEY}": first,
        f"/1?page=2&api_key={KEY}": Said(last, headers=headers),
    }


@pytest.mark.parametrize("pages", [next_url("next"), link_header()], ids=["field", "header"])
def test_an_echoed_key_is_sent_once_and_kept_nowhere(pages: Paging) -> None:
    seen: list[Page] = []

    def watched(first: PageRequest) -> Pages:
        style = pages(first)
        request = next(style)
        while True:
            page = yield request
            seen.append(page)
            try:
                request = style.send(page)
            except StopIteration as end:
                marker: str = end.value
                return marker

    with scripted(paged(echoing(further=""))) as source:
        run = read_as(source, Endpoint(path="/1", pages=watched, rows="rows"), auth=AUTH)
        assert source.paths() == [f"/1?api_key={KEY}", f"/1?page=2&api_key={KEY}"]
    assert keys(run) == [1, 2]
    assert [page.request.url for page in seen] == [f"{source.url}/1", f"{source.url}/1?page=2"]
    host = source.url.removeprefix("http://")
    assert [e.what for e in run.of(Answered)] == [f"GET {host}/1", f"GET {host}/1 page 2"]


FURTHER = {
    "back": f"/1?api_key={KEY}",
    "back by another spelling": f"/1?ap%69_key={KEY}&page=2",
    "elsewhere": f"http://127.0.0.1:1/1?api_key={KEY}",
    "unholdable": f"/1?api_key={KEY}&x=\x7f",
}


@pytest.mark.parametrize("case", FURTHER)
def test_a_page_that_leads_wrong_shows_no_key(case: str, caplog: pytest.LogCaptureFixture) -> None:
    """Back to an earlier page, too, is noticed before it is sent again."""
    caplog.set_level(logging.DEBUG)
    run = Run()
    with scripted(paged(echoing(further=FURTHER[case]))) as source:
        endpoint = Endpoint(path="/1", pages=next_url("next"), rows="rows")
        rest = source.rest(endpoints={"parts": endpoint}, auth=AUTH)
        reader = rest.read("parts", schema=SCHEMA, emit=run.events.append)
        with pytest.raises(SourceChanged) as changed:
            reader.read_all()
        assert len(source.asked) == 2
    shown = "".join(traceback.format_exception(changed.value)) + repr(run.events) + repr(rest)
    assert KEY not in shown + caplog.text


@pytest.mark.parametrize("status", [302, 400, 403, 404, 429, 503])
def test_a_refusal_shows_no_key(status: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = Said({"error": KEY}, status=status, headers={**TYPED, "location": f"/?k={KEY}"})
    with scripted(lambda _: said) as source, pytest.raises(SourceError) as refused:
        read_as(source, Endpoint(path="/1", pages=link_header(), rows="rows"), auth=AUTH)
    assert KEY not in "".join(traceback.format_exception(refused.value)) + caplog.text
