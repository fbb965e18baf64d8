"""Data is given out for training only as it was judged, and only if all owed of it is proven."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest

from contracts.digest import Digests
from harness.claims import DATASET_CLAIMS
from harness.errors import ConfigurationError
from harness.ledger.ledger import Origin, open_ledger
from harness.pilot.model import LoadedPilot
from harness.pilot.place import Place, place
from harness.result import Planned
from harness.run.config import RunConfig
from harness.run.data import Answer, data
from harness.run.dataset import read_dataset
from harness.run.keep import keep
from harness.run.lifecycle import running
from harness.run.recorder import Recorder
from harness.verdict import Outcome, Verdict
from tests.cli import seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_proven import run as run_in_dagster
from tests.harness.ledger_server import REFERENCE, Database
from tests.other_user import as_other, shared_folder

REFUNDS = "web-shop.refunds"
KEEP = f"\nkeep: [{REFUNDS}]\n"
CLAIMS = tuple(claim for claim in DATASET_CLAIMS if claim != "reconciles")
"""What refunds owe: they promise nothing of other datasets."""
PROVEN = dict.fromkeys(CLAIMS, Outcome.PROVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Acme, which keeps its refunds."""

    acme: Acme
    here: Place

    @property
    def digests(self) -> Digests:
        return self.here.loaded.digests["web-shop", "refunds"]

    def run(self, outcomes: Mapping[str, Outcome], *, digest: str | None = None) -> Path:
        """Take the refunds in a run and judge them as a test wants it; gives the file."""
        loaded = self.here.loaded
        source = loaded.source("web-shop")
        contract = next(c for c in source.contracts if c.name == "refunds")
        planned = [Planned(source=source.name, dataset=contract.name, claim=c) for c in CLAIMS]
        config = RunConfig(
            loaded=loaded,
            environment="dev",
            slot=date(2026, 11, 1),
            planned=tuple(planned),
            out=self.here.out,
            environ=self.acme.sources,
        )
        with running(config) as run:
            _, landing = read_dataset(
                run.systems[source.name].connector,
                Recorder(
                    source=source.name, contract=contract, slot=config.slot, clock=config.clock
                ),
                into=run.landing_path(source.name, contract.name),
            )
            assert landing is not None
            held = digest or self.digests.current
            where = Origin(source=source.name, dataset=contract.name, contract=held)
            kept = keep(config, REFUNDS, landing.path, landing.sha256)
            assert kept is not None
            run.state.record_kept(kept, where)
            run.state.record_verdicts(
                {p: verdict(p.claim, outcomes[p.claim]) for p in planned if p.claim in outcomes}
            )
            return self.here.out / "data" / REFUNDS / f"{config.run_id}.parquet"

    def ask(self, dataset: str = REFUNDS) -> Answer:
        return data(self.here, dataset, reference=None, environ={})


def verdict(claim: str, outcome: Outcome) -> Verdict:
    return Verdict(
        claim=claim, outcome=outcome, because="", expected="", observed="", n=1, method=""
    )


def with_keep(acme: Acme, folder: Path) -> Path:
    """Acme in another folder, with more in its `pilot.yaml`."""
    folder.mkdir()
    (folder / "pilot.py").write_text((acme.folder / "pilot.py").read_text())
    (folder / "pilot.yaml").write_text((acme.folder / "pilot.yaml").read_text() + KEEP)
    return folder


@pytest.fixture
def shop(acme: Acme, loaded: LoadedPilot, tmp_path: Path) -> Shop:
    dev = loaded.settings.environments["dev"]
    update = {"keep": (REFUNDS,), "environments": {"dev": dev, "production": dev}}
    settings = loaded.settings.model_copy(update=update)
    here = place(acme.folder, environment="dev", out=tmp_path / "out", start=tmp_path)
    keeping = dataclasses.replace(here.loaded, settings=settings)
    return Shop(acme=acme, here=dataclasses.replace(here, loaded=keeping))


def test_proven_data_is_named_as_sha256sum_does(shop: Shop, tmp_path: Path) -> None:
    file = shop.run(PROVEN)
    answer = shop.ask()
    assert answer == Answer(
        code=0, says=f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file}"
    )
    checked = subprocess.run(["sha256sum", "--check"], input=answer.says.encode(), check=False)
    assert checked.returncode == 0
    assert pq.read_table(file).num_rows == 20


def test_kept_rows_are_readable_by_their_owner_alone(shop: Shop) -> None:
    file = shop.run(PROVEN)
    assert file.stat().st_mode & 0o777 == 0o600
    assert {above.stat().st_mode & 0o777 for above in (file.parent, file.parent.parent)} == {0o700}


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.WAIVED, 0),
        (Outcome.BROKEN, 1),
        (Outcome.UNPROVEN, 3),
        (Outcome.STALE, 3),
        (Outcome.NOT_RUN, 3),
        (Outcome.ERROR, 4),
    ],
)
def test_one_claim_that_does_not_stand_is_enough(shop: Shop, outcome: Outcome, code: int) -> None:
    shop.run({**PROVEN, "conforms": outcome})
    answer = shop.ask()
    assert answer.code == code
    assert ("sha" not in answer.says and f"conforms is {outcome}" in answer.says) == (code > 0)


@pytest.mark.parametrize("missing", [["conforms"], CLAIMS])
def test_a_claim_that_the_run_did_not_judge_is_not_proven(
    shop: Shop, missing: Iterable[str]
) -> None:
    shop.run({claim: outcome for claim, outcome in PROVEN.items() if claim not in missing})
    answer = shop.ask()
    assert answer.code == 3
    assert all(f"{claim} is NOT_RUN" in answer.says for claim in missing)


