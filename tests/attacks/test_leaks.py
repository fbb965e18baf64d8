"""Faults E07, X11: a log-in that fails shows no secret, whatever the server says and at DEBUG.

Here a few servers for each kind; `python -m bench evidence_attacks` takes all of them.
"""

from __future__ import annotations

import pytest

from tests.attacks.answers import REFUSED, WAYS
from tests.attacks.leaks import KINDS, attempted

QUOTING = "a status line"
"""It stands in the text of a library's error, whose traceback --debug shows."""
SAMPLE = (REFUSED, QUOTING, "HTTP 401 No", "PostgreSQL: the password is wrong")
SHOWN = {"header", "query", "basic", "bearer", "oauth", "token", "approle", "hook", "pilot"}
"""The kinds whose secret is in that line."""


@pytest.mark.parametrize("kind", KINDS)
def test_e07_x11_no_secret_is_shown_logged_or_recorded(kind: str) -> None:
    for way in SAMPLE:
        leaked = attempted(kind, way, guarded=True)
        assert leaked.failed or way.startswith("HTTP"), way
        assert leaked.found == (), way


@pytest.mark.parametrize("kind", ["query", "ledger", "dsn", "hook"])
def test_a11_what_an_address_holds_as_query_or_user_is_in_no_error_log_or_record(
    kind: str,
) -> None:
    """The key of a query, a password beside the user and one in a DSN's query, a hook's token."""
    leaked = attempted(kind, REFUSED, guarded=True)
    assert leaked.failed
    assert leaked.found == ()


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_e07_x11_without_the_guard_it_would_be(kind: str) -> None:
    """The twin, and the positive control: the secret was sent, and came back."""
    leaked = attempted(kind, QUOTING, guarded=False)
    assert leaked.sent
    assert leaked.found


def test_there_are_as_many_kinds_and_servers_as_the_bench_promises() -> None:
    assert len(KINDS) - len({"pilot"}) >= 12
    assert len(WAYS) >= 40
