"""Whether a model may be trained or promoted: the signatures hold, and the newest night is still
what was signed; pure.

    bundle, its sign-offs ─┐
    ledger as it is today ─┼─▶ decide ─▶ Decision: open, or each reason by its name
    register, policy ──────┘

What was not looked at is a refusal by itself, so absence never opens it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from harness.evidence.verify import signoffs
from harness.evidence.verify.finding import Grade
from harness.evidence.verify.verify import Report
from harness.pilot.gate_settings import Gate
from harness.result import Judged
from harness.signing.register import Register
from harness.signoff import offers, today
from harness.signoff.decision import Decision, Held, Name, Refusal
from harness.signoff.nights import Night
from harness.signoff.offers import Offer, Shown
from harness.signoff.records import Decision as Decided
from harness.signoff.records import last_day
from harness.signoff.requirement import reaches
from harness.signoff.today import Today
from harness.verdict import GOOD

Checks = Iterator[Held | Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle as it was looked at."""

    report: Report
    manifest: str
    """Its SHA-256."""
    pilot: str
    environment: str
    last: date
    """Its newest night."""
    head: tuple[int, str]
    """How many entries the ledger had when it was exported, and the hash of the last."""
    night: Night | None
    judged: tuple[Judged, ...]
    """Every verdict that it shows, with the amendments that were in force at its end."""
    files: tuple[Offer, ...]
    """Of `signoff/`."""
    unread: Mapping[str, tuple[Name, str]]
    """The roles whose file is no sign-off by a key of the register, each with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Governance:
    """What the pilot says of its governance."""

    digest: str | None
    """None where it says nothing."""
    missing: tuple[str, ...]
    """What nobody has filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """By whom and for what the gate is asked; none of it comes from the bundle."""

    pilot: str | None
    """None where no pilot was named."""
    environment: str
    requirement: Gate
    register: Register
    now: datetime
    governance: Governance | None
    """None where no pilot was named."""


def decide(bundle: Bundle, ledger: Today | None, asked: Asked) -> Decision:
    """The decision. Without the pilot's ledger it is never open: nobody knows last night."""
    given = [*bundle.files, *(ledger.offers if ledger else ())]
    counted = _counted(bundle, given, asked)
    checks = tuple(_bundle(bundle))
    if any(isinstance(one, Refusal) and one.name is Name.CHANGED for one in checks):
        # What it says of itself is worth nothing, so nothing of it is held against anything.
        return Decision(checks=checks, conditions=(), practice=asked.requirement.practice)
    checks = (
        *checks,
        *_scope(bundle, asked),
        *_ready(bundle),
        *_roles(bundle, counted, asked),
        *_governance(asked.governance, counted),
        *today.check(ledger, bundle.night, asked.requirement),
    )
    return Decision(
        checks=checks,
        conditions=tuple(
            f"{said} ({one.signoff.by} as {role})"
            for role, one in counted.items()
            if one.signoff.decision is Decided.CONDITIONS
            for said in one.signoff.conditions
        ),
        practice=asked.requirement.practice,
    )


def _bundle(bundle: Bundle) -> Checks:
    """What `seatrial verify` finds, sign-offs aside."""
    check = "bundle"
    bad = [
        one
        for one in bundle.report.findings
        if one.grade is not Grade.GOOD and one.check != signoffs.CHECK
    ]
    refused = next((one for one in bad if one.grade is Grade.REFUSED), None)
    verify = "see seatrial verify, and ask for a new export"
    if refused is not None:
        where = f"{refused.file}: " if refused.file else ""
        yield Refusal(check=check, name=Name.CHANGED, says=f"{where}{refused.found}: {verify}")
    elif bad:
        yield Refusal(check=check, name=Name.UNKNOWN, says=f"{bad[0].found}: {verify}")
    else:
        yield Held(check=check, says="it is what was signed, by keys of the register")


def _scope(bundle: Bundle, asked: Asked) -> Checks:
    needed = asked.requirement
    foreign = list(_foreign(bundle, asked))
    yield from foreign
    if not foreign:
        yield Held(check="pilot", says=f"of {bundle.pilot}, environment {bundle.environment}")
    classes = bundle.night.signed.classes if bundle.night else ()
    if reaches(classes, needed.minimum_class):
        yield Held(check="class", says=f"evidence is {', '.join(classes)}")
    else:
        yield Refusal(
            check="class",
            name=Name.CLASS_TOO_LOW,
            says=f"evidence is {', '.join(classes) or 'of no class'}, and the policy asks for "
            f"{needed.minimum_class}: prove there",
        )
    ends = bundle.last + timedelta(days=needed.evidence_days)
    if asked.now.date() > ends:
        yield Refusal(
            check="age",
            name=Name.BUNDLE_EXPIRED,
            says=f"its newest night is {bundle.last}, older than {needed.evidence_days} days: "
            "export a new bundle, and have it signed",
        )
    else:
        yield Held(check="age", says=f"its newest night is {bundle.last}, good until {ends}")


