"""Faults H10, H11 and H12 over SOAP: an answer that is none is an error, and what may have been
done is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Completed, Retried
from connectors.http.status import check_status
from connectors.rest.soap.soap import Soap
from tests.conformance import Run
from tests.connectors.scripted import Asked, Said, scripted
from tests.connectors.soap.parts import ONE, ROW, WSDL, envelope, fault, read_parts, reading, said

FAULTS: dict[str, type[SourceError]] = {
    "Server": SourceUnavailable,
    "Client": SourceChanged,
    "Client.Authentication": AccessDenied,
    "FailedAuthentication": AccessDenied,
    "Their own, Mrs Miller": SourceChanged,
}


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("code", FAULTS)
def test_h11_a_fault_is_an_error_under_any_status_and_its_words_are_not_told(
    code: str, status: int
) -> None:
    with pytest.raises(FAULTS[code]) as caught:
        reading(said(fault(code), status))
    assert "Miller" not in str(caught.value)
    assert "4711" not in str(caught.value)
    assert f"answered {status} with a fault" in str(caught.value)


def test_h11_beside_rows_it_is_an_error_too() -> None:
    with pytest.raises(SourceChanged, match="fault Client: correct the arguments"):
        reading(said(ONE + fault("Client")))


def test_h11_the_guard_off_a_fault_of_200_is_found_by_its_content_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By its status it is an answer; that it has no rows is the second guard."""
    monkeypatch.setattr(Soap, "check", lambda _, answer: check_status(answer))
    with pytest.raises(SourceChanged, match="its answer is not the one of this operation"):
        reading(said(fault("Server")))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (said(b"<html>log in</html>", content_type="text/html"), "something other than XML"),
        (said(ONE, content_type="text/xml; charset=latin-1"), "answered XML in latin-1"),
        (said(b"<Envelope/>"), "is no envelope of the version of SOAP that was sent"),
        (said(ONE + ONE), "has 2 elements in its body and not one"),
        (said("<Other xmlns='urn:parts'/>"), "is not the one of this operation"),
        (said(envelope(ONE).encode()[:-9]), "is cut, malformed or nested too deep"),
        (said(ONE, 202), "answered 202, which is no answer of an operation"),
        (Said(b"", 204, {}), "answered 204, which is no answer of an operation"),
        (said(ONE.replace("part>", "parts>")), "has elements in parts, which has none"),
    ],
)
def test_h11_h12_what_is_no_answer_of_the_operation_is_none(answer: Said, told: str) -> None:
    with pytest.raises(SourceChanged, match=told):
        reading(answer)


def lost_once(heard: list[bytes]) -> Callable[[Asked], Said]:
    """Does what is asked each time, and loses its first answer."""

    def answers(asked: Asked) -> Said:
        heard.append(asked.body)
        return said(ONE) if len(heard) > 1 else Said(b"", 503, {})

    return answers


def test_h10_what_may_have_been_done_is_sent_once() -> None:
    heard: list[bytes] = []
    unsafe = Soap(wsdl=WSDL, operation="ListParts")
    with (
        scripted(lost_once(heard)) as source,
        pytest.raises(SourceUnavailable, match=r"not sent again: only what is safe=True is"),
    ):
        read_parts(source, wire=unsafe)
    assert len(heard) == 1


def test_h10_twin_what_is_said_to_read_is_sent_again_the_same() -> None:
    heard: list[bytes] = []
    with scripted(lost_once(heard)) as source:
        run = read_parts(source)
    assert (len(heard), len({*heard}), len(run.of(Retried))) == (2, 1, 1)
    assert run.completed.rows == 1


def paged(asked: Asked) -> Said:
    """Two pages; the second is asked for by the key behind which it stands."""
    assert asked.headers["soapaction"] == '"urn:parts#list"'
    if b":after>1<" not in asked.body:
        return said(ONE.replace("</Listed>", "<next>1</next></Listed>").replace(">1</t", ">2</t"))
    return said(ONE.replace("<key>1", "<key>2").replace(">1</t", ">2</t"))


def test_pages_follow_by_a_field_of_the_body_and_the_total_is_held_against_them() -> None:
    with scripted(paged) as source:
        run = read_parts(source, search={"filter": {"since": "2026-11-01"}})
        assert all(b"since>2026-11-01<" in asked.body for asked in source.asked)
    assert run.table["key"].to_pylist() == [1, 2]
    assert run.of(Completed)[0].witness is not None
    assert run.completed.witness.declared == 2


def test_a_page_that_lost_a_row_is_not_whole() -> None:
    with scripted(lambda _: said(ONE.replace("<total>1<", "<total>2<"))) as source:
        run: Run = read_parts(source)
    witness = run.completed.witness
    assert witness is not None
    assert (witness.declared, run.completed.rows) == (2, 1)


def test_a_repeated_page_is_found_out() -> None:
    endless = said(f"<Listed xmlns='urn:parts'>{ROW}<total>9</total><next>x</next></Listed>")
    with pytest.raises(SourceChanged, match="has the rows of page 1"):
        reading(endless)


@pytest.mark.parametrize(
    ("search", "told"),
    [
        ({"afer": "1"}, "has no argument afer: correct search or pages to after"),
        ({"filter": {"until": "2026"}}, "the arguments of ListParts do not fit it"),
    ],
)
def test_wrong_arguments_are_told_before_anything_is_sent(search: object, told: str) -> None:
    with scripted(lambda _: said(ONE)) as source:
        with pytest.raises(SourceError, match=told):
            read_parts(source, search=search)
        assert source.asked == []


def test_a_wrong_operation_names_the_one_that_may_be_meant() -> None:
    wrong = replace(Soap(wsdl=WSDL, operation="ListParts"), operation="ListPart")
    with (
        scripted(lambda _: said(ONE)) as source,
        pytest.raises(SourceError, match=r"parts.wsdl has no operation ListPart .*to ListParts"),
    ):
        read_parts(source, wire=wrong)
