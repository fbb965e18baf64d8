"""One bit of a ledger or of a bundle is flipped: it is named, or nothing that is read changes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from enum import Enum
from io import StringIO
from pathlib import Path

from contracts.defaults import persisted_fields
from harness.errors import ConfigurationError, LedgerLost
from harness.evidence.verify.verify import Asked, verify
from harness.ledger.ledger import open_ledger, read_ledger
from harness.ledger.opening import take_up, verified
from harness.ledger.signed import require_as_signed, signed_mark
from harness.run.seal import Seal
from harness.signing.ed25519 import key_id
from harness.signing.signing import Signing
from tests.golden.facts import READING
from tests.harness.evidence.bundles import key
from tests.harness.evidence.ledgers import DAY, FIRST, ORIGIN, header
from tests.harness.evidence.verify.checking import NOW, TRUST


class Came(Enum):
    """What came of a flip."""

    NAMED = "named"
    HARMLESS = "nothing that is read changed"
    UNDETECTED = "something else is read, and nothing was said"
    RAISED = "an error that says nothing of a ledger"


Looked = Callable[[Path], object]
"""Checks a file and gives all that is read of it."""


@dataclass(frozen=True, slots=True)
class Flip:
    """Where, and what came of it."""

    file: str
    at: int
    bit: int
    came: Came


SIGNING = Signing(signer=key(), trusted={key_id(key().public): key().public})


def written(place: Path) -> Path:
    """A ledger of three runs that moved a cursor and were signed, with a row in each table."""
    with open_ledger(place) as ledger:
        for day in range(3):
            at, of = FIRST + day * DAY, header(f"run-{day}", day)
            checked = take_up(ledger, place.name, now=at, mark=signed_mark(ledger, SIGNING))
            fact = replace(READING, failure=None, newest_event_at=at, started_at=at)
            ledger.begin(of, {"planned": [], **checked.says}, at=at)
            body = persisted_fields(fact)
            ledger.append(of, "reading", body, at=at, origin=ORIGIN, cursor=at.isoformat())
            ledger.end(of, "FINISHED", {"planned": 0, "executed": 0}, at=at)
            seal = Seal(ledger, SIGNING)
            seal.sign()
            seal.keep()
    return place


def ledger_read(place: Path) -> object:
    """All rows of a ledger in which everything is checked."""
    said = StringIO()
    with read_ledger(place) as ledger, redirect_stderr(said):
        verified(ledger, place.name, now=NOW)
        require_as_signed(ledger, SIGNING, place.name)
    if said.getvalue():
        raise ConfigurationError(said.getvalue())
    return rows(place)


def rows(place: Path) -> object:
    """All rows, whatever they say: the twin."""
    with read_ledger(place) as ledger, ledger.snapshot() as seen:
        tables = (seen.runs(), seen.cursors(), seen.nights(), seen.checkpoints())
        return (*seen.entries(),), tables


def flips_of_a_ledger(
    place: Path, *, count: int, draw: random.Random, looked: Looked = ledger_read
) -> Iterator[Flip]:
    """As many bits, each alone, anywhere in the file."""
    content, before = place.read_bytes(), looked(place)
    for _ in range(count):
        at, bit = draw.randrange(len(content)), draw.randrange(8)
        place.write_bytes(_flipped(content, at, bit))
        yield Flip(place.name, at, bit, _came(lambda: looked(place), before))
    place.write_bytes(content)


def flips_of_a_bundle(root: Path, *, count: int, draw: random.Random) -> Iterator[Flip]:
    """As many bits, each alone, in files drawn by their size."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    sizes = [file.stat().st_size for file in files]
    asked = Asked(trusted=TRUST, now=NOW)
    for file in draw.choices(files, sizes, k=count):
        content = file.read_bytes()
        at, bit = draw.randrange(len(content)), draw.randrange(8)
        file.write_bytes(_flipped(content, at, bit))
        name = str(file.relative_to(root))
        report = verify(root, asked)
        told = {word for one in report.findings for word in (one.file, *one.found.split())}
        named = report.code != 0 and name in told
        yield Flip(name, at, bit, Came.NAMED if named else Came.UNDETECTED)
        file.write_bytes(content)


def summed(flips: Iterator[Flip]) -> Counter[Came]:
    """How often what came."""
    return Counter(flip.came for flip in flips)


def _flipped(content: bytes, at: int, bit: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]


def _came(look: Callable[[], object], before: object) -> Came:
    try:
        return Came.HARMLESS if look() == before else Came.UNDETECTED
    except (ConfigurationError, LedgerLost):
        return Came.NAMED
    except Exception:  # noqa: BLE001 - it is counted
        return Came.RAISED
