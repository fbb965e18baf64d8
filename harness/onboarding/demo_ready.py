"""The demo's third act: from repaired to READY, under a policy for practice.

    policy, signed ─▶ 60 nights, replayed ─▶ tonight, proven ─▶ bundle ─▶ three roles sign
    ─▶ gate ─▶ model

But for the replay, each step is the function behind a command of docs/sign-off.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.progress import track

from harness.clock import Clock
from harness.evidence.export import Asked as ToExport
from harness.evidence.export import export
from harness.evidence.run_entries import RunEntries
from harness.ledger.ledger import utc_now
from harness.onboarding import demo_evidence, replay
from harness.onboarding.demo_evidence import BUNDLE, ENVIRONMENT, PEOPLE, TRUST, Signed
from harness.pilot.model import LoadedPilot
from harness.pilot.place import Place
from harness.pilot.plan import plan
from harness.report import summary
from harness.report.progress import show_progress
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.launch import launch_by
from harness.run.lifecycle import finish, running
from harness.run.prove import prove
from harness.run.reconcile import reconcile
from harness.run.source import prove_source
from harness.say import say
from harness.signing.register import Register
from harness.signoff import sign as signoff
from harness.signoff import words
from harness.signoff.ask import ask
from harness.signoff.decision import Decision
from harness.signoff.look import look

NIGHTS = 60
"""59 deliveries without a failure prove that 95 % come on time."""
_DAY = timedelta(days=1)

Train: TypeAlias = Callable[[Place, Mapping[str, str]], list[str]]
"""Makes the models of a pilot behind its gate; returns what to print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the third act works with."""

    ours: Signed
    """The pilot as it is; `pilot.yaml` names no deputy for one source."""
    staffed: LoadedPilot
    """The pilot while all its owners had a deputy."""
    out: Path
    environ: Mapping[str, str]
    now: datetime
    """When the demo began: all nights count back from its night."""

    @property
    def here(self) -> Place:
        """Where all commands of the act work."""
        loaded = self.ours.loaded
        return Place(loaded=loaded, folder=loaded.folder, environment=ENVIRONMENT, out=self.out)

    @property
    def began(self) -> datetime:
        """Before the first night, by the act's clock."""
        return self.now - (NIGHTS + 1) * _DAY


def replay_nights(act: Act, of: RunEntries, console: Console) -> None:
    """Tell a run again for each of the nights before it, oldest first. On the last of them, a
    deputy has left.
    """
    for days in track(range(NIGHTS, 0, -1), "replaying", console=console, transient=True):
        before = replay.Before(of=of, days=days)
        loaded = act.ours.loaded if days == 1 else act.staffed
        # No row lands again, so none is kept.
        settings = loaded.settings.model_copy(update={"keep": ()})
        config = RunConfig(
            loaded=replace(loaded, settings=settings),
            environment=ENVIRONMENT,
            slot=before.slot,
            planned=plan(loaded.pilot),
            out=act.out,
            environ=act.environ,
            launch=launch_by(f"demo, replayed from run {of.run}: no source was read"),
            clock=_clock(days),
        )
        with running(config, workplace=replay.replaying(before)) as run:
            for source in loaded.pilot.sources:
                prove_source(run, source.name)
            reconcile(run)
            finish(run)


def _clock(days: int) -> Clock:
    return Clock(now=lambda: utc_now() - days * _DAY)


def prove_tonight(act: Act, night: date, console: Console) -> Result:
    """Read all sources, as on every night that is not replayed."""
    loaded = act.ours.loaded
    config = RunConfig(
        loaded=loaded,
        environment=ENVIRONMENT,
        slot=night,
        due_at=act.now,
        planned=plan(loaded.pilot),
        out=act.out,
        environ=act.environ,
        launch=launch_by("demo"),
    )
    with show_progress(console) as progress:
        return prove(config, progress=progress)


def sign_off(act: Act, bundle: Path, register: Register) -> Iterator[str]:
    """Every role signs the bundle, each with a key of its own; lines to print."""
    for role, by in PEOPLE.items():
        looked = look(bundle, register=register, now=utc_now())
        asked = signoff.Asked(folder=bundle, role=role, by=by, key=f"file:{act.ours.people[role]}")
        kept = signoff.Ledger(here=act.here, reference=None)
        clock = Clock(now=utc_now)
        signoff.sign(asked, looked, register, ledger=kept, environ=act.environ, clock=clock)
        yield f"  {role:<12} {by}"


def play(act: Act, of: RunEntries, *, train: Train, console: Console) -> list[str]:
    """The whole act, printed as it goes; returns its shortfalls."""
    console.rule("[bold]ready, for practice", align="left")
    trust = act.out / TRUST
    register = demo_evidence.write_trust(act.ours, trust, since=act.began - _DAY)
    agreed = Clock(now=lambda: act.began)
    say(demo_evidence.agree(act.ours, out=act.out, environ=act.environ, clock=agreed))
    night = of.started.slot
    console.print(
        f"Replaying {NIGHTS} nights, {night - NIGHTS * _DAY} to {night - _DAY}, from the run "
        "above: no source is read, and every entry says so"
    )
    replay_nights(act, of, console)
    console.print(f"Proving tonight, {night}: all five sources are read")
    proven = prove_tonight(act, night, console)
    say(f"{summary.headline(proven)}. {summary.reason(proven)}")
    bundle = export(
        act.here,
        ToExport(out=act.out / BUNDLE),
        ledger=None,
        environ=act.environ,
        now=utc_now(),
    )
    say("Signed off, on what the bundle shows, by")
    for line in sign_off(act, bundle, register):
        say(line)
    decision = ask(
        bundle,
        act.here,
        environment=ENVIRONMENT,
        register=register,
        ledger=None,
        environ=act.environ,
        now=utc_now(),
    )
    for line in (*words.lines(decision), *(train(act.here, act.environ) if decision.open else ())):
        say(line)
    return [*_shortfalls(proven, decision)]


def _shortfalls(proven: Result, decision: Decision) -> Iterator[str]:
    if not proven.ready:
        yield f"after {NIGHTS} nights it is not ready: {summary.reason(proven)}"
    for one in decision.refusals:
        yield f"the gate is not open: {one.name}: {one.says}"
