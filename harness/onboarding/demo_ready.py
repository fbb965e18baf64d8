"""The demo's third act: from repaired to READY, under a policy for practice.

    policy, signed ─▶ 60 nights, replayed ─▶ tonight, proven ─▶ bundle ─▶ three roles sign
    ─▶ gate ─▶ model

But for the replay, each step is the function behind a command of docs/sign-off.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.progress import track

from harness.amendments.effect import kind_for
from harness.clock import Clock
from harness.evidence.export import Asked as ToExport
from harness.evidence.export import export
from harness.evidence.run_entries import RunEntries
from harness.folders import take_folder
from harness.ledger.ledger import utc_now
from harness.onboarding import amend, demo_evidence, replay
from harness.onboarding.demo_evidence import BUNDLE, ENVIRONMENT, PEOPLE, TRUST, Signed
from harness.onboarding.to_amend import VERBS
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.pilot.place import Place
from harness.pilot.plan import plan
from harness.report import summary
from harness.report.progress import show_progress
from harness.result import Kind, Result
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
from harness.verdict import GOOD

NIGHTS = 60
"""59 deliveries without a failure prove that 95 % come on time."""
DAYS = 30
"""How long an excuse of the demo counts."""
_SIGNS = {Kind.WAIVER: "engineering", Kind.ACCEPTANCE: "security", Kind.ATTESTATION: "owner"}
_REASONS = {
    Kind.WAIVER: "the deputy has left, and a successor begins this month",
    Kind.ACCEPTANCE: "too few rows to see a drift; the model is trained again every month",
    Kind.ATTESTATION: "the source cannot be asked; its owner looked it up",
}
PILOT = "late_deliveries"
"""The folder of the act's own pilot, below its results."""
_CLASS = "    evidence_class: simulated\n"
_DAY = timedelta(days=1)

Train: TypeAlias = Callable[[Place, Mapping[str, str]], list[str]]
"""Makes the models of a pilot behind its gate; returns what to print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the third act works with."""

    ours: Signed
    """The pilot that `lay_out` wrote."""
    deputies: Mapping[str, str]
    """Of sources whose deputy has left by the last of the replayed nights."""
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