def test_the_newest_run_counts_and_no_better_one_before_it(shop: Shop) -> None:
    shop.run(PROVEN)
    shop.run({**PROVEN, "fresh": Outcome.BROKEN})
    assert shop.ask().code == 1
    newest = shop.run(PROVEN)
    assert shop.ask().says.endswith(f"  {newest}")


def change(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b" ")


@pytest.mark.parametrize(
    ("harm", "said"), [(change, "was changed since"), (Path.unlink, "No such file")]
)
def test_a_file_that_is_not_the_one_that_was_judged_is_not_given_out(
    shop: Shop, harm: Callable[[Path], None], said: str
) -> None:
    harm(shop.run(PROVEN))
    answer = shop.ask()
    assert answer.code == 1
    assert said in answer.says


def test_what_is_broken_comes_before_what_is_unproven(shop: Shop) -> None:
    shop.run({**PROVEN, "fresh": Outcome.UNPROVEN}).unlink()
    assert shop.ask().code == 1


def test_a_ledger_that_was_changed_proves_nothing(shop: Shop) -> None:
    shop.run({**PROVEN, "conforms": Outcome.BROKEN})
    statement = "update entries set body = replace(body, 'BROKEN', 'PROVEN')"
    with sqlite3.connect(shop.here.out / "ledger.sqlite") as forged:
        forged.execute(statement)
    forged.close()
    answer = shop.ask()
    assert answer.code == 1
    assert "was changed" in answer.says


def test_data_held_against_another_contract_is_to_be_proven_again(shop: Shop) -> None:
    shop.run(PROVEN)
    digests = {("web-shop", "refunds"): Digests(current="0" * 64)}
    loaded = dataclasses.replace(shop.here.loaded, digests=digests)
    here = dataclasses.replace(shop.here, loaded=loaded)
    answer = data(here, REFUNDS, reference=None, environ={})
    assert answer.code == 3
    assert "another contract" in answer.says


def test_data_recorded_under_the_first_form_of_its_contracts_digest_is_given_out(
    shop: Shop,
) -> None:
    assert shop.digests.former is not None
    file = shop.run(PROVEN, digest=shop.digests.former)
    assert shop.ask().says.endswith(f"  {file}")


def test_a_contract_that_cannot_be_judged_is_to_be_mended_first(shop: Shop) -> None:
    shop.run(PROVEN)
    problems = {("web-shop", "refunds"): "it needs a key"}
    loaded = dataclasses.replace(shop.here.loaded, problems=problems)
    here = dataclasses.replace(shop.here, loaded=loaded)
    with pytest.raises(ConfigurationError, match=r"web-shop\.refunds: it needs a key"):
        data(here, REFUNDS, reference=None, environ={})


def test_what_another_environment_proved_is_not_given_out(shop: Shop) -> None:
    shop.run(PROVEN)
    here = dataclasses.replace(shop.here, environment="production")
    answer = data(here, REFUNDS, reference=None, environ={})
    assert answer.code == 3
    assert "no run has kept web-shop.refunds in production" in answer.says


def test_asking_turns_no_run_away_and_waits_for_none(shop: Shop) -> None:
    shop.run(PROVEN)
    with open_ledger(shop.here.out / "ledger.sqlite"):
        assert shop.ask().code == 0


def test_an_archive_that_nobody_may_write_gives_out_its_data(shop: Shop) -> None:
    shop.run(PROVEN)
    with shared_folder() as shared:
        archive = Path(shutil.copytree(shop.here.out, shared / "archive"))
        for path in (*archive.rglob("*"), archive):
            path.chmod(0o555 if path.is_dir() else 0o444)
        kept = dataclasses.replace(shop, here=dataclasses.replace(shop.here, out=archive))
        answer = as_other(kept.ask) if os.geteuid() == 0 else kept.ask()
        for path in (archive, *archive.rglob("*")):
            path.chmod(0o755)
    assert answer.code == 0
    assert answer.says.rpartition("/archive/")[2] == shop.ask().says.rpartition("/out/")[2]


def test_where_no_ledger_is_none_is_made(shop: Shop) -> None:
    with pytest.raises(ConfigurationError, match="there is no ledger"):
        shop.ask()
    assert not shop.here.out.exists()


def test_the_command_line_keeps_what_it_judged_and_nothing_else(
    acme: Acme, tmp_path: Path
) -> None:
    folder = with_keep(acme, tmp_path / "acme_kept")
    environ = {**acme.sources, "PYTHONPATH": str(acme.elsewhere)}
    seatrial(["prove", folder, "--out", tmp_path / "out"], cwd=tmp_path, environ=environ)
    (file,) = (tmp_path / "out").rglob("*.parquet")
    assert file.parent == tmp_path / "out" / "data" / REFUNDS
    ended = seatrial(
        ["data", REFUNDS, folder, "--out", tmp_path / "out"],
        cwd=tmp_path,
        environ={"PYTHONPATH": str(acme.elsewhere)},
    )
    assert ended.code == 3
    assert ended.out == ""
    assert "complete is UNPROVEN" in ended.complaint


def test_a_dagster_run_keeps_the_same_into_a_ledger_of_postgresql(
    shop: Shop, instance: dg.DagsterInstance, database: Database
) -> None:
    environ = {**shop.acme.sources, **database.environ}
    with pytest.raises(ConfigurationError, match="no ledger is there"):
        data(shop.here, REFUNDS, reference=REFERENCE, environ=environ)
    proven = run_in_dagster(shop.here.loaded, instance, shop.here.out, environ, ledger=REFERENCE)
    (file,) = shop.here.out.rglob("*.parquet")
    assert file.stem == proven.result.run_id
    with open_ledger(database.place):
        answer = data(shop.here, REFUNDS, reference=REFERENCE, environ=environ)
    assert answer.code == 3
    assert "complete is UNPROVEN" in answer.says
