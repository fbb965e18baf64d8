"""An OData v4 service written by others: SAP's CAP on SQLite, as its lock says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.basic import Basic
from connectors.rest.connector import Rest
from connectors.rest.odata.entity_set import odata
from connectors.secrets import Secret
from estate.process import accepts, free_port, spawn, wait_until
from tests.servers import install_npm

HERE = Path(__file__).parent / "cap"
PASSWORD = "canary-of-the-reader"
ROWS, PAGE = 250, 100
AT = "/odata/v4/catalog"
_HELD = (
    "{key};part {key};{price}.{cents:02};12345678901234567890.5;{long};0.1;2026-01-02;"
    "2026-01-02T03:04:05.123Z;12:13:14;7c9e6679-7425-40de-944b-{key:012};true;Kiel"
)
"""As the service is given it. Of its own accord it rounds what is longer than a double."""


@contextmanager
def catalog(folder: Path) -> Iterator[str]:
    """A running one with `ROWS` parts, `PAGE` on a page; gives its address."""
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    install_npm(folder)
    names = "part_key;name;retail_price;precise;big;weight;sold_on;changed_at;at;id;active;city"
    rows = [
        _HELD.format(key=key, price=900 + key, cents=key % 100, long=2**53 + key)
        for key in range(1, ROWS + 1)
    ]
    (folder / "db" / "data").mkdir(parents=True)
    (folder / "db/data/shop-Parts.csv").write_text("\n".join([names, *rows, ""]))
    users = {"reader": {"password": PASSWORD}, "*": False}
    database = {"kind": "sqlite", "driver": "sql.js", "credentials": {"url": ":memory:"}}
    requires = {"db": database, "auth": {"kind": "basic", "users": users}}
    (folder / ".cdsrc.json").write_text(json.dumps({"requires": requires}))
    port = free_port()
    node = shutil.which("node")
    assert node is not None
    process = spawn(
        [node, folder / "node_modules/@sap/cds/bin/serve.js", folder, "--project", "--in-memory"],
        log=folder / "cap.log",
        environ={"PORT": str(port)},
    )
    try:
        wait_until(lambda: accepts(port), process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop()


def parts(url: str) -> Rest:
    """As a pilot has it."""
    return Rest(
        base_url=url,
        auth=Basic(user="reader", password=Secret("env:CAP_PASSWORD", PASSWORD)),
        endpoints={"parts": odata(f"{AT}/Parts", key="part_key")},
        budget=RateLimiter(requests=1_000, seconds=1),
        stranger_allowed=True,
    )
