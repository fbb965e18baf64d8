"""A stranger is sent where one is allowed, and the server's own answer is told."""

from __future__ import annotations

from connectors.connector import Probe, ProbeKind
from connectors.events import Emit, Refused
from connectors.sql.connector import Sql
from estate.process import free_port
from tests.conformance import Run
from tests.connectors.crm_fixture import Database


def strangers(connector: Sql, emit: Emit = lambda _: None) -> list[Probe]:
    return [probe for probe in connector.probe(emit=emit) if probe.kind is ProbeKind.STRANGER]


def test_a_stranger_is_refused_by_the_server_itself(crm: Database) -> None:
    before = crm.refused_logins()
    run = Run()
    (probe,) = strangers(crm.sql(stranger_allowed=True), run.events.append)
    assert (probe.name, probe.refused, probe.status) == ("stranger_refused", True, "28P01")
    assert crm.refused_logins() == before + 1
    assert [event.status for event in run.of(Refused)] == ["28P01"]
    assert 'user "reader"' not in crm.log.read_text().split("\n")[-2]


def test_one_log_in_tells_of_nobody_too(crm: Database) -> None:
    """The server asks for a password before it looks at one."""
    before = crm.refused_logins()
    probes = crm.sql(stranger_allowed=True).probe(emit=lambda _: None)
    (nobody,) = [probe for probe in probes if probe.kind is ProbeKind.NOBODY]
    assert (nobody.name, nobody.refused, nobody.status) == ("nobody_refused", True, "28P01")
    assert crm.refused_logins() == before + 1


def test_no_stranger_is_sent_where_none_is_allowed(crm: Database) -> None:
    before = crm.refused_logins()
    assert strangers(crm.sql()) == []
    assert crm.refused_logins() == before


def test_a_server_that_is_down_refuses_nobody(crm: Database) -> None:
    down = f"postgresql+psycopg://reader@127.0.0.1:{free_port()}/crm"
    (probe,) = strangers(crm.sql(url=down, stranger_allowed=True))
    assert not probe.refused
