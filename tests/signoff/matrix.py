"""Bundles that must not open the gate, each with the name by which it is refused. The bench counts
them: `CASES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from harness.facts import EvidenceClass
from harness.signing import dsse, strict
from harness.signoff.decision import Name
from harness.signoff.gate import Governance
from harness.signoff.records import Decision, Given
from harness.signoff.requirement import NEEDED, Requirement
from harness.verdict import Outcome
from tests.harness.evidence.bundles import key
from tests.harness.evidence.ledgers import DAY, FIRST
from tests.harness.evidence.verify.checking import edited, resealed
from tests.signoff import agreed, scans
from tests.signoff.scene import (
    FRESH,
    GOOD,
    NIGHTS,
    NOW,
    OWNED,
    PROMISES,
    SIGNED_AT,
    YEAR,
    Night,
    Scene,
    bundle,

    nights,
    register,
    registered,
    signer,
)

Build = Callable[[Scene], None]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One bundle, with the folder, the ledger, the register and the time at which it is shown."""

    what: str
    name: Name
    build: Build


CASES: list[Case] = []


def case(name: Name, what: str) -> Callable[[Build], Build]:
    def take(build: Build) -> Build:
        CASES.append(Case(what=what, name=name, build=build))
        return build

    return take


def _file(name: Name, what: str, path: str, change: Callable[[bytes], bytes | None]) -> None:
    """A good, signed bundle of which one file was changed, added or removed."""

    def build(scene: Scene) -> None:
        scene.sign_all()
        content = change(scene.files.get(path, b""))
        scene.files.pop(path, None)
        if content is not None:
            scene.files[path] = content

    CASES.append(Case(what=what, name=name, build=build))


