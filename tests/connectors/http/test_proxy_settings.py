"""A proxy that would leak or read along is refused before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.http.proxy import Proxy
from connectors.secrets import Secret
from tests.connectors.bucket_fixture import Bucket
from tests.connectors.proxy_fixture import Passage
from tests.connectors.scripted import paged, scripted


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "socks5://proxy.example:1080"}, "a proxy is http://host:port or https"),
        ({"url": "http://u:canary@proxy.example:3128"}, "an address holds no user"),
        ({"url": "http://proxy.example:3128"}, "would show the credentials to the network"),
        ({"url": "https://proxy.example/pac"}, "an address without a path"),
        ({"user": None}, "a user and a password, or neither"),
    ],
)
def test_a_proxy_that_would_leak_is_refused_at_once(changes: dict[str, Any], said: str) -> None:
    settings = {"url": "http://127.0.0.1:3128", "user": "u", "password": Secret("env:X", "x")}
    with pytest.raises(ValueError, match=said) as caught:
        Proxy(**{**settings, **changes})
    assert "canary" not in str(caught.value)


def test_a_proxy_beyond_this_machine_may_be_plain_where_it_asks_no_password() -> None:
    assert Proxy(url="http://proxy.example:3128").place == "proxy proxy.example:3128"


def test_what_is_not_encrypted_goes_through_no_proxy(
    gate: Passage, encrypted: tuple[Bucket, str, Path]
) -> None:
    with scripted(paged({})) as plain, pytest.raises(ValueError, match="would read along"):
        plain.rest(proxy=gate.proxy())
    with pytest.raises(ValueError, match="would read along"):
        encrypted[0].store(proxy=gate.proxy())
