"""How many planted faults ring, on the demo's own promises and a fresh seed each run.

`seatrial simulate` with its figures kept, and every Monday of 400 nights empty or repeated once.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import date
from random import Random

from bench.metric import Metric, Sample
from harness.onboarding.simulate import subjects_of
from harness.pilot import loading
from harness.simulate.faults import Fault
from harness.simulate.figures import Outlook, Standing, look_ahead
from harness.simulate.trials import Clean, places, plant_all
from tests.cli import DEMO

LIBRARIES = ("scipy", "numpy")
NIGHTS, _QUICK = 400, 120
FIRST = date(2026, 1, 1)
MONDAY = 0


def floors() -> list[str]:
    """What the figures stand on."""
    told = "There is no floor: a fault that is promised and does not ring is a defect, and so is "
    return [f"{told}an alarm on a clean night."]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Misses and false alarms of each dataset. Prints the seed that shows them again."""
    nights, seed = _QUICK if quick else NIGHTS, secrets.randbelow(10**6)
    say(f"{nights} nights of each dataset, seed {seed}")
    found, spent = list[Metric](), 0.0
    for subject in subjects_of(loading.load(DEMO), nights=nights, first=FIRST):
        say(subject.name)
        began = time.process_time()
        outlook = look_ahead(subject, seed=seed)
        spent += time.process_time() - began
        found += [*_of(outlook), *mondays(outlook.clean, Random(seed))]
    found.sort(key=lambda metric: metric.unit)
    cpu = (Sample(value=spent),)
    return [*found, Metric(metric="the demo's six datasets", unit="CPU s", samples=cpu, goal=30)]


def mondays(clean: Clean, chance: Random) -> Iterator[Metric]:
    """Every Monday there is, once empty and once with the bytes of the delivery before."""
    for fault in (Fault.EMPTY, Fault.REPEATED):
        of_a_monday = [
            (n, night)
            for n, night in places(clean, fault)
            if clean.seen.sent[n].day.weekday() == MONDAY
        ]
        rang = plant_all(clean, fault, of_a_monday, chance)
        missed = [1.0] * (rang.planted - len(rang.delays)) + [0.0] * len(rang.delays)
        how = "empty" if fault is Fault.EMPTY else "repeated"
        name = f"{clean.subject.name}, {how} Mondays ({rang.planted})"
        yield _metric(name, "faults that did not ring", missed)


def _of(outlook: Outlook) -> Iterator[Metric]:
    name, nights = outlook.clean.subject.name, len(outlook.clean.rang)
    missed = [
        float(n >= len(figure.rang.delays))
        for figure in outlook.figures
        if figure.standing in (Standing.RINGS, Standing.MISSED)
        and figure.rang.fault is not Fault.UNREAD
        for n in range(figure.rang.planted)
    ]
    yield _metric(f"{name}, promised ({len(missed)})", "faults that did not ring", missed)
    alarms = [float(bool(rang)) for rang in outlook.clean.rang]
    yield _metric(f"{name} ({nights})", "clean nights with a false alarm", alarms)


def _metric(metric: str, unit: str, values: list[float]) -> Metric:
    samples = tuple(Sample(value=value) for value in values)
    return Metric(metric=metric, unit=unit, samples=samples, goal=0, summary=sum)
