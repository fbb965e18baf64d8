"""Whole runs whose key is replaced, lost or no longer to be had while a source is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.facts import Reading
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.prove import prove
from tests.connectors.scripted import Asked, Said, Scripted, scripted
from tests.connectors.vault_fixture import Store, store
from tests.harness.pilot.kept import CONTRACT, SETTINGS, TOKEN, written

pytestmark = pytest.mark.long

PILOT = f"""\
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.rest import ApiKey, Endpoint, RateLimiter, Rest, next_url
{CONTRACT}
LIST = Endpoint(path="/1", pages=next_url("next"), rows="rows", total="total")

def crm(at: Address) -> Rest:
    return Rest(
        base_url=at.text("url"),
        auth=ApiKey(key=at.secret("password"), header="X-Api-Key"),
        endpoints={{"customers": LIST}},
        budget=RateLimiter(requests=50, seconds=1),
    )

PILOT = Pilot(name="kept", sources=(Source(name="crm", connect=crm, contracts=(CUSTOMERS,)),))
"""
OLD, NEW = "canary-key-of-today", "canary-key-of-tomorrow"


@contextmanager
def shop(replaced: Callable[[], None], *, status: int = 401) -> Iterator[Scripted]:
    """It takes the old key for the first page. From the second on it takes the new one alone, and
    refuses the other by `status`.
    """
    known = [OLD]

    def answers(asked: Asked) -> Said:
        page = int(asked.path[1:])
        if page > 1 and known == [OLD]:
            known[:] = [NEW]
            replaced()
        if asked.headers["x-api-key"] not in known:
            return Said({}, status)
        following = f"/{page + 1}" if page < 3 else None
        return Said({"rows": [{"customer_key": page}], "total": 3, "next": following})

    with scripted(answers) as source:
        yield source


@pytest.fixture
def keyed(kept: Path) -> Path:
    (kept / "pilot.py").write_text(PILOT)
    return kept


def proven(keyed: Path, source: Scripted, at: Store, **environ: str) -> Result:
    """A run in which one child reads."""
    at.put("crm", password=OLD)
    loaded = loading.load(keyed)
    token = environ or {"VAULT_TOKEN": at.token(at.allow("cr*"))}
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=tuple(plan(loaded.pilot, claims=("complete", "conforms"))),
        out=keyed.parent / "out",
        environ={"CRM_URL": source.url, "VAULT_ADDR": at.address, **token},
    )
    return prove(config)


def outcomes(result: Result) -> set[str]:
    return {str(one.verdict.outcome) for one in result.judged}


def reading(result: Result) -> Reading:
    [found] = (fact for fact in result.facts if isinstance(fact, Reading))
    return found


def why(result: Result) -> str:
    failure = reading(result).failure
    assert failure is not None
    return f"{failure.kind}: {failure.message}"


def test_a_key_that_is_replaced_in_mid_run_costs_no_row_and_is_written_nowhere(
    keyed: Path, vault: Store
) -> None:
    """Neither the old one nor the new one is."""
    with shop(lambda: vault.put("crm", password=NEW)) as source:
        result = proven(keyed, source, vault)
    assert (reading(result).rows, reading(result).failure) == (3, None)
    assert [asked.path for asked in source.asked] == ["/1", "/2", "/2", "/3"]
    found = written(keyed.parent / "out")
    assert "Authenticated" in found, "the search looks where a key would stand"
    assert OLD not in found
    assert NEW not in found


def test_a07_permission_that_is_withdrawn_half_way_is_an_error_and_publishes_no_row(
    keyed: Path, vault: Store
) -> None:
    """By 403 we are known, and may not: the request is not sent again, no other key is shown, and
    nothing lands of what had come.
    """
    (keyed / "pilot.yaml").write_text(f"{SETTINGS}keep: [crm.customers]\n")
    with shop(lambda: vault.put("crm", password=NEW), status=403) as source:
        result = proven(keyed, source, vault)
    assert outcomes(result) == {"ERROR"}
    assert why(result).startswith("AccessDenied: GET 127.0.0.1")
    assert "403" in why(result)
    assert [asked.path for asked in source.asked] == ["/1", "/2"]
    assert not [*keyed.parent.rglob("*.parquet")]


def test_a07_without_the_refusal_the_same_rows_are_kept(keyed: Path, vault: Store) -> None:
    """Control."""
    (keyed / "pilot.yaml").write_text(f"{SETTINGS}keep: [crm.customers]\n")
    with shop(lambda: vault.put("crm", password=NEW)) as source:
        proven(keyed, source, vault)
    assert [*keyed.parent.rglob("*.parquet")]


def test_a_store_that_gives_no_key_in_mid_run_is_named_and_the_source_not_accused(
    keyed: Path,
) -> None:
    """First the key is gone there, then the store itself."""
    with store() as own:
        for lose, said in (
            (lambda: own.do("DELETE", "secret/data/crm"), "the store has nothing there"),
            (own.stop, "no connection: check that the server runs"),
        ):
            with shop(lose) as source:
                result = proven(keyed, source, own)
            assert outcomes(result) == {"ERROR"}
            assert why(result).startswith("SourceError: GET 127.0.0.1")
            assert "answered 401, and vault:secret/crm#password: " in why(result)
            assert said in why(result)


def test_a_token_that_was_got_for_a_run_ends_with_it(keyed: Path, vault: Store) -> None:
    """By AppRole; the control is a token of a person, which is theirs to end."""
    role_id, secret_id = vault.approle(vault.allow("crm"), uses=1)
    before = accessors(vault)
    with shop(lambda: vault.put("crm", password=NEW)) as source:
        proven(keyed, source, vault)
        theirs = accessors(vault) - before
        approle = f"role_id: {role_id}, secret_id: env:SECRET_ID"
        (keyed / "pilot.yaml").write_text(SETTINGS.replace(TOKEN, approle))
        assert "ERROR" in outcomes(proven(keyed, source, vault, SECRET_ID=secret_id))
    assert len(theirs) == 1
    assert accessors(vault) - before == theirs


def accessors(vault: Store) -> set[str]:
    """Of all tokens that the store knows."""
    return set(vault.do("LIST", "auth/token/accessors")["data"]["keys"])
