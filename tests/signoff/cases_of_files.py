"""Bundles that somebody tampered with, and bundles of something else."""

from __future__ import annotations

from collections.abc import Callable

from harness.signoff.decision import Name
from harness.verdict import Outcome
from tests.harness.evidence.bundles import key
from tests.harness.evidence.verify.checking import edited, resealed
from tests.signoff.case import Cases
from tests.signoff.scene import FRESH, GOOD, NIGHTS, Night, Scene, bundle, nights

case = CASES = Cases()


def _file(name: Name, what: str, path: str, change: Callable[[bytes], bytes | None]) -> None:
    """A good, signed bundle of which one file was changed, added or removed."""

    @case(name, what)
    def _(scene: Scene) -> None:
        scene.sign_all()
        content = change(scene.files.get(path, b""))
        scene.files.pop(path, None)
        if content is not None:
            scene.files[path] = content


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
_file(
    Name.CHANGED,
    "the summary removed",
    "attestations/verification-summary.dsse.json",
    lambda _: None,
)
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
