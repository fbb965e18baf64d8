"""No address of this machine passes for anything but practice."""

from __future__ import annotations

import socket

import pytest

from harness.facts import EvidenceClass
from harness.run import evidence_class


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1:8443",
        "https://127.0.0.2",
        "https://localhost",
        "https://[::1]:8443",
        "https://[::ffff:127.0.0.1]:8443",
        "https://0.0.0.0:8443",
        "https://[::]:8443",
        "sqlite:///orders.sqlite",
    ],
)
def test_loopback_is_simulated_however_it_is_written(endpoint: str) -> None:
    assert evidence_class.of(endpoint, EvidenceClass.PRODUCTION) is EvidenceClass.SIMULATED


def test_this_machines_own_address_is_simulated() -> None:
    """Which may be loopback alone, where there is no network."""
    own = socket.getaddrinfo(socket.gethostname(), None)[0][4][0]
    found = evidence_class.of(f"postgresql://{own}:5432/crm", EvidenceClass.PRODUCTION)
    assert found is EvidenceClass.SIMULATED


def test_another_machine_is_what_it_was_declared_to_be() -> None:
    """192.0.2.0/24 belongs to nobody (RFC 5737); nothing is sent there."""
    found = evidence_class.of("https://192.0.2.77", EvidenceClass.PRODUCTION)
    assert found is EvidenceClass.PRODUCTION
