"""Refusals by the vendor's gateway, under the quota that it really has."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import floor
from bench.metric import Metric, Sample
from bench.reading import Subject, taken
from connectors.events import Event, Refused
from connectors.rest.connector import Rest

_UNIT = "refusals (429) by the vendor's gateway, reading under its quota"


def refusals(subjects: Iterable[Subject], gateway: Path) -> Metric:
    """Read with our budget: the gateway's own count, and what our events say, are both zero."""
    events: list[Event] = []
    before = _counted(gateway)
    with TemporaryDirectory() as folder:
        for subject in subjects:
            taken(subject, Path(folder, subject.contract.name), log=events.append)
    seen = sum(isinstance(event, Refused) and event.status == "429" for event in events)
    samples = (Sample(value=_counted(gateway) - before), Sample(value=seen))
    return Metric(metric="with our budget", unit=_UNIT, samples=samples, goal=0, summary=max)


def unbudgeted(subjects: Iterable[Subject], gateway: Path) -> Sample:
    """The same pages by a client that waits only once it is refused."""
    before = _counted(gateway)
    for subject in subjects:
        assert isinstance(subject.connector, Rest)
        for _ in floor.pages(subject.connector, subject.contract.name):
            pass
    return Sample(value=_counted(gateway) - before)


def control(*samples: Sample) -> Metric:
    """Shows that the gateway does refuse, and that its refusals are counted."""
    return Metric(metric="control: without a budget", unit=_UNIT, samples=samples)


def _counted(gateway: Path) -> int:
    time.sleep(0.2)  # HAProxy writes its log behind the answer
    return sum(line.startswith("429 ") for line in gateway.read_text().splitlines())
