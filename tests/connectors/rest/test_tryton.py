"""A session of Tryton: three wrong passwords lock an account there."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from connectors.connector import ProbeKind
from connectors.errors import AccessDenied
from connectors.events import Answered, Authenticated
from connectors.http.messages import Answer, Request
from connectors.rest.auth.log_out import LogOut, last_of
from connectors.rest.auth.session import Session
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.single import single
from connectors.secrets import Secret
from tests.connectors.rest.keyed import SCHEMA
from tests.connectors.servers.tryton import DATABASE, PARTIES, PASSWORD, USER, tryton
from tests.connectors.vendor_fixture import Run, plenty, read

pytestmark = pytest.mark.estate_full

AT = f"/{DATABASE}/rpc/"
PARTIES_BY_RPC = Endpoint(
    path=AT,
    search={
        "id": 1,
        "method": "model.party.party.search_read",
        "params": [[], 0, None, [["id", "ASC"]], ["id", "code"], {}],
    },
    pages=single(),
    rows="result",
    columns={"key": "id"},
)


@pytest.fixture(scope="module")
def erp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tryton(tmp_path_factory.mktemp("tryton")) as url:
        yield url


def rest(url: str, password: str = PASSWORD) -> Rest:
    session = Session(
        path=AT,
        user=USER,
        password=Secret("env:PASSWORD", password),
        body={
            "id": 0,
            "method": "common.db.login",
            "params": ["{user}", {"password": "{password}"}],
        },
        token=("result", 1),
        parts={"id": ("result", 0)},
        shows="Session {base64}",
        base64="{user}:{id}:{token}",
        log_out=LogOut(path=AT, body={"id": 2, "method": "common.db.logout", "params": []}),
    )
    return Rest(
        base_url=url,
        auth=session,
        endpoints={"parties": PARTIES_BY_RPC},
        budget=plenty(),
        stranger_allowed=True,
    )


def test_a_session_reads_all_and_is_given_back(erp: str) -> None:
    run = read(rest(erp), "parties", schema=SCHEMA)
    assert run.table is not None
    assert len(set(run.table["key"].to_pylist())) >= PARTIES
    assert [one.renewed for one in run.of(Authenticated)] == [False]
    assert [one.status for one in run.of(Answered)] == ["200", "200", "200"]


@pytest.mark.parametrize(("gives_back", "status"), [(True, 401), (False, 200)])
def test_a_session_that_was_given_back_is_over(erp: str, *, gives_back: bool, status: int) -> None:
    """The twin: without a log-out it would live on."""
    authorize = rest(erp).auth.begin(erp, lambda _: None)
    conversation = authorize(PARTIES_BY_RPC.wire.to_request(PARTIES_BY_RPC.request(erp)))
    asked = conversation.send(sent(next(conversation)))
    assert sent(asked).status == 200
    if gives_back:
        last = last_of(authorize)
        assert last is not None
        assert sent(last).status == 200
    assert sent(asked).status == status


def sent(request: Request) -> Answer:
    said = httpx.request(
        request.method, request.url, headers=dict(request.headers), content=request.body
    )
    return Answer(
        what=request.what,
        url=request.url,
        status=said.status_code,
        headers=said.headers,
        body=said.content,
    )


def test_a_wrong_password_is_one_try_and_the_account_is_not_locked(erp: str) -> None:
    run = Run()
    with pytest.raises(AccessDenied, match="401 without a session: check the user and env:PASS"):
        rest(erp, "wr0ng").read("parties", schema=SCHEMA, emit=run.events.append)
    assert len(run.of(Answered)) == 1
    assert read(rest(erp), "parties", schema=SCHEMA).table is not None


def test_nobody_and_a_stranger_are_refused(erp: str) -> None:
    found = rest(erp).probe(emit=lambda _: None)
    assert [(one.kind, one.refused, one.status) for one in found] == [
        (ProbeKind.NOBODY, True, "401"),
        (ProbeKind.STRANGER, True, "401"),
    ]
