"""The demo's evidence: its ledger is signed as each run ends, and exported at the end.

The key is made as the demo begins and thrown away as it ends: nobody can sign in its name later.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from harness import atomic_write
from harness.evidence.export import Asked, export
from harness.pilot.model import LoadedPilot
from harness.pilot.place import Place
from harness.pilot.signing_settings import Signing
from harness.signing import key_file, register
from harness.signing.signer import Signer, from_seed

ENVIRONMENT = "dev"
BUNDLE, TRUST = "bundle", "trust.json"
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The demo's engagement, with a key."""

    loaded: LoadedPilot
    signer: Signer


@contextmanager
def signed(loaded: LoadedPilot) -> Iterator[Signed]:
    """The same engagement, whose ledger is signed by a new key until the block ends."""
    with tempfile.TemporaryDirectory(prefix="seatrial-demo-") as folder:
        file, key = Path(folder) / "key.pem", from_seed(secrets.token_bytes(32))
        key_file.write(file, key)
        here = loaded.settings.environments[ENVIRONMENT]
        there = here.model_copy(update={"signing": Signing(key=f"file:{file}")})
        environments = {**loaded.settings.environments, ENVIRONMENT: there}
        settings = loaded.settings.model_copy(update={"environments": environments})
        yield Signed(loaded=replace(loaded, settings=settings), signer=key)


def write(of: Signed, *, out: Path, environ: Mapping[str, str], now: datetime) -> list[str]:
    """Export the ledger of both trials to `bundle`, and write the register of the key beside it;
    the lines to print. `now` is when the demo began.
    """
    here = Place(
        loaded=of.loaded,
        folder=of.loaded.folder,
        environment=ENVIRONMENT,
        out=out / "repaired",
    )
    folder = export(here, Asked(out=out / BUNDLE), ledger=None, environ=environ)
    since = now.replace(microsecond=0)
    key = register.Key(
        public=of.signer.public,
        name="Seatrial demo",
        roles=("prover",),
        since=since,
        until=since + _YEAR,
    )
    trust = out / TRUST
    atomic_write.replace(trust, register.written({key.id: key}).decode())
    return [
        "Evidence of both, signed by a key that is thrown away now; check it:",
        f"  seatrial verify {folder} --trust {trust}",
    ]
