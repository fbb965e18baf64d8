"""`seatrial data`: gives out the data that a run has proven, for a model to be trained on.

ledger ─▶ the newest run that kept it ─▶ its verdicts, its contract, its file ─▶ digest, path
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contracts.digest import Digests
from harness import tags
from harness.alerts.excused import as_they_counted
from harness.claims.judge import not_run
from harness.errors import ConfigurationError
from harness.folders import require_safe_file
from harness.ledger.body import decoded
from harness.ledger.chain import Entry
from harness.ledger.ledger import Ledger, read_ledger, utc_now
from harness.ledger.opening import changes_in
from harness.ledger.signed import require_as_signed, signed_mark
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.plan import plan
from harness.pilot.signing import reading, register_of
from harness.result import Planned, RecordedVerdict
from harness.run import keep
from harness.verdict import GOOD, Verdict, exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the command prints about a dataset, and its exit code."""

    code: int
    says: str
    """With code 0 the line that sha256sum prints of the file; else why there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """An entry of the ledger, with the fields that are read here."""

    pilot: str
    environment: str
    run: str
    source: str
    dataset: str | None = None
    contract: str | None = None
    kept: keep.Kept | None = None


def data(
    here: Place,
    dataset: str,
    *,
    reference: str | None,
    environ: Mapping[str, str],
    now: Callable[[], datetime] = utc_now,
) -> Answer:
    """Digest and path of what the newest run kept of `dataset`.

    Only if that run proved every claim owed of it, the file is unchanged since, and so is the
    contract; else why not. Raises ConfigurationError for an unknown dataset and for a contract
    that cannot be judged.
    """
    pilot = here.loaded.pilot
    owed = [p for p in plan(pilot, datasets=[dataset]) if p.dataset is not None]
    references = here.loaded.references(here.environment, environ)
    place = ledger_at(reference, out=here.out, references=references)
    name = f"{owed[0].source}.{owed[0].dataset}"
    signed = reading(here.loaded, here.environment, references)
    with read_ledger(place) as ledger:
        if wrong := changes_in(ledger, now=now(), mark=signed_mark(ledger, signed)):
            says = f"ledger {reference or place}: {wrong[0]}: nothing in it counts"
            return Answer(code=1, says=says)
        require_as_signed(ledger, signed, str(reference or place))
        kept = reversed([_decoded(entry) for entry in ledger.entries(kind=tags.KEPT)])
        last = next((one for one in kept if _is_of(one, here, owed[0])), None)
        judged = () if last is None else _judged(here, ledger, last.run, now())
    if last is None or last.kept is None:
        says = f"no run has kept {name} in {here.environment}: list it under keep in "
        return Answer(code=3, says=f"{says}{here.folder / 'pilot.yaml'}, then prove")
    if complaint := here.loaded.problems.get((last.source, last.dataset or "")):
        raise ConfigurationError(f"{name}: {complaint}")
    contract = here.loaded.digests[last.source, last.dataset or ""]
    found = _shortfalls(last, _verdicts(judged, owed), contract, here.out)
    line = Answer(code=0, says=f"{last.kept.sha256}  {here.out / last.kept.file}")
    # As everywhere: what could not be judged comes before what is broken, and that before doubt.
    return min([*found, line], key=lambda answer: (4, 1, 3, 0).index(answer.code))


def _shortfalls(
    last: _Recorded, verdicts: Sequence[Verdict], contract: Digests, out: Path
) -> Iterator[Answer]:
    """Every reason not to give out the data that a run kept."""
    assert last.kept is not None
    name = f"{last.source}.{last.dataset} of run {last.run}"
    if bad := [f"{v.claim} is {v.outcome}" for v in verdicts if v.outcome not in GOOD]:
        code = exit_code([v.outcome for v in verdicts])
        yield Answer(code=code, says=f"{name} is not proven: {', '.join(bad)}")
    if last.contract not in contract:
        yield Answer(code=3, says=f"{name} was held against another contract: prove it again")
    file = out / last.kept.file
    try:
        require_safe_file(file, cure="chown it, or name another --out")
        with file.open("rb") as opened:
            same = hashlib.file_digest(opened, "sha256").hexdigest() == last.kept.sha256
    except OSError as error:
        yield Answer(code=1, says=f"{name}: {file} cannot be read: {error.strerror}")
    else:
        if not same:
            yield Answer(code=1, says=f"{name}: {file} was changed since it was judged")


def _is_of(recorded: _Recorded, here: Place, planned: Planned) -> bool:
    return (recorded.pilot, recorded.environment, recorded.source, recorded.dataset) == (
        here.loaded.pilot.name,
        here.environment,
        planned.source,
        planned.dataset,
    )


def _judged(here: Place, ledger: Ledger, run: str, now: datetime) -> tuple[RecordedVerdict, ...]:
    """What a run said, with what people excuse of it now."""
    return as_they_counted(
        (decoded(one, RecordedVerdict) for one in ledger.entries(run=run, kind=tags.VERDICT)),
        ledger,
        pilot=here.loaded.pilot.name,
        environment=here.environment,
        register=register_of(here.loaded, here.environment),
        at=now,
    )


def _verdicts(judged: Sequence[RecordedVerdict], owed: Sequence[Planned]) -> tuple[Verdict, ...]:
    """One for each claim owed of the dataset; NOT_RUN where the run judged none."""
    of = {one.planned: one.verdict for one in judged}
    return tuple(of.get(p) or not_run(p.claim) for p in owed)


def _decoded(entry: Entry) -> _Recorded:
    return decoded(entry, _Recorded)
