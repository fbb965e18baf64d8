"""Bundles that show too little, and nights since that are no longer what was signed."""

from __future__ import annotations

from dataclasses import replace

from harness.facts import EvidenceClass
from harness.pilot.gate_settings import NEEDED, Gate
from harness.signoff.decision import Name
from harness.signoff.gate import Governance
from harness.verdict import Outcome
from tests.harness.evidence.ledgers import DAY, FIRST
from tests.signoff import agreed
from tests.signoff.case import HOUR, Cases
from tests.signoff.scene import (
    FRESH,
    GOOD,
    NIGHTS,
    NOW,
    OWNED,
    PROMISES,
    Night,
    Scene,
    bundle,
    nights,
)

case = CASES = Cases()


# What the bundle shows ---------------------------------------------------------------------------
def _shows(name: Name, what: str, one: Night) -> None:
    """All nights are like this one, in the bundle and since."""

    @case(name, what)
    def _(scene: Scene) -> None:
        scene.files = bundle(nights(*[one] * NIGHTS))
        scene.rows = nights(*[one] * (NIGHTS + 2))
        scene.sign_all()


for weak in ("simulated", "sandbox", "staging"):
    _shows(Name.CLASS_TOO_LOW, f"{weak} evidence", Night(evidence_class=weak))
for bad in (Outcome.BROKEN, Outcome.UNPROVEN, Outcome.ERROR, Outcome.NOT_RUN):
    broken = Night(outcomes={**GOOD, OWNED: bad})
    _shows(Name.BUNDLE_NOT_READY, f"signed while a verdict was {bad}", broken)
_shows(Name.BUNDLE_NOT_READY, "signed without a verdict", Night(outcomes={OWNED: Outcome.PROVEN}))
_shows(Name.BUNDLE_NOT_READY, "signed for a part of the plan", Night(owed=9))
_shows(Name.BUNDLE_NOT_READY, "signed of a night that was interrupted", Night(end="interrupted"))


@case(Name.BUNDLE_EXPIRED, "a bundle of last quarter, whose sign-offs hold")
def _(scene: Scene) -> None:
    scene.sign_all(until=FIRST + 80 * DAY)
    scene.now = FIRST + 40 * DAY
    scene.rows = nights(*[Night()] * 41)


# The newest night --------------------------------------------------------------------------------
@case(Name.NO_LEDGER, "nobody named the ledger")
def _(scene: Scene) -> None:
    scene.sign_all().without_ledger = True


def _since(name: Name, what: str, one: Night) -> None:
    """The bundle was good; the newest night is this one."""

    @case(name, what)
    def _(scene: Scene) -> None:
        scene.sign_all().rows = nights(*[Night()] * (NIGHTS + 1), one)


for bad in (Outcome.BROKEN, Outcome.UNPROVEN, Outcome.ERROR, Outcome.NOT_RUN):
    _since(Name.NOT_READY, f"last night a verdict was {bad}", Night(outcomes={**GOOD, FRESH: bad}))
_since(Name.NIGHT_INCOMPLETE, "last night was interrupted", Night(end="interrupted"))
_since(Name.CONTRACTS_CHANGED, "a contract was changed", Night(contract="99" * 32))
_since(Name.CONTRACTS_CHANGED, "a promise was", Night(promises={**PROMISES, "shop": "99" * 32}))
_since(Name.SCOPE_CHANGED, "fewer verdicts are owed", Night(planned=(FRESH,)))
_since(Name.CODE_CHANGED, "other code judged", Night(code="0.2.0+abc"))
_since(Name.CLASS_CHANGED, "it ran on staging", Night(evidence_class="staging"))


@case(Name.STALE, "the last nights did not run")
def _(scene: Scene) -> None:
    scene.sign_all().now = NOW + 3 * DAY


@case(Name.POLICY_CHANGED, "people agreed on another policy since")
def _(scene: Scene) -> None:
    scene.sign_all()
    agreed.sign(scene, "security", "legal")


@case(Name.POLICY_UNSIGNED, "legal has not signed the policy")
def _(scene: Scene) -> None:
    agreed.sign(scene, "security")
    scene.sign_all()


@case(Name.POLICY_CHANGED, "pilot.yaml asks less than was agreed")
def _(scene: Scene) -> None:
    agreed.gate(scene, Gate(roles=(*NEEDED, "owner")))
    scene.requirement = Gate()
    scene.sign_all()


@case(Name.POLICY_UNSIGNED, "pilot.yaml asks less than the default, and nobody agreed")
def _(scene: Scene) -> None:
    scene.sign_all().requirement = Gate(minimum_class=EvidenceClass.SANDBOX)


@case(Name.WAIVER_EXPIRED, "a waiver has ended since")
def _(scene: Scene) -> None:
    agreed.waived(scene, until=NOW - HOUR)
    scene.sign_all()


@case(Name.WAIVER_EXPIRED, "a waiver ends this second")
def _(scene: Scene) -> None:
    agreed.waived(scene, until=NOW)
    scene.sign_all()


@case(Name.NOT_READY, "what was waived got worse")
def _(scene: Scene) -> None:
    agreed.waived(scene, since=Outcome.ERROR)
    scene.sign_all()


@case(Name.BUNDLE_NOT_READY, "another dataset was waived")
def _(scene: Scene) -> None:
    agreed.waived(scene, planned=replace(FRESH, dataset="returns"))
    scene.sign_all()


@case(Name.CHANGED, "waived by a key that the register lacks")
def _(scene: Scene) -> None:
    agreed.waived(scene)
    scene.trusted = {key: one for key, one in scene.trusted.items() if one.roles != ("owner",)}
    scene.sign_all()


@case(Name.GOVERNANCE_CHANGED, "the governance that was signed is another")
def _(scene: Scene) -> None:
    scene.sign_all(governance="77" * 32)
    scene.governance = Governance(digest="88" * 32, missing=())


@case(Name.GOVERNANCE_INCOMPLETE, "governance has gaps")
def _(scene: Scene) -> None:
    scene.sign_all(governance="77" * 32)
    scene.governance = Governance(digest="77" * 32, missing=("retention",))
