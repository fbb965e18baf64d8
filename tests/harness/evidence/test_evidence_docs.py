"""`docs/evidence.md` works as it is typed, and its table names every file of a bundle."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from harness.evidence.export import files
from harness.signing import key_file, register
from tests.docs import REPOSITORY
from tests.harness import engagement
from tests.harness.evidence.bundles import key
from tests.harness.evidence.ledgers import evidence, nights
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "evidence.md"
NAMED = re.compile(r"`([\w./-]+)`")


def test_the_page_works_as_it_is_typed(tmp_path: Path) -> None:
    signer = key()
    key_file.write(tmp_path / "keys" / "acme.pem", signer)
    yaml = f"{engagement.PILOT_YAML}    signing: {{key: 'file:{tmp_path}/keys/acme.pem'}}\n"
    engagement.write(tmp_path, yaml=yaml).rename(tmp_path / "acme")
    (tmp_path / "out" / "acme").mkdir(parents=True)
    nights(tmp_path / "out" / "acme" / "ledger.sqlite")
    since, until = (datetime(year, 11, 1, tzinfo=UTC) for year in (2026, 2027))
    holder = register.Key(
        public=signer.public, name="Acme", roles=("prover",), since=since, until=until
    )
    (tmp_path / "trust.json").write_bytes(register.written({holder.id: holder}))
    typed(PAGE, tmp_path, {})
    assert (tmp_path / "november" / "manifest.json").is_file()


def test_its_table_has_every_file_and_no_other(tmp_path: Path) -> None:
    rows = re.findall(
        r"^\| (`.*?) \|", PAGE.read_text().partition("## What is in it")[2], re.MULTILINE
    )
    named = {name.replace("RUN", "run-0") for row in rows for name in NAMED.findall(row)}
    found = files(evidence(nights(tmp_path / "ledger.sqlite", 1)), key())
    named -= {"policy/agreed-N.json", ".dsse.json"}  # nobody signed a policy here
    folders = {one for one in named if one.endswith("/")}
    assert {one for one in found if not one.startswith(tuple(folders))} == named - folders
    assert all(any(one.startswith(folder) for one in found) for folder in folders)