def lay_out(ours: Signed, out: Path) -> Signed:
    """A pilot of the act's own, as files, so that its commands can be repeated: the demo's, which
    names key and register, and for each source without a deputy its owner.
    """
    folder = out / PILOT
    take_folder(out)
    shutil.copytree(ours.loaded.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    signed = ours.loaded.settings.environments[ENVIRONMENT].signing
    assert signed is not None
    trust = (out / TRUST).absolute()
    told = f'    signing: {{key: "{signed.key}", trust: "{trust}"}}\n'
    changes = {_CLASS: _CLASS + told}
    for owner in ours.loaded.settings.owners.values():
        if owner.deputy is None:
            named = f"    owner: {owner.owner}\n"
            changes[named] = f"{named}    deputy: {owner.owner}\n"
    file = folder / "pilot.yaml"
    text = file.read_text()
    for old, new in changes.items():
        before, after = text.split(old)  # each stands there once
        text = before + new + after
    file.write_text(text)
    return replace(ours, loaded=loading.load(folder))


def replay_nights(act: Act, of: RunEntries, console: Console) -> Result:
    """Tell a run again for each of the nights before it, oldest first; returns what the last one
    came to. On that one, a deputy has left.
    """
    nights = track(range(NIGHTS, 0, -1), "replaying", console=console, transient=True)
    *_, last = (_replay(act, replay.Before(of=of, days=days)) for days in nights)
    return last


def _replay(act: Act, before: replay.Before) -> Result:
    loaded = act.ours.loaded
    deputies = {} if before.days == 1 else act.deputies
    config = RunConfig(
        loaded=_as_then(loaded, deputies),
        environment=ENVIRONMENT,
        slot=before.slot,
        planned=plan(loaded.pilot),
        out=act.out,
        environ=act.environ,
        launch=launch_by("demo", replays=before.of.run),
        clock=Clock(now=lambda: utc_now() - before.days * _DAY),
    )
    with running(config, workplace=replay.replaying(before)) as run:
        with run.ledger.together():  # a source would have to say none of it again
            for source in loaded.pilot.sources:
                prove_source(run, source.name)
            reconcile(run)
        return finish(run)


def _as_then(loaded: LoadedPilot, deputies: Mapping[str, str]) -> LoadedPilot:
    """The pilot on a replayed night: with these deputies. It keeps no row, as none lands again,
    and tells nobody, as there is no news.
    """
    settings = loaded.settings
    staffed = {
        source: settings.owners[source].model_copy(update={"deputy": deputy})
        for source, deputy in deputies.items()
    }
    here = settings.environments[ENVIRONMENT].model_copy(update={"alerts": None})
    changed = {
        "keep": (),
        "owners": {**settings.owners, **staffed},
        "environments": {**settings.environments, ENVIRONMENT: here},
    }
    return replace(loaded, settings=settings.model_copy(update=changed))


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


def excuse(act: Act, proven: Result, *, until: date) -> Iterator[str]:
    """People sign for what is not proven and nobody will mend by then; lines to print. What was
    not judged, or could not be, nobody can sign for.
    """
    for one in proven.judged:
        kind = kind_for(one.verdict)
        if one.outcome in GOOD or kind is None:
            continue
        role, planned = _SIGNS[kind], one.planned
        name = None if planned.dataset is None else f"{planned.source}.{planned.dataset}"
        asked = amend.Asked(
            kind=kind,
            person=act.ours.person(role),
            claim=planned.claim,
            dataset=name,
            source=planned.source if name is None else None,
            reason=_REASONS[kind],
            until=until,
        )
        clock = Clock(now=utc_now)
        amend.amend(act.here, asked, ledger=None, environ=act.environ, clock=clock)
        by = f"{PEOPLE[role]} ({role})"
        yield f"  {VERBS[kind]:<7} {planned.claim} of {summary.where(planned)}, by {by}"


def sign_off(act: Act, bundle: Path, register: Register) -> Iterator[str]:
    """Every role signs the bundle, each with a key of its own; lines to print."""
    looked = look(bundle, register=register, now=utc_now())
    for role in act.ours.loaded.settings.gate.roles:
        person = act.ours.person(role)
        asked = signoff.Asked(folder=bundle, role=role, by=person.by, key=person.key)
        kept = signoff.Ledger(here=act.here, reference=None)
        clock = Clock(now=utc_now)
        signoff.sign(asked, looked, register, ledger=kept, environ=act.environ, clock=clock)
        yield f"  {role:<12} {person.by}"


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
    last = replay_nights(act, of, console)
    lacking = [one for one in last.judged if one.outcome not in GOOD]
    console.print(
        f"{len(lacking)} of {last.planned} verdicts are still in the way. For {DAYS} days people "
        "sign for them:"
    )
    for line in excuse(act, last, until=night + DAYS * _DAY):
        say(line)
    console.print(f"Proving tonight, {night}: all five sources are read")
    proven = prove_tonight(act, night, console)
    say(summary.headline(proven))
    say(summary.reason(proven))
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
    say("Ask again, by the keys that are thrown away now:")
    say(f"  seatrial verify {bundle} --trust {trust}")
    say(f"  seatrial gate {bundle} {act.out / PILOT} --trust {trust} --out {act.out}")
    return [*_shortfalls(proven, decision)]


def _shortfalls(proven: Result, decision: Decision) -> Iterator[str]:
    if not proven.ready:
        yield f"after {NIGHTS} nights it is not ready: {summary.reason(proven)}"
    for one in decision.refusals:
        yield f"the gate is not open: {one.name}: {one.says}"
