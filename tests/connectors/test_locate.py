"""A connector tells what it asks its source for: another text wherever other rows may come."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.capabilities import Locates, locator
from connectors.connector import Connector
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.packing import Gzip, Zip
from connectors.files.stores.local import Local
from connectors.files.stores.s3 import S3
from connectors.files.stores.sftp import Sftp
from connectors.rest.auth.bearer import Bearer
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.next_url import next_url
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from tests.connectors.vendor_fixture import plenty

FOLDER = Local(Path("/mnt/deliveries"))


def sftp(user: str = "reader") -> Sftp:
    return Sftp(host="drop.example", user=user, host_key="ssh-ed25519 A", key_file=Path("/k"))


def s3(bucket: str = "billing", key: str = "k") -> S3:
    return S3(
        endpoint="https://s3.example",
        region="eu-central-1",
        bucket=bucket,
        access_key=Secret("env:K", key),
        secret_key=Secret("env:S", key),
    )


def files(glob: str = "in/*.csv", *, store: Any = FOLDER, **given: Any) -> Files:
    usual = {"format": Csv(), **given}
    return Files(store=store, datasets={"it": FileSet(glob, **usual)})


def rest(path: str = "/v2/parts", *, token: str = "t", **given: Any) -> Rest:
    asked = {"pages": next_url("next"), "rows": "rows", **given}
    return Rest(
        base_url="https://shop.example/api/",
        auth=Bearer(token=Secret("env:T", token)),
        endpoints={"it": Endpoint(path=path, **asked)},
        budget=plenty(),
    )


def sql(table: str = "sales.orders") -> Sql:
    return Sql(url="sqlite:///shop.sqlite", password=None, tables={"it": table})


@pytest.mark.parametrize(
    ("connector", "told"),
    [
        (sql(), "sales.orders"),
        (files(), "in/*.csv"),
        (files(packed=Gzip()), "in/*.csv"),
        (files("in/*.zip", packed=Zip("*.csv")), "in/*.zip > *.csv"),
        (files(store=sftp()), "~reader/in/*.csv"),
        (files(store=s3()), "billing/in/*.csv"),
    ],
)
def test_it_is_told_in_the_pilots_own_words(connector: Connector, told: str) -> None:
    assert locator(connector, "it") == told


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sql(), sql("sales.returns")),
        (files(), files("in/2026/*.csv")),
        (files("*.zip", packed=Zip("a.csv")), files("*.zip", packed=Zip("b.csv"))),
        (files(store=s3()), files(store=s3("archive"))),
        (files(store=sftp()), files(store=sftp("writer"))),
        (rest(), rest("/v2/prices")),
        (rest(), rest("parts")),  # relative to the base URL
        (rest(), rest("/v2/parts?of=plant-7")),
        (rest("/v2/parts?of=plant-7"), rest(parameters={"of": "plant-8"})),
        (rest(), rest(parameters={"_size": 400})),  # may be a page's size, or a limit
        (rest(), rest(search={})),
        (rest(search={"of": 7}), rest(search={"of": 8})),
        (rest(), rest(headers={"X-Tenant": "7"})),
        (rest(), rest(rows=ROOT)),
    ],
)
def test_what_may_bring_other_rows_is_told_otherwise(one: Connector, other: Connector) -> None:
    assert locator(one, "it") != locator(other, "it")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (files(), files(format=JsonLines())),
        (files(store=s3()), files(store=s3(key="renewed"))),
        (rest(), rest(token="renewed")),
        (rest(), rest(pages=link_header())),
        (rest("/v2/parts?of=7"), rest(parameters={"of": "7"})),
        (rest(search={"a": 1, "b": 2}), rest(search={"b": 2, "a": 1})),
    ],
)
def test_what_brings_the_same_rows_otherwise_is_told_as_before(
    one: Connector, other: Connector
) -> None:
    assert locator(one, "it") == locator(other, "it")


def test_nothing_of_a_query_a_search_or_a_header_is_told() -> None:
    canary: Mapping[str, Any] = {"key": "canary"}
    told = locator(rest(parameters=canary, search=canary, headers=canary), "it")
    assert told is not None
    assert told.startswith("POST /v2/parts ")
    assert told.endswith(" rows")
    assert "canary" not in told


@pytest.mark.parametrize("connector", [sql(), files(), rest()])
def test_a_dataset_that_it_does_not_know_has_no_place(connector: Connector) -> None:
    assert isinstance(connector, Locates)
    assert locator(connector, "else") is None


def test_a_path_to_another_origin_has_no_place() -> None:
    """Reading it is refused."""
    assert locator(rest("https://elsewhere.example/parts"), "it") is None
