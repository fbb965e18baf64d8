"""Each guard of the gate is what refuses: with it switched off, the gate opens for what it kept
out. So no case passes for another reason.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from harness.signoff import gate, offers, today
from harness.signoff.decision import Decision
from harness.signoff.gate import Bundle
from tests.signoff.matrix import CASES
from tests.signoff.scene import Scene, names, told

GUARDS: tuple[tuple[ModuleType, str, str], ...] = (
    (gate, "_foreign", "asked for another pilot"),
    (gate, "_foreign", "asked for another environment"),
    (gate, "_scope", "a bundle of last quarter, whose sign-offs hold"),
    (gate, "_governance", "governance has gaps"),
    (gate, "_of_file", "sign-offs of last month's bundle, ours in the ledger"),
    (gate, "_forged", "terms of another window in the statement"),
    (offers, "shared", "one key in two roles"),
    (offers, "shared", "one person with two keys"),
    (offers, "shared", "the engineer who signs off attests legal's page"),
    (offers, "objections", "a sign-off that has ended"),
    (offers, "objections", "a sign-off that ends this second"),
    (offers, "objections", "legal refuses"),
    (offers, "objections", "security takes its word back"),
    (offers, "objections", "revoked in the ledger, the file put back"),
    (offers, "objections", "signed with another contract"),
    (offers, "_by_whom", "the owner signs as legal"),
    (offers, "_by_whom", "a key that has ended since"),
    (offers, "_by_whom", "somebody else's name over one's own key"),
    (today, "_terms", "a contract was changed"),
    (today, "_terms", "other code judged"),
    (today, "_policy", "pilot.yaml asks less than the default, and nobody agreed"),
    (today, "_night", "last night was interrupted"),
    (today, "_now", "last night a verdict was BROKEN"),
    (today, "_now", "the last nights did not run"),
    (today, "_now", "a waiver has ended since"),
    (today, "check", "nobody named the ledger"),
    (today, "check", "a ledger whose last runs were cut off"),
)


def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()


@pytest.mark.parametrize(
    ("room", "guard", "what"), GUARDS, ids=[f"{guard} {what}" for _, guard, what in GUARDS]
)
def test_without_its_guard_the_case_opens_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: ModuleType, guard: str, what: str
) -> None:
    scene = Scene(root=tmp_path)
    _build(what, scene)
    assert not scene.decide().open
    monkeypatch.setattr(room, guard, _nothing)
    decision = scene.decide()
    assert decision.open, told(decision)


def test_without_the_verifier_a_changed_bundle_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a verdict that was made better in the entries, sealed anew with the prover's own key."""
    scene = Scene(root=tmp_path)
    _build("a file that nobody signed", scene)
    assert not scene.decide().open
    signed = Scene(root=tmp_path).sign_all()
    looked: list[Any] = []
    decide = gate.decide

    def trusting(bundle: Bundle, ledger: Any, asked: Any) -> Decision:
        looked.append(bundle)
        return decide(bundle, ledger, asked)

    monkeypatch.setattr("tests.signoff.scene.decide", trusting)
    assert signed.decide().open
    scene.decide()
    monkeypatch.setattr(gate, "_bundle", _nothing)
    monkeypatch.setattr(
        "harness.signoff.look._BEFORE", frozenset()
    )  # and whoever parses trusts it
    assert scene.decide().open, names(scene.decide())


def _build(what: str, scene: Scene) -> None:
    if what == "sign-offs of last month's bundle, ours in the ledger":
        given = [scene.sign(role) for role in ("engineering", "security", "legal")]
        next(one for one in CASES if one.what == "sign-offs of last month's bundle").build(scene)
        for one in given:
            scene.keep(one)
        return
    next(one for one in CASES if one.what == what).build(scene)
