"""The owners' room, by an HTTP client."""

from __future__ import annotations

import httpx
import pytest

from estate.room import room


def test_it_keeps_what_is_posted_to_its_address_and_nothing_else() -> None:
    with room() as here, httpx.Client(timeout=10) as client:
        assert here.environ == {"OWNERS_ROOM_URL": here.url}
        assert client.post(here.url, content=b'{"a": 1}').status_code == 200
        assert client.post(here.url + "x", content=b"no").status_code == 404
        assert client.get(here.url).status_code == 501
        assert here.heard == [b'{"a": 1}']
        assert here.url not in repr(here)


def test_it_goes_when_the_block_ends() -> None:
    with room() as here:
        pass
    with pytest.raises(httpx.ConnectError):
        httpx.post(here.url, content=b"", timeout=5)
