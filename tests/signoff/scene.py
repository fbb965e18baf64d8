"""A pilot's nights in memory, their bundle, people with keys, and what they sign: all real but the
disk and the clock. A bundle is made once; each test changes a copy.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from contracts.defaults import persisted_fields
from harness.evidence.evidence import Scope, read
from harness.evidence.verify import signoffs
from harness.ledger.ledger import Header, Origin
from harness.pilot.gate_settings import Gate
from harness.result import Planned
from harness.signing.register import Register
from harness.signoff import ask, statement
from harness.signoff.decision import Decision, Name
from harness.signoff.gate import Asked, Governance, decide
from harness.signoff.look import Looked, look
from harness.signoff.records import Decision as Decided
from harness.signoff.records import Given, Paper, SignOff
from harness.verdict import Outcome
from tests.golden.facts import READING
from tests.harness.evidence.bundles import bundle_of, key
from tests.harness.evidence.ledgers import DAY, FIRST, verdict
from tests.harness.evidence.nights import chained
from tests.harness.evidence.verify.checking import write
from tests.signoff.people import PEOPLE, register, signer

Files = dict[str, bytes]
Row = tuple[str, str, Any]
NIGHTS = 3
SIGNED_AT = FIRST + NIGHTS * DAY
"""Three days after the first night, one after the newest that the bundle shows."""
NOW = SIGNED_AT + DAY + timedelta(hours=3)
"""Two nights after the newest that the bundle shows."""
FRESH = Planned(source="shop", dataset="orders", claim="fresh")
OWNED = Planned(source="shop", dataset=None, claim="owned")
PLANNED = (FRESH, OWNED)
GOOD = {FRESH: Outcome.PROVEN, OWNED: Outcome.PROVEN}
PROMISES = {"shop": "a1" * 32, "shop.orders": "b2" * 32}


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What may differ of one night."""

    outcomes: Mapping[Planned, Outcome] = field(default_factory=lambda: dict(GOOD))
    contract: str = "12" * 32
    promises: Mapping[str, str] = field(default_factory=lambda: dict(PROMISES))
    planned: Sequence[Planned] = PLANNED
    owed: int | None = None
    code: str = "0.1.0+abc"
    evidence_class: str = "production"
    end: str | None = "finished"
    environment: str = "dev"
    pilot: str = "acme"


def night(day: int, of: Night | None = None, *, run: str = "") -> list[Row]:
    """The entries of one night, as the ledger's writer makes them."""
    one, at = of or Night(), FIRST + day * DAY
    run = run or f"run-{day}"
    header = persisted_fields(
        Header(
            pilot=one.pilot,
            environment=one.environment,
            run=run,
            slot=f"{at:%Y-%m-%d}",
            code=one.code,
            configuration="34" * 32,
        )
    )
    own = {**header, "at": at}
    rows: list[Row] = [
        (
            run,
            "started",
            {
                **own,
                "planned": [persisted_fields(p) for p in one.planned],
                "promises": dict(one.promises),
                "zone": "UTC",
                "armed": ["nightly"],
                "due_at": at,
            },
        )
    ]
    fact = replace(READING, slot=at.date(), night=at.date(), started_at=at)
    rows.append(
        (run, "reading", {**own, **_origin(FRESH, one), "reading": persisted_fields(fact)})
    )
    for planned in one.planned:
        if (outcome := one.outcomes.get(planned)) is not None:
            said = persisted_fields(verdict(planned, outcome))
            rows.append((run, "verdict", {**own, **_origin(planned, one), "verdict": said}))
    if one.end is not None:
        owed = one.owed if one.owed is not None else len(one.planned)
        end = {"planned": owed, "executed": len(one.planned), "ready": False}
        rows.append((run, one.end, {**own, "at": at + timedelta(minutes=1), **end}))
    return rows


def _origin(planned: Planned, of: Night) -> dict[str, Any]:
    return persisted_fields(
        Origin(
            source=planned.source,
            dataset=planned.dataset,
            endpoint="https://shop.example/api",
            contract=of.contract if planned.dataset else None,
            evidence_class=of.evidence_class,
        )
    )


def nights(*of: Night) -> list[Row]:
    """Those from the first on; a good one where nothing is said."""
    return [row for day, one in enumerate(of) for row in night(day, one)]


def bundle(rows: Sequence[Row], *, environment: str = "dev", pilot: str = "acme") -> Files:
    scope = Scope(pilot=pilot, title="Acme", environment=environment, zone="UTC")
    return bundle_of(read(chained(rows), scope), signer=key())


@cache
def _good() -> Mapping[str, bytes]:
    return bundle(nights(*[Night()] * NIGHTS))


def good() -> Files:
    """The bundle of three good nights."""
    return dict(_good())


