"""`seatrial sign`: a person signs what a bundle shows, in one role.

    bundle, verified ─▶ what it shows, in words ─▶ decision ─▶ ledger, signoff/<role>.dsse.json

All is checked before anything is written; what is refused leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from contracts.defaults import persisted_fields
from harness import atomic_write, folders, tags
from harness.clock import Clock
from harness.errors import ConfigurationError, suggest
from harness.evidence.verify import signoffs
from harness.evidence.verify.finding import Grade, worst
from harness.governance import document as governed
from harness.pilot.place import Place
from harness.pilot.references import References
from harness.pilot.signing import open_signer
from harness.run.aside import aside
from harness.signing import register as registers
from harness.signing.ed25519 import key_id
from harness.signing.register import Register
from harness.signoff import look as looks
from harness.signoff import offers, paper, statement
from harness.signoff.look import Looked
from harness.signoff.offers import Offer, Shown
from harness.signoff.records import Decision, Given, Paper, SignOff, last_day
from harness.verdict import GOOD

DAYS, MOST_DAYS = 30, 90
"""How long a sign-off holds unless somebody says otherwise, and at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who signs what, in which role, and what they decide."""

    folder: Path
    role: str
    by: str
    key: str
    """A reference: `file:/path`, `transit:mount/key` or `pkcs11:…`."""
    decision: Decision = Decision.APPROVE
    conditions: tuple[str, ...] = ()
    reason: str | None = None
    until: date | None = None
    """The last day on which it counts, in UTC."""
    scan: Path | None = None
    """Of the page that was signed by hand; then the key is of who attests it."""
    attested_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where the sign-off is kept as well."""

    here: Place
    reference: str | None


def sign(  # noqa: PLR0913 - who signs what, by what, and where it is kept
    asked: Asked,
    looked: Looked,
    register: Register,
    *,
    ledger: Ledger | None,
    environ: Mapping[str, str],
    clock: Clock,
) -> list[str]:
    """Sign; returns what came of it, one line each. Raises ConfigurationError and SourceError, and
    writes nothing then.
    """
    now = statement.time(clock.now())
    require_words(asked, now)
    shown = require_verified(asked.folder, looked)
    _require_of(looked, ledger)
    signer = open_signer(asked.key, _references(ledger, environ))
    attached = paper.attached(asked.scan, asked.role) if asked.scan else None
    governance = None if ledger is None else governed.digest(ledger.here.loaded.settings)
    one = _signoff(asked, shown, attached, now, governance=governance)
    offer = Offer(signoff=one, key=key_id(signer.public))
    _require_may(asked, offer, shown, register, looked)
    assert looked.listed is not None  # it was verified
    given = statement.given(one, looked.listed.whole, signer)
    with _kept(asked.folder, asked.role, attached):
        if ledger is not None:
            _record(given, ledger, environ, clock)
        atomic_write.replace_bytes(
            asked.folder / signoffs.file_of(asked.role),
            given.envelope.encode(),
            mode=atomic_write.BY_UMASK,
        )
    return list(_told(asked, one, ledger))


def require_words(asked: Asked, now: datetime) -> None:
    """Raise ConfigurationError for a role, an end or words that no sign-off can have."""
    if asked.role not in signoffs.ROLES:
        known = suggest(asked.role, signoffs.ROLES)
        raise ConfigurationError(f"--role {asked.role}: unknown role: {known}")
    texts = [("--by", asked.by), ("--reason", asked.reason)]
    texts += [("--countersigned-by", asked.attested_by)]
    texts += [("--condition", one) for one in asked.conditions]
    for option, text in texts:
        if text is not None and (not text.strip() or not text.isprintable()):
            raise ConfigurationError(f"{option} is empty or holds controls: write it in words")
    if (asked.decision is Decision.CONDITIONS) != bool(asked.conditions):
        raise ConfigurationError(
            "--condition says under which condition it is approved: add it to --decision "
            "conditions, and to no other"
        )
    if (asked.decision in (Decision.REFUSE, Decision.REVOKE)) != (asked.reason is not None):
        raise ConfigurationError("--reason says why: add it where you refuse or revoke")
    if (asked.scan is None) != (asked.attested_by is None):
        raise ConfigurationError(
            "--scan needs --countersigned-by, the engineer whose key attests the page: name both"
        )
    end = _end(asked, now)
    if not now < end <= now + timedelta(days=MOST_DAYS + 1):
        raise ConfigurationError(
            f"--until {asked.until}: name a day from today on, at most {MOST_DAYS} days ahead"
        )


def require_verified(folder: Path, looked: Looked) -> Shown:
    """What is signed of a bundle. Raises ConfigurationError where it does not verify: nobody signs
    what somebody may have changed.
    """
    findings = looks.evidence_findings(looked.bundle.report)
    if worst(findings) is not Grade.GOOD:
        bad = next(one for one in findings if one.grade is worst(findings))
        where = f"{bad.file}: " if bad.file else ""
        raise ConfigurationError(
            f"{folder} does not verify: {where}{bad.found}: run seatrial verify, and ask for a "
            "new export"
        )
    night = looked.bundle.night
    if night is None:
        raise ConfigurationError(
            f"{folder} shows no night that was to prove anything: prove one, and export that"
        )
    return Shown(manifest=looked.bundle.manifest, night=night.run, signed=night.signed)


