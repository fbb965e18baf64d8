"""What a log-in by Kerberos shows with each request, and the proof that comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from connectors.errors import SourceError
from connectors.http.messages import Answer, Request
from connectors.rest.auth import converse
from connectors.rest.auth.kerberos import Kerberos
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.single import single
from tests.connectors.kerberos_fixture import READER, Realm, logs_in, realm

pytestmark = pytest.mark.estate_full(
    "krb5kdc", "kadmin.local", "kinit", "apache2", "krb5-config", "gcc"
)

DATA = Endpoint(path="/parts.json", pages=single(), rows="rows", total="total")


@pytest.fixture(scope="module")
def real() -> Iterator[Realm]:
    with realm() as running, logs_in(running, by=running.kinit()):
        yield running


def asked(base_url: str) -> Request:
    return DATA.wire.to_request(DATA.request(base_url))


def answer_to(request: Request) -> Answer:
    got = httpx.get(request.url, headers=request.headers)
    return Answer(
        what=request.what,
        url=request.url,
        status=got.status_code,
        headers=got.headers,
        body=got.content,
    )


def test_each_request_shows_another_token(real: Realm) -> None:
    authorize = Kerberos(principal=READER).begin(real.source, [].append)
    sent = [next(authorize(asked(real.source))) for _ in range(2)]
    assert [answer_to(one).status for one in sent] == [200, 200]


def test_what_is_sent_again_has_another_one_and_its_own_proof(real: Realm) -> None:

    def send(request: Request) -> Answer:
        answer_to(request)  # which is lost on its way
        assert request.anew is not None
        return answer_to(request.anew())

    authorize = Kerberos(principal=READER).begin(real.source, [].append)
    assert converse(authorize(asked(real.source)), send).is_success


def test_control_a_token_that_was_seen_is_refused(real: Realm) -> None:
    authorize = Kerberos(principal=READER).begin(real.source, [].append)
    shown = next(authorize(asked(real.source)))
    assert [answer_to(shown).status for _ in range(2)] == [200, 401]


def test_an_answer_with_a_proof_of_another_is_not_taken(real: Realm) -> None:
    """The answer to the request before it has one, and was good for that."""
    came: list[Answer] = []

    def send(request: Request) -> Answer:
        came.append(answer_to(request))
        return came[0]

    authorize = Kerberos(principal=READER).begin(real.source, [].append)
    assert converse(authorize(asked(real.source)), send).is_success
    with pytest.raises(SourceError, match="holds a proof that is not HTTP@localhost's"):
        converse(authorize(asked(real.source)), send)


@pytest.mark.parametrize(
    "proof", ["Negotiate AAAA", "Negotiate A", 'Basic realm="a", negotiate AA==']
)
def test_what_is_no_proof_at_all_is_not_taken(real: Realm, proof: str) -> None:
    def send(request: Request) -> Answer:
        return replace(answer_to(request), headers={"www-authenticate": proof})

    authorize = Kerberos(principal=READER).begin(real.source, [].append)
    with pytest.raises(SourceError, match="holds a proof that is not"):
        converse(authorize(asked(real.source)), send)
