"""Pages as the demo's are: as many verdicts, as long sentences, as many owners."""

from __future__ import annotations

from dataclasses import replace

from harness.facts import Register
from harness.report.html import render
from harness.result import Judged, Planned, Result
from harness.verdict import Outcome
from tests.harness.report import sample

OWNERS = ("crm", "erp", "billing", "logistics", "vendor")
_LATE = (
    "27 of 28 deliveries came later than the 24 h 00 m promised (shipments_20261126.csv, "
    "shipments_20261125.csv, shipments_20261124.csv and 24 more) and 1 came empty "
    "(shipments_20261123.csv): the median lag is 48 h 00 m, and the newest event "
    "(2026-11-26 22:47 UTC) is 63 h 43 m old."
)
_CHANGED = (
    "2 changes (none of them breaking) since Ada Okafor, CRM operations approved on "
    "2026-11-25: sachbearbeiter was renamed to bearbeiter (compatible) and "
    "gesamtbetrag_cent was narrowed from bigint to integer (compatible)."
)
_BROKEN = (
    (
        "least_privilege",
        "Role reader may INSERT into customers and TRUNCATE customers: revoke it.",
    ),
    ("conforms", "market_segment: 7 % missing, 2 % promised (105 of 1,500)."),
    ("stable_values", "discount: D 0.282, W1 0.779 sd (2,078 against 2,078)."),
    ("fresh", _LATE),
    ("stable_schema", _CHANGED),
)
_UNPROVEN = (
    ("arrives", "1 of 1 night good: at least 5 % are; 29 are needed for 90 %."),
    ("fresh", "1 of 1 delivery on time, median lag 15 h 40 m; 59 without a failure are needed."),
    ("least_privilege", "Nothing was asked: this source cannot be asked what our log-in may do."),
)
_PROVEN = ("authenticated", "owned", "complete", "within_budget", "conforms", "reconciles")


def as_found() -> Result:
    """10 BROKEN, 15 UNPROVEN and 30 PROVEN."""
    told = [(one, Outcome.BROKEN) for one in _BROKEN * 2]
    told += [(one, Outcome.UNPROVEN) for one in _UNPROVEN * 5]
    told += [((name, "As promised (28P01)."), Outcome.PROVEN) for name in _PROVEN * 5]
    judged = tuple(_judged(place, *one) for place, one in enumerate(told))
    facts = (
        *(one for one in sample.as_found().facts if not isinstance(one, Register)),
        *(
            Register(
                source=name,
                owner=f"Ada Okafor, {name} operations",
                deputy="Jonas Lind, operations",
                escalation="on call, within 30 minutes",
                acknowledged_by=None,
                acknowledged_on=None,
            )
            for name in OWNERS
        ),
    )
    return replace(sample.result(judged=judged, facts=facts), title="Predict late deliveries")


def page() -> str:
    """The report of a run."""
    return render(as_found())


def _judged(place: int, said: tuple[str, str], outcome: Outcome) -> Judged:
    found, (claim, because) = sample.as_found().judged[0], said
    source = OWNERS[place % len(OWNERS)]
    dataset = None if claim in ("authenticated", "owned", "least_privilege") else f"d{place}"
    return replace(
        found,
        planned=Planned(source=source, dataset=dataset, claim=claim),
        verdict=replace(found.verdict, claim=claim, outcome=outcome, because=because),
    )
