"""A certificate that its authority took back, where a list of those was given to us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from connectors.errors import AccessDenied
from tests.connectors.http.raw_server import (
    BODY,
    exchange,
    head,
    length,
    says,
    server_side,
    serving,
)

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
ROOT = trustme.CA()
BETWEEN = ROOT.create_child_ca()
LEAF = BETWEEN.issue_cert("127.0.0.1")


def certificate(pem: trustme.Blob) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.bytes())


def revoked_by(
    authority: trustme.CA, *revoked: x509.Certificate, until: datetime = NOW + DAY
) -> bytes:
    """The authority's list, in PEM."""
    key = load_pem_private_key(authority.private_key_pem.bytes(), password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    issuer = certificate(authority.cert_pem).subject
    made = x509.CertificateRevocationListBuilder().issuer_name(issuer)
    made = made.last_update(NOW - 9 * DAY).next_update(until)
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number)
        made = made.add_revoked_certificate(entry.revocation_date(NOW - DAY).build())
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)


def trusting(folder: Path, *lists: bytes) -> Path:
    path = folder / "ca.pem"
    path.write_bytes(b"".join([ROOT.cert_pem.bytes(), *lists]))
    return path


BETWEENS = certificate(BETWEEN.cert_pem)
LEAFS = certificate(LEAF.cert_chain_pems[0])


@pytest.mark.parametrize(
    ("lists", "why"),
    [
        ([revoked_by(ROOT, BETWEENS), revoked_by(BETWEEN)], "revoked"),
        ([revoked_by(ROOT), revoked_by(BETWEEN, LEAFS)], "revoked"),
        ([revoked_by(ROOT), revoked_by(BETWEEN, until=NOW - DAY)], "CRL has expired"),
        ([revoked_by(ROOT)], "unable to get certificate CRL"),
    ],
    ids=["intermediate", "leaf", "list out of date", "list missing"],
)
def test_n20_a_revoked_certificate_gets_no_request(
    lists: Sequence[bytes], why: str, tmp_path: Path
) -> None:
    asked: list[bool] = []
    with (
        serving(lambda _: asked.append(True), server_side(LEAF)) as url,
        pytest.raises(AccessDenied, match=rf"TLS is not trusted \(.*{why}"),
    ):
        exchange(url, ca_file=trusting(tmp_path, *lists))
    assert asked == []


@pytest.mark.parametrize("lists", [[], [revoked_by(ROOT), revoked_by(BETWEEN)]])
def test_n20_control_without_a_list_that_names_it_a_certificate_is_trusted(
    lists: Sequence[bytes], tmp_path: Path
) -> None:
    """Also a revoked one: nothing is fetched that could say so."""
    with serving(says(head(length(BODY)), BODY), server_side(LEAF)) as url:
        assert exchange(url, ca_file=trusting(tmp_path, *lists)).body == BODY
