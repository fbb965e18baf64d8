"""A ledger is archived and another one continues it: no history and no promise is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.alerts.history import history_in
from harness.alerts.incident import incidents
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.evidence.export import Asked, export
from harness.evidence.recompute import How, recompute
from harness.evidence.verify.verify import Asked as ToVerify
from harness.evidence.verify.verify import verify
from harness.ledger import archive as files
from harness.ledger import continued
from harness.ledger.continued import continued_by
from harness.ledger.ledger import entries, read_ledger
from harness.ledger.opening import verified
from harness.onboarding.archive import archive
from harness.pilot.place import Place, place
from harness.signing import key_file
from tests.harness.evidence import nights
from tests.harness.evidence.nights import DAY, FIRST
from tests.harness.evidence.verify.checking import register_of, registered
from tests.harness.signing.keys import ANNS
from tests.harness.signing.signed import NOON, lay_out, sizes

ARCHIVED_AT = FIRST + DAY + timedelta(hours=9)
THIRD = FIRST + 2 * DAY
OF = {"pilot": "nights", "environment": "dev"}


class Engagement:
    """A pilot of two nights, whose results are copied before they are archived."""

    def __init__(self, root: Path) -> None:
        nights.nights(root)
        self.folder = next(root.rglob("pilot.yaml")).parent
        key_file.write(root / "key.pem", ANNS)
        yaml = self.folder / "pilot.yaml"
        signing = f"signing: {{key: 'file:{root / 'key.pem'}'}}"
        yaml.write_text(yaml.read_text().replace("{dev: {", f"{{dev: {{{signing}, "))
        self.out, self.twin, self.to = root / "out", root / "twin", root / "archives"
        self.to.mkdir(mode=0o700)
        shutil.copytree(self.out, self.twin)

    @property
    def here(self) -> Place:
        return self.at(self.out)

    def at(self, out: Path) -> Place:
        return place(self.folder, environment="dev", out=out, start=self.folder)

    @property
    def ledger(self) -> Path:
        return self.out / "ledger.sqlite"

    def archive(self) -> Path:
        clock = Clock(now=lambda: ARCHIVED_AT)
        archive(self.here, ledger=None, to=self.to, environ={}, clock=clock)
        [folder] = self.to.iterdir()
        return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Engagement:
    """Archived, and another night proven, here and without an archive."""
    engagement = Engagement(tmp_path_factory.mktemp("archived"))
    engagement.archive()
    for out in (engagement.out, engagement.twin):
        nights.run(engagement.folder, out, THIRD)
    return engagement


def verdicts(ledger: Path) -> list[Mapping[str, Any]]:
    """Those of the last run."""
    known = entries(ledger)
    own = [json.loads(one.body) for one in known if one.run == known[-1].run]
    parts = ("source", "dataset", "contract", "endpoint", "evidence_class", "verdict")
    return [{part: one.get(part) for part in parts} for one in own if "verdict" in one]


def test_a_night_after_it_is_judged_as_it_would_have_been(made: Engagement) -> None:
    """Also those that rest on earlier nights, and what alerts are decided from."""
    here, there = verdicts(made.ledger), verdicts(made.twin / "ledger.sqlite")
    assert here == there
    assert len(here) > 10
    found = []
    for out in (made.out, made.twin):
        with read_ledger(out / "ledger.sqlite") as ledger:
            known = incidents(history_in(ledger, **OF, register=None))
            found.append([(one.planned, one.bad, one.mended is None) for one in known])
    assert found[0] == found[1]


def test_the_archive_has_all_of_it_and_nobody_may_write_it(made: Engagement) -> None:
    [folder] = made.to.iterdir()
    kept = entries(folder / "ledger.sqlite")
    before = entries(made.twin / "ledger.sqlite")
    assert kept[: len(before) - len(_of_last(before))] == before[: -len(_of_last(before))]
    assert (folder / "ledger.sqlite").stat().st_mode & 0o777 == 0o400
    assert [one.name for one in folder.iterdir()] == ["ledger.sqlite"]
    says = continued_by(entries(made.ledger)[0].body)
    assert says is not None
    assert (says.entries, says.head) == (len(kept), kept[-1].sha256)
    assert says.file == files.digest(folder / "ledger.sqlite")


def _of_last(known: tuple[Any, ...]) -> list[Any]:
    return [one for one in known if one.run == known[-1].run]


def test_the_next_ledger_is_whole_and_its_bodies_are_those_of_the_archive(
    made: Engagement,
) -> None:
    [folder] = made.to.iterdir()
    with read_ledger(made.ledger) as ledger:
        verified(ledger, "ledger", now=THIRD + timedelta(hours=1))
    archived = {(one.run, one.kind, one.body) for one in entries(folder / "ledger.sqlite")}
    here = entries(made.ledger)
    carried = {one.run for one in entries(folder / "ledger.sqlite")}
    assert {(o.run, o.kind, o.body) for o in here if o.run in carried} < archived
    assert "evaluation" not in {one.kind for one in here if one.run in carried}


def test_a_bundle_of_it_names_the_archive_and_is_recomputed(
    made: Engagement, tmp_path: Path
) -> None:
    """Its window begins after the archive; verdicts that rest on earlier nights are judged again
    from what was taken over.
    """
    now = THIRD + timedelta(hours=1)
    bundle = export(made.here, Asked(out=tmp_path / "b"), ledger=None, environ={}, now=now)
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert manifest["window"]["first"] == f"{THIRD:%Y-%m-%d}"
    assert len(manifest["runs"]) == 1
    says = continued_by(entries(made.ledger)[0].body)
    assert says is not None
    assert manifest["ledger"]["continues"]["origin"] == says.origin
    report = verify(bundle, ToVerify(trusted=register_of(registered(ANNS)), now=now))
    assert report.code == 0, report.findings
    last = entries(made.ledger)[-1].run
    again = [one for one in recompute(entries(made.ledger), code="") if one.run == last]
    assert {one.how for one in again} == {How.EQUAL}
    early = Asked(out=tmp_path / "c", first=FIRST.date())
    with pytest.raises(ConfigurationError, match="are in the archive"):
        export(made.here, early, ledger=None, environ={}, now=now)


def test_the_archive_is_exported_as_the_ledger_was(made: Engagement, tmp_path: Path) -> None:
    [folder] = made.to.iterdir()
    now = THIRD + timedelta(hours=1)
    asked = Asked(out=tmp_path / "b")
    bundle = export(made.at(folder), asked, ledger=None, environ={}, now=now)
    report = verify(bundle, ToVerify(trusted=register_of(registered(ANNS)), now=now))
    assert report.code == 0, report.findings


@pytest.mark.parametrize("step", ["copy", "beside", "take_over", "switch"])
def test_whatever_stops_it_leaves_the_ledger_as_it_was_and_it_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """As a kill does before each step: nothing is lost, and no second archive is made."""
    made = Engagement(tmp_path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(files, step, killed)
        with pytest.raises(KeyboardInterrupt):
            made.archive()
    before = entries(made.ledger)
    folder = made.archive()
    assert entries(folder / "ledger.sqlite") == before
    assert [one.name for one in made.out.glob("*.next.*")] == []
    assert continued_by(entries(made.ledger)[0].body) is not None


def test_without_a_key_or_anything_new_it_is_refused(tmp_path: Path) -> None:
    made = Engagement(tmp_path)
    made.archive()
    with pytest.raises(ConfigurationError, match="nothing is new"):
        made.archive()
    (made.folder / "pilot.yaml").write_text(nights.YAML.replace("SHOP", "x"))
    with pytest.raises(ConfigurationError, match="make a key"):
        made.archive()


def test_without_what_is_taken_over_history_would_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: verdicts are left behind as well, and no incident is known any more."""
    made = Engagement(tmp_path)
    with read_ledger(made.ledger) as ledger:
        assert incidents(history_in(ledger, **OF, register=None))
    monkeypatch.setattr(continued, "LEFT_BEHIND", {*continued.LEFT_BEHIND, "verdict"})
    made.archive()
    with read_ledger(made.ledger) as ledger:
        assert not incidents(history_in(ledger, **OF, register=None))


def test_second_copies_know_the_next_ledger_before_it_is_switched_to(tmp_path: Path) -> None:
    copies, to = tmp_path / "copies", tmp_path / "archives"
    copies.mkdir()
    to.mkdir()
    made = lay_out(tmp_path, f"{{folder: {copies}}}")
    made.run(2)
    before = entries(made.ledger)
    gone = copies.rename(tmp_path / "gone")
    clock = Clock(now=lambda: NOON)
    with pytest.raises(ConfigurationError, match="nothing was switched"):
        archive(made.place, ledger=None, to=to, environ={}, clock=clock)
    assert entries(made.ledger) == before
    gone.rename(copies)
    archive(made.place, ledger=None, to=to, environ={}, clock=clock)
    made.run()
    assert sizes(copies) == [1, 2, 3, 4]
    assert len(list(to.iterdir())) == 1
