"""`seatrial demo`: proves the practice estate as found, repairs it, proves it again, and goes from
there to READY, for practice (`demo_ready.py`).

The estate is imported by name, because it is no part of the product. Its planted faults are
compared with the verdicts only after both runs.
"""

from __future__ import annotations

import importlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.alerts.records import Step
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.evidence.changes import print_changes
from harness.evidence.compare import compare
from harness.evidence.sides import of_result
from harness.folders import require_safe, take_folder
from harness.ledger.ledger import utc_now
from harness.onboarding import demo_drift, demo_evidence, demo_known, demo_ready, demo_told
from harness.onboarding.replay import newest_proof
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.report import terminal
from harness.report.progress import show_progress
from harness.result import Planned, Result
from harness.run.config import RunConfig
from harness.run.launch import launch_by
from harness.run.prove import prove
from harness.run.slot import slot
from harness.say import say
from harness.verdict import Outcome

READY = "ready"
WRONG = (Outcome.BROKEN, Outcome.ERROR)


def demo(  # noqa: PLR0913 - the options of a command line
    *,
    out: Path,
    keep: bool,
    scale: float,
    seed: int,
    console: Console,
    train: demo_ready.Train | None,
) -> list[str]:
    """Run the demo; returns its shortfalls, an empty list on success. `train` makes the model at
    the end of the third act; without it, that act is left out.

    Raises ConfigurationError if the practice servers cannot run here.
    """
    estate = _estate()
    started = time.monotonic()
    now, loaded = utc_now(), loading.load(Path(estate.__file__).parent / "demo")
    for name in ("as-found", "repaired", READY, demo_evidence.BUNDLE):
        require_safe(out / name)
        shutil.rmtree(out / name, ignore_errors=True)
    console.print("Starting the estate: five real servers on this machine's loopback")
    with (
        demo_evidence.signed(loaded) as ours,
        _running(estate, scale=scale, seed=seed, console=console) as running,
    ):
        owners = loaded.settings.owners
        drifted: dict[str, Sequence[demo_told.News]] = {}

        def trial(name: str) -> Result:
            console.rule(f"[bold]{name}", align="left")
            environ = {**os.environ, **running.environ}
            staffed = _with_deputies(ours.loaded, running.deputies)
            config = _config(staffed, out / name, environ, now=now)
            before = len(running.room.heard)
            looked = demo_drift.drift(config)
            drifted[name] = demo_told.read(running.room.heard[before:])
            demo_drift.show(looked, drifted[name], owners, console)
            return _prove(config, console)

        clock = Clock(now=utc_now)
        say(demo_evidence.agree(ours, out=out / "as-found", environ=os.environ, clock=clock))
        as_found = trial("as-found")
        terminal.print_table(as_found, console)
        console.print("Repairing sources, grants and owners, not claims")
        running.repair()
        _go_on_with_the_ledger(out / "as-found", out / "repaired")
        repaired = trial("repaired")
        _show_changes(as_found, repaired, console)
        heard = demo_told.read(running.room.heard)
        known = demo_known.lines({"as-found": as_found, "repaired": repaired}, scale=scale)
        for line in ("", *known, "", *demo_told.lines(heard, owners), ""):
            say(line)
        console.print(f"Both trials took {time.monotonic() - started:.0f} s. Open the reports:")
        for name in ("as-found", "repaired"):
            say(f"  {out / name / 'report.html'}")
        for line in demo_evidence.write(ours, out=out, environ=os.environ, now=now):
            say(line)
        planted, unready = running.planted, list[str]()
        if train is not None:
            act = demo_ready.Act(
                ours=demo_ready.lay_out(ours, out / READY),
                deputies=running.deputies,
                out=out / READY,
                environ={**os.environ, **running.environ},
                now=now,
            )
            of = newest_proof(out / "repaired" / "ledger.sqlite")
            unready = demo_ready.play(act, of, train=train, console=console)
        if keep:
            _keep(running.environ, console)
    return [
        *shortfalls(as_found, repaired, planted),
        *demo_told.shortfalls(heard, as_found, repaired),
        *demo_drift.shortfalls(Step.OPENED, drifted["as-found"], as_found),
        *demo_drift.shortfalls(Step.MENDED, drifted["repaired"], as_found),
        *unready,
    ]


