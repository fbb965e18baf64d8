"""`seatrial governance`: reads the ledger, whole, and writes what the room decides. No source is
asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from harness import atomic_write
from harness.errors import ConfigurationError
from harness.evidence.evidence import Evidence, Scope, read
from harness.evidence.export import whole
from harness.folders import take_results
from harness.governance import drawing, letters, openlineage
from harness.governance.checklist import Checklist, of
from harness.governance.decision_log import LONGEST_LINE, Decision, decisions
from harness.governance.document import document
from harness.governance.known import Known
from harness.governance.lineage import Graph, graph
from harness.governance.trace import Trace, chosen, trace
from harness.pilot.connect import ledger_at
from harness.pilot.governance_settings import DecisionLog
from harness.pilot.place import Place
from harness.pilot.signing import reading, register_of

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A pilot as its ledger shows it now."""

    known: Known
    at: datetime

    @property
    def checklist(self) -> Checklist:
        """Every item of governance."""
        return of(self.known)


def look(here: Place, *, ledger: str | None, environ: Mapping[str, str], now: datetime) -> Looked:
    """Read all that is known. Raises ConfigurationError for a ledger that somebody changed."""
    known = Known(
        loaded=here.loaded,
        environment=here.environment,
        evidence=_evidence(here, ledger, environ, now),
        today=now.astimezone(here.loaded.zone).date(),
        register=register_of(here.loaded, here.environment),
    )
    return Looked(known=known, at=now)


def _evidence(
    here: Place, ledger: str | None, environ: Mapping[str, str], now: datetime
) -> Evidence | None:
    """What the ledger holds of this pilot; None where nothing ran yet."""
    loaded = here.loaded
    references = loaded.references(here.environment, environ)
    place = ledger_at(ledger, out=here.out, references=references)
    if isinstance(place, Path) and not place.exists():
        return None
    signed = reading(loaded, here.environment, references)
    entries, notes = whole(place, signed, str(ledger or place), now=now)
    scope = Scope(
        pilot=loaded.pilot.name,
        title=loaded.settings.title,
        environment=here.environment,
        zone=loaded.settings.zone,
    )
    try:
        return read(entries, scope, checkpoints=notes)
    except ConfigurationError:
        if any(_is_of(one.body, here) for one in entries):
            raise
        return None  # a ledger of others, in which this pilot has not run yet


class _Of(msgspec.Struct):
    pilot: str
    environment: str


def _is_of(body: bytes, here: Place) -> bool:
    of = msgspec.json.decode(body, type=_Of)
    return (of.pilot, of.environment) == (here.loaded.pilot.name, here.environment)


def write(looked: Looked, out: Path) -> list[Path]:
    """Write `governance.json` and, where a lineage is declared, its picture and its event."""
    known, found = looked.known, looked.checklist
    files = {"governance.json": written(looked, found)}
    if (lineage := graph(known)) is not None:
        title = known.loaded.settings.title
        files["lineage.svg"] = drawing.render(lineage, title=title).encode()
        files["lineage.openlineage.jsonl"] = openlineage.render(known, lineage, at=looked.at)
    take_results(out)
    for name, content in files.items():
        atomic_write.replace_bytes(out / name, content)
    return [out / name for name in files]


def written(looked: Looked, found: Checklist) -> bytes:
    """The checklist as JSON."""
    body = {
        "format": FORMAT,
        "pilot": found.pilot,
        "environment": found.environment,
        "at": looked.at,
        "is_complete": found.complete,
        "digest": found.digest,
        "by_facts": found.by_facts,
        "items": [
            {
                "id": one.item.id,
                "topic": one.item.topic,
                "asks": one.item.asks,
                "demands": one.item.demands,
                "supports": one.item.supports,
                "by": one.by,
                "says": one.says,
                "whose": one.whose,
            }
            for one in found.answers
        ],
        "decided": document(looked.known.loaded.settings),
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=1) + b"\n"


def read_log(known: Known, file: Path) -> Iterator[Decision]:
    """Every decision of a sample log, one by one. Raises Malformed for the first line that breaks
    the format, and ConfigurationError for a file that cannot be read or a format that nobody
    declared.
    """
    log = require_format(known)
    try:
        with file.open("rb") as opened:
            lines = iter(lambda: opened.readline(LONGEST_LINE + 1), b"")
            yield from decisions(lines, log, known.governance.lineage)
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}: name a file of decisions") from error


def follow(known: Known, file: Path, *, seed: int) -> Trace | None:
    """The trace of the decision that `seed` chooses; None of a log without one."""
    lineage = require_lineage(known)
    among = sum(1 for _ in read_log(known, file))
    if not among:
        return None
    place = chosen(seed, among)
    one = next(one for n, one in enumerate(read_log(known, file)) if n == place)
    return trace(known, lineage, one, of=among)


def write_letter(looked: Looked, file: Path, *, decision: str, out: Path) -> None:
    """Write the letter about one decision. Raises ConfigurationError for one that is not there."""
    known = looked.known
    lineage = require_lineage(known)
    found = [one for one in read_log(known, file) if one.record["id"] == decision]
    if not found:
        raise ConfigurationError(f"{file}: it has no decision of that id: name one by --decision")
    atomic_write.replace(out, letters.letter(known, lineage, found[0], on=known.today))


def write_closing(looked: Looked, *, by: str, why: str, out: Path) -> None:
    """Write the closing report."""
    for option, text in (("--by", by), ("--why", why)):
        if not text.strip() or not text.isprintable():
            raise ConfigurationError(f"{option} is empty or holds controls: write it in words")
    closed = letters.Closed(by=by, why=why, on=looked.known.today)
    atomic_write.replace(out, letters.closing(looked.known, looked.checklist, closed))


def require_lineage(known: Known) -> Graph:
    """The declared lineage. Raises ConfigurationError where there is none."""
    found = graph(known)
    if found is None:
        where = known.loaded.document.at(("governance", "lineage"))
        raise ConfigurationError(f"{where}: no lineage under governance: add it")
    return found


def require_format(known: Known) -> DecisionLog:
    """The declared format of the decision log, if it names a field for every meaning."""
    log = known.governance.decision_log
    where = known.loaded.document.at(("governance", "decision_log", "fields"))
    if log is None:
        raise ConfigurationError(f"{where}: no decision_log: add it, with its fields")
    if log.fields.unnamed:
        raise ConfigurationError(
            f"{where}: the log has no field for {', '.join(log.fields.unnamed)}: name one for each"
        )
    return log
