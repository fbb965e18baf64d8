"""docs/soap.md: its pilot, as it stands there, reads a service by spyne whole in twelve lines."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.pilot import loading
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Outcome, Verdict
from tests.connectors.servers.proven import Written
from tests.connectors.soap.service import PASSWORD, ROWS, Service, service
from tests.docs import REPOSITORY, snippets
from tests.harness.engagement import write

CONTRACT = """
import pandera.polars as pa
from seatrial import Contract, Promises

KINDS = {
    "key": "int32", "serial": pl.Decimal(38, 0), "amount": pl.Decimal(12, 2),
    "placed": pl.Datetime("us", "UTC"), "due": pl.Date, "open": bool, "weight": float, "note": str,
}
CONTRACT = Contract(
    name="orders",
    promises=Promises(key=("key",)),
    schema=pa.DataFrameSchema(
        {n: pa.Column(k, description=n, nullable=n == "note") for n, k in KINDS.items()},
        strict=True,
    ),
)
"""
YAML = """
title: Read it whole
owners: {erp: {owner: Ada Okafor}}
environments:
  dev:
    evidence_class: sandbox
    sources:
      erp: {url: env:ERP_URL, password: env:ERP_PASSWORD}
"""
DENSE = """
from pathlib import Path
from seatrial.rest import Basic, Endpoint, RateLimiter, Rest, page_number, read_twice
from seatrial.soap import Soap
LIST = Soap(wsdl=Path(__file__).with_name("orders.wsdl"), operation="ListOrders", safe=True)
ORDERS = Endpoint(
    path="/services/orders", pages=page_number("page", more="ListOrdersResult.more"),
    rows="ListOrdersResult.orders.Order", total="ListOrdersResult.total",
    search={"size": 20}, unmoved=read_twice("key"), wire=LIST)
def erp(at: Address) -> Rest:
    return Rest(base_url=at.text("url"),
                auth=Basic(user="buyer", password=at.secret("password")),
                endpoints={"orders": ORDERS}, budget=RateLimiter(requests=50, seconds=1))
"""
"""What the page's pilot says of its source."""


@pytest.mark.estate_full
def test_the_page_reads_it_whole_and_its_source_is_twelve_lines(tmp_path: Path) -> None:
    pilot = snippets(REPOSITORY / "docs" / "soap.md", "python")[0]
    assert Written(pilot=DENSE, columns="", key="key").lines == 12
    said = [ast.dump(one) for one in ast.parse(pilot).body]
    assert [one for one in map(ast.dump, ast.parse(DENSE).body) if one not in said] == []
    assert len(said) == len(ast.parse(DENSE).body) + 4  # two imports, the source, the pilot
    with service(tmp_path) as running:
        result = proven(tmp_path, pilot, running)
    assert {claim: verdict.outcome for claim, verdict in result.items()} == {
        "authenticated": Outcome.UNPROVEN,  # the page permits no stranger
        "complete": Outcome.PROVEN,
        "conforms": Outcome.PROVEN,
    }
    assert f"{ROWS} rows" in result["complete"].because


def proven(tmp_path: Path, pilot: str, running: Service) -> dict[str, Verdict]:
    folder = write(tmp_path, yaml=YAML)
    (folder / "pilot.py").write_text(pilot.replace("acme.contracts", f"{folder.name}.contracts"))
    (folder / "contracts").mkdir()
    (folder / "contracts" / "orders.py").write_text(f"import polars as pl{CONTRACT}")
    (folder / "orders.wsdl").write_bytes(running.wsdl("11"))
    loaded = loading.load(folder)
    claims = ("authenticated", "complete", "conforms")
    result = prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=datetime.now(UTC).date(),
            planned=plan(loaded.pilot, claims=claims),
            out=tmp_path / "out",
            environ={"ERP_URL": running.url, "ERP_PASSWORD": PASSWORD},
        ),
        workplace=in_process,
    )
    return {one.planned.claim: one.verdict for one in result.judged}
