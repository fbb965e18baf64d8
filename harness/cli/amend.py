"""`seatrial waive`, `accept` and `attest` on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.options import Environment, LedgerReference, Out, PilotFolder
from harness.errors import ConfigurationError
from harness.say import say

Claim = Annotated[str, typer.Option("--claim", metavar="C", help="The claim that is excused.")]
Dataset = Annotated[
    str | None, typer.Option("--dataset", metavar="D", help="Of which dataset, as crm.customers.")
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="S", help="Of which source, for its own claims.")
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="The person who signs.")]
Role = Annotated[str, typer.Option("--role", metavar="ROLE", help="As which they sign.")]
Key = Annotated[
    str, typer.Option("--key", metavar="REF", help="Their key: file:/path, transit:, pkcs11:.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in words.")]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="The last day on which it counts. Required."),
]
AtMost = Annotated[
    list[str] | None,
    typer.Option(
        "--at-most", metavar="N", help="How bad it may become: N, or WHAT=N; repeatable."
    ),
]
Withdraw = Annotated[
    bool, typer.Option("--withdraw", help="End the one that is in force, instead of a new one.")
]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", metavar="FILE", help="The register of keys; signing.trust."),
]


def _command(name: str, kind: str, says: str) -> Callable[..., None]:
    """The three differ in what they sign, and in nothing else."""

    def command(  # noqa: PLR0913 - the options of a command line
        pilot: PilotFolder = None,
        *,
        claim: Claim,
        dataset: Dataset = None,
        source: Source = None,
        by: By,
        role: Role,
        key: Key,
        reason: Reason,
        until: Until = None,
        at_most: AtMost = None,
        withdraw: Withdraw = False,
        trust: Trust = None,
        environment: Environment = "dev",
        out: Out = None,
        ledger: LedgerReference = None,
    ) -> None:
        from harness.clock import Clock
        from harness.ledger.ledger import utc_now
        from harness.onboarding.amend import Asked, amend
        from harness.onboarding.person import Person
        from harness.pilot.place import place
        from harness.result import Kind

        asked = Asked(
            kind=Kind(kind),
            person=Person(by=by, role=role, key=key, trust=trust),
            claim=claim,
            dataset=dataset,
            source=source,
            reason=reason,
            until=_last(until, withdraw=withdraw),
            at_most=tuple(at_most or ()),
        )
        here = place(pilot, environment=environment, out=out, start=Path.cwd())
        clock = Clock(now=utc_now)
        for line in amend(here, asked, ledger=ledger, environ=os.environ, clock=clock):
            say(line)

    command.__name__, command.__doc__ = name, says
    return command


waive = _command(
    "waive",
    "waiver",
    """Excuse a BROKEN verdict until a day: it counts as WAIVED, its outcome stays beside it.

    It ends by itself, and at once when what it excuses gets worse.
    """,
)
accept = _command(
    "accept",
    "acceptance",
    """Accept the risk of an UNPROVEN verdict until a day: it counts as WAIVED so long.

    It ends by itself, and at once when what it excuses gets worse.
    """,
)
attest = _command(
    "attest",
    "attestation",
    """Give your word until a day on what a source cannot be asked: it counts as WAIVED so long.

    A word is no measurement, and is shown as what it is.
    """,
)


def _last(text: str | None, *, withdraw: bool) -> date | None:
    """The last day on which it counts; None to withdraw."""
    if withdraw and text is not None:
        raise ConfigurationError("--withdraw ends it now: leave out --until")
    if withdraw:
        return None
    if text is None:
        raise ConfigurationError("--until is missing: name the last day on which it counts")
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise ConfigurationError(f"--until {text} is no day: write it as 2026-12-31") from None
