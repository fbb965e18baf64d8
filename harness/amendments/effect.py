"""Whether an amendment has an effect on a verdict at one moment; pure.

    verdict, amendments, moment ─▶ Excuse, or None

It has none from the second on that it ends, and none where what it excuses got worse: another
outcome, something that was not measured then, a larger number, another promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from harness.amendments.records import Amendment, Excused
from harness.result import Excuse, Judged, Kind
from harness.verdict import Basis, Outcome, Verdict


def kind_for(verdict: Verdict) -> Kind | None:
    """What a person would sign to excuse it; None where nothing can be excused: PROVEN needs no
    excuse, and of what was not judged nobody knows what is excused.
    """
    if verdict.outcome is Outcome.BROKEN:
        return Kind.WAIVER
    if verdict.outcome is Outcome.UNPROVEN:
        return Kind.ATTESTATION if verdict.basis is Basis.ATTESTED else Kind.ACCEPTANCE
    return None


def excuse(
    judged: Judged, amendments: Sequence[Amendment], at: datetime, *, contract: str | None
) -> Excuse | None:
    """The excuse of a verdict at a moment. `amendments` are in their order, and those alone whose
    signatures count; of several on one claim the newest decides. `contract` is the digest of what
    the verdict was held against.
    """
    kind = kind_for(judged.verdict)
    of = (one for one in reversed(amendments) if one.at <= at and one.kind is kind)
    newest = next((one for one in of if one.planned == judged.planned), None)
    if newest is None or why_not(newest, judged, at, contract) is not None:
        return None
    return Excuse(
        kind=newest.kind,
        number=newest.number,
        by=newest.by,
        role=newest.role,
        reason=newest.reason,
        until=newest.until,
    )


def why_not(
    amendment: Amendment, judged: Judged | None, at: datetime, contract: str | None
) -> str | None:
    """Why the newest amendment on a verdict has no effect, in a clause; None if it has one."""
    if amendment.excuses is None:
        return "it was withdrawn"
    if at >= amendment.until:
        return f"it ended {amendment.until:%Y-%m-%d %H:%M} UTC"
    if judged is None:
        return "the pilot no longer owes that verdict"
    return worse(judged.verdict, amendment.excuses, contract)


def excused(
    judged: Iterable[Judged],
    amendments: Sequence[Amendment],
    at: datetime,
    *,
    contracts: Mapping[tuple[str, str | None], str],
) -> tuple[Judged, ...]:
    """The verdicts with the excuses that they have at a moment. `contracts`: the digest of what
    each source and dataset promised.
    """
    return tuple(
        replace(
            one,
            excuse=excuse(
                one,
                amendments,
                at,
                contract=contracts.get((one.planned.source, one.planned.dataset)),
            ),
        )
        for one in judged
    )


def worse(verdict: Verdict, signed: Excused, contract: str | None) -> str | None:
    """In which way a verdict is worse than the one that was signed, in a clause, or None."""
    if verdict.outcome is not signed.outcome:
        return f"it was {signed.outcome} and is {verdict.outcome}"
    if contract != signed.contract:
        return "something else is promised since"
    now = {one.what: one.value for one in verdict.measures}
    if signed.measures and not now:
        return "how bad it is was not measured"
    return next(_larger(now, signed.measures), None)


def _larger(now: Mapping[str, float], signed: Mapping[str, float]) -> Iterator[str]:
    for what, value in now.items():
        if what not in signed:
            yield f"{what}: {value:g}, of which nothing was signed"
        elif value > signed[what]:
            yield f"{what}: {value:g}, and {signed[what]:g} was signed"
