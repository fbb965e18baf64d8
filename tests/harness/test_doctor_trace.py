"""One exchange is shown so that an API is understood, and nothing is given away."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from rich.console import Console

from harness.errors import ConfigurationError
from harness.onboarding.doctor_trace import trace
from tests.connectors.scripted import TOKEN, Asked, Said, Scripted, scripted
from tests.harness.engagement import PILOT_YAML, write

PILOT_PY = """
import pandera.polars as pa
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.rest import ClientCredentials, Endpoint, RateLimiter, Rest, next_url
from seatrial.sql import Sql

PARTS = Contract(
    name="parts",
    promises=Promises(key=("key",)),
    schema=pa.DataFrameSchema({"key": pa.Column("int64")}, strict=True),
)

def shop(at: Address) -> Rest:
    return Rest(
        base_url=at.text("url"),
        auth=ClientCredentials(
            token_path="/token", client_id="us", client_secret=at.secret("password")
        ),
        endpoints={
            "parts": Endpoint(
                path="/parts?filter=canary-query", pages=next_url("next"), rows="items", total="n"
            ),
            "makers": Endpoint(path="/makers", pages=next_url("next"), rows="items", total="n"),
        },
        budget=RateLimiter(requests=100, seconds=1),
    )

def erp(at: Address) -> Sql:
    return Sql(url=at.text("url"), password=None, tables={"parts": "parts"})

PILOT = Pilot(
    name="acme",
    sources=(
        Source(name="shop", connect=shop, contracts=(PARTS,)),
        Source(name="erp", connect=erp, contracts=(PARTS,)),
    ),
)
"""
YAML = PILOT_YAML.replace("  erp: {owner", "  shop: {owner: A}\n  erp: {owner").replace(
    "      erp: {url: env:ERP_URL, password: env:ERP_PASSWORD}\n",
    "      shop: {url: env:SHOP_URL, password: env:SHOP_PASSWORD}\n"
    "      erp: {url: 'sqlite:///none.sqlite'}\n",
)
SECRET = "canary-password"
FIRST = Said(
    {
        "items": [{"key": 1, "name": "canary-row"}, {"key": 2, "name": None}],
        "n": 117,
        "next": "/parts?after=canary-mark",
    },
    headers={
        "content-type": "application/json; charset=utf-8",
        "ratelimit-policy": '"day";q=1000;w=86400',
        "ratelimit": '"day";r=998;t=3600',
        "set-cookie": "canary-cookie",
        "link": "</parts?after=canary-mark>; rel=next",
    },
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("pilot"), py=PILOT_PY, yaml=YAML)


def environ(url: str) -> Mapping[str, str]:
    return {"SHOP_URL": url, "SHOP_PASSWORD": SECRET}


def shown(folder: Path, source: Scripted, name: str = "shop") -> tuple[int, str]:
    """The exit code, and the rows with their cells joined again."""
    out = io.StringIO()
    code = trace(
        folder,
        source=name,
        start=folder,
        environment="dev",
        environ=environ(source.url),
        console=Console(file=out, width=80),
    )
    assert all(len(line) <= 80 for line in out.getvalue().splitlines())
    assert "canary" not in out.getvalue()
    rows: list[str] = []
    for line in out.getvalue().splitlines():
        if line[:9].strip():
            rows.append("")
        rows[-1] += " " + " ".join(line[9:].split())
    return code, "\n".join(row.strip() for row in rows)


def answering(first: Said) -> AbstractContextManager[Scripted]:
    def answers(asked: Asked) -> Said:
        return Said(TOKEN) if asked.path == "/token" else first

    return scripted(answers)


def test_an_exchange_is_understood_at_a_glance(folder: Path) -> None:
    with answering(FIRST) as source:
        code, told = shown(folder, source)
        at = source.url.partition("//")[2]
    assert code == 0
    for line in (
        "dataset shop.parts, its first page",
        f"sent POST {at}/token",
        f"sent GET {at}/parts",
        "sent query filter",
        "sent headers accept, accept-encoding, authorization, cache-control, user-agent",
        'came header ratelimit-policy: "day";q=1000;w=86400',
        "quota 1,000 requests in 86,400 s",
        "rows 2 of 2 columns, at items",
        "total 117, at n",
        "pages next_url: another page follows",
    ):
        assert line in told, told
    assert "came 200, application/json; charset=utf-8, " in told
    assert source.paths() == ["/token", "/parts?filter=canary-query"]  # and nothing more


WRONG = {
    "a wrong place": (Said({"data": [{"key": 1}]}), 'write rows="data"'),
    "a log-in page": (Said(b"<html>", headers={"content-type": "text/html"}), "other than JSON"),
    "an outage": (Said(status=503), "answered 503"),
    "a refusal": (Said(status=401), "answered 401 to a new token"),
    "no total": (Said({"items": [], "next": None}), "nothing at n"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_could_not_be_read_is_shown_with_what_came(folder: Path, case: str) -> None:
    first, why = WRONG[case]
    with answering(first) as source:
        code, told = shown(folder, source)
    assert code == 4
    assert why in told.splitlines()[-2]
    assert f"came {first.status}, " in told
    assert len(source.asked) == 2


def test_a_source_that_does_not_answer_is_told(folder: Path) -> None:
    code, told = shown(folder, Scripted(url="http://127.0.0.1:9"))
    assert code == 4
    assert "no connection: check that the server runs" in told


def test_another_dataset_is_shown_by_its_name(folder: Path) -> None:
    with answering(FIRST) as source:
        code, told = shown(folder, source, "shop.makers")
    assert code == 0
    assert "dataset shop.makers, its first page" in told
    assert source.paths() == ["/token", "/makers"]


def test_an_unknown_dataset_is_named_and_nothing_is_asked(folder: Path) -> None:
    with answering(FIRST) as source:
        with pytest.raises(ConfigurationError, match=r"shop\.maker'.*shop\.makers"):
            shown(folder, source, "shop.maker")
        assert source.paths() == []


def test_an_unknown_source_is_named(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="shop"):
        shown(folder, Scripted(url="http://127.0.0.1:9"), "shp")


def test_a_database_is_no_api(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="erp is no API: give --trace a source of Rest"):
        shown(folder, Scripted(url="http://127.0.0.1:9"), "erp")
