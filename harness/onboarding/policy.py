"""`seatrial policy`: people sign what is promised before it is read, and each later change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.defaults import persisted_fields
from contracts.promises import Thresholds
from harness import tags
from harness.claims.wording import first
from harness.clock import Clock
from harness.errors import ConfigurationError, one_line
from harness.ledger.ledger import read_ledger
from harness.ledger.opening import verified
from harness.onboarding.person import Person, require_role, require_words, signer_of
from harness.pilot.agreed_settings import agreed
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.plan import verdicts_owed
from harness.pilot.signing import register_of
from harness.policy import document, statement
from harness.policy.document import Document
from harness.policy.state import State, state
from harness.policy.words import describe
from harness.run import held
from harness.run.aside import Aside, aside
from harness.signing.ed25519 import to_base64
from harness.signing.signer import Signer

_NAMED = 3
"""Changes named in one sentence; `seatrial policy show` has them all once they are signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who signs, and why something changes."""

    person: Person
    why: str | None = None

    @property
    def by(self) -> str:
        """Their name."""
        return self.person.by

    @property
    def role(self) -> str:
        """As which they sign."""
        return self.person.role


def sign(
    here: Place,
    asked: Asked,
    *,
    ledger: str | None,
    environ: Mapping[str, str],
    clock: Clock,
) -> list[str]:
    """Sign the policy as the pilot has it now; returns what is to be said, one line each.

    The first signature makes the policy, and a second person signs the same one. If the pilot
    promises something else since, the signature is on an amendment, and needs a reason. Raises
    ConfigurationError and SourceError; nothing is recorded then.
    """
    _check(here, asked)
    signer = signer_of(here, asked.person, "policy", environ=environ, clock=clock)
    known = _known(here, ledger, environ, clock)
    policy = _policy(here, asked, known, clock)
    if said := _signed_before(known, policy, asked, signer):
        return said
    signature = statement.sign(policy, signer, role=asked.role, by=asked.by)
    with aside(here, ledger=ledger, environ=environ, clock=clock) as opened:
        _require_still(opened, here, known)
        with opened.ledger.together():
            if known.newest is None or known.newest.document != policy:
                promised = held.promised_by(here.loaded)
                held.record(opened.ledger, opened.header, promised, at=clock.now())
                opened.record(tags.POLICY, policy)
            opened.record(tags.SIGNATURE, persisted_fields(signature))
    return [
        f"policy {policy['number']} signed by {asked.by} as {asked.role}",
        *describe(_known(here, ledger, environ, clock)),
    ]


def look(
    here: Place,
    *,
    ledger: str | None,
    environ: Mapping[str, str],
    trust: Path | None,
    clock: Clock,
) -> State:
    """What came of the policy, by a ledger of which every entry was checked. Raises
    ConfigurationError where there is none, and where somebody changed it.
    """
    references = here.loaded.references(here.environment, environ)
    place = ledger_at(ledger, out=here.out, references=references)
    with read_ledger(place) as opened:
        verified(opened, str(ledger or place), now=clock.now())
        found = tuple(opened.entries())
    try:
        return state(
            found,
            pilot=here.loaded.pilot.name,
            environment=here.environment,
            register=register_of(here.loaded, here.environment, trust),
        )
    except ValueError as error:
        raise ConfigurationError(
            f"ledger {ledger or place}: it holds a policy that this release cannot read: "
            f"{one_line(error)}"
        ) from error


def _check(here: Place, asked: Asked) -> None:
    require_role(asked.role, statement.ROLES)
    require_words({"--by": asked.by, "--why": asked.why})
    for problem in here.loaded.problems.values():
        raise ConfigurationError(f"{problem}: correct it, then sign")


def _known(here: Place, ledger: str | None, environ: Mapping[str, str], clock: Clock) -> State:
    """What is agreed; nothing where there is no ledger yet, which the signature then begins."""
    references = here.loaded.references(here.environment, environ)
    place = ledger_at(ledger, out=here.out, references=references)
    nothing = state((), pilot=here.loaded.pilot.name, environment=here.environment)
    if isinstance(place, Path) and not place.exists():
        return nothing
    try:
        return look(here, ledger=ledger, environ=environ, trust=None, clock=clock)
    except ConfigurationError:
        if isinstance(place, Path):
            raise
        return nothing  # a database without a ledger; what else is wrong, shows as it is opened


def _policy(here: Place, asked: Asked, known: State, clock: Clock) -> Document:
    """The one in force if the pilot still says the same, else an amendment of it."""
    loaded = here.loaded
    said = document.contents(
        held.promised_by(loaded),
        Thresholds(**loaded.settings.thresholds.model_dump()),
        verdicts_owed(loaded.pilot),
        agreed(loaded.settings),
    )
    if known.newest is None:
        return document.first(
            said,
            pilot=loaded.pilot.name,
            environment=here.environment,
            by=asked.by,
            at=clock.now(),
        )
    before = known.newest.document
    found = document.changes(before, said)
    if not found and asked.why is not None:
        raise ConfigurationError(f"--why: nothing differs from policy {before['number']}")
    if not found:
        return before
    if asked.why is None:
        told = first([document.in_words(one) for one in found], at_most=_NAMED)
        raise ConfigurationError(
            f"the pilot no longer promises what policy {before['number']} says: {told}; say why "
            "by --why, and sign the amendment"
        )
    return document.amended(before, said, by=asked.by, at=clock.now(), why=asked.why)


def _signed_before(
    known: State, policy: Document, asked: Asked, signer: Signer
) -> list[str] | None:
    """What to say where this key signed this policy; in another role, that is refused."""
    if known.newest is None or known.newest.document != policy:
        return None
    public = to_base64(signer.public)
    for one in known.newest.signed:
        if one.signature.public == public and one.objection is None:
            if one.signature.role != asked.role:
                raise ConfigurationError(
                    f"this key signed policy {policy['number']} as {one.signature.role}: choose "
                    f"somebody else to sign as {asked.role}, with a key of their own"
                )
            by = one.signature.by
            return [
                f"policy {policy['number']} was signed with this key by {by}",
                *describe(known),
            ]
    return None


def _require_still(opened: Aside, here: Place, known: State) -> None:
    """Raise ConfigurationError if somebody else signed since we looked."""
    now = state(
        opened.ledger.entries(), pilot=here.loaded.pilot.name, environment=here.environment
    )
    if [one.document for one in now.agreed] != [one.document for one in known.agreed]:
        raise ConfigurationError(
            "somebody else has just signed a policy of this pilot: run seatrial policy show, then "
            "sign again"
        )
