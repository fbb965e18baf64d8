"""The verdict that a person names, and what they would sign of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from harness.amendments.effect import kind_for
from harness.amendments.records import Excused
from harness.amendments.standing import Newest, stale
from harness.claims import CLAIMS, SOURCE_CLAIMS
from harness.errors import ConfigurationError, unknown
from harness.pilot.amendment_settings import Validity
from harness.pilot.model import Pilot
from harness.pilot.plan import select_datasets, verdicts_owed
from harness.report.summary import where
from harness.report.words import instant
from harness.result import Kind, Planned
from harness.verdict import Outcome

VERBS: Mapping[Kind, str] = {
    Kind.WAIVER: "waive",
    Kind.ACCEPTANCE: "accept",
    Kind.ATTESTATION: "attest",
}
"""The command that signs each."""
_NUMBER = re.compile(r"(?:(?P<what>.+)=)?(?P<value>[0-9]+(?:\.[0-9]+)?)")


def in_words(planned: Planned) -> str:
    """As `fresh of shop.orders`."""
    return f"{planned.claim} of {where(planned)}"


def named(pilot: Pilot, claim: str, dataset: str | None, source: str | None) -> Planned:
    """One verdict that the pilot owes. Raises ConfigurationError for an unknown name, and where
    the claim is about the other of the two.
    """
    known = [one.name for one in CLAIMS]
    if claim not in known:
        raise unknown("claim", claim, known)
    about = "source" if claim in SOURCE_CLAIMS else "dataset"
    given = {"source": source, "dataset": dataset}
    if given[about] is None or sum(one is not None for one in given.values()) != 1:
        raise ConfigurationError(f"{claim} is about a {about}: name it by --{about} alone")
    if dataset is None:
        names = [one.name for one in pilot.sources]
        if source not in names:
            raise unknown("source", str(source), names)
        of, part = str(source), None
    else:
        [(of, part)] = select_datasets(pilot, [dataset])
    planned = Planned(source=of, dataset=part, claim=claim)
    owed = verdicts_owed(pilot)
    if planned not in owed:
        here = [one.claim for one in owed if (one.source, one.dataset) == (of, part)]
        raise ConfigurationError(
            f"{claim} of {dataset or source} is not planned: name one of {', '.join(here)}"
        )
    return planned


def excused(  # noqa: PLR0913 - the verdict, what is signed of it, and when
    planned: Planned,
    newest: Newest | None,
    kind: Kind,
    at_most: Sequence[str],
    *,
    at: datetime,
    validity: Validity,
) -> Excused:
    """What an amendment of this kind would excuse now. Raises ConfigurationError where there is
    nothing to excuse, and where it is for another command.
    """
    name = in_words(planned)
    if newest is None or newest.recorded.verdict.outcome is Outcome.NOT_RUN:
        raise ConfigurationError(f"{name} was not judged: run seatrial prove first")
    verdict = newest.recorded.verdict
    if verdict.outcome is Outcome.PROVEN:
        raise ConfigurationError(f"{name} is PROVEN: leave it, there is nothing to excuse")
    if (fits := kind_for(verdict)) is None:
        raise ConfigurationError(
            f"{name} is {verdict.outcome}, so nobody knows what would be excused: mend what it "
            "says, then run seatrial prove"
        )
    if fits is not kind:
        asked = "that nobody can ask" if fits is Kind.ATTESTATION else str(verdict.outcome)
        raise ConfigurationError(f"{name} is {asked}: use seatrial {VERBS[fits]}")
    if since := stale(newest.recorded, validity, at):
        raise ConfigurationError(
            f"{name} is STALE since {instant(since.since)}: run seatrial prove, then sign what it "
            "says"
        )
    measures = {one.what: one.value for one in verdict.measures}
    return Excused(
        outcome=verdict.outcome,
        observed=verdict.observed,
        measures={**measures, **_larger(at_most, measures)},
        contract=newest.contract,
    )


def _larger(given: Sequence[str], measures: Mapping[str, float]) -> dict[str, float]:
    """The larger numbers that are signed, by what is measured."""
    found: dict[str, float] = {}
    for one in given:
        form = _NUMBER.fullmatch(one)
        what = form["what"] if form else None
        if form and what is None and len(measures) == 1:
            [what] = measures
        if form is None or what is None or what not in measures:
            told = ", ".join(f"{name}={value:g}" for name, value in measures.items())
            raise ConfigurationError(
                f"--at-most {one}: name what may be larger, of {told or 'nothing measured'}"
            )
        if (value := float(form["value"])) < measures[what]:
            raise ConfigurationError(
                f"--at-most {one}: {what} is {measures[what]:g} already: name no less"
            )
        found[what] = value
    return found
