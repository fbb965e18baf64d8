"""What type checkers must refuse: each line marked `wrong` is one mistake that pilots make."""

from __future__ import annotations

from seatrial import Address, Contract, Pilot, Promises, Quota, Source
from seatrial.rest import ROOT, ApiKey, Endpoint, Header, RateLimiter, cursor, read_twice, single
from seatrial.sql import Sql


def secret_as_text(at: Address) -> Sql:
    """A password that is no secret."""
    return Sql(url=at.text("url"), password=at.text("password"), tables={})  # wrong


def misspelt(at: Address) -> Sql:
    """A setting that there is not."""
    return Sql(url=at.text("url"), password=None, table={})  # wrong


def no_connector(at: Address) -> str:
    """Gives the address and no connector."""
    return at.text("url")


KEY = Promises(key="order_key")  # wrong
BY_POSITION = Quota(10, 60)  # wrong
SOURCE = Source(name="erp", connect=no_connector, contracts=())  # wrong
CONTRACTS = Source(name="erp", connect=misspelt, contracts=[])  # wrong
PILOT = Pilot(name="acme", sources=SOURCE)  # wrong
NO_SCHEMA = Contract(name="orders", promises=KEY)  # wrong
BUDGET = RateLimiter(requests="5", seconds=10)  # wrong
ROWS_IN_A_HEADER = Endpoint(path="/o", pages=single(), rows=Header("X-Rows"))  # wrong
TOTAL_BY_INDEX = Endpoint(path="/o", pages=single(), rows=ROOT, total=7)  # wrong
TWICE_NOT_CALLED = Endpoint(path="/o", pages=single(), rows=ROOT, unmoved=read_twice)  # wrong
STYLE_NOT_CALLED = Endpoint(path="/o", pages=single, rows=ROOT)  # wrong
NEXT_NOWHERE = cursor("after", at=None)  # wrong
KEY_AS_TEXT = ApiKey(key="k3y", header="X-Key")  # wrong
