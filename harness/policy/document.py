"""The policy that people sign: what is promised, how much proof is enough, what must arrive; pure.

    pilot ─ contents ─▶ first policy ─ amended: old → new, who, why ─▶ second policy …

Equal contents give equal bytes, so two people who sign one policy sign the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from contracts.canonical import canonical
from contracts.defaults import persisted_fields
from contracts.promises import Promises, SourcePromises, Thresholds
from harness.ledger.promised import Promised, place
from harness.result import Planned

FORMAT = 1
SETTINGS = "settings"
CONTENTS = ("thresholds", "promises", "evidence", SETTINGS)
"""What a policy says; the rest says which it is, and how it came about."""
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that a policy says otherwise than the one before it."""

    what: str
    """As `shop.orders: lag`."""
    old: Any
    new: Any


def contents(
    promised: Mapping[tuple[str, str | None], Promised],
    thresholds: Thresholds,
    evidence: Iterable[Planned],
    settings: Mapping[str, Any],
) -> Document:
    """What a pilot promises now, the verdicts that it owes every night, and those settings that
    are not default, as plain JSON.
    """
    return _record(
        {
            **({SETTINGS: settings} if settings else {}),
            "thresholds": asdict(thresholds),
            "promises": {
                place(*where): {
                    "digest": one.digest,
                    "contract": None if where[1] is None else one.contract,
                    "rules": None if where[1] is None else _rules(one),
                    "promised": _promises(one.promises if where[1] else one.source_promises),
                }
                for where, one in promised.items()
            },
            "evidence": [asdict(one) for one in evidence],
        }
    )


def _promises(promises: Promises | SourcePromises) -> dict[str, Any]:
    """All of them, with those that have their default, but for those that came later. The
    thresholds are everywhere the same.
    """
    plain = _record(persisted_fields(promises))
    del plain["thresholds"]
    return plain


def _rules(promised: Promised) -> str:
    """The digest of what a contract's schema demands: the contract's own covers promises, too."""
    parts = {name: promised.meaning.get(name) for name in ("columns", "checks", "unique")}
    return sha256(canonical(parts)).hexdigest()


def first(said: Document, *, pilot: str, environment: str, by: str, at: datetime) -> Document:
    """The first policy."""
    of = {"format": FORMAT, "pilot": pilot, "environment": environment, "number": 1}
    history: Document = {"amends": None, "by": by, "at": at, "why": None, "changes": []}
    return _record({**of, **history, **said})


def amended(before: Document, said: Document, *, by: str, at: datetime, why: str) -> Document:
    """The policy after `before`: what changes, who says so and why stands in it."""
    of = {name: before[name] for name in ("format", "pilot", "environment")}
    history = {
        "number": before["number"] + 1,
        "amends": digest(before),
        "by": by,
        "at": at,
        "why": why,
        "changes": [asdict(one) for one in changes(before, said)],
    }
    return _record({**of, **history, **said})


def written(document: Document) -> bytes:
    """RFC 8785 bytes: what is signed."""
    return canonical(document)


def digest(document: Document) -> str:
    """By which a signature and an amendment name it."""
    return sha256(written(document)).hexdigest()


def changes(old: Document, new: Document) -> list[Change]:
    """What `new` says otherwise than `old`, in the order in which it is said."""
    return [
        *_fields("thresholds", old["thresholds"], new["thresholds"]),
        *_of_promises(old["promises"], new["promises"]),
        *_of_evidence(old["evidence"], new["evidence"]),
        *_of_settings(old.get(SETTINGS, {}), new.get(SETTINGS, {})),
    ]


def in_words(change: Change) -> str:
    """One line, old → new."""
    return f"{change.what}: {_shown(change.old)} → {_shown(change.new)}"


def items(document: Document) -> Sequence[Planned]:
    """The verdicts that must arrive."""
    return [Planned(**one) for one in document["evidence"]]


def _of_promises(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for where in [*old, *(where for where in new if where not in old)]:
        before, after = old.get(where), new.get(where)
        if before is None or after is None:
            yield Change(what=where, old=_named(before), new=_named(after))
            continue
        yield from _fields(where, before["promised"], after["promised"])
        if before["rules"] != after["rules"]:
            yield Change(what=f"{where}: rules", old=before["rules"], new=after["rules"])


def _of_settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _fields(name, old.get(name, {}), new.get(name, {}))


def _named(promised: Mapping[str, Any] | None) -> str | None:
    return None if promised is None else str(promised["digest"])


def _fields(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*old, *(name for name in new if name not in old)]:
        if old.get(name) != new.get(name):
            yield Change(what=f"{where}: {name}", old=old.get(name), new=new.get(name))


def _of_evidence(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    before, after = ({_item(one): None for one in many} for many in (old, new))
    for item in [one for one in before if one not in after]:
        yield Change(what=f"evidence: {item}", old="must arrive", new=None)
    for item in [one for one in after if one not in before]:
        yield Change(what=f"evidence: {item}", old=None, new="must arrive")


def _item(one: Mapping[str, Any]) -> str:
    return f"{one['claim']} of {place(one['source'], one['dataset'])}"


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _record(value: object) -> dict[str, Any]:
    """As it is read back from JSON, so that like is compared with like."""
    found: dict[str, Any] = json.loads(canonical(value))
    return found
