"""Report and verdicts.json say where the run stands in its ledger, who signed that, and by what
code, commit and contracts it was judged.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from jsonschema import Draft202012Validator

from harness.ledger.ledger import entries
from harness.pilot.commit import commit_of
from harness.pilot.plan import plan
from harness.report.verdicts_json import SCHEMA
from harness.result import Result
from harness.run import code_version
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.signing.ed25519 import key_id, to_base64
from harness.signing.signing import NO_KEY
from tests.harness.signing.keys import ANNS
from tests.harness.signing.signed import Signed, lay_out

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def proven(made: Signed) -> Result:
    """Its source is a table without rows."""
    shop = made.folder.parent / "shop.sqlite"
    with sqlite3.connect(shop) as database:
        database.execute("create table if not exists orders (order_key bigint primary key)")
    database.close()
    here = made.place
    config = RunConfig(
        loaded=here.loaded,
        environment="dev",
        slot=AT.date(),
        planned=plan(here.loaded.pilot, claims=["complete"]),
        out=here.out,
        environ={"ERP_URL": f"sqlite:///{shop}", "ERP_PASSWORD": "not used"},
    )
    return prove(config, workplace=in_process)


def git(folder: Path, *command: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@acme.example", "-c", "gc.auto=0")
    ended = subprocess.run(
        ["git", *who, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    return ended.stdout.strip()


def test_both_carry_head_version_commit_and_contract_digests(tmp_path: Path) -> None:
    made = lay_out(tmp_path)
    code = made.folder / "pilot.py"
    code.write_text(code.read_text().replace('at.secret("password")', "None"))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", made.folder.name)
    git(tmp_path, "commit", "-q", "-m", "acme")
    result = proven(made)
    document = json.loads((made.place.out / "verdicts.json").read_text())
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    [signed], last = made.checkpoints(), entries(made.ledger)[-1]
    assert document["ledger"] == {
        "head": last.sha256,
        "entries": last.seq,
        "runs": 1,
        "root": to_base64(signed.root),
        "signed_by": key_id(ANNS.public),
        "unsigned": None,
    }
    assert document["code"] == code_version.text()
    assert document["commit"] == git(tmp_path, "rev-parse", "HEAD")
    assert document["configuration"] == made.place.loaded.configuration
    [(key, digests)] = made.place.loaded.digests.items()
    assert document["contracts"] == [
        {"source": key[0], "dataset": key[1], "digest": digests.current}
    ]
    assert result.provenance is not None
    page = (made.place.out / "report.html").read_text()
    for one in (last.sha256, key_id(ANNS.public), document["commit"], digests.current):
        assert one in page
    started = json.loads(entries(made.ledger)[0].body)
    assert started["commit"] == document["commit"]
    made.settle("")
    proven(made)
    document = json.loads((made.place.out / "verdicts.json").read_text())
    assert (document["ledger"]["signed_by"], document["ledger"]["unsigned"]) == (None, NO_KEY)
    assert NO_KEY in (made.place.out / "report.html").read_text()


def test_the_commit_is_that_of_git_in_every_kind_of_checkout(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    (whole / "acme").mkdir(parents=True)
    assert commit_of(whole / "acme") is None
    git(whole, "init", "-q")
    assert commit_of(whole / "acme") is None
    (whole / "file").write_text("1")
    git(whole, "add", "file")
    git(whole, "commit", "-q", "-m", "one")
    commit = git(whole, "rev-parse", "HEAD")
    assert commit_of(whole / "acme") == commit
    git(whole, "worktree", "add", "-q", "../second")
    assert commit_of(tmp_path / "second") == commit
    git(whole, "pack-refs", "--all")
    assert commit_of(whole / "acme") == commit
    git(whole, "checkout", "-q", "--detach")
    assert commit_of(whole / "acme") == commit
    (whole / ".git/HEAD").write_text("ref: refs/../../../../etc/hostname")
    assert commit_of(whole / "acme") is None
