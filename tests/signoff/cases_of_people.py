"""Bundles that too few people signed, the wrong ones, too long ago, or on other terms."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from harness.pilot.gate_settings import NEEDED, Gate
from harness.signing import dsse, strict
from harness.signoff.decision import Name
from harness.signoff.records import Decision, Given
from tests.signoff import agreed, scans
from tests.signoff.case import HOUR, Cases
from tests.signoff.people import register, registered, signer
from tests.signoff.scene import NOW, PROMISES, SIGNED_AT, Scene

case = CASES = Cases()


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
    agreed.gate(scene, Gate(roles=(*NEEDED, "owner")))
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


def _revoked(scene: Scene, role: str, **of: Any) -> Given:
    at = SIGNED_AT + HOUR
    return scene.sign(role, decision=Decision.REVOKE, reason="a mistake", at=at, **of)


def _other_terms(what: str, **terms: Any) -> None:
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
