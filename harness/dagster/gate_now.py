"""What the gate says now, of the bundles in a pilot's results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.dagster.web import results
from harness.ledger.ledger import utc_now
from harness.pilot.place import Place
from harness.pilot.signing import register_of
from harness.signoff.ask import ask
from harness.signoff.decision import Decision, Name, Refusal

_NEWEST = 3
"""Bundles that are looked at: a night may have been exported since one was signed."""


def decide(here: Place, *, ledger: str | None, environ: Mapping[str, str]) -> Decision:
    """The decision on the newest bundle that opens the gate; if none does, on the newest one.

    Raises ConfigurationError as `seatrial gate` does.
    """
    register = register_of(here.loaded, here.environment)
    if register is None:
        where = here.loaded.document.at(("environments", here.environment))
        return _closed(f"{where}: no register of keys is named: add trust under signing")
    asked = [
        ask(
            here.out / name,
            here,
            environment=here.environment,
            register=register,
            ledger=ledger,
            environ=environ,
            now=utc_now(),
        )
        for name in _first(results.bundles(here.out))
    ]
    if not asked:
        return _closed("no bundle is in the results: run seatrial export, and have it signed")
    return next((one for one in asked if one.open), asked[0])


def _first(names: Iterator[str]) -> list[str]:
    return [name for _, name in zip(range(_NEWEST), names, strict=False)]


def _closed(says: str) -> Decision:
    refusal = Refusal(check="bundle", name=Name.UNKNOWN, says=says)
    return Decision(checks=(refusal,), conditions=(), practice=False)
