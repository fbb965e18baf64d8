"""A client certificate: shown to whom we trust, refused after one try, its key told nowhere."""

from __future__ import annotations

import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from connectors.connector import Probe, ProbeKind
from connectors.errors import AccessDenied
from connectors.events import Authenticated
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.mtls import Mtls
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.single import single
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from estate.process import accepts, free_port, spawn, wait_until
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.scripted import Scripted, documents, paged, scripted
from tests.connectors.vendor_fixture import plenty, read

PAGES = documents([{"key": 1}], [{"key": 2}])


class Estate:
    """An authority, and files of what it and others issued."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.ca_file))

    def mtls(self, issued: trustme.LeafCert, **changes: Any) -> Mtls:
        file = self.folder / f"{id(issued)}.pem"
        file.write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        key = Secret("env:CLIENT_KEY", issued.private_key_pem.bytes().decode())
        return Mtls(**{"certificate": file, "key": key, **changes})

    @contextmanager
    def serving(
        self, verify: ssl.VerifyMode = ssl.CERT_REQUIRED, newest: ssl.TLSVersion | None = None
    ) -> Iterator[Scripted]:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert("127.0.0.1").configure_cert(tls)
        self.authority.configure_trust(tls)
        tls.verify_mode = verify
        if newest is not None:
            tls.maximum_version = newest
        with scripted(paged(PAGES), tls) as source:
            yield source


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    return Estate(tmp_path_factory.mktemp("mtls"))


@pytest.fixture(scope="module")
def ours(estate: Estate) -> trustme.LeafCert:
    return estate.authority.issue_cert("reader.example")


BOTH = pytest.mark.parametrize("newest", [None, ssl.TLSVersion.TLSv1_2])


@BOTH
def test_each_connection_shows_it_and_that_is_a_log_in(
    estate: Estate, ours: trustme.LeafCert, newest: ssl.TLSVersion | None
) -> None:
    with estate.serving(newest=newest) as source:
        run = read(source.rest(auth=estate.mtls(ours), ca_file=estate.ca_file), schema=SCHEMA)
    assert keys(run) == [1, 2]
    assert [event.how for event in run.of(Authenticated)] == ["client certificate"]


def test_a_token_beside_it_is_shown_as_well(estate: Estate, ours: trustme.LeafCert) -> None:
    auth = estate.mtls(ours, also=Bearer(token=Secret("env:TOKEN", "t0")))
    with estate.serving() as source:
        run = read(source.rest(auth=auth, ca_file=estate.ca_file), schema=SCHEMA)
        assert {asked.headers["authorization"] for asked in source.asked} == {"Bearer t0"}
    assert [event.how for event in run.of(Authenticated)] == ["bearer token"]


def refused(estate: Estate, ours: trustme.LeafCert, case: str) -> tuple[Any, str]:
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    other = estate.authority.issue_cert("reader.example")
    key = Secret("env:CLIENT_KEY", other.private_key_pem.bytes().decode())
    return {
        "missing": (NoAuth(), "certificate required|handshake failure"),
        "expired": (
            estate.mtls(estate.authority.issue_cert("reader.example", not_after=ended)),
            "certificate expired",
        ),
        "of a stranger": (estate.mtls(trustme.CA().issue_cert("reader.example")), "unknown ca"),
        "with the key of another": (
            estate.mtls(ours, key=key),
            "env:CLIENT_KEY do not belong together: correct",
        ),
        "with a key that is none": (
            estate.mtls(ours, key=Secret("env:CLIENT_KEY", "canary-91c4")),
            "env:CLIENT_KEY are no PEM",
        ),
        "without its file": (
            estate.mtls(ours, certificate=estate.folder / "none.pem"),
            "cannot be read: name a PEM file",
        ),
    }[case]


CASES = ["missing", "expired", "of a stranger"]
LOCAL = ["with the key of another", "with a key that is none", "without its file"]


@BOTH
@pytest.mark.parametrize("case", CASES)
def test_n22_a_refused_certificate_ends_the_reading_after_one_try(
    estate: Estate, ours: trustme.LeafCert, case: str, newest: ssl.TLSVersion | None
) -> None:
    auth, why = refused(estate, ours, case)
    slept: list[float] = []
    with estate.serving(newest=newest) as source:
        patience = RetryPolicy(sleep=slept.append)
        rest = source.rest(auth=auth, ca_file=estate.ca_file, patience=patience)
        with pytest.raises(AccessDenied, match=why) as raised:
            read(rest, schema=SCHEMA)
        assert source.asked == []
    assert slept == []
    assert "PRIVATE KEY" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("case", LOCAL)
def test_n22_what_nobody_could_show_is_told_before_any_connection(
    estate: Estate, ours: trustme.LeafCert, case: str
) -> None:
    auth, why = refused(estate, ours, case)
    with estate.serving() as source:
        rest = source.rest(auth=auth, ca_file=estate.ca_file)
        with pytest.raises(AccessDenied, match=why) as raised:
            read(rest, schema=SCHEMA)
        assert source.asked == []
    told = "".join(traceback.format_exception(raised.value)) + repr(auth)
    assert "PRIVATE KEY" not in told
    assert "canary" not in told


def test_it_is_shown_to_nobody_whom_we_do_not_trust(
    estate: Estate, ours: trustme.LeafCert
) -> None:
    with estate.serving() as source:
        rest = source.rest(auth=estate.mtls(ours))  # without the authority's file
        with pytest.raises(AccessDenied, match="TLS is not trusted"):
            read(rest, schema=SCHEMA)


def probed(estate: Estate, ours: trustme.LeafCert, verify: ssl.VerifyMode) -> list[Probe]:
    with estate.serving(verify) as source:
        rest = source.rest(auth=estate.mtls(ours), ca_file=estate.ca_file, stranger_allowed=True)
        return list(rest.probe(emit=lambda _: None))


def test_nobody_and_a_stranger_are_refused_by_tls(estate: Estate, ours: trustme.LeafCert) -> None:
    found = probed(estate, ours, ssl.CERT_REQUIRED)
    assert [(one.kind, one.refused, one.status) for one in found] == [
        (ProbeKind.NOBODY, True, "TLS: certificate required"),
        (ProbeKind.STRANGER, True, "TLS: unknown ca"),
    ]


def test_a_source_that_asks_for_one_and_serves_whoever_shows_none_is_found(
    estate: Estate, ours: trustme.LeafCert
) -> None:
    """The twin: the guard at the source is off."""
    found = probed(estate, ours, ssl.CERT_OPTIONAL)
    assert [(one.kind, one.refused) for one in found] == [
        (ProbeKind.NOBODY, False),
        (ProbeKind.STRANGER, True),
    ]


NGINX = """
daemon off; master_process off; pid {0}/nginx.pid; error_log {0}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {0}/body; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f;
  uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
  server {{
    listen 127.0.0.1:{1} ssl; root {0}; default_type application/json;
    ssl_certificate {0}/server.pem; ssl_certificate_key {0}/server.pem;
    ssl_client_certificate {0}/ca.pem; ssl_verify_client on;
  }}
}}
"""


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Estate, str]]:
    folder = tmp_path_factory.mktemp("nginx")
    estate, port = Estate(folder), free_port()
    issued = estate.authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    (folder / "nginx.conf").write_text(NGINX.format(folder, port))
    (folder / "parts").write_text('{"rows": [{"key": 1}], "total": 1}')
    log = folder / "nginx.log"
    process = spawn(["/usr/sbin/nginx", "-c", folder / "nginx.conf", "-p", folder], log=log)
    try:
        wait_until(lambda: accepts(port), process)
        yield estate, f"https://127.0.0.1:{port}"
    finally:
        process.stop()


def of_nginx(nginx: tuple[Estate, str], auth: Any) -> Rest:
    estate, url = nginx
    return Rest(
        base_url=url,
        auth=auth,
        endpoints={"parts": Endpoint(path="/parts", pages=single(), rows="rows", total="total")},
        budget=plenty(),
        ca_file=estate.ca_file,
        stranger_allowed=True,
    )


@pytest.mark.estate_full("nginx")
def test_n22_nginx_lets_ours_in_and_refuses_an_expired_one_by_400(
    nginx: tuple[Estate, str],
) -> None:
    estate, _ = nginx
    ours = estate.mtls(estate.authority.issue_cert("reader.example"))
    assert keys(read(of_nginx(nginx, ours), schema=SCHEMA)) == [1]
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    old = estate.mtls(estate.authority.issue_cert("reader.example", not_after=ended))
    with pytest.raises(AccessDenied, match=r"answered 400: check certificate .* and env:"):
        read(of_nginx(nginx, old), schema=SCHEMA)


@pytest.mark.estate_full("nginx")
def test_nginx_refuses_nobody_and_a_stranger_by_400(nginx: tuple[Estate, str]) -> None:
    ours = nginx[0].mtls(nginx[0].authority.issue_cert("reader.example"))
    found = of_nginx(nginx, ours).probe(emit=lambda _: None)
    assert [(one.kind, one.refused, one.status) for one in found] == [
        (ProbeKind.NOBODY, True, "400"),
        (ProbeKind.STRANGER, True, "400"),
    ]
