"""The vendor: a REST API with paged JSON behind a real gateway.

    client ─ TLS ─▶ HAProxy ─┬─▶ token service   POST /oauth/token, POST /oauth/introspect
                    token,   └─▶ Datasette       GET /vendor/<table>.json, over a SQLite file
                    quota

The two services listen on unix sockets in a folder of mode 0700: nothing bypasses the gateway.
"""

from __future__ import annotations

import secrets
import socket
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from string import Template

import msgspec
import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from estate.process import (
    EstateError,
    Process,
    Server,
    accepts,
    accepts_on,
    free_port,
    haproxy,
    spawn,
    wait_until,
)
from estate.token_service import Settings

AUDIENCE = "vendor"
CLIENT_ID = "late-deliveries-pilot"  # no word of our own: it is redacted wherever it stands
BUYER_ID = "late-deliveries-buyer"
SCOPES = {CLIENT_ID: "catalogue:read", BUYER_ID: "catalogue:read orders:write"}
"""What each client may do. The buyer is the one with a power too much."""
_DATASETTE_SETTINGS = {
    "force_https_urls": "1",  # next_url is built from the Host header that the gateway keeps
    "default_allow_sql": "0",
    "allow_download": "0",
    "allow_facet": "0",
    "suggest_facets": "0",
    "allow_csv_stream": "0",
    "sql_time_limit_ms": "5000",
}
_TOKEN_SERVICE = "estate.token_service:create"
_DATASETTE_SOCKET, _TOKEN_SOCKET, _ADMIN_SOCKET = "d.sock", "t.sock", "a.sock"
_DAY_MAP, _DAY_KEY = "day.map", "requests"
UNLIMITED = 1_000_000
"""Requests a day, until `allow` says otherwise."""
_SOCKET_PATH_BYTES = 107


def start(
    base: Path, database: Path, *, requests: int, seconds: int, token_seconds: int = 20
) -> Server:
    """Serve the tables of the SQLite file `database`, which must not change any more.

    The gateway lets `requests` pass in each fixed window of `seconds` for each client; tokens
    live `token_seconds`. `admin` holds `log` (the gateway's: status, method, path and client of
    each answer), `gateway` for `allow`, `key_file`, `issuer` and `audience` for forging tokens,
    and `buyer_secret` of the client that may do more than read.
    """
    folder = base / "vendor"
    folder.mkdir(mode=0o700)
    (folder / "vendor.db").symlink_to(database.resolve())  # Datasette's paths begin with the stem
    _write_keys(folder)
    serve = partial(
        _serve, folder, requests=requests, seconds=seconds, token_seconds=token_seconds
    )
    try:
        return serve(free_port())
    except EstateError:  # the port may have been taken between its choice and its use
        return serve(free_port())


def allow(admin: Mapping[str, str], requests_a_day: int) -> None:
    """Change the daily quota that the running gateway announces."""
    with socket.socket(socket.AF_UNIX) as gateway:
        gateway.connect(admin["gateway"])
        folder = Path(admin["gateway"]).parent
        gateway.sendall(f"set map {folder / _DAY_MAP} {_DAY_KEY} {requests_a_day}\n".encode())
        if answer := gateway.recv(1_000).strip():
            raise EstateError(f"the vendor's quota could not be set: {answer.decode()}")


def _serve(folder: Path, port: int, *, requests: int, seconds: int, token_seconds: int) -> Server:
    issuer = f"https://127.0.0.1:{port}"
    clients = {client: secrets.token_urlsafe(24) for client in SCOPES}
    settings = Settings(
        clients=clients,
        scopes=SCOPES,
        issuer=issuer,
        audience=AUDIENCE,
        key_file=str(folder / "token_key.pem"),
        token_seconds=token_seconds,
    )
    (folder / "token.json").write_bytes(msgspec.json.encode(settings))
    (folder / _DAY_MAP).write_text(f"{_DAY_KEY} {UNLIMITED}\n")
    template = Template((Path(__file__).parent / "haproxy.cfg").read_text())
    (folder / "haproxy.cfg").write_text(
        template.substitute(
            PORT=port,
            CERTIFICATE=folder / "gateway.pem",
            PUBLIC_KEY=folder / "token_public.pem",
            ISSUER=issuer,
            AUDIENCE=AUDIENCE,
            REQUESTS=requests,
            SECONDS=seconds,
            DAY_MAP=folder / _DAY_MAP,
            ADMIN_SOCKET=folder / _ADMIN_SOCKET,
            TOKEN_SOCKET=folder / _TOKEN_SOCKET,
            DATASETTE_SOCKET=folder / _DATASETTE_SOCKET,
        )
    )
    return Server(
        name="vendor",
        processes=_start_processes(folder, port),
        environ={
            "VENDOR_URL": issuer,
            "VENDOR_CA_FILE": str(folder / "ca.pem"),
            "VENDOR_CLIENT_ID": CLIENT_ID,
            "VENDOR_CLIENT_SECRET": clients[CLIENT_ID],
            "VENDOR_QUOTA": f"{requests}/{seconds}",
        },
        admin={
            "log": str(folder / "gateway.log"),
            "gateway": str(folder / _ADMIN_SOCKET),
            "key_file": settings.key_file,
            "issuer": issuer,
            "audience": AUDIENCE,
            "buyer_secret": clients[BUYER_ID],
        },
    )


def _start_processes(folder: Path, port: int) -> tuple[Process, ...]:
    """All three, ready to answer; none is left when one fails."""
    datasette_socket, token_socket = folder / _DATASETTE_SOCKET, folder / _TOKEN_SOCKET
    if len(bytes(token_socket)) > _SOCKET_PATH_BYTES:
        raise EstateError(f"{folder} is too long a name for a socket: choose a shorter folder")
    settings = [part for pair in _DATASETTE_SETTINGS.items() for part in ("--setting", *pair)]
    database = str(folder / "vendor.db")
    environ = {"TOKEN_SETTINGS": str(folder / "token.json"), "HOME": str(folder)}
    run = partial(spawn, environ=environ)
    python = [sys.executable, "-m"]
    processes: list[Process] = []
    try:
        datasette = run(
            [*python, "datasette", "serve", "-i", database, "--uds", datasette_socket, *settings],
            log=folder / "datasette.log",
        )
        processes.append(datasette)
        token = run(
            [*python, "uvicorn", "--factory", _TOKEN_SERVICE, "--uds", token_socket],
            log=folder / "token.log",
        )
        processes.append(token)
        gateway = run([haproxy(), "-db", "-f", folder / "haproxy.cfg"], log=folder / "gateway.log")
        processes.append(gateway)
        wait_until(partial(accepts_on, datasette_socket), datasette)
        wait_until(partial(accepts_on, token_socket), token)
        wait_until(partial(accepts, port), gateway)
    except EstateError:
        for process in reversed(processes):
            process.stop()
        raise
    return tuple(processes)


def _write_keys(folder: Path) -> None:
    """A certificate for the gateway with its CA's, and a key pair for the tokens."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "ca.pem"))
    issued = ca.issue_cert("127.0.0.1", "localhost")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "gateway.pem"))
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "token_key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "token_public.pem").write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
