"""An entity set of an OData v4 service by SAP's CAP: read whole, and drafted from `$metadata`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import AccessDenied, SourceChanged
from connectors.events import Answered, WitnessKind
from connectors.rest.auth.basic import Basic
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.odata.entity_set import odata
from connectors.rest.unmoved.read_twice import read_twice
from connectors.secrets import Secret
from harness.onboarding.draft_text import contract_text
from tests.cli import REPOSITORY, seatrial
from tests.conformance import keeps_the_seam, read
from tests.connectors.cap_fixture import AT, PASSWORD, ROWS, catalog, parts
from tests.harness.engagement import PILOT_YAML, write

pytestmark = pytest.mark.estate_full("npm")

SCHEMA = pa.schema(
    {
        "part_key": pa.int32(),
        "name": pa.string(),
        "retail_price": pa.decimal128(12, 2),
        "big": pa.int64(),
        "changed_at": pa.timestamp("us", "UTC"),
    }
)
CONTRACT = """
import pandera.polars as pa
import polars as pl
from seatrial import Contract, Promises

TYPES = {
    "part_key": pl.Int32, "name": pl.String, "retail_price": pl.Decimal(12, 2),
    "precise": pl.Decimal(38, 9), "big": pl.Int64, "weight": pl.Float64, "sold_on": pl.Date,
    "changed_at": pl.Datetime("us", "UTC"), "at": pl.String, "id": pl.String,
    "active": pl.Boolean, "city": pl.String,
}
COLUMNS = {name: pa.Column(type_, description=name) for name, type_ in TYPES.items()}
PARTS = Contract(
    name="parts",
    promises=Promises(key=("part_key",)),
    schema=pa.DataFrameSchema(COLUMNS, strict=True),
)
"""
YAML = PILOT_YAML.replace("  erp: {owner", "  sap: {owner").replace(
    "erp: {url: env:ERP_URL, password: env:ERP_PASSWORD}",
    "sap: {url: env:CAP_URL, user: reader, password: env:CAP_PASSWORD}",
)
SELECTED = odata(f"{AT}/Parts", key="part_key", select=SCHEMA.names)


@pytest.fixture(scope="module")
def cap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rest]:
    with catalog(tmp_path_factory.mktemp("cap")) as url:
        yield parts(url)


def test_an_entity_set_keeps_the_seam(cap: Rest) -> None:
    selected = replace(cap, endpoints={"parts": SELECTED})
    keeps_the_seam(selected, "parts", SCHEMA, rows=ROWS, secrets=[PASSWORD])


def test_pages_by_key_prove_that_all_was_read(cap: Rest) -> None:
    """Each by its own filter, until one has no rows; no page is asked for twice."""
    run = read(cap, "parts", SCHEMA)
    witness = run.completed.witness
    assert witness is not None
    assert (witness.kind, witness.declared) == (WitnessKind.IMMUTABLE_KEY, ROWS)
    assert len(run.of(Answered)) == 4
    assert "@odata.etag" not in run.table.schema.names


def test_pages_by_the_services_own_links_are_proven_by_a_second_pass(cap: Rest) -> None:
    """Its links count rows in disguise, `$skiptoken=100`: where they are believed, nothing is."""
    linked = odata(f"{AT}/Parts", unmoved=read_twice("part_key"), where="part_key le 150")
    run = read(replace(cap, endpoints={"parts": linked}), "parts", SCHEMA)
    assert run.completed.witness is not None
    assert (run.completed.witness.kind, run.completed.rows) == (WitnessKind.READ_TWICE, 150)
    alone = replace(linked, unmoved=None)
    told = read(replace(cap, endpoints={"parts": alone}), "parts", SCHEMA).completed
    assert told.unwitnessed is not None, "the control"


def test_a_filter_of_the_pilots_own_holds_beside_the_key(cap: Rest) -> None:
    some = odata(
        f"{AT}/Parts",
        key="part_key",
        where="part_key le 120 or name eq 'part 250'",
        select=["part_key"],
    )
    run = read(
        replace(cap, endpoints={"parts": some}), "parts", pa.schema({"part_key": pa.int32()})
    )
    assert run.table["part_key"].to_pylist() == [*range(1, 121), 250]
    assert run.completed.witness is not None
    assert run.completed.witness.declared == 121


def test_the_value_that_came_is_the_value_that_lands(cap: Rest) -> None:
    """The service itself rounds what no double holds: nothing is added to that, nothing hidden."""
    schema = pa.schema(
        {"big": pa.int64(), "precise": pa.decimal128(38, 9), "weight": pa.float64()}
    )
    row = read(cap, "parts", schema).table.slice(0, 1).to_pylist()[0]
    assert row["big"] == 2**53, "it holds 2**53 + 1"
    assert row["precise"] == Decimal(12345678901234600000), "it holds 12345678901234567890.5"
    assert (row["weight"], row["_rescued"]) == (0.1, None)


def test_a_contract_is_drafted_from_the_services_own_description(cap: Rest) -> None:
    """Types, key and lengths as the service declares them; and what a sample cannot show: that a
    column may be missing, and that long numbers may have been rounded.
    """
    described = cap.describe("parts", emit=lambda _: None)
    text = contract_text("parts", described)
    assert (described.key, described.estimated_rows, described.sampled_rows) == (
        ("part_key",),
        ROWS,
        None,
    )
    for line in (
        "# CONFIRM the catalogue's primary key",
        '"part_key": pa.Column(pl.Int32, description=""),',
        '"name": pa.Column(pl.String, pa.Check.str_length(max_value=40), description="What it',
        '"retail_price": pa.Column(pl.Decimal(12, 2), nullable=True, description=""),',
        '"changed_at": pa.Column(pl.Datetime("us", "UTC"), nullable=True, description=""),',
        "(IEEE754Compatible): it was asked, does not say that it did",
        'description="A part that the shop sells",',
    ):
        assert line in text
    lands = {c.name: c.lands_as for c in described.columns if c.lands_as is not None}
    assert read(cap, "parts", pa.schema(lands)).table["_rescued"].null_count == ROWS


def test_the_pages_pilot_of_ten_lines_proves_it_whole(cap: Rest, tmp_path: Path) -> None:
    """As docs/rest.md has it, with a contract and a stranger allowed."""
    page = (REPOSITORY / "docs" / "rest.md").read_text().partition("## An OData service")[2]
    pilot = page.partition("```python\n")[2].partition("```")[0]
    lines = [one for one in pilot.splitlines() if one.strip() and not one.startswith("#")]
    assert len(lines) <= 12
    for old, new in (
        ("def sap", f"{CONTRACT}\n\ndef sap"),
        ("contracts=()", "contracts=(PARTS,)"),
        ("    )\n", "        stranger_allowed=True,\n    )\n"),
    ):
        pilot = pilot.replace(old, new, 1)
    folder = write(tmp_path, py=pilot, yaml=YAML)
    environ = {"CAP_URL": cap.base_url, "CAP_PASSWORD": PASSWORD}
    ended = seatrial(["prove", folder.name], cwd=tmp_path, environ=environ)
    told = json.loads((tmp_path / "out" / "acme" / "verdicts.json").read_text())
    outcomes = {one["claim"]: one["outcome"] for one in told["verdicts"]}
    wanted = dict.fromkeys(("authenticated", "complete", "conforms"), "PROVEN")
    assert {claim: outcomes[claim] for claim in wanted} == wanted, ended.out


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        (odata(f"{AT}/Partz"), "answered 404"),
        (odata(f"{AT}/Parts", key="part_no"), "answered 400"),
    ],
)
def test_a_misspelt_name_is_refused_by_the_service(
    cap: Rest, endpoint: Endpoint, told: str
) -> None:
    with pytest.raises(SourceChanged, match=told):
        read(replace(cap, endpoints={"parts": endpoint}), "parts", SCHEMA)


def test_nobody_and_a_stranger_are_refused_and_a_wrong_password_is_tried_once(cap: Rest) -> None:
    assert [probe.refused for probe in cap.probe(emit=lambda _: None)] == [True, True]
    events: list[object] = []
    wrong = replace(cap, auth=Basic(user="reader", password=Secret("env:X", "wrong")))
    with pytest.raises(AccessDenied):
        wrong.read("parts", schema=SCHEMA, emit=events.append)
    assert sum(isinstance(event, Answered) for event in events) == 1
