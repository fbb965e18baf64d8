"""How long an alert takes from its verdict to its arrival, and whether any comes twice.

verdict recorded ─ the thread that tells ─▶ a webhook, a mail server: seconds between both
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.alert_heard import MAIL, Heard, listening
from bench.alert_line import ENVIRONMENT, PILOT, Line, verdict
from bench.alert_nights import Nights, lived
from bench.metric import Metric, Sample
from harness.alerts.history import history_in
from harness.alerts.incident import incidents
from harness.ledger.ledger import read_ledger
from harness.verdict import Outcome
from tests.accepting import accepting

LIBRARIES = ("sqlalchemy", "httpx")
_GOAL_SECONDS = 60
_CLAIMS = ("authenticated", "complete", "conforms", "fresh", "arrives", "stable_schema")
_SILENT = "a-silent-hook"
"""By its name it is told first: whoever comes after it waits for it."""
_COUNTS = (
    ("news a channel got twice", "doubles", 0),
    ("news told and never arrived", "lost", 0),
    ("incidents never told", "untold", 0),
    ("got again after a kill", "again", None),
    ("nights killed", "killed", None),
    ("incidents", "opened", None),
    ("news that arrived", "arrived", None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long one piece of news took."""

    channel: str
    seconds: float


def floors() -> list[str]:
    """What the figures stand on."""
    real = (
        "Real: the ledger's file, the thread that tells, our hook, our mail client, both servers "
        "on loopback. Made up: the verdicts, each recorded at a random moment of a run."
    )
    night = (
        "A night is a process of its own. Three in ten are killed at a random moment, and three "
        "in a hundred messages kill theirs when they have arrived and are not answered yet. What "
        "comes again then could not be known to have arrived: it is counted apart from doubles."
    )
    return [real, night]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Delays, then doubles over virtual nights."""
    runs, seconds = (4, 8.0) if quick else (24, 90.0)
    nights = 20 if quick else 1_000
    say(f"{runs} runs of {seconds:.0f} s at once, each with {len(_CLAIMS)} verdicts")
    plain = delays(runs=runs, seconds=seconds)
    say("the same beside a hook that never answers")
    beside = delays(runs=runs // 2, seconds=seconds, silent=True)
    seed = random.randrange(1 << 32)
    say(f"{nights} nights, seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        came = lived(Path(folder), nights=nights, chance=random.Random(seed))
    return [*_delay_metrics(plain, beside), *_night_metrics(came)]


def delays(*, runs: int, seconds: float, silent: bool = False) -> list[Delay]:
    """Each piece of news of runs at once, which record their verdicts at random moments."""
    with (
        tempfile.TemporaryDirectory() as root,
        listening() as (heard, hooks, port),
        accepting(lambda _: time.sleep(30)) as mute,
        ThreadPoolExecutor(runs) as pool,
    ):
        first = {_SILENT: f"http://127.0.0.1:{mute}/"} if silent else {}
        lines = [
            Line(
                folder=Path(root, str(number)),
                hooks={**first, "room": f"{hooks}/room"},
                mail_port=port,
                claims=_CLAIMS,
            )
            for number in range(runs)
        ]
        for line in lines:
            line.folder.mkdir()
        list(pool.map(lambda line: _live(line, seconds), lines))
        return [one for line in lines for one in _delays(line, heard)]


def _live(line: Line, seconds: float) -> None:
    moments = sorted(random.uniform(0, seconds) for _ in line.planned)
    began = time.monotonic()
    with line.run(line.folder.name, lambda: datetime.now(UTC)) as (state, _):
        for planned, at in zip(line.planned, moments, strict=True):
            threading.Event().wait(max(0.0, began + at - time.monotonic()))
            state.record_verdicts({planned: verdict(planned.claim, Outcome.BROKEN)})
        threading.Event().wait(max(0.0, began + seconds - time.monotonic()))


def _delays(line: Line, heard: Heard) -> Iterator[Delay]:
    with read_ledger(line.folder / "ledger.sqlite") as ledger:
        history = history_in(ledger, pilot=PILOT, environment=ENVIRONMENT, register=None)
    recorded = {one.id: one.detected.at for one in incidents(history)}
    arrived = [news for news in heard.news if news.incident in recorded]
    if len(arrived) != 2 * len(recorded):
        raise RuntimeError(f"{len(arrived)} pieces of news for {len(recorded)} incidents")
    for news in arrived:
        yield Delay(
            channel=news.channel, seconds=(news.at - recorded[news.incident]).total_seconds()
        )


def _delay_metrics(plain: Sequence[Delay], beside: Sequence[Delay]) -> Iterator[Metric]:
    for summary, words, goal in ((None, "median", None), (max, "worst", _GOAL_SECONDS)):
        for channel, name in (("room", "webhook"), (MAIL, "mail by SMTP")):
            for found, where in ((plain, ""), (beside, ", 1 hook mute")):
                taken = tuple(Sample(value=d.seconds) for d in found if d.channel == channel)
                yield Metric(
                    metric=f"{name}{where}",
                    unit=f"seconds from verdict to arrival, {words}",
                    samples=taken,
                    goal=goal,
                    **({} if summary is None else {"summary": summary}),
                )


def _night_metrics(came: Nights) -> Iterator[Metric]:
    for name, field, goal in _COUNTS:
        yield Metric(
            metric=name,
            unit=f"over {came.nights:,} virtual nights",
            samples=(Sample(value=getattr(came, field)),),
            goal=goal,
        )
