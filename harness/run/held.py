"""What a run holds its verdicts against: recorded before the first of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from contracts.defaults import persisted_fields
from contracts.digest import format_2, source_format_1
from harness import tags
from harness.ledger.ledger import Header, Ledger, Origin
from harness.ledger.promised import Promised, place, promises_in
from harness.pilot.model import LoadedPilot
from harness.policy import deviations
from harness.policy.records import chained, recorded_in
from harness.run.system import System
from harness.say import complain


def promised_by(loaded: LoadedPilot) -> dict[tuple[str, str | None], Promised]:
    """By source and dataset, all that can be held against them: nothing of a broken contract."""
    return dict(_promised_by(loaded))


def _promised_by(loaded: LoadedPilot) -> Iterator[tuple[tuple[str, str | None], Promised]]:
    for source in loaded.pilot.sources:
        meaning = source_format_1(source.name, source.promises)
        assert isinstance(meaning, dict)
        yield (source.name, None), Promised(meaning=meaning)
        for contract in source.contracts:
            if (digests := loaded.digests.get((source.name, contract.name))) is None:
                continue
            meaning = format_2(contract)
            assert isinstance(meaning, dict)
            yield (
                (source.name, contract.name),
                Promised(
                    meaning=meaning,
                    order=tuple(contract.promises.missing),
                    former=digests.former,
                ),
            )


def named(
    loaded: LoadedPilot,
    promised: Mapping[tuple[str, str | None], Promised],
    systems: Mapping[str, System],
) -> dict[str, Any]:
    """What the first entry of a run says of what its verdicts rest on, beside facts."""
    return {
        "promises": {place(*where): one.digest for where, one in promised.items()},
        "zone": loaded.settings.zone,
        "evidence_class": {name: system.evidence_class for name, system in systems.items()},
    }


def begin(
    ledger: Ledger,
    header: Header,
    body: Mapping[str, Any],
    promised: Mapping[tuple[str, str | None], Promised],
    *,
    at: datetime,
) -> None:
    """Open a run, with what it holds its verdicts against, and tell what nobody signed of that."""
    with ledger.together():
        ledger.begin(header, body, at=at)
        record(ledger, header, promised, at=at)
    _tell_unsigned(ledger, header, promised)


def _tell_unsigned(
    ledger: Ledger, header: Header, promised: Mapping[tuple[str, str | None], Promised]
) -> None:
    """Tell on stderr what differs from the policy in force, one line each; nothing where people
    signed none. The run goes on: who looks at its evidence sees the same.
    """
    recorded = recorded_in(
        ledger.entries(kind=tags.POLICY), pilot=header.pilot, environment=header.environment
    )
    policies = [policy for _, policy in chained(recorded)]
    for line in deviations.unsigned(policies[-1], promised) if policies else ():
        number = policies[-1]["number"]
        complain(f"  not as policy {number} says: {line}: seatrial policy sign --why")


def record(
    ledger: Ledger,
    header: Header,
    promised: Mapping[tuple[str, str | None], Promised],
    *,
    at: datetime,
) -> None:
    """Record each that this pilot's part of the ledger does not hold yet."""
    known = {
        (one.source, one.dataset, one.promises.digest)
        for one in promises_in(ledger.entries(kind=tags.PROMISES))
        if (one.pilot, one.environment) == (header.pilot, header.environment)
    }
    for (source, dataset), one in promised.items():
        if (source, dataset, one.digest) in known:
            continue
        origin = Origin(
            source=source, dataset=dataset, contract=None if dataset is None else one.contract
        )
        ledger.append(header, tags.PROMISES, persisted_fields(one), at=at, origin=origin)
