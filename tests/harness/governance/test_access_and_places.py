"""What was agreed beside what was observed: more than that is named, and never passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.connector import Probe, ProbeKind
from harness.evidence.runs import FactEntry
from harness.facts import Probed
from harness.governance import record
from harness.governance.grants import observed, unfounded
from harness.governance.items import By
from harness.governance.known import Known
from harness.pilot.governance_settings import Grant, Residency
from tests.harness.governance.made import otherwise

DENIED = Probe(
    name="DELETE from orders",
    refused=True,
    status="42501",
    detail="role reader",
    kind=ProbeKind.GRANT,
)
GRANTED = replace(DENIED, name="INSERT into orders", refused=False, status="granted")
OTHERS = replace(
    GRANTED, name="create objects in schema sales", detail="intern", kind=ProbeKind.OTHERS
)


def probed(known: Known, *probes: Probe) -> Known:
    """The same, where each source answered so."""
    assert known.evidence is not None
    *before, newest = known.evidence.runs
    (first, *_) = newest.facts
    told = [
        FactEntry(
            seq=first.seq,
            at=first.at,
            origin=replace(first.origin, source=source),
            kind="probed",
            fact=Probed(source=source, probes=probes, failure=None),
        )
        for source in known.sources
    ]
    kept = [one for one in newest.facts if not isinstance(one.fact, Probed)]
    changed = replace(newest, facts=(*kept, *told))
    return replace(known, evidence=replace(known.evidence, runs=(*before, changed)))


def agreed(known: Known, **more: tuple[str, ...]) -> Known:
    """Where a role may do more at each source."""
    design = [
        Grant(role=role, source=source, may=("read", *may), why="agreed")
        for role, may in {"reader": (), **more}.items()
        for source in known.sources
    ]
    return otherwise(known, access=tuple(design))


def test_more_than_was_agreed_is_named(known: Known) -> None:
    found = record.access_within_design(agreed(probed(known, DENIED, GRANTED)))
    assert found.by is By.MISSING
    assert "reader at web-shop may INSERT into orders" in found.says


def test_what_was_agreed_is_not(known: Known) -> None:
    """The same powers, agreed."""
    found = agreed(probed(known, DENIED, GRANTED), reader=("INSERT into orders",))
    assert record.access_within_design(found).by is By.FACTS
    assert all(one.agreed for one in observed(found))


def test_what_others_may_do_counts_too(known: Known) -> None:
    found = probed(known, DENIED, OTHERS)
    assert "intern at web-shop" in record.access_within_design(agreed(found)).says
    both = agreed(found, intern=("create objects in schema sales",))
    assert record.access_within_design(both).by is By.FACTS


@pytest.mark.parametrize(
    "probes",
    [(), (replace(DENIED, refused=False, status="no answer"),)],
    ids=["nothing asked", "no answer"],
)
def test_what_no_source_has_answered_is_not_within(
    known: Known, probes: tuple[Probe, ...]
) -> None:
    found = agreed(probed(known, *probes))
    assert record.access_observed(found).by is By.MISSING
    assert record.access_within_design(found).by is By.MISSING


def test_a_source_without_a_design_is_named(known: Known) -> None:
    found = otherwise(probed(known, DENIED), access=())
    assert "no access design for web-shop and outlet" in record.access_within_design(found).says


def test_what_was_agreed_and_nobody_has_can_be_struck_out(known: Known) -> None:
    found = agreed(probed(known, DENIED), reader=("INSERT into orders",))
    assert {one.source for one in unfounded(found)} == set(known.sources)


def test_a_machine_that_nobody_named_is(known: Known) -> None:
    assert record.residency_within(known).by is By.FACTS
    other = Residency(places={"Kiel, Germany": ("erp.example",)})
    found = record.residency_within(otherwise(known, residency=other))
    assert found.by is By.MISSING
    assert "this machine (" in found.says


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("postgresql://erp.example:5432/erp", "erp.example"),
        ("https://[2001:db8::1]:8443/api", "2001:db8::1"),
        ("sqlite:////var/lib/shop.sqlite", "this machine"),
        ("/srv/drop", "this machine"),
    ],
)
def test_a_host_has_no_port(address: str, host: str) -> None:
    assert record.host_of(address) == host
