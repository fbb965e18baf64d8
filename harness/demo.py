"""`seatrial demo`: the practice estate proven as found, repaired, and proven again.

The estate is loaded by name: it is no part of the product, and its planted faults are compared
with the verdicts only after these stand.
"""

from __future__ import annotations

import importlib
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import pilot, slot
from harness.errors import ConfigurationError
from harness.ledger import utc_now
from harness.progress import shown
from harness.prove import prove
from harness.report import terminal
from harness.result import Result
from harness.take import Clock
from harness.verdict import Outcome

WRONG = (Outcome.BROKEN, Outcome.ERROR)


def demo(*, out: Path, keep: bool, scale: float, seed: int, console: Console) -> list[str]:
    """Run it; gives what the demo did not do that it should have: empty when all went well."""
    estate, faults = _estate()
    started = time.monotonic()
    engagement = pilot.load(Path(estate.__file__).parent / "demo")
    for name in ("as-found", "repaired"):
        shutil.rmtree(out / name, ignore_errors=True)
    console.print("Starting the estate: three real servers on this machine's loopback")
    with estate.running(scale=scale, seed=seed, say=console.print) as running:

        def trial(name: str) -> Result:
            environ = {**os.environ, **running.environ}
            return _trial(engagement, name, out / name, environ, console)

        as_found = trial("as-found")
        console.print("Repairing sources, not claims: missing values filled, files re-delivered")
        running.repair()
        repaired = trial("repaired")
        console.print(f"Both trials took {time.monotonic() - started:.0f} s. Open the reports:")
        for name in ("as-found", "repaired"):
            console.print(f"  {out / name / 'report.html'}", soft_wrap=True)
        if keep:
            _keep(running.environ, console)
    return shortfalls(as_found, repaired, faults.planted(seed))


def shortfalls(as_found: Result, repaired: Result, planted: Any) -> list[str]:
    """Compare the verdicts with what was planted, in plain sentences."""
    broken = {_name(j.planned) for j in as_found.judged if j.verdict.outcome is Outcome.BROKEN}
    should = {(fault.source, fault.dataset, fault.claim) for fault in planted}
    found = [f"planted and not found: {_text(name)}" for name in sorted(should - broken, key=str)]
    found += [f"found and not planted: {_text(name)}" for name in sorted(broken - should, key=str)]
    if as_found.ready:
        found.append("as found it is called ready")
    if [j.planned for j in as_found.judged] != [j.planned for j in repaired.judged]:
        found.append("as found and repaired did not plan the same claims")
    return found + [
        f"{name} {_text(_name(j.planned))} is {j.verdict.outcome}: {j.verdict.because}"
        for name, result, wrong in (
            ("as found", as_found, (Outcome.ERROR, Outcome.NOT_RUN)),
            ("repaired", repaired, (*WRONG, Outcome.NOT_RUN)),
        )
        for j in result.judged
        if j.verdict.outcome in wrong
    ]


def _trial(
    engagement: pilot.Engagement,
    name: str,
    out: Path,
    environ: Mapping[str, str],
    console: Console,
) -> Result:
    console.rule(f"[bold]{name}", align="left")
    with shown(console) as progress:
        result = prove(
            engagement,
            environment="dev",
            slot=slot.slot(None, zone=engagement.zone, now=utc_now()),
            out=out,
            environ=environ,
            clock=Clock(now=utc_now),
            progress=progress,
        )
    terminal.table(result, console)
    return result


def _keep(environ: Mapping[str, str], console: Console) -> None:
    """Leave the servers running until Ctrl-C, and say how to reach them."""
    console.print("The servers stay until Ctrl-C. To use them in another terminal:")
    for name in sorted(environ):
        console.print(f"  export {name}='{environ[name]}'", soft_wrap=True, highlight=False)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.print("Stopping the servers")


def _estate() -> tuple[Any, Any]:
    try:
        return importlib.import_module("estate"), importlib.import_module("estate.demo.faults")
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"the demo needs its practice servers ({error.name} is missing): "
            "pip install 'seatrial[estate]'"
        ) from error


def _name(planned: Any) -> tuple[str, str | None, str]:
    return (planned.source, planned.dataset, planned.claim)


def _text(name: tuple[str, str | None, str]) -> str:
    return " ".join(part for part in name if part is not None)
