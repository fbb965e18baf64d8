"""Two servers from npm: json-server, as prototypes have it, and CouchDB's protocol by PouchDB."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from estate.process import accepts, free_port, spawn, wait_until
from tests.servers import npm_servers

PARTS = 117


@contextmanager
def json_server(folder: Path) -> Iterator[str]:
    """One with PARTS parts that anybody may read; gives its address."""
    rows = [{"id": n, "name": f"part {n}"} for n in range(1, PARTS + 1)]
    (folder / "db.json").write_text(json.dumps({"parts": rows}))
    program = npm_servers() / "node_modules" / "json-server" / "lib" / "cli" / "bin.js"
    with _served(folder, program, "--host", "127.0.0.1", folder / "db.json", "--port") as address:
        yield address


@contextmanager
def pouchdb(folder: Path) -> Iterator[str]:
    """One in memory with PARTS documents; gives its address."""
    with _served(folder, npm_servers() / "pouchdb.cjs") as address:
        httpx.put(f"{address}/parts").raise_for_status()
        docs = [{"_id": f"p{n:03}", "name": f"part {n}"} for n in range(1, PARTS + 1)]
        httpx.post(f"{address}/parts/_bulk_docs", json={"docs": docs}).raise_for_status()
        yield address


@contextmanager
def _served(folder: Path, *words: Path | str) -> Iterator[str]:
    port = free_port()
    node = shutil.which("node")
    assert node is not None
    process = spawn([node, *words, str(port)], log=folder / "node.log")
    try:
        wait_until(lambda: accepts(port), process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop()
