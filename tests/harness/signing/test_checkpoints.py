"""Each run ends with a signed checkpoint, and a ledger that is not what was signed is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.onboarding.examine_ledger import examine_ledger
from harness.onboarding.incidents import tell_incidents
from harness.pins.baseline import approve
from harness.run.aside import aside
from harness.run.data import data
from harness.signing import key_file, log, note, register
from harness.signing.ed25519 import Unverified
from harness.signing.signing import NO_KEY
from tests.harness.signing.keys import ANNS, BOBS, key, trusting
from tests.harness.signing.signed import NOON, Signed, lay_out, sizes


@pytest.fixture
def signed(tmp_path: Path) -> Signed:
    made = lay_out(tmp_path, f"{{folder: {tmp_path}/safe}}")
    (tmp_path / "safe").mkdir()
    made.run(3)
    return made


def test_each_run_ends_with_a_signed_checkpoint(signed: Signed) -> None:
    assert [one.size for one in signed.checkpoints()] == [1, 2, 3]
    assert sizes(signed.folder.parent / "safe") == [1, 2, 3]
    with pytest.raises(Unverified, match="no trusted key"):
        log.verified(signed.notes()[-1], trusting(BOBS))


def test_an_interrupted_run_ends_with_one_as_well(signed: Signed) -> None:
    clock = Clock(now=lambda: NOON)
    with (
        pytest.raises(KeyboardInterrupt),
        aside(signed.place, ledger=None, environ={}, clock=clock),
    ):
        raise KeyboardInterrupt
    assert [one.size for one in signed.checkpoints()] == [1, 2, 3, 4]


def test_a_run_that_was_killed_before_it_signed_is_covered_by_the_next(signed: Signed) -> None:
    with sqlite3.connect(signed.ledger) as database:
        database.execute("delete from checkpoints where size = 3")
    database.close()
    (signed.folder.parent / "safe" / last_copy(signed)).unlink()
    signed.run()
    assert [one.size for one in signed.checkpoints()] == [1, 2, 4]


def last_copy(signed: Signed) -> str:
    return max(path.name for path in (signed.folder.parent / "safe").iterdir())


def test_without_a_key_the_checkpoint_is_kept_unsigned(
    tmp_path: Path,
) -> None:
    made = lay_out(tmp_path)
    made.settle("")
    made.run()
    [kept] = made.notes()
    assert note.parsed(note.text_of(kept)).size == 1
    with pytest.raises(Unverified, match="no signed note"):
        note.opened(kept, trusting(ANNS))
    assert NO_KEY.startswith("nothing here is signed")


def refuses(signed: Signed, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        signed.run()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("runs", [1, 2])
def test_e02_a_tail_that_was_cut_is_found_by_the_second_copy(signed: Signed, runs: int) -> None:
    signed.cut(runs)
    refuses(signed, f"the last {runs} runs? of the 3 that were signed were cut off.*folder /")


def test_e02_without_the_second_copy_nothing_shows_it(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard off: what is left of the ledger is whole, and its own checkpoint covers it."""
    signed.cut(2)
    monkeypatch.setattr("harness.run.aside.require_as_signed", lambda *_: None)
    signed.run()


def test_e02_a_ledger_that_was_emptied_or_begun_anew_is_found(
    signed: Signed, tmp_path: Path
) -> None:
    """A place of copies belongs to one ledger; a new one has a place of its own."""
    name = log.short_name(signed.checkpoints()[0].origin)
    signed.ledger.unlink()
    refuses(signed, f"has none of its checkpoints, and 3 runs of ledger {name}: put that one's")
    (tmp_path / "another").mkdir()
    signed.settle(f"{{key: 'file:{tmp_path}/key.pem', copies: [{{folder: {tmp_path}/another}}]}}")
    signed.run()
    assert sizes(tmp_path / "another") == [1]


def test_whoever_can_write_to_the_folder_stops_no_new_ledger(tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    forged = note.Checkpoint(origin=log.origin_of("ab" * 32), size=9, root=bytes(32))
    (tmp_path / "safe" / f"{'ab' * 8}-{9:012d}.checkpoint").write_bytes(note.seal(forged, BOBS))
    made = lay_out(tmp_path, f"{{folder: {tmp_path}/safe}}")
    made.run()
    assert made.checkpoints()


def test_a_run_that_was_exchanged_is_found(signed: Signed) -> None:
    with sqlite3.connect(signed.ledger) as database:
        database.execute("update runs set head = ? where number = 2", ("0" * 64,))
    database.close()
    refuses(signed, "at least one was changed|^ledger")


def test_a_checkpoint_that_somebody_else_signed_proves_nothing(
    signed: Signed, tmp_path: Path
) -> None:
    """Whoever can write to the folder cannot have the ledger refused."""
    forged = note.Checkpoint(origin=signed.checkpoints()[0].origin, size=999_999, root=bytes(32))
    last = max((tmp_path / "safe").iterdir())
    last.with_name(f"{last.name[:16]}-000000999999.checkpoint").write_bytes(
        note.seal(forged, BOBS)
    )
    signed.run()
    signed.cut(2)
    refuses(signed, "were cut off")


def test_a_new_key_goes_on_where_the_register_names_the_old_one(
    signed: Signed, tmp_path: Path
) -> None:
    key_file.write(tmp_path / "new.pem", BOBS)
    trust = tmp_path / "trust.json"
    trust.write_bytes(register.written({key().id: key()}))
    copies = f"[{{folder: {tmp_path}/safe}}]"
    signed.settle(f"{{key: 'file:{tmp_path}/new.pem', trust: {trust}, copies: {copies}}}")
    signed.cut(1)
    refuses(signed, "the last 1 run of the 3 that were signed")


def test_a_folder_that_is_gone_stops_no_run_and_is_told(
    signed: Signed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "safe").rename(tmp_path / "away")
    signed.run()
    told = capsys.readouterr().err
    assert "not compared with its second copy: folder" in told
    assert "no second copy: folder" in told
    assert [one.size for one in signed.checkpoints()] == [1, 2, 3, 4]


def readers(signed: Signed) -> Iterator[Callable[[], object]]:
    """Whoever else looks into a ledger."""
    here, now = signed.place, lambda: NOON
    yield lambda: tell_incidents(here, sources=(), mended=True, ledger=None, environ={}, now=NOON)
    yield lambda: data(here, "orders", reference=None, environ={}, now=now)
    yield lambda: approve(
        here.loaded,
        environment="dev",
        by="Ann",
        today=NOON.date(),
        datasets=(),
        out=here.out,
        ledger=None,
        environ={},
        now=now,
    )


def test_e02_whoever_reads_finds_the_cut_too(signed: Signed) -> None:
    """As may somebody who is not to have the private key: the register is enough."""
    signed.cut(1)
    for read in readers(signed):
        with pytest.raises(ConfigurationError, match=r"last 1 run of the 3 .* were cut off"):
            read()
    trust = signed.folder.parent / "trust.json"
    trust.write_bytes(register.written({key().id: key()}))
    copies = f"[{{folder: {signed.folder.parent}/safe}}]"
    signed.settle(f"{{key: 'file:/nowhere.pem', trust: {trust}, copies: {copies}}}")
    [(_, told)] = [
        (check.what, check.says)
        for check in examine_ledger(signed.place.loaded, "dev", {}, out=signed.place.out, now=NOON)
    ]
    assert "were cut off" in told
