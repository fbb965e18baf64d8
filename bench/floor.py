"""The floors: the plainest exact reading of a source with the same library, as streams of Arrow.

No witness, no events, no limits, no budget, no second look: what has to be paid in any case. Each
gives the values that ours gives (checked before anything is measured), and its docstring is the
one sentence that says what it is.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias
from urllib.parse import urljoin

import asyncssh
import httpx
import pyarrow as pa
import pyarrow.csv
import sqlalchemy as sa

from connectors.connector import Connector
from connectors.files.connector import Files
from connectors.files.formats.csv_text import BLOCK_BYTES
from connectors.files.stores.sftp import READ_BYTES, Sftp
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.connector import Rest
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from connectors.sql.snapshot import ROWS_PER_BATCH

Batches: TypeAlias = Iterator[pa.RecordBatch]

_UNAUTHORIZED, _TOO_MANY = 401, 429


def bare(source: Connector, dataset: str, schema: pa.Schema) -> Batches:
    """The floor of any connector of ours."""
    match source:
        case Sql():
            return sql(source, dataset, schema)
        case Files(store=Sftp()):
            return sftp(source, dataset, schema)
        case Rest():
            return rest(source, dataset, schema)
    raise TypeError(f"no floor for {type(source).__name__}")


def sql(source: Sql, dataset: str, schema: pa.Schema) -> Batches:
    """SQLAlchemy: one streamed select() of the same columns in partitions of the same size,
    numerics and times as the text PostgreSQL writes, then one pa.array and one cast per column.
    """
    with logged_in(source) as connection:
        yield from table(connection, source.tables[dataset], schema)


def logged_in(source: Sql) -> sa.Connection:
    """One connection without a pool."""
    assert source.password is not None
    url = sa.make_url(source.url).set(password=source.password.reveal())
    return sa.create_engine(url, poolclass=sa.NullPool).connect()


def table(connection: sa.Connection, name: str, schema: pa.Schema) -> Batches:
    """The rows of one table, as `sql` says."""
    columns = [
        sa.column(field.name)
        if pa.types.is_string(field.type) or pa.types.is_integer(field.type)
        else sa.cast(sa.column(field.name), sa.Text)
        for field in schema
    ]
    statement = sa.select(*columns).select_from(sa.table(name))
    options = {"stream_results": True, "yield_per": ROWS_PER_BATCH}
    for rows in connection.execute(statement, execution_options=options).partitions():
        yield _batch(zip(*rows, strict=True), schema)


def sftp(source: Files, dataset: str, schema: pa.Schema) -> Batches:
    """asyncssh: one get() per file with the same cipher and size of request, then pyarrow.csv
    straight into the contract's types, in blocks of the same size.
    """
    assert isinstance(source.store, Sftp)
    store, files = source.store, source.datasets[dataset]
    trusted = [asyncssh.import_public_key(store.host_key)]
    types = {field.name: field.type for field in schema}
    with asyncio.Runner() as runner, TemporaryDirectory() as folder:

        async def connect() -> tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient]:
            connection = await asyncssh.connect(
                store.host,
                store.port,
                username=store.user,
                client_keys=[str(store.key_file)],
                known_hosts=(trusted, [], []),
                encryption_algs="^aes128-gcm@openssh.com",
            )
            return connection, await connection.start_sftp_client()

        async def close() -> None:
            connection.close()
            await connection.wait_closed()

        connection, client = runner.run(connect())
        here = Path(folder, "file.csv")
        for name in sorted(map(str, runner.run(client.glob(files.glob)))):
            runner.run(client.get(name, here, block_size=READ_BYTES))
            with pa.csv.open_csv(
                here,
                pa.csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
                convert_options=pa.csv.ConvertOptions(column_types=types),
            ) as reader:
                yield from reader
        runner.run(close())


def rest(source: Rest, dataset: str, schema: pa.Schema) -> Batches:
    """httpx: one get() per page on one connection, json.loads with exact fractions, then one
    pa.array and one cast per column.
    """
    for page in pages(source, dataset):
        if rows := page["rows"]:
            yield _batch(([row[name] for row in rows] for name in schema.names), schema)


def pages(source: Rest, dataset: str) -> Iterator[dict[str, Any]]:
    """A client without a budget: it asks as fast as it can, and waits once it was refused."""
    with httpx.Client(verify=ssl.create_default_context(cafile=source.ca_file)) as client:
        token = _token(client, source)
        url: str | None = urljoin(source.base_url, source.endpoints[dataset].path)
        while url is not None:
            answer = client.get(url, headers={"authorization": f"Bearer {token}"})
            if answer.status_code == _UNAUTHORIZED:
                token = _token(client, source)
            elif answer.status_code == _TOO_MANY:
                time.sleep(float(answer.headers["retry-after"]))
            else:
                document = json.loads(answer.content, parse_float=Decimal)
                yield document
                url = document["next_url"]


def _token(client: httpx.Client, source: Rest) -> str:
    assert isinstance(source.auth, ClientCredentials)
    assert isinstance(source.auth.client_secret, Secret)
    who = (source.auth.client_id, source.auth.client_secret.reveal())
    url = urljoin(source.base_url, source.auth.token_path)
    answer = client.post(url, auth=who, data={"grant_type": "client_credentials"})
    return str(answer.json()["access_token"])


def _batch(columns: Iterable[Any], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [
        pa.array(values).cast(field.type) for values, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