def _flip(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


# Tampered with -----------------------------------------------------------------------------------
_file(Name.CHANGED, "a bit of the manifest", "manifest.json", _flip)
_file(Name.CHANGED, "a bit of the manifest's signature", "manifest.dsse.json", _flip)
_file(Name.CHANGED, "a bit of the facts", "facts/entries.jsonl", _flip)
_file(Name.CHANGED, "a bit of the judgements", "judgements/run-2.json", _flip)
_file(Name.CHANGED, "a bit of the policy", "policy/pilot.json", _flip)
_file(Name.CHANGED, "a bit of the checkpoint", "log/checkpoint", _flip)
_file(Name.CHANGED, "a bit of the report", "report.html", _flip)
_file(Name.CHANGED, "judgements removed", "judgements/run-1.json", lambda _: None)
_file(Name.CHANGED, "the manifest removed", "manifest.json", lambda _: None)
_file(Name.CHANGED, "the manifest's signature removed", "manifest.dsse.json", lambda _: None)
_file(Name.CHANGED, "the summary removed", "attestations/verification-summary.dsse.json", lambda _: None)
_file(Name.CHANGED, "a file that nobody signed", "all-is-well.html", lambda _: b"READY")
_file(Name.CHANGED, "such a file among the sign-offs", "signoff/readme.txt", lambda _: b"READY")
_file(Name.FORGED, "a bit of a sign-off", "signoff/legal.dsse.json", _flip)
_file(Name.FORGED, "a sign-off that is empty", "signoff/security.dsse.json", lambda _: b"")


@case(Name.UNKNOWN, "written anew, and signed by another key")
def _(scene: Scene) -> None:
    scene.files = resealed(scene.files, signer=key("forger"))
    scene.sign_all()


@case(Name.CHANGED, "a verdict made better, and sealed anew by the prover's key")
def _(scene: Scene) -> None:
    bad = bundle(nights(*[Night()] * 2, Night(outcomes={**GOOD, FRESH: Outcome.BROKEN})))
    scene.files = resealed(
        edited(bad, "judgements/run-2.json", lambda of: of["verdicts"][0].update(outcome="PROVEN"))
    )
    scene.sign_all()


@case(Name.CHANGED, "a statement of another bundle")
def _(scene: Scene) -> None:
    scene.sign_all()
    path = "attestations/verification-summary.dsse.json"
    scene.files[path] = bundle(nights(*[Night()] * 2))[path]


# Foreign -----------------------------------------------------------------------------------------
@case(Name.FOREIGN_PILOT, "another pilot's bundle")
def _(scene: Scene) -> None:
    scene.files = bundle(nights(*[Night(pilot="beta")] * NIGHTS), pilot="beta")
    scene.sign_all()


@case(Name.FOREIGN_PILOT, "asked for another pilot")
def _(scene: Scene) -> None:
    scene.sign_all().pilot = "beta"


@case(Name.FOREIGN_ENVIRONMENT, "another environment's bundle")
def _(scene: Scene) -> None:
    scene.files = bundle(nights(*[Night(environment="staging")] * NIGHTS), environment="staging")
    scene.sign_all()


@case(Name.FOREIGN_ENVIRONMENT, "asked for another environment")
def _(scene: Scene) -> None:
    scene.sign_all().environment = "production"


@case(Name.OTHER_BUNDLE, "sign-offs of last month's bundle")
def _(scene: Scene) -> None:
    other = Scene(root=scene.root, files=bundle(nights(*[Night()] * 2))).sign_all()
    scene.files |= {name: data for name, data in other.files.items() if "signoff/" in name}


@case(Name.OTHER_BUNDLE, "one of the sign-offs is of another bundle")
def _(scene: Scene) -> None:
    other = Scene(root=scene.root, files=bundle(nights(*[Night()] * 2))).sign_all()
    path = "signoff/legal.dsse.json"
    scene.sign_all().files[path] = other.files[path]


@case(Name.OTHER_LEDGER, "another ledger of the same pilot")
def _(scene: Scene) -> None:
    scene.sign_all().rows = nights(*[Night(code="0.1.0+abd")] * (NIGHTS + 2))


@case(Name.OTHER_LEDGER, "a ledger whose last runs were cut off")
def _(scene: Scene) -> None:
    scene.sign_all().rows = nights(*[Night()] * 2)


# Unsigned and half-signed ------------------------------------------------------------------------
@case(Name.UNSIGNED, "signed by nobody")
def _(scene: Scene) -> None:
    pass


def _only(*roles: str) -> None:
    @case(Name.HALF_SIGNED, f"signed by {' and '.join(roles)} alone")
    def _(scene: Scene) -> None:
        scene.put(*map(scene.sign, roles))


for one in NEEDED:
    _only(one)
    _only(*(other for other in NEEDED if other != one))


@case(Name.HALF_SIGNED, "the policy asks for the owner, too")
def _(scene: Scene) -> None:
    agreed.gate(scene, Requirement(roles=(*NEEDED, "owner")))
    scene.sign_all()


@case(Name.FORGED, "legal's sign-off in security's place")
def _(scene: Scene) -> None:
    scene.sign_all()
    scene.files["signoff/security.dsse.json"] = scene.files["signoff/legal.dsse.json"]


# By whom -----------------------------------------------------------------------------------------
@case(Name.STRANGER, "a key that the register lacks")
def _(scene: Scene) -> None:
    scene.sign_all()
    scene.trusted = {
        identity: one for identity, one in scene.trusted.items() if "legal" not in one.roles
    }


@case(Name.WRONG_ROLE, "the owner signs as legal")
def _(scene: Scene) -> None:
    scene.sign_all().put(scene.sign("legal", who="owner"))


@case(Name.WRONG_ROLE, "a key that lost its role")
def _(scene: Scene) -> None:
    scene.sign_all().trusted = register(registered("security", roles=("owner",)))


@case(Name.OTHER_NAME, "somebody else's name over one's own key")
def _(scene: Scene) -> None:
    scene.sign_all().put(scene.sign("legal", by="Somebody Else"))


@case(Name.KEY_NOT_VALID, "a key that had ended as it signed")
def _(scene: Scene) -> None:
    scene.sign_all().trusted = register(registered("legal", until=SIGNED_AT - HOUR))


@case(Name.KEY_NOT_VALID, "a key that has ended since")
def _(scene: Scene) -> None:
    scene.sign_all().trusted = register(registered("legal", until=SIGNED_AT + HOUR))


@case(Name.KEY_NOT_VALID, "a key that was not valid yet")
def _(scene: Scene) -> None:
    scene.sign_all().trusted = register(registered("security", since=SIGNED_AT + HOUR))


@case(Name.SAME_KEY, "one key in two roles")
def _(scene: Scene) -> None:
    scene.trusted = register(registered("security", roles=("security", "legal")))
    scene.sign_all().put(scene.sign("legal", who="security"))


@case(Name.SAME_PERSON, "one person with two keys")
def _(scene: Scene) -> None:
    scene.trusted = register(replace(registered("legal"), name="sam  OKOYE"))
    scene.sign_all().put(scene.sign("legal", by="Sam Okoye"))


# When and what -----------------------------------------------------------------------------------
@case(Name.EXPIRED, "a sign-off that has ended")
def _(scene: Scene) -> None:
    scene.sign_all().put(scene.sign("legal", until=NOW - HOUR))


@case(Name.EXPIRED, "a sign-off that ends this second")
def _(scene: Scene) -> None:
    scene.sign_all().put(scene.sign("engineering", until=NOW))


@case(Name.FROM_THE_FUTURE, "a sign-off of tomorrow")
def _(scene: Scene) -> None:
    scene.sign_all().put(scene.sign("security", at=NOW + HOUR))


@case(Name.DECLINED, "legal refuses")
def _(scene: Scene) -> None:
    scene.sign_all().put(scene.sign("legal", decision=Decision.REFUSE, reason="no basis"))


@case(Name.DECLINED, "legal refuses after having approved, in the ledger alone")
def _(scene: Scene) -> None:
    no = scene.sign("legal", decision=Decision.REFUSE, reason="no basis", at=SIGNED_AT + HOUR)
    scene.sign_all().keep(no)


@case(Name.REVOKED, "security takes its word back")
def _(scene: Scene) -> None:
    scene.sign_all().put(_revoked(scene, "security"))


@case(Name.REVOKED, "revoked in the ledger, the file put back")
def _(scene: Scene) -> None:
    scene.sign_all().keep(_revoked(scene, "legal"))


@case(Name.REVOKED, "revoked in the ledger, the approval there, too")
def _(scene: Scene) -> None:
    scene.sign_all().keep(_revoked(scene, "legal")).keep(scene.sign("legal"))


@case(Name.REVOKED, "revoked at the second of the approval")
def _(scene: Scene) -> None:
    scene.sign_all().keep(
        scene.sign("legal", decision=Decision.REVOKE, reason="a mistake", at=SIGNED_AT)
    )


@case(Name.REVOKED, "revoked by a key that the register no longer has")
def _(scene: Scene) -> None:
    gone = _revoked(scene, "legal", who="other", by="Lea Brandt")
    scene.sign_all().keep(gone)
    scene.trusted = {
        identity: one for identity, one in scene.trusted.items() if one.name != "Ola Nygaard"
    }


def _revoked(scene: Scene, role: str, **of: str) -> Given:
    at = SIGNED_AT + HOUR
    return scene.sign(role, decision=Decision.REVOKE, reason="a mistake", at=at, **of)


def _other_terms(what: str, **terms: object) -> None:
    @case(Name.OTHER_TERMS, f"signed with another {what}")
    def _(scene: Scene) -> None:
        scene.sign_all().put(scene.sign("legal", **terms))


_other_terms("contract", contracts={"shop.orders": "99" * 32})
_other_terms("promise", promises={**PROMISES, "shop": "99" * 32})
_other_terms("scope", planned="99" * 32)
_other_terms("policy", policy="99" * 32)
_other_terms("code", code="0.2.0")
_other_terms("evidence class", classes=("staging",))


@case(Name.FORGED, "terms of another window in the statement")
def _(scene: Scene) -> None:
    scene.sign_all()
    path = "signoff/legal.dsse.json"
    said = json.loads(dsse.unsigned(scene.files[path]).payload)
    said["predicate"]["code"] = ["0.2.0"]
    scene.files[path] = dsse.seal(dsse.IN_TOTO, strict.canonical(said), signer("legal"))


# On paper ----------------------------------------------------------------------------------------
@case(Name.FORGED, "the scan is gone")
def _(scene: Scene) -> None:
    scene.sign_all()
    scans.attach(scene)
    del scene.files[scans.NAME]


@case(Name.FORGED, "another scan")
def _(scene: Scene) -> None:
    scene.sign_all()
    scans.attach(scene)
    scene.files[scans.NAME] += b"more"


@case(Name.SAME_KEY, "the engineer who signs off attests legal's page")
def _(scene: Scene) -> None:
    scene.sign_all()
    scans.attach(scene, who="engineering")


@case(Name.WRONG_ROLE, "security attests legal's page")
def _(scene: Scene) -> None:
    scene.sign_all()
    scans.attach(scene, who="security")


@case(Name.OTHER_NAME, "a page attested in another engineer's name")
def _(scene: Scene) -> None:
    scene.sign_all()
    scans.attach(scene, attested_by="Somebody Else")


@case(Name.SAME_PERSON, "legal's page bears security's name")
def _(scene: Scene) -> None:
    scene.sign_all()
    scans.attach(scene, by="Sam Okoye")


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
    agreed.gate(scene, Requirement(roles=(*NEEDED, "owner")))
    scene.requirement = Requirement()
    scene.sign_all()


@case(Name.POLICY_UNSIGNED, "pilot.yaml asks less than the default, and nobody agreed")
def _(scene: Scene) -> None:
    scene.sign_all().requirement = Requirement(minimum_class=EvidenceClass.SANDBOX)


@case(Name.WAIVER_EXPIRED, "a waiver has ended since")
def _(scene: Scene) -> None:
    agreed.waived(scene, until=NOW - HOUR)
    scene.sign_all()


@case(Name.WAIVER_EXPIRED, "a waiver ends this second")
def _(scene: Scene) -> None:
    agreed.waived(scene, until=NOW)
    scene.sign_all()


@case(Name.GOVERNANCE_CHANGED, "the governance that was signed is another")
def _(scene: Scene) -> None:
    scene.sign_all(governance="77" * 32)
    scene.governance = Governance(digest="88" * 32, missing=())


@case(Name.GOVERNANCE_INCOMPLETE, "governance has gaps")
def _(scene: Scene) -> None:
    scene.sign_all(governance="77" * 32)
    scene.governance = Governance(digest="77" * 32, missing=("retention",))