def shortfalls(as_found: Result, repaired: Result, planted: Sequence[Any]) -> list[str]:
    """The differences between the verdicts and the planted faults, in plain sentences.

    A planted fault has `source`, `dataset`, `claim` and `shows`: the words that its verdict must
    contain.
    """
    broken = {j.planned: j.verdict for j in as_found.judged if j.original in WRONG}
    differences = []
    for fault in planted:
        name = Planned(source=fault.source, dataset=fault.dataset, claim=fault.claim)
        verdict = broken.pop(name, None)
        if verdict is None or verdict.outcome is not Outcome.BROKEN:
            differences.append(f"planted and not found: {_text(name)}")
        elif not all(words in verdict.because for words in fault.shows):
            differences.append(f"found without its numbers: {_text(name)}: {verdict.because}")
    differences += [f"found and not planted: {_text(n)}: {v.because}" for n, v in broken.items()]
    if as_found.ready:
        differences.append("as found it is called ready")
    if [j.planned for j in as_found.judged] != [j.planned for j in repaired.judged]:
        differences.append("as found and repaired did not plan the same claims")
    if as_found.executed != as_found.planned or repaired.executed != repaired.planned:
        differences.append("not every planned claim was judged")
    return differences + [
        f"repaired, {_text(j.planned)} is {j.original}: {j.verdict.because}"
        for j in repaired.judged
        if j.original in WRONG
    ]


def _go_on_with_the_ledger(before: Path, after: Path) -> None:
    """Let the second trial know what the first one found and whom it told."""
    take_folder(after)
    shutil.copy2(before / "ledger.sqlite", after / "ledger.sqlite")


def _with_deputies(loaded: LoadedPilot, deputies: Mapping[str, str]) -> LoadedPilot:
    """The same engagement, with deputies for its owners."""
    owners = loaded.settings.owners
    staffed = {
        source: owners[source].model_copy(update={"deputy": deputy})
        for source, deputy in deputies.items()
    }
    settings = loaded.settings.model_copy(update={"owners": {**owners, **staffed}})
    return replace(loaded, settings=settings)


def _config(
    loaded: LoadedPilot, out: Path, environ: Mapping[str, str], *, now: datetime
) -> RunConfig:
    return RunConfig(
        loaded=loaded,
        environment="dev",
        slot=slot(None, zone=loaded.zone, now=now),
        due_at=now,
        planned=plan(loaded.pilot),
        out=out,
        environ=environ,
        launch=launch_by("demo"),
    )


def _prove(config: RunConfig, console: Console) -> Result:
    with show_progress(console) as progress:
        return prove(config, progress=progress)


def _show_changes(as_found: Result, repaired: Result, console: Console) -> None:
    """What the repair changed; not every verdict again."""
    sides = (of_result(as_found, "as-found"), of_result(repaired, "repaired"))
    print_changes(compare(*sides), console)


def _keep(environ: Mapping[str, str], console: Console) -> None:
    """Leave the servers running until Ctrl-C, and say how to reach them."""
    console.print("The servers stay until Ctrl-C. To use them in another terminal:")
    for name in sorted(environ):
        say(f"  export {name}='{environ[name]}'")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Stopping the servers")


def _estate() -> Any:
    try:
        return importlib.import_module("estate.lifecycle")
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the demo needs its practice servers ({error.name} is missing): "
            "run make demo in a clone, which installs them"
        ) from error


@contextmanager
def _running(estate: Any, *, scale: float, seed: int, console: Console) -> Iterator[Any]:
    try:
        with estate.running(scale=scale, seed=seed, say=console.print) as running:
            yield running
    except estate.EstateError as error:
        raise ConfigurationError(f"the demo's servers cannot run here: {error}") from error


def _text(planned: Planned) -> str:
    return " ".join(filter(None, (planned.source, planned.dataset, planned.claim)))
