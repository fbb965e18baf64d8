"""What people signed of verdicts, read anew from the entries by another hand: a verdict is WAIVED
only where an amendment holds, and its outcome stays the one that was recorded.

    entries ─▶ amendments that follow one another, each signed by its own key
    verdict, newest amendment on it, last end of a run ─▶ WAIVED, or what was recorded
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from harness.evidence.verify import census, signed, strict_json
from harness.evidence.verify.chain import Chain, Planned, Run, planned, verdict_of
from harness.evidence.verify.finding import Finding, NotReadable, refused
from harness.evidence.verify.manifest import Manifest
from harness.signing import dsse, register
from harness.signing.ed25519 import Unverified, from_base64, key_id
from harness.signing.register import Register

CHECK = "statements"
KIND = "urn:seatrial:amendment/v1"
_KINDS = {"BROKEN": "waiver", "UNPROVEN": "acceptance"}
_ATTESTED = "attestation"
_LONGEST = timedelta(hours=1)
_MEANS = "who may excuse that did not, so nothing is excused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excusing:
    """All that may excuse a verdict in this bundle."""

    amendments: tuple[tuple[str, Mapping[str, Any]], ...]
    """The id of the key that signed each, in their order."""
    contracts: Mapping[str, str]
    """The digest of each contract, by that of the promises that a run names."""
    at: datetime | None
    """When the last run began or ended."""

    def outcome(self, run: Run, of: Planned, verdict: Mapping[str, Any]) -> str:
        """What counts of a verdict."""
        recorded = str(verdict.get("outcome", "NOT_RUN"))
        return recorded if self.by(run, of, verdict) is None else "WAIVED"

    def by(
        self, run: Run, of: Planned, verdict: Mapping[str, Any]
    ) -> tuple[str, Mapping[str, Any]] | None:
        """The amendment that excuses it, with the key of whoever signed; None if none does."""
        kind = _KINDS.get(str(verdict.get("outcome")))
        if kind == "acceptance" and verdict.get("basis") == "attested":
            kind = _ATTESTED
        for signer, one in reversed(self.amendments):
            if planned(one, one) == of and one.get("kind") == kind and self._has_begun(one):
                holds = self._goes_on(one) and self._covers(one, run, of, verdict)
                return (signer, one) if holds else None
        return None

    def _has_begun(self, one: Mapping[str, Any]) -> bool:
        return self.at is not None and census.moment(one["at"]) <= self.at

    def _goes_on(self, one: Mapping[str, Any]) -> bool:
        return self.at is not None and self.at < census.moment(one["until"])

    def _covers(
        self, one: Mapping[str, Any], run: Run, of: Planned, verdict: Mapping[str, Any]
    ) -> bool:
        excuses = one.get("excuses")
        if not isinstance(excuses, dict) or excuses.get("outcome") != verdict.get("outcome"):
            return False
        named = (run.started or {}).get("promises", {})
        place = of[0] if of[1] is None else f"{of[0]}.{of[1]}"
        if excuses.get("contract") != self.contracts.get(str(named.get(place))):
            return False
        most, now = excuses.get("measures", {}), verdict.get("measures", [])
        if most and not now:
            return False
        return all(one["what"] in most and one["value"] <= most[one["what"]] for one in now)


def excusing(chain: Chain, of: Manifest, at: datetime | None) -> Excusing:
    """What the entries hold, at a moment. What does not read excuses nothing."""
    listed: list[tuple[str | None, Mapping[str, Any]]] = []
    before: str | None = None
    for body in chain.amendments:
        place = (of.pilot, of.environment, len(listed) + 1, before)
        try:
            one = _followed(body, place)
            before = _digest(one)
        except (NotReadable, KeyError, TypeError, ValueError):
            continue
        listed.append((_signer(body["amendment"]), one))
    return Excusing(
        amendments=tuple((signer, one) for signer, one in listed if signer is not None),
        contracts=dict(_contracts(chain)),
        at=at,
    )


def check(excuses: Excusing, chain: Chain, of: Manifest, trusted: Register) -> Iterator[Finding]:
    """Whether whoever excused a verdict of the window may, by the register. Without one nobody
    knows, and the signature of the bundle says so.
    """
    used: dict[int, tuple[str, Mapping[str, Any]]] = {}
    for run in (chain.runs[name] for name in of.runs if name in chain.runs):
        for _, said in run.verdicts:
            verdict = verdict_of(said)
            if (by := excuses.by(run, planned(said, verdict), verdict)) is not None:
                used[by[1]["number"]] = by
    for number, (signer, one) in sorted(used.items()) if trusted else ():
        at = census.moment(one["at"])
        says = register.objection(trusted, signer, one["kind"], at)
        if says is None and one["role"] not in trusted[signer].roles:
            says = f"{trusted[signer].name} does not sign as {one['role']!a}"
        if says is not None:
            yield refused(CHECK, says, file=f"policy/amendment-{number}.json", means=_MEANS)


def _followed(
    body: Mapping[str, Any], place: tuple[str, str, int, str | None]
) -> Mapping[str, Any]:
    """The amendment. Raises ValueError where it does not follow the one before it."""
    one: Mapping[str, Any] = body["amendment"]["amendment"]
    where = (one["pilot"], one["environment"], one["number"], one["before"])
    late = abs(census.moment(body["at"]) - census.moment(one["at"]))
    if where != place or late > _LONGEST or (body["pilot"], body["environment"]) != place[:2]:
        raise ValueError("it does not follow the one before it")
    return one


def _signer(given: Mapping[str, Any]) -> str | None:
    """The id of the key that signed it as its own; None if none did."""
    one = given["amendment"]
    try:
        if one["role"] not in register.MAY_SIGN[one["kind"]]:
            return None
        public = from_base64(given["public"])
        signer = key_id(public)
        opened = dsse.opened(given["envelope"].encode(), {signer: public})
        same = (opened.payload_type, opened.payload) == (dsse.IN_TOTO, _statement(one))
    except (Unverified, NotReadable, KeyError, TypeError, AttributeError):
        return None
    return signer if same else None


def _statement(one: Mapping[str, Any]) -> bytes:
    named = ("pilot", "environment", "number", "kind", "role", "by")
    return strict_json.canonical(
        {
            "_type": signed.STATEMENT,
            "subject": [
                {
                    "name": f"policy/amendment-{one['number']}.json",
                    "digest": {"sha256": _digest(one)},
                }
            ],
            "predicateType": KIND,
            "predicate": {name: one[name] for name in named},
        }
    )


def _digest(one: Mapping[str, Any]) -> str:
    return hashlib.sha256(strict_json.canonical(one)).hexdigest()


def _contracts(chain: Chain) -> Iterator[tuple[str, str]]:
    """The digest of promises, by which runs name them, and that of the contract."""
    for body in chain.promises:
        match body.get("promises"):
            case {"meaning": dict() as meaning, **rest}:
                whole = {
                    "meaning": meaning,
                    "order": rest.get("order", []),
                    "former": rest.get("former"),
                }
                yield _digest(whole), _digest(meaning)
