"""What the gate says: open or not, and each reason under a name that never changes its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Name(StrEnum):
    """Why the gate stays shut. Once published, a name is never reused for another reason."""

    CHANGED = "changed"
    """The bundle is not what was signed."""
    UNKNOWN = "unknown"
    """Something that is needed to rely on the bundle is not known."""
    FOREIGN_PILOT = "foreign-pilot"
    FOREIGN_ENVIRONMENT = "foreign-environment"
    CLASS_TOO_LOW = "class-too-low"
    BUNDLE_EXPIRED = "bundle-expired"
    BUNDLE_NOT_READY = "bundle-not-ready"
    UNSIGNED = "unsigned"
    HALF_SIGNED = "half-signed"
    FORGED = "forged"
    STRANGER = "stranger"
    WRONG_ROLE = "wrong-role"
    OTHER_NAME = "other-name"
    KEY_NOT_VALID = "key-not-valid"
    OTHER_BUNDLE = "other-bundle"
    OTHER_TERMS = "other-terms"
    FROM_THE_FUTURE = "from-the-future"
    EXPIRED = "expired"
    DECLINED = "declined"
    REVOKED = "revoked"
    SAME_KEY = "same-key"
    SAME_PERSON = "same-person"
    NO_LEDGER = "no-ledger"
    OTHER_LEDGER = "other-ledger"
    NO_NIGHT = "no-night"
    NIGHT_INCOMPLETE = "night-incomplete"
    CONTRACTS_CHANGED = "contracts-changed"
    SCOPE_CHANGED = "scope-changed"
    POLICY_CHANGED = "policy-changed"
    POLICY_UNSIGNED = "policy-unsigned"
    CODE_CHANGED = "code-changed"
    CLASS_CHANGED = "class-changed"
    GOVERNANCE_CHANGED = "governance-changed"
    GOVERNANCE_INCOMPLETE = "governance-incomplete"
    NOT_READY = "not-ready"
    WAIVER_EXPIRED = "waiver-expired"
    STALE = "stale"


INCOMPLETE = frozenset(
    {
        Name.UNKNOWN,
        Name.UNSIGNED,
        Name.HALF_SIGNED,
        Name.NO_LEDGER,
        Name.NO_NIGHT,
        Name.NIGHT_INCOMPLETE,
        Name.POLICY_UNSIGNED,
        Name.GOVERNANCE_INCOMPLETE,
        Name.STALE,
    }
)
"""Nothing is wrong; something is not there yet, or no more."""


class State(StrEnum):
    """What came of it."""

    OPEN = "open"
    REFUSED = "refused"
    INCOMPLETE = "incomplete"


CODES = {State.OPEN: 0, State.REFUSED: 1, State.INCOMPLETE: 3}
"""The exit codes; 2 is a wrong command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A check that held."""

    check: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A check that did not hold: why, in one sentence that says what to do."""

    check: str
    name: Name
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether a model may be trained or promoted."""

    checks: tuple[Held | Refusal, ...]
    """In their fixed order, each once where it held."""
    conditions: tuple[str, ...]
    """Under which people approved, each with who asks for it."""
    practice: bool
    """Whether the policy is for practice alone: whatever it opens, no client's model is behind."""

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What keeps it shut."""
        return tuple(one for one in self.checks if isinstance(one, Refusal))

    @property
    def open(self) -> bool:
        """Whether every check held. Nothing that was not looked at is among them."""
        return self.state is State.OPEN

    @property
    def state(self) -> State:
        """Open, refused, or incomplete where nothing is wrong yet."""
        names = {one.name for one in self.refusals}
        if not self.checks or (names and names <= INCOMPLETE):
            return State.INCOMPLETE
        return State.REFUSED if names else State.OPEN

    @property
    def code(self) -> int:
        """The exit code."""
        return CODES[self.state]
