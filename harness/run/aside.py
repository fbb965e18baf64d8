"""A record of what a person does between two nights: a run that reads nothing and judges nothing.

It has its own entries in the ledger, because each entry belongs to a run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from harness.alerts.history import History, history_in
from harness.alerts.text import Letterhead
from harness.clock import Clock
from harness.ledger.ledger import Header, Ledger, open_ledger
from harness.ledger.opening import take_up
from harness.ledger.signed import require_as_signed, signed_mark
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.signing import register_of
from harness.pilot.signing import signing as signing_of
from harness.run import code_version
from harness.run.config import new_run_id
from harness.run.launch import COMMAND_LINE, launch_by
from harness.run.seal import Seal
from harness.signing.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One that is open."""

    header: Header
    ledger: Ledger
    clock: Clock
    register: Register | None
    """By which people excuse verdicts."""

    @property
    def head(self) -> Letterhead:
        """What messages say that they are from."""
        header = self.header
        return Letterhead(pilot=header.pilot, environment=header.environment, run=header.run)

    def history(self) -> History:
        """What the ledger holds of this pilot and environment."""
        header = self.header
        return history_in(
            self.ledger,
            pilot=header.pilot,
            environment=header.environment,
            register=self.register,
        )

    def record(self, kind: str, record: object) -> None:
        """Write one entry."""
        self.ledger.append(self.header, kind, record, at=self.clock.now())


@contextmanager
def aside(
    here: Place, *, ledger: str | None, environ: Mapping[str, str], clock: Clock
) -> Iterator[Aside]:
    """Open the ledger and begin; it is FINISHED at the end, and INTERRUPTED after an exception.

    Raises ConfigurationError for a ledger that cannot be written, is written by a run, or is
    broken.
    """
    references = here.loaded.references(here.environment, environ)
    place = ledger_at(ledger, out=here.out, references=references)
    header = Header(
        pilot=here.loaded.pilot.name,
        environment=here.environment,
        run=new_run_id(),
        slot=clock.now().astimezone(here.loaded.zone).date().isoformat(),
        code=code_version.text(),
        launch=launch_by(COMMAND_LINE),
        configuration=here.loaded.configuration,
    )
    signing = signing_of(here.loaded, here.environment, references)
    with open_ledger(place) as opened:
        name = str(ledger or place)
        checked = take_up(opened, name, now=clock.now(), mark=signed_mark(opened, signing))
        require_as_signed(opened, signing, name)
        seal = Seal(opened, signing)
        opened.begin(header, {"planned": [], **checked.says}, at=clock.now())
        try:
            register = register_of(here.loaded, here.environment)
            yield Aside(header=header, ledger=opened, clock=clock, register=register)
        except BaseException:
            opened.end(header, "INTERRUPTED", {}, at=clock.now())
            seal.sign()
            seal.keep()
            raise
        opened.end(header, "FINISHED", {}, at=clock.now())
        seal.sign()
        seal.keep_and_tell()