def _require_of(looked: Looked, ledger: Ledger | None) -> None:
    if ledger is None:
        return
    own = ledger.here.loaded.pilot.name, ledger.here.environment
    if own != (looked.bundle.pilot, looked.bundle.environment):
        raise ConfigurationError(
            f"the bundle is of {looked.bundle.pilot} in {looked.bundle.environment}, and the "
            f"pilot is {own[0]} in {own[1]}: name the pilot that it is of, or --env"
        )


def _signoff(
    asked: Asked,
    shown: Shown,
    attached: paper.Attached | None,
    now: datetime,
    *,
    governance: str | None,
) -> SignOff:
    return SignOff(
        manifest=shown.manifest,
        night=shown.night,
        signed=replace(shown.signed, governance=governance),
        decision=asked.decision,
        role=asked.role,
        by=asked.by,
        at=now,
        until=_end(asked, now),
        conditions=asked.conditions,
        reason=asked.reason,
        paper=None
        if attached is None
        else Paper(file=attached.name, sha256=attached.sha256, attested_by=str(asked.attested_by)),
    )


def _end(asked: Asked, now: datetime) -> datetime:
    last = asked.until or (now + timedelta(days=DAYS)).date()
    return datetime.combine(last, datetime.min.time(), UTC) + timedelta(days=1)


def _require_may(
    asked: Asked, offer: Offer, shown: Shown, register: Register, looked: Looked
) -> None:
    """Raise ConfigurationError for whatever the gate would refuse of this sign-off."""
    one, identity = offer.signoff, offer.key
    if says := registers.objection(register, identity, "signoff", one.at):
        raise ConfigurationError(f"--key {asked.key}: {says}: choose a key that may")
    before = {
        other.signoff.role: other
        for other in looked.bundle.files
        if other.signoff.manifest == one.manifest and other.signoff.decision is not Decision.REVOKE
    }
    if one.decision is Decision.REVOKE:
        if asked.role not in register[identity].roles:
            raise ConfigurationError(
                f"--role {asked.role}: by the register {register[identity].name} is "
                f"{', '.join(register[identity].roles)}: ask who signs as {asked.role}"
            )
        return
    for wrong in offers.objections(asked.role, offer, shown, register, one.at):
        if one.decision is not Decision.REFUSE or wrong.name != "declined":
            raise ConfigurationError(f"{wrong.name}: {wrong.says}")
    together = {**before, asked.role: offer}
    for wrong in offers.shared(together, register):
        if wrong.check == asked.role:
            raise ConfigurationError(f"{wrong.name}: {wrong.says}")
    bad = [j for j in looked.bundle.judged if j.outcome not in GOOD]
    if one.decision is not Decision.REFUSE and (bad or not looked.bundle.judged):
        raise ConfigurationError(
            f"the bundle is not ready: {len(bad) or 'no'} verdicts stand in the way: "
            "repair or excuse them and export anew, or say --decision refuse"
        )


@contextmanager
def _kept(folder: Path, role: str, attached: paper.Attached | None) -> Iterator[None]:
    """The scan beside the sign-off; gone again if that is not written. Once it is, a scan that
    belonged to the one before is no part of anything.
    """
    inside = folder / signoffs.FOLDER
    folders.take_results(inside)
    new = None if attached is None else folder / attached.name
    others = [one for one in inside.glob(f"{role}.*.scan.*") if one != new]
    is_new = new is not None and not new.exists()
    try:
        if attached is not None and new is not None:
            atomic_write.replace_bytes(new, attached.content, mode=atomic_write.BY_UMASK)
        yield
    except BaseException:
        if is_new and new is not None:
            new.unlink(missing_ok=True)
        with suppress(OSError):  # other sign-offs are in it
            inside.rmdir()
        raise
    for one in others:
        one.unlink(missing_ok=True)


def _record(given: Given, ledger: Ledger, environ: Mapping[str, str], clock: Clock) -> None:
    with aside(ledger.here, ledger=ledger.reference, environ=environ, clock=clock) as opened:
        opened.record(tags.SIGNOFF, persisted_fields(given))


def _references(ledger: Ledger | None, environ: Mapping[str, str]) -> References:
    if ledger is None:
        where = "--key: name the PILOT whose secret store it is in"
        return References(environ, vault=None, where=where)
    return ledger.here.loaded.references(ledger.here.environment, environ)


def _told(asked: Asked, one: SignOff, ledger: Ledger | None) -> Iterator[str]:
    name = asked.folder / signoffs.file_of(one.role)
    said = {
        Decision.APPROVE: "approved",
        Decision.CONDITIONS: "approved with conditions",
        Decision.REFUSE: "refused",
        Decision.REVOKE: "revoked",
    }[one.decision]
    yield f"{said} by {one.by} as {one.role}; it counts to {last_day(one)} (UTC): {name}"
    if ledger is not None:
        yield "kept in the ledger, too"
    elif one.decision is Decision.REVOKE:
        yield "in this file alone, which can be deleted: name the PILOT to keep it in its ledger"
