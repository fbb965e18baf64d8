"""Datasette, alone and behind gateways that count requests in two ways, and what they refused."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from estate.process import Process, accepts, accepts_on, free_port, haproxy, spawn, wait_until

PARTS = 117
REQUESTS, SECONDS = 4, 1
"""What each gateway lets through."""
_HAPROXY = """
global
  log stdout format raw local0
defaults
  mode http
  log global
  log-format "%ST"
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend all
  bind 127.0.0.1:{port}
  stick-table type ip size 1k expire 60s store http_req_rate({seconds}s)
  http-request track-sc0 src
  http-request return status 429 hdr Retry-After 1 if {{ sc_http_req_rate(0) gt {requests} }}
  default_backend datasette
backend datasette
  server one unix@{socket}
"""
_NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr crit;
events {{}}
http {{
  log_format status $status;
  access_log {folder}/gateway.log status;
  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
  uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
  limit_req_zone all zone=all:1m rate={requests}r/s;
  server {{
    listen 127.0.0.1:{port};
    limit_req zone=all;
    limit_req_status 429;
    location / {{
      proxy_pass http://unix:{socket};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
    }}
  }}
}}
"""


@contextmanager
def datasette(folder: Path) -> Iterator[str]:
    """PARTS parts that anybody may read."""
    port = free_port()
    with _datasette(folder, "--host", "127.0.0.1", "--port", str(port)) as process:
        wait_until(lambda: accepts(port), process)
        yield f"http://127.0.0.1:{port}"


@contextmanager
def by_haproxy(folder: Path) -> Iterator[str]:
    """REQUESTS in SECONDS, refusals among them. Of the second before it takes a share, as if those
    had come evenly: so four at once, and four more a second later, are more than four to it.
    """
    with _behind(folder, _HAPROXY, haproxy(), "-db", "-f") as address:
        yield address


@contextmanager
def by_nginx(folder: Path) -> Iterator[str]:
    """REQUESTS a second, each no sooner behind the one before than a share of that."""
    with _behind(folder, _NGINX, "/usr/sbin/nginx", "-c") as address:
        yield address


def refused(folder: Path) -> int:
    """How many requests the gateway in that folder has refused, by its own log."""
    return (folder / "gateway.log").read_text().split().count("429")


@contextmanager
def _behind(folder: Path, settings: str, *program: Path | str) -> Iterator[str]:
    port, socket = free_port(), folder / "d.sock"
    file = folder / "gateway.cfg"
    file.write_text(
        settings.format(
            folder=folder, socket=socket, port=port, requests=REQUESTS, seconds=SECONDS
        )
    )
    with _datasette(folder, "--uds", str(socket)) as process:
        wait_until(lambda: accepts_on(socket), process)
        gateway = spawn([*program, file], log=folder / "gateway.log")
        try:
            wait_until(lambda: accepts(port), gateway)
            yield f"http://127.0.0.1:{port}"
        finally:
            gateway.stop()


@contextmanager
def _datasette(folder: Path, *place: str) -> Iterator[Process]:
    database = folder / "shop.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT)")
        rows = [(n, f"part {n}") for n in range(1, PARTS + 1)]
        connection.executemany("INSERT INTO parts VALUES (?, ?)", rows)
    connection.close()
    process = spawn(
        [sys.executable, "-m", "datasette", "serve", "-i", database, *place],
        log=folder / "datasette.log",
        environ={"HOME": str(folder)},
    )
    try:
        yield process
    finally:
        process.stop()
