"""Each guard of the gate is what refuses: with it switched off, the gate opens for what it kept
out. So no case passes for another reason.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from harness.signoff import gate, look, offers, today
from tests.signoff.matrix import CASES
from tests.signoff.scene import Scene, told

GUARDS: tuple[tuple[ModuleType, str, str], ...] = (
    (gate, "_foreign", "asked for another pilot"),
    (gate, "_foreign", "asked for another environment"),
    (gate, "_scope", "a bundle of last quarter, whose sign-offs hold"),
    (gate, "_governance", "governance has gaps"),
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
    scene = Scene(root=tmp_path)
    _build("a file that nobody signed", scene)
    assert not scene.decide().open
    monkeypatch.setattr(gate, "_bundle", _nothing)
    monkeypatch.setattr(look, "_BEFORE", frozenset())  # and it is parsed all the same
    decision = scene.decide()
    assert decision.open, told(decision)


def _build(what: str, scene: Scene) -> None:
    next(one for one in CASES if one.what == what).build(scene)
