"""An engagement whose ledger is signed, and what a person does there between two nights: the
cheapest run that there is.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from harness.clock import Clock
from harness.ledger.ledger import read_ledger
from harness.pilot.place import Place, place
from harness.run.aside import aside
from harness.signing import key_file, log, note
from harness.signing.note import Checkpoint
from tests.harness.engagement import PILOT_YAML, write
from tests.harness.signing.keys import ANNS, trusting

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One engagement with its folder for results."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return place(self.folder, environment="dev", out=None, start=self.folder.parent)

    @property
    def ledger(self) -> Path:
        return self.place.out / "ledger.sqlite"

    def settle(self, signing: str) -> None:
        """Write `signing:` anew."""
        text = PILOT_YAML.replace("    sources:", f"    signing: {signing}\n    sources:")
        (self.folder / "pilot.yaml").write_text(text if signing else PILOT_YAML)

    def run(self, times: int = 1) -> None:
        """Begin and end a run."""
        here = self.place
        here.out.mkdir(parents=True, exist_ok=True, mode=0o700)
        for _ in range(times):
            with aside(here, ledger=None, environ=self.environ, clock=Clock(now=lambda: NOON)):
                pass

    def notes(self) -> list[bytes]:
        with read_ledger(self.ledger) as opened, opened.snapshot() as snapshot:
            return [sealed for _, sealed in snapshot.checkpoints()]

    def checkpoints(self) -> list[Checkpoint]:
        """Those that Ann signed."""
        return [log.verified(sealed, trusting(ANNS)) for sealed in self.notes()]

    def cut(self, runs: int) -> None:
        """Cut off the last runs, without a trace in the ledger: what is left is a whole chain."""
        with sqlite3.connect(self.ledger) as database:
            [(last,)] = database.execute("select max(number) from runs").fetchall()
            gone = f"select run_id from runs where number > {last - runs}"
            database.execute(f"delete from checkpoints where size > {last - runs}")
            database.execute(f"delete from nights where number > {last - runs}")
            database.execute(f"delete from entries where run_id in ({gone})")
            database.execute(f"delete from runs where number > {last - runs}")
        database.close()


def lay_out(root: Path, *copies: str) -> Signed:
    """Signed with Ann's key, and with these second copies."""
    made = Signed(folder=write(root))
    key = root / "key.pem"
    if not key.exists():
        key_file.write(key, ANNS)
    made.settle(f"{{key: 'file:{key}', copies: [{', '.join(copies)}]}}")
    return made


def sizes(folder: Path) -> list[int]:
    """Of the checkpoints in a folder of copies."""
    texts = (note.text_of(path.read_bytes()) for path in folder.glob("*.checkpoint"))
    return sorted(note.parsed(text).size for text in texts)
