"""Kinto, a store of JSON records: next pages and totals in headers, one ETag for a collection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from estate.process import accepts, free_port, spawn, wait_until
from tests.servers import python_servers

USER, PASSWORD = "reader", "canary-of-kinto"
RECORDS = 75
_BATCH = 25
_SETTINGS = """
[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.includes = kinto.plugins.accounts
multiauth.policies = account
multiauth.policy.account.use = \
kinto.plugins.accounts.authentication.AccountsAuthenticationPolicy
kinto.account_create_principals = system.Everyone
kinto.userid_hmac_secret = of-a-test
"""


@contextmanager
def kinto(folder: Path) -> Iterator[str]:
    """One in memory with RECORDS records, which USER may read; gives its address."""
    port = free_port()
    settings = folder / "kinto.ini"
    settings.write_text(_SETTINGS.format(port=port))
    process = spawn([python_servers() / "bin" / "pserve", settings], log=folder / "kinto.log")
    try:
        wait_until(lambda: accepts(port), process)
        address = f"http://127.0.0.1:{port}"
        _fill(f"{address}/v1")
        yield address
    finally:
        process.stop()


def _fill(api: str) -> None:
    with httpx.Client(auth=(USER, PASSWORD)) as client:
        account = {"data": {"password": PASSWORD}}
        httpx.put(f"{api}/accounts/{USER}", json=account).raise_for_status()
        for made in ("buckets/shop", "buckets/shop/collections/parts"):
            client.put(f"{api}/{made}").raise_for_status()
        records = [
            {
                "method": "PUT",
                "path": f"/v1/buckets/shop/collections/parts/records/p{n:03}",
                "body": {"data": {"name": f"part {n}", "price": n}},
            }
            for n in range(RECORDS)
        ]
        for start in range(0, RECORDS, _BATCH):
            batch = {"requests": records[start : start + _BATCH]}
            client.post(f"{api}/batch", json=batch).raise_for_status()
