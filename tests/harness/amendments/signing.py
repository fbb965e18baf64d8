"""Acme after one night, whose orders break `conforms`, and people who sign for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from harness.onboarding.amend import Asked, amend
from harness.onboarding.person import Person
from harness.onboarding.status import Standing, stand
from harness.result import Judged, Kind
from tests.harness.acme_layout import lay_out
from tests.harness.policy.agreed import PEOPLE, Agreement

DAY = timedelta(days=1)
DATASET = "outlet.orders"


def after_a_night(root: Path) -> Agreement:
    agreement = Agreement(acme=lay_out(root), root=root, at=datetime.now(UTC))
    agreement.read()
    return agreement


def sign(  # noqa: PLR0913 - what a person may say
    agreement: Agreement,
    who: str = "own",
    *,
    kind: Kind = Kind.WAIVER,
    claim: str = "conforms",
    dataset: str | None = DATASET,
    source: str | None = None,
    role: str | None = None,
    days: int | None = 30,
    at_most: tuple[str, ...] = (),
    reason: str = "vouchers come in December",
    trusted: bool = True,
) -> list[str]:
    """`days` None withdraws."""
    name, own = PEOPLE[who]
    person = Person(
        by=name,
        role=role or own,
        key=f"file:{agreement.key(who)}",
        trust=agreement.trust if trusted else None,
    )
    asked = Asked(
        kind=kind,
        person=person,
        claim=claim,
        dataset=dataset,
        source=source,
        reason=reason,
        until=None if days is None else last(agreement, days),
        at_most=at_most,
    )
    environ = dict(agreement.acme.sources)
    return amend(agreement.here, asked, ledger=None, environ=environ, clock=agreement.clock())


def last(agreement: Agreement, days: int) -> date:
    """A day from the pilot's today on."""
    return agreement.at.astimezone(agreement.here.loaded.zone).date() + days * DAY


def status(agreement: Agreement, *, after: timedelta = timedelta()) -> Standing:
    now = agreement.clock().now() + after
    return stand(agreement.here, ledger=None, environ=dict(agreement.acme.sources), now=now)


def judged(found: Standing, claim: str = "conforms", dataset: str | None = DATASET) -> Judged:
    [one] = [
        one
        for one in found.judged
        if one.planned.claim == claim
        and dataset
        in (one.planned.dataset and f"{one.planned.source}.{one.planned.dataset}", None)
        and one.planned.source == "outlet"
    ]
    return one
