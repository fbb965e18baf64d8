"""One `seatrial ui` for the attempts of a file, with a reverse proxy named in its pilot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import httpx
import pytest

from harness.dagster.web.access import PROXY_SECRET
from tests.harness.acme_layout import Acme, lay_out
from tests.harness.dagster_ui import Ui, served

PROXY = """
ui:
  proxy:
    origin: https://seatrial.acme.example
    user_header: X-Forwarded-User
    secret: env:ACME_PROXY
    address: 127.0.0.2
    operators: [ada@acme.example]
"""
SECRET = "the-proxys-secret-of-32-characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who asks a running UI."""

    ui: Ui
    operator: httpx.Client
    reader: httpx.Client
    nobody: httpx.Client

    def by_proxy(
        self, user: str, *, address: str = "127.0.0.2", secret: str = SECRET
    ) -> httpx.Client:
        """As the proxy passes on what somebody asks."""
        return httpx.Client(
            base_url=self.ui.root,
            transport=httpx.HTTPTransport(local_address=address),
            headers={
                "Host": "seatrial.acme.example",
                "X-Forwarded-User": user,
                PROXY_SECRET: secret,
            },
            timeout=60,
        )


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    laid_out = lay_out(tmp_path_factory.mktemp("behind"))
    with (laid_out.folder / "pilot.yaml").open("a") as settings:
        settings.write(PROXY)
    return laid_out


@pytest.fixture(scope="module")
def people(behind: Acme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    environ = {**behind.environ, "ACME_PROXY": SECRET}
    out = tmp_path_factory.mktemp("ui")
    with (
        served("acme", cwd=behind.elsewhere, environ=environ, out=out) as ui,
        closing(ui.open(ui.address_to_look)) as reader,
        httpx.Client(base_url=ui.root, timeout=60) as nobody,
    ):
        yield People(ui=ui, operator=ui.client, reader=reader, nobody=nobody)
