"""A service by spyne, in both versions of SOAP: read whole, exactly, and with a log-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied, SourceChanged
from connectors.events import Answered, Authenticated, WitnessKind
from connectors.rest.connector import Rest
from connectors.secrets import Secret
from seatrial.rest import Basic, Endpoint, RateLimiter, page_number, read_twice
from seatrial.soap import Soap
from tests.conformance import Run, keeps_the_seam, read
from tests.connectors.soap.service import PASSWORD, ROWS, Service, service

pytestmark = pytest.mark.estate_full
SCHEMA = pa.schema(
    {
        "key": pa.int32(),
        "serial": pa.decimal128(38, 0),
        "amount": pa.decimal128(12, 2),
        "placed": pa.timestamp("us", "UTC"),
        "due": pa.date32(),
        "open": pa.bool_(),
        "weight": pa.float64(),
        "note": pa.string(),
    }
)
Source = Callable[..., Rest]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("soap")) as started:
        yield started


@pytest.fixture(scope="module", params=["11", "12"])
def source(
    running: Service, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Source:
    """The orders in SOAP 1.1, then in 1.2."""
    wsdl = tmp_path_factory.mktemp("wsdl") / "orders.wsdl"
    wsdl.write_bytes(running.wsdl(request.param))

    def orders(password: str = PASSWORD, **changes: Any) -> Rest:
        settings = {
            "path": f"/{request.param}",
            "pages": page_number("page", more="ListOrdersResult.more"),
            "rows": "ListOrdersResult.orders.Order",
            "total": "ListOrdersResult.total",
            "search": {"size": 20},
            "unmoved": read_twice("key"),
            "wire": Soap(wsdl=wsdl, operation="ListOrders", safe=True),
        }
        return Rest(
            base_url=running.url,
            auth=Basic(user="buyer", password=Secret("env:ORDERS", password)),
            endpoints={"orders": Endpoint(**{**settings, **changes})},
            budget=RateLimiter(requests=1000, seconds=1),
            stranger_allowed=True,
        )

    return orders


def test_it_keeps_the_seam(source: Source) -> None:
    keeps_the_seam(source(), "orders", SCHEMA, rows=ROWS, secrets=[PASSWORD])


def test_every_value_lands_as_its_type_of_xsd_has_it(source: Source) -> None:
    run = read(source(), "orders", SCHEMA)
    rows = run.table.to_pylist()
    assert run.completed.witness is not None
    assert run.completed.witness.kind is WitnessKind.READ_TWICE
    assert run.table["_rescued"].null_count == ROWS
    assert rows[7] == {
        "key": 7,
        "serial": Decimal(2**70 + 7),
        "amount": Decimal("0.70"),
        "placed": datetime(2026, 11, 1, 8, 0, 0, 7, UTC),
        "due": date(2026, 11, 8),
        "open": False,
        "weight": 7 / 3,
        "note": None,
        "_rescued": None,
    }
    assert rows[6]["note"] == "a<b & 6"


def test_what_does_not_fit_the_contract_is_kept_as_it_came(source: Source) -> None:
    narrow = pa.schema({"key": pa.int32(), "serial": pa.int64(), "amount": pa.decimal128(12, 1)})
    row = read(source(), "orders", narrow).table.to_pylist()[11]
    assert (row["serial"], row["amount"]) == (None, Decimal("1.1"))
    assert row["_rescued"] == f'{{"serial": {2**70 + 11}}}'


def test_a_description_has_types_and_nulls_from_the_wsdl(source: Source) -> None:
    described = source().describe("orders", emit=lambda _: None)
    found = {c.name: (c.type, str(c.lands_as), c.nullable) for c in described.columns}
    assert found == {
        "key": ("xsd:int", "int64", False),
        "serial": ("xsd:integer", "decimal128(38, 0)", False),
        "amount": ("xsd:decimal", "decimal128(18, 2)", False),
        "placed": ("xsd:dateTime", "timestamp[us, tz=UTC]", True),
        "due": ("xsd:date", "date32[day]", True),
        "open": ("xsd:boolean", "bool", True),
        "weight": ("xsd:double", "double", True),
        "note": ("xsd:string", "string", True),
    }
    assert described.estimated_rows == ROWS


def test_the_right_password_is_taken_and_strangers_are_refused(source: Source) -> None:
    events: list[Any] = []
    probes = source().probe(emit=events.append)
    assert {(probe.kind, probe.refused, probe.status) for probe in probes} == {
        (ProbeKind.NOBODY, True, "401"),
        (ProbeKind.STRANGER, True, "401"),
    }
    assert not [event for event in events if isinstance(event, Authenticated)]
    with pytest.raises(AccessDenied, match="answered 401: check the user and env:ORDERS"):
        read(source("wrong"), "orders", SCHEMA, into=(run := Run()))
    assert len(run.of(Answered)) == 1


def test_an_argument_that_the_service_refuses_is_told_once(source: Source) -> None:
    wrong = source(pages=page_number("page", first=0, more="ListOrdersResult.more"))
    with pytest.raises(SourceChanged, match=r"with a fault (Client|Sender)\b.*correct the arg"):
        read(wrong, "orders", SCHEMA, into=(run := Run()))
    assert len(run.of(Answered)) == 1
