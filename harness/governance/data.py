"""What facts say of the data: where they are from, how much, how whole, and held against what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contracts.evaluation import Evaluation, Profile, Reference
from harness.claims import complete
from harness.claims.wording import count, listed, moment, number
from harness.facts import Baseline
from harness.governance.known import Answered, Known, each, facts, missing, of_each
from harness.verdict import Outcome

_WHOLE = complete.CLAIM.name


def systems(known: Known) -> Answered:
    """The address of each source, as its connector named it."""
    without = [one for one in known.sources if one not in known.addresses]
    if without or not known.sources:
        return missing(f"no run has reached {each(without)}", sources=without)
    return facts("; ".join(f"{one} at {known.addresses[one]}" for one in known.sources))


def evidence_class(known: Known) -> Answered:
    """The class of each source's evidence in the newest run."""
    run = known.run
    if run is None or not run.judged:
        return missing("nothing was judged yet: seatrial prove")
    found: dict[str, list[str]] = {}
    for one in run.judged:
        of = found.setdefault(str(one.evidence_class), [])
        if one.planned.source not in of:
            of.append(one.planned.source)
    return facts("; ".join(f"{name}: {listed(of)}" for name, of in found.items()))


def contracts(known: Known) -> Answered:
    """Whether the newest readings were held against the contracts as they are now."""
    if known.loaded.problems:
        broken = known.loaded.problems
        return missing(
            f"the contract of {each(d for _, d in broken)} cannot be judged",
            sources=[source for source, _ in broken],
        )
    held = [
        one
        for one, (_, entry, _) in known.readings.items()
        if entry.origin.contract in known.loaded.digests.get(one, ())
    ]
    says = f"{count(len(held), 'contract')}, each known by its digest"
    return of_each(
        known.datasets, held, says, "nothing was held yet against the contract as it is now of"
    )


def columns(known: Known) -> Answered:
    """How many columns arrived of each dataset."""
    parts = [f"{d} {number(len(r.columns))}" for (_, d), (_, _, r) in known.readings.items()]
    says = f"columns: {', '.join(parts)}"
    return of_each(known.datasets, known.readings, says, "no run has read")


def extent(known: Known) -> Answered:
    """Rows, and the oldest and newest event, over all datasets."""
    read = [reading for _, _, reading in known.readings.values()]
    rows = sum(one.rows for one in read)
    times = [at for one in read for at in (one.oldest_event_at, one.newest_event_at) if at]
    when = f", of {moment(min(times))} to {moment(max(times))}" if times else ""
    return of_each(
        known.datasets, known.readings, f"{count(rows, 'row')}{when}", "no run has read"
    )


def wholeness(known: Known) -> Answered:
    """Whether the source itself said of each reading how much there was."""
    whole = [
        (one.planned.source, one.planned.dataset)
        for one in (known.run.judged if known.run else ())
        if one.planned.dataset
        and one.planned.claim == _WHOLE
        and one.verdict.outcome is Outcome.PROVEN
    ]
    says = f"the source's own count agreed with what came, for {count(len(whole), 'data set')}"
    return of_each(known.datasets, whole, says, "no source has said how much there was of")


def fingerprints(known: Known) -> Answered:
    """The digest of each dataset's newest landing."""
    have = [one for one, (_, _, reading) in known.readings.items() if reading.sha256]
    says = f"a SHA-256 of each of {count(len(have), 'data set')}, in the record"
    return of_each(known.datasets, have, says, "no run has read")


def quality(known: Known) -> Answered:
    """How many rules were evaluated on how many rows."""
    found = known.of_datasets(Evaluation)
    rules = sum(len(one.rules) for one in found.values())
    rows = sum(one.rows for one in found.values())
    says = f"{count(rows, 'row')} held against {count(rules, 'rule')}"
    return of_each(known.datasets, found, says, "no rule was evaluated on")


def approved_columns(known: Known) -> Answered:
    """Who approved the baseline of each dataset."""
    found = known.of_datasets(Baseline)
    who = dict.fromkeys(f"{one.approved_by} on {one.approved_on}" for one in found.values())
    lacks = "nobody approved the columns (seatrial baseline approve) of"
    return of_each(known.datasets, found, f"approved by {listed(who)}", lacks)


def training_data(known: Known) -> Answered:
    """Whether a reference was pinned and live values were counted against it."""
    pinned, live = known.of_datasets(Reference), known.of_datasets(Profile)
    both = [one for one in pinned if one in live]
    if not both:
        return missing("no reference of the training data is pinned: seatrial profile")
    made = max(one.made_on for one in pinned.values())
    names = each(f"{source}.{dataset}" for source, dataset in both)
    return facts(f"{names}: reference of {made}, and live values were held against it")


ANSWERS: Mapping[str, Callable[[Known], Answered]] = {
    "systems": systems,
    "evidence-class": evidence_class,
    "contracts": contracts,
    "columns": columns,
    "extent": extent,
    "wholeness": wholeness,
    "fingerprints": fingerprints,
    "quality": quality,
    "approved-columns": approved_columns,
    "training-data": training_data,
}
