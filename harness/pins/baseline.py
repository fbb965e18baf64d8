"""`baseline.json`: the columns of each dataset, as a person approved them.

    ledger ─ newest reading or declaration ─▶ approve ─▶ baseline.json ─▶ Baseline ─▶ stable_schema

Only columns that a run observed can be approved. Approving queries no source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from connectors.events import Declared
from contracts.promises import Contract
from harness.claims.consumer import breaking, consumer
from harness.claims.schema_diff import Change, changes
from harness.claims.schema_words import describe, effect
from harness.claims.wording import count, listed
from harness.errors import ConfigurationError
from harness.facts import Baseline
from harness.ledger.history import Sight, is_unasked, seen
from harness.ledger.ledger import read_ledger, utc_now
from harness.ledger.nights import sights_in
from harness.ledger.signed import require_whole_as_signed
from harness.pilot.connect import ledger_at
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import select_datasets
from harness.pilot.signing import reading
from harness.pins import file
from harness.pins.reads import read_columns

FILE = "baseline.json"
_REMEDY = (
    "put it back, take its record out of the file, or run seatrial baseline approve, which does "
    "that"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """One dataset's record in the file."""

    approved_by: str
    approved_on: date
    run: str
    declared: Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approval, and what it changes; `changes` is None for a first approval."""

    dataset: str
    record: Approved
    changes: tuple[Change, ...] | None
    breaking: Sequence[Change] = ()
    """Those of them that break what the contract reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApproved:
    """One dataset whose columns cannot be approved, with the reason and what to do."""

    dataset: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One dataset that was approved before and is no longer in the pilot."""

    dataset: str


def baselines(loaded: LoadedPilot) -> Mapping[tuple[str, str], Baseline]:
    """All baselines, by source and dataset. Raises ConfigurationError for a damaged file."""
    approved = {}
    contracts = _contracts(loaded)
    for name, record in file.load(loaded, FILE, Approved, remedy=_REMEDY).items():
        source, _, dataset = name.partition(".")
        approved[source, dataset] = Baseline(
            source=source,
            dataset=dataset,
            approved_by=record.approved_by,
            approved_on=record.approved_on,
            run=record.run,
            declared=record.declared,
            reads=read_columns(contracts[source, dataset])
            if (source, dataset) in loaded.digests
            else None,
        )
    return approved


def approve(  # noqa: PLR0913 - who approves what of which ledger, and when
    loaded: LoadedPilot,
    *,
    environment: str,
    by: str,
    today: date,
    datasets: Sequence[str],
    out: Path,
    ledger: str | None,
    environ: Mapping[str, str],
    now: Callable[[], datetime] = utc_now,
) -> list[Approval | NotApproved | Dropped]:
    """Approve the columns that the newest run saw of each dataset, read or asked for alone.

    An unchanged dataset keeps its earlier name and day of approval. One whose columns
    were not seen is told with the reason, and keeps what was approved before; of one that is no
    longer in the pilot that is dropped. Raises ConfigurationError where nothing can be approved at
    all.
    """
    if not by.strip() or not by.isprintable():
        raise ConfigurationError("--by needs a name: say who answers for this approval")
    references = loaded.references(environment, environ)
    place = ledger_at(ledger, out=out, references=references)
    signed = reading(loaded, environment, references)
    with read_ledger(place) as opened:
        checked = require_whole_as_signed(opened, signed, str(ledger or place), now=now())
    newest = _newest(sights_in(checked.history), loaded, environment)
    before = file.load_all(loaded, FILE, Approved)
    dropped = [Dropped(dataset=gone) for gone in file.unpinnable(loaded, before)]
    approvals, told = list[Approval](), list[Approval | NotApproved | Dropped](dropped)
    for source, dataset in select_datasets(loaded.pilot, datasets):
        name = f"{source}.{dataset}"
        declared = _declared(loaded.problems.get((source, dataset)), newest.get(name), environment)
        if isinstance(declared, str):
            told.append(NotApproved(dataset=name, why=declared))
            continue
        last = newest[name]
        record = Approved(approved_by=by, approved_on=today, run=last.run, declared=declared)
        earlier = before.get(name)
        difference = changes(earlier.declared, declared) if earlier else None
        unfit = _breaking(loaded, (source, dataset), earlier, declared) if earlier else []
        approvals.append(Approval(dataset=name, record=record, changes=difference, breaking=unfit))
        told.append(approvals[-1])
    new = {a.dataset: a.record for a in approvals if a.changes != ()}
    if new or dropped:
        kept = {name: before[name] for name in before.keys() - {gone.dataset for gone in dropped}}
        file.save(loaded, FILE, {**kept, **new})
    return told


def _breaking(
    loaded: LoadedPilot, name: tuple[str, str], earlier: Approved, now: Declared
) -> list[Change]:
    contract = _contracts(loaded)[name]
    to = consumer(read_columns(contract), contract.promises.key, before=earlier.declared, now=now)
    return breaking(changes(earlier.declared, now), to)


def _contracts(loaded: LoadedPilot) -> dict[tuple[str, str], Contract]:
    return {(s.name, c.name): c for s in loaded.pilot.sources for c in s.contracts}


def _declared(problem: str | None, last: Sight | None, environment: str) -> Declared | str:
    """What the newest run saw, or why there is nothing to approve."""
    if problem is not None:
        return f"{problem}; then run seatrial prove, then approve"
    if last is None:
        return f"it was never read in {environment}: run seatrial prove, then approve"
    last_seen = seen(last)
    if last_seen.declared is None or last_seen.failure is not None:
        return (
            f"its newest reading (run {last.run}) failed or was told no columns: "
            "mend that and run seatrial prove, then approve"
        )
    return last_seen.declared


def _newest(sights: Iterable[Sight], loaded: LoadedPilot, environment: str) -> dict[str, Sight]:
    """By dataset. A declaration that needs rows saw nothing, and hides no reading."""
    return {
        f"{old.source}.{old.dataset}": old
        for old in sights
        if not is_unasked(old) and (old.pilot, old.environment) == (loaded.pilot.name, environment)
    }


def summarize(approval: Approval | NotApproved | Dropped) -> str:
    """One approval in one line."""
    if isinstance(approval, Dropped):
        return f"{approval.dataset}: dropped, as it is no longer in pilot.py"
    if isinstance(approval, NotApproved):
        return f"{approval.dataset}: not approved: {approval.why}"
    name, columns = approval.dataset, count(len(approval.record.declared.columns), "column")
    if approval.changes is None:
        return f"{name}: {columns} approved"
    if not approval.changes:
        return f"{name}: {columns}, as approved before"
    return f"{name}: {columns} approved; {listed(_told(approval, approval.changes))}"


def _told(approval: Approval, found: Sequence[Change]) -> Iterator[str]:
    for change in found:
        yield describe(change) + effect(change, approval.breaking)