def _foreign(bundle: Bundle, asked: Asked) -> Iterator[Refusal]:
    if asked.pilot is not None and bundle.pilot != asked.pilot:
        yield Refusal(
            check="pilot",
            name=Name.FOREIGN_PILOT,
            says=f"it is of {bundle.pilot}, and you ask for {asked.pilot}: name its own bundle",
        )
    if bundle.environment != asked.environment:
        yield Refusal(
            check="pilot",
            name=Name.FOREIGN_ENVIRONMENT,
            says=f"it is of {bundle.environment}, and you ask for {asked.environment}: name "
            "--env, or its own bundle",
        )


def _ready(bundle: Bundle) -> Checks:
    bad = [one for one in bundle.judged if one.outcome not in GOOD]
    night = bundle.night
    if night is None or night.lacking or not bundle.judged:
        why = (night and night.lacking) or "it shows no night on which everything was judged"
        says = f"{why}: prove all, export and sign that"
        yield Refusal(check="shown", name=Name.BUNDLE_NOT_READY, says=says)
    elif bad:
        says = f"it was not ready when it was signed: {today.named(bad)}: sign one that is"
        yield Refusal(check="shown", name=Name.BUNDLE_NOT_READY, says=says)
    else:
        waived = sum(one.outcome is not one.original for one in bundle.judged)
        also = f", {waived} of them excused by a person" if waived else ""
        yield Held(check="shown", says=f"ready: {len(bundle.judged)} verdicts{also}")


def _counted(bundle: Bundle, given: list[Offer], asked: Asked) -> dict[str, Offer]:
    """The newest sign-off of each role."""
    shown = _shown(bundle)
    if shown is None:
        return {}
    found = {role: offers.newest(role, given, shown) for role in asked.requirement.roles}
    return {role: one for role, one in found.items() if one is not None}


def _shown(bundle: Bundle) -> Shown | None:
    if bundle.night is None:
        return None
    return Shown(manifest=bundle.manifest, night=bundle.night.run, signed=bundle.night.signed)


def _roles(bundle: Bundle, counted: Mapping[str, Offer], asked: Asked) -> Checks:
    shown = _shown(bundle)
    shared = list(offers.shared(counted, asked.register))
    nobody = not counted and not bundle.unread
    for role in asked.requirement.roles:
        found = list(_of_file(role, bundle))
        if role in counted and shown is not None:
            found += offers.objections(role, counted[role], shown, asked.register, asked.now)
            found += [other for other in shared if other.check == role]
        found = found or list(_forged(role, bundle))
        if role not in counted and not found:
            name = Name.UNSIGNED if nobody else Name.HALF_SIGNED
            says = f"nobody has signed this bundle as {role}: seatrial sign DIR --role {role}"
            found.append(Refusal(check=role, name=name, says=says))
        yield from found or (Held(check=role, says=_told(counted[role])),)


def _of_file(role: str, bundle: Bundle) -> Iterator[Refusal]:
    """A file that is no sign-off of this bundle."""
    name = signoffs.file_of(role)
    if role in bundle.unread:
        why, says = bundle.unread[role]
        yield Refusal(check=role, name=why, says=f"{name}: {says}: ask them to sign anew")
    for one in bundle.files:
        if one.signoff.role == role and one.signoff.manifest != bundle.manifest:
            says = f"{name} is of another bundle: ask them to sign this one"
            yield Refusal(check=role, name=Name.OTHER_BUNDLE, says=says)


def _forged(role: str, bundle: Bundle) -> Iterator[Refusal]:
    """Whatever else the verifier refuses of a role's file, as a scan that was changed."""
    for one in bundle.report.findings:
        own = (one.check, one.file) == (signoffs.CHECK, signoffs.file_of(role))
        if own and one.grade is Grade.REFUSED:
            says = f"{one.file}: {one.found}: ask them to sign anew"
            yield Refusal(check=role, name=Name.FORGED, says=says)


def _governance(now: Governance | None, counted: Mapping[str, Offer]) -> Checks:
    """Complete, and as each role signed it; a pilot without such a section has nothing to sign."""
    if now is None:
        return  # told of the ledger
    other = [role for role, one in counted.items() if one.signoff.signed.governance != now.digest]
    if other:
        says = f"{', '.join(other)} signed another: name the PILOT as they sign, and sign anew"
        yield Refusal(check="governance", name=Name.GOVERNANCE_CHANGED, says=says)
    if now.missing:
        says = (
            f"{len(now.missing)} items are missing, as {now.missing[0]}: seatrial governance show"
        )
        yield Refusal(check="governance", name=Name.GOVERNANCE_INCOMPLETE, says=says)
    if not other and not now.missing:
        says = "the pilot says nothing of it" if now.digest is None else "complete, and signed"
        yield Held(check="governance", says=says)


def _told(offer: Offer) -> str:
    one = offer.signoff
    paper = " on paper" if one.paper else ""
    return f"{one.by} signed{paper} on {one.at:%Y-%m-%d}; it counts to {last_day(one)}"
