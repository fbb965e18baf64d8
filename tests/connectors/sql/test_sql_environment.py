"""Variables of libpq have no say in who is asked, and as whom."""

from __future__ import annotations

import pytest

from connectors.errors import AccessDenied
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, Database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGHOSTADDR", "127.0.0.1"),
        ("PGOPTIONS", "-c search_path=other"),
        ("PGSERVICE", "other"),
    ],
)
def test_the_environment_has_no_say_in_the_log_in(
    crm: Database, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    run = Run()
    with pytest.raises(AccessDenied, match=f"sets {name}, .*: unset it") as caught:
        read(crm.sql(), "it", CUSTOMERS, into=run)
    assert value not in str(caught.value)
    assert run.events == []


def test_what_the_url_and_we_say_ourselves_the_environment_may_say_as_well(
    crm: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = ("PGSSLMODE", "PGSSLROOTCERT", "PGSSLCERT", "PGREQUIREAUTH", "PGPASSFILE")
    for name in ("PGHOST", "PGUSER", "PGDATABASE", "PGPASSWORD", *ours):
        monkeypatch.setenv(name, "verify-full" if name == "PGSSLMODE" else "password")
    monkeypatch.setenv("PGPORT", "1")
    assert read(crm.sql(), "it", CUSTOMERS).completed.rows == ROWS


def test_a_password_in_the_environment_is_none_that_was_handed_over(
    crm: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", crm.password)
    with pytest.raises(AccessDenied, match="sets PGPASSWORD, "):
        read(crm.sql(password=None), "it", CUSTOMERS)