def signed(  # noqa: PLR0913 - all that a sign-off may say
    files: Files,
    role: str,
    *,
    by: str | None = None,
    who: str | None = None,
    decision: Decided = Decided.APPROVE,
    at: datetime = SIGNED_AT,
    until: datetime | None = None,
    conditions: tuple[str, ...] = (),
    reason: str | None = None,
    paper: Paper | None = None,
    root: Path,
    **terms: Any,
) -> Given:
    """What `who` signs in a role of the bundle in these files; `terms` are others than shown."""
    shown = _shown(root, files)
    assert shown.bundle.night is not None
    assert shown.listed is not None
    one = SignOff(
        manifest=shown.bundle.manifest,
        night=shown.bundle.night.run,
        signed=replace(shown.bundle.night.signed, **terms),
        decision=decision,
        role=role,
        by=by or PEOPLE[who or role],
        at=at,
        until=until or at + timedelta(days=30),
        conditions=conditions,
        reason=reason,
        paper=paper,
    )
    return statement.given(one, shown.listed.whole, signer(who or role))


_SHOWN: dict[str, Looked] = {}


def _shown(root: Path, files: Files) -> Looked:
    """A bundle as somebody sees it who signs it; looked at once."""
    own = {name: data for name, data in files.items() if not name.startswith("signoff/")}
    digest = hashlib.sha256(own["manifest.json"]).hexdigest()
    if digest not in _SHOWN:
        folder = write(root / digest, own)
        _SHOWN[digest] = look(folder, register=register(), now=SIGNED_AT)
    return _SHOWN[digest]


def with_signoffs(files: Files, *given: Given) -> Files:
    return files | {signoffs.file_of(one.role): one.envelope.encode() for one in given}


@dataclass(slots=True, kw_only=True)
class Scene:
    """A folder to look into, and a ledger as it is when the gate is asked."""

    root: Path
    files: Files = field(default_factory=good)
    rows: list[Row] = field(default_factory=lambda: nights(*[Night()] * (NIGHTS + 2)))
    trusted: Register = field(default_factory=register)
    requirement: Gate = field(default_factory=Gate)
    pilot: str = "acme"
    environment: str = "dev"
    now: datetime = NOW
    governance: Governance = field(default_factory=lambda: Governance(digest=None, missing=()))
    without_ledger: bool = False

    def sign(self, role: str, **of: Any) -> Given:
        return signed(self.files, role, root=self.root, **of)

    def sign_all(self, **of: Any) -> Scene:
        """By the three, each with a key of their own."""
        for role in ("engineering", "security", "legal"):
            self.put(self.sign(role, **of))
        return self

    def put(self, *given: Given) -> Scene:
        self.files = with_signoffs(self.files, *given)
        return self

    def keep(self, given: Given, *, day: int = NIGHTS) -> Scene:
        """In the ledger, as the entry of a run beside the nights."""
        at = FIRST + day * DAY + timedelta(hours=2)
        self.rows += beside(f"aside-{len(self.rows)}", at, {"signoff": persisted_fields(given)})
        return self

    def decide(self) -> Decision:
        folder = self.root / hashlib.sha256(repr(sorted(self.files.items())).encode()).hexdigest()
        if not folder.exists():
            write(folder, self.files)
        looked = look(folder, register=self.trusted, now=self.now)
        asked = Asked(
            pilot=self.pilot,
            environment=self.environment,
            requirement=self.requirement,
            register=self.trusted,
            now=self.now,
            governance=self.governance,
        )
        today = None
        if not self.without_ledger:
            today = ask.today_of(
                chained(self.rows),
                looked.bundle,
                self.trusted,
                of=ask.Of(
                    pilot="acme",
                    environment="dev",
                    zone="UTC",
                    settings=settings(self.requirement),
                ),
                now=self.now,
            )
        return decide(looked.bundle, today, asked)


def settings(asks: Gate) -> dict[str, Any]:
    """As `harness.pilot.agreed_settings` gives them."""
    return {} if asks == Gate() else {"gate": asks.model_dump(mode="json")}


def beside(run: str, at: datetime, said: Mapping[str, Any]) -> list[Row]:
    """The entries of what a person does between two nights."""
    header = persisted_fields(
        Header(pilot="acme", environment="dev", run=run, slot=f"{at:%Y-%m-%d}", code="0.1.0+abc")
    )
    own = {**header, "at": at}
    rows: list[Row] = [(run, "started", {**own, "planned": []})]
    rows += [(run, kind, {**own, kind: body}) for kind, body in said.items()]
    return [*rows, (run, "finished", own)]


def names(decision: Decision) -> set[Name]:
    return {one.name for one in decision.refusals}


def told(decision: Decision) -> str:
    return "\n".join(f"{type(one).__name__} {one.check}: {one.says}" for one in decision.checks)
