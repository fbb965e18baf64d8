"""Taking one reading: a dataset read, landed and summed up as a fact, whole or failed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.connector import DELIVERY, Connector
from connectors.errors import SourceError
from connectors.events import Event
from contracts.arrow_schema import arrow_schema
from contracts.promises import Contract
from harness import tags
from harness.clock import Clock
from harness.facts import Delivery, Failure, Probed, Reading
from harness.run.landing import Extent, Landing, write_parquet
from harness.run.recorder import Recorder

_LOG = logging.getLogger("seatrial")
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")


def read_dataset(  # noqa: PLR0913 - a reading is of something, by something, for a night, into a place
    connector: Connector,
    contract: Contract,
    *,
    source: str,
    slot: date,
    into: Path,
    clock: Clock,
    log: Callable[[Event], None],
    landed: Callable[[int], None],
) -> tuple[Reading, Landing | None]:
    """Read and land one dataset; a source's failure becomes the fact's `failure`.

    `log` sees every event, `landed` the rows of each batch. A reading that is not whole is a
    failure too, and nothing stays landed.
    """
    recorder = Recorder()

    def emit(event: Event) -> None:
        recorder.emit(event)
        log(event)

    def arrived(rows: int) -> None:
        recorder.landed(rows)
        landed(rows)

    started_at, started = clock.now(), clock.monotonic()
    landing: Landing | None = None
    failure: Failure | None = None
    promises = contract.promises
    try:
        reader = connector.read(contract.name, schema=arrow_schema(contract.schema), emit=emit)
        landing = write_parquet(
            reader,
            into,
            event_time=promises.event_time,
            event_zone=promises.event_zone,
            landed=arrived,
        )
    except Exception as error:  # noqa: BLE001 - whatever ends a reading is a fact about it
        failure = failed(error)
    if landing is not None and (lacking := _lacking(contract, recorder, landing)):
        landing.path.unlink()
        landing = None
        failure = Failure(kind=tags.SOURCE_CHANGED, message=lacking)
    whole = landing.whole if landing else Extent()
    reading = Reading(
        source=source,
        dataset=contract.name,
        slot=slot,
        started_at=started_at,
        seconds=round(clock.monotonic() - started, 6),
        rows=whole.rows if landing else recorder.rows,
        bytes=recorder.completed.bytes if recorder.completed else 0,
        columns=landing.columns if landing else (),
        rescued=landing.rescued if landing else 0,
        newest_event_at=whole.newest,
        oldest_event_at=whole.oldest,
        sha256=landing.sha256 if landing else None,
        witness=recorder.completed.witness if recorder.completed and landing else None,
        deliveries=_deliveries(contract, recorder, landing, slot, started_at),
        attempts=len(recorder.answers),
        retries=recorder.retries,
        waited_seconds=round(recorder.waited_seconds, 3),
        authentications=recorder.authentications,
        renewals=recorder.renewals,
        renewals_between_pages=recorder.renewals_between_pages,
        refusals=tuple(recorder.refusals),
        throttled=recorder.throttled,
        latency=recorder.latency(),
        failure=failure,
        limits=tuple(dict.fromkeys(recorder.limits)),
        unwitnessed=recorder.completed.unwitnessed if recorder.completed else None,
        declared=recorder.declared,
    )
    return reading, landing


def _lacking(contract: Contract, recorder: Recorder, landing: Landing) -> str | None:
    """Why what landed is not what the source holds of the dataset; None when it is."""
    completed = recorder.completed
    if completed is None:
        return "the reader ended before the source did"
    if completed.rows != landing.whole.rows:
        return f"{completed.rows} rows were read and {landing.whole.rows} landed: report it"
    if not set(landing.columns).intersection(contract.schema.columns):
        # Where a header is missing, the first row stands in its place: names would show data.
        return "none of the contract's columns came: send their names, or correct the contract"
    return None


def probe(connector: Connector, *, source: str, log: Callable[[Event], None]) -> Probed:
    """Let a source refuse what is not needed; a probe that fails is a fact as well."""
    try:
        return Probed(source=source, probes=tuple(connector.probe(emit=log)), failure=None)
    except Exception as error:  # noqa: BLE001 - as above
        return Probed(source=source, probes=(), failure=failed(error))


def failed(error: Exception) -> Failure:
    """An exception as a fact. Only a SourceError's text was written to be shown."""
    if isinstance(error, SourceError):
        return Failure(kind=tags.of_error(error), message=str(error))
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    _LOG.debug("unexpected", exc_info=error)  # shown by --debug alone
    return Failure(
        kind=tags.UNEXPECTED, message=f"{type(error).__name__}{where}: a defect, report it"
    )


def delivery_day(name: str, newest_event_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The day a file is for: the date in its name, else that of its newest event."""
    found = _DAY.search(name)
    if found:
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            pass
    return newest_event_at.astimezone(zone).date() if newest_event_at else None


def _deliveries(
    contract: Contract,
    recorder: Recorder,
    landing: Landing | None,
    slot: date,
    started_at: datetime,
) -> tuple[Delivery, ...]:
    """The files that came; for a source without files, the reading itself is the delivery."""
    if landing is None:
        return ()
    if DELIVERY not in landing.columns:
        return (
            Delivery(
                name=f"{contract.name}@{slot}",
                day=slot,
                available_at=started_at,
                rows=landing.whole.rows,
                newest_event_at=landing.whole.newest,
                sha256=landing.sha256,
            ),
        )
    zone = ZoneInfo(contract.promises.zone)
    found = []
    for file in recorder.delivered:
        extent = landing.by_delivery.get(file.name, Extent())
        found.append(
            Delivery(
                name=file.name,
                day=delivery_day(file.name, extent.newest, zone),
                available_at=file.available_at,
                rows=extent.rows,
                newest_event_at=extent.newest,
                sha256=file.sha256,
            )
        )
    return tuple(found)
