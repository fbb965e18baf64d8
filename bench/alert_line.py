"""The line that an alert takes, of real parts: a ledger in a file, the thread that tells, our hook
and our mail client. Only the verdicts are made up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from connectors.secrets import Secret
from harness.alerts.channels import Channels
from harness.alerts.due import Contacts, Message
from harness.alerts.history import history_in
from harness.alerts.hook import ask
from harness.alerts.mail import Server, send
from harness.alerts.teller import Teller, teller
from harness.alerts.telling import Telling
from harness.alerts.text import Letterhead, mail, webhook
from harness.clock import Clock
from harness.facts import EvidenceClass, Failure
from harness.ledger.ledger import Header, open_ledger
from harness.pilot.alert_settings import Alerts
from harness.result import Planned
from harness.run.circuit_breaker import OpenCircuit
from harness.run.state import RunState
from harness.run.system import System
from harness.verdict import Outcome, Verdict

PILOT, ENVIRONMENT, SOURCE = "bench", "dev", "crm"
ADA, SENDER = "ada@bench.example", "seatrial@bench.example"
_SYSTEM = System(
    connector=OpenCircuit(endpoint="none://crm", why=Failure(kind="AccessDenied", message="")),
    evidence_class=EvidenceClass.SIMULATED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where a run records, and whom it reaches: `hooks` by name, mail at a port."""

    folder: Path
    hooks: Mapping[str, str]
    mail_port: int
    claims: tuple[str, ...]
    escalated: tuple[str, ...] = ()
    """Those of `hooks` that are told when nobody acknowledged."""

    @property
    def planned(self) -> tuple[Planned, ...]:
        """What each run owes."""
        return tuple(Planned(source=SOURCE, dataset="orders", claim=c) for c in self.claims)

    @contextmanager
    def run(self, name: str, now: Callable[[], datetime]) -> Iterator[tuple[RunState, Teller]]:
        """One run, finished at the end of the block, with everybody told."""
        header = Header(
            pilot=PILOT,
            environment=ENVIRONMENT,
            run=name,
            slot=now().date().isoformat(),
            code="bench",
        )
        clock = Clock(now=now)
        with open_ledger(self.folder / "ledger.sqlite") as ledger:
            ledger.begin(header, {}, at=now())
            state = RunState(
                ledger, header, planned=self.planned, systems={SOURCE: _SYSTEM}, clock=clock
            )
            telling = Telling(
                head=Letterhead(pilot=PILOT, environment=ENVIRONMENT, run=name),
                channels=self._channels(),
                contacts={SOURCE: self._contacts()},
                ledger=ledger,
                record=state.record_told,
                clock=clock,
                register=None,
                earlier=history_in(ledger, pilot=PILOT, environment=ENVIRONMENT, register=None),
            )
            with teller(telling, sleep=time.sleep) as told:
                yield state, told
                told.finish()
                state.end("FINISHED", {}, at=now())

    def _channels(self) -> Channels:
        hooks = {name: partial(_post, Secret(name, url)) for name, url in self.hooks.items()}
        smtp = Server(host="127.0.0.1", port=self.mail_port, tls="none")
        return Channels(
            settings=Alerts(), deliver={**hooks, "mail": partial(_mail, smtp)}, heartbeat=None
        )

    def _contacts(self) -> Contacts:
        first = [name for name in self.hooks if name not in self.escalated]
        return Contacts(
            first=tuple(("Ada", name) for name in (*first, "mail")),
            last=tuple(("Head", name) for name in self.escalated),
        )


def _post(address: Secret, head: Letterhead, message: Message) -> None:
    ask(address, name="channel", body=webhook(head, message), ca_file=None)


def _mail(server: Server, head: Letterhead, message: Message) -> None:
    made = mail(head, message, sender=SENDER, to=ADA, now=datetime.now(UTC))
    send(server, made, sender=SENDER, to=ADA)


def verdict(claim: str, outcome: Outcome) -> Verdict:
    """One as a proof gives it."""
    return Verdict(
        claim=claim,
        outcome=outcome,
        because="as the bench has it",
        expected="in time",
        observed="",
        n=1,
        method="none",
    )
