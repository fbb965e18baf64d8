"""A service of orders by spyne, at /11 in SOAP 1.1 and at /12 in SOAP 1.2; for the tests.

python server.py PORT        whoever shows buyer:right may ask; GET …?wsdl is open
"""

from __future__ import annotations

import base64
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal as Number
from wsgiref.simple_server import WSGIRequestHandler, make_server

from spyne import (
    Application,
    Array,
    Boolean,
    ComplexModel,
    Date,
    DateTime,
    Decimal,
    Double,
    Fault,
    Integer,
    Integer32,
    ServiceBase,
    Unicode,
    rpc,
)
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

SPACE, ROWS = "urn:example:orders", 95
LOG_IN = "Basic " + base64.b64encode(b"buyer:right").decode()


class Order(ComplexModel):
    __namespace__ = SPACE
    key = Integer32(min_occurs=1, nillable=False)
    serial = Integer(min_occurs=1, nillable=False)
    amount = Decimal(min_occurs=1, nillable=False)
    placed = DateTime
    due = Date
    open = Boolean
    weight = Double
    note = Unicode


class Page(ComplexModel):
    __namespace__ = SPACE
    total = Integer32(min_occurs=1, nillable=False)
    more = Boolean(min_occurs=1, nillable=False)
    orders = Array(Order, min_occurs=1, nillable=False)


def order(key: int) -> Order:
    return Order(
        key=key,
        serial=2**70 + key,
        amount=Number("0.10") * key,
        placed=datetime(2026, 11, 1, 9, 0, 0, key, timezone(timedelta(hours=1))),
        due=date(2026, 11, 1 + key % 28),
        open=key % 2 == 0,
        weight=key / 3,
        note=None if key % 3 else f"a<b & {key}",
    )


class Orders(ServiceBase):
    @rpc(Integer32(min_occurs=1), Integer32, _returns=Page)
    def ListOrders(ctx, page: int, size: int | None) -> Page:  # noqa: N802, N805 - as spyne has it
        if page < 1:
            raise Fault("Client.NoSuchPage", f"page {page} of Mrs Miller")
        size = size or 10
        keys = range(ROWS)[(page - 1) * size : page * size]
        more = page * size < ROWS
        return Page(total=ROWS, more=more, orders=[order(key) for key in keys])


def application(soap):
    return WsgiApplication(
        Application([Orders], SPACE, in_protocol=soap(validator="lxml"), out_protocol=soap())
    )


APPLICATIONS = {"/11": application(Soap11), "/12": application(Soap12)}
APPLICATIONS["/services/orders"] = APPLICATIONS["/11"]


def guarded(environ, start_response):
    served = APPLICATIONS.get(environ["PATH_INFO"])
    if served is None:
        start_response("404 Not Found", [("content-length", "0")])
        return [b""]
    is_wsdl = environ["REQUEST_METHOD"] == "GET"
    if not is_wsdl and environ.get("HTTP_AUTHORIZATION") != LOG_IN:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("401 Unauthorized", [("content-length", "0")])
        return [b""]
    return served(environ, start_response)


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass


make_server("127.0.0.1", int(sys.argv[1]), guarded, handler_class=Handler).serve_forever()
