"""The checkpoints in a ledger are what its runs say, each in its place (fault E02): every one that
was changed, moved, deleted or added is told, also where nobody has a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.ledger.heads import Mark
from harness.ledger.kept import Claim, differences
from harness.ledger.ledger import Ledger, open_ledger, read_ledger
from harness.ledger.opening import take_up, verified
from harness.ledger.signed import require_as_signed, signed_mark
from harness.run.seal import Seal
from harness.signing.log import Log
from harness.signing.signing import Signing
from tests.harness.ledger.grown import NOW, at, copied, edit, found, header
from tests.harness.signing.keys import ANNS, BOBS, trusting

RUNS = 4
SIGNED = Signing(signer=ANNS, trusted=trusting(ANNS))


def add_run(ledger: Ledger, number: int, signing: Signing) -> None:
    checked = take_up(ledger, "ledger", now=at(number))
    ledger.begin(header(number), {"planned": [], **checked.says}, at=at(number))
    ledger.end(header(number), "FINISHED", {}, at=at(number))
    seal = Seal(ledger, signing)
    seal.sign()
    seal.keep()


@pytest.fixture(scope="module", params=[SIGNED, Signing()], ids=["signed", "unsigned"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("kept") / "ledger.sqlite"
    with open_ledger(made) as ledger:
        for number in range(1, RUNS + 1):
            add_run(ledger, number, request.param)
    return made


@pytest.fixture(params=["all of it", "since the mark"])
def how(request: pytest.FixtureRequest, place: Path) -> Mark | None:
    if request.param == "all of it":
        return None
    with read_ledger(place) as ledger:
        return verified(ledger, "ledger", now=NOW).mark


def test_those_that_runs_left_are_whole(
    place: Path, how: Mark | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The control."""
    assert found(place, mark=how) == []
    with read_ledger(place) as ledger:
        verified(ledger, "ledger", now=NOW, mark=how)
        require_as_signed(ledger, SIGNED, "ledger")
    said = capsys.readouterr().err
    assert not said or "its newest checkpoint is not signed" in said


def edits() -> Iterator[tuple[str, str]]:
    for size in range(1, RUNS + 1):
        of = f"the checkpoint of {size} run"
        where = f"WHERE size = {size}"
        yield f"UPDATE checkpoints SET note = 'a note' || char(10) {where}", of
        yield f"UPDATE checkpoints SET note = '' {where}", of
        yield f"UPDATE checkpoints SET note = CAST(note || ' ' AS BLOB) {where}", of
        digit = "CAST(replace(note, char(10), char(10) || '0') AS BLOB)"
        yield f"UPDATE checkpoints SET note = {digit} {where}", of
        yield f"UPDATE checkpoints SET size = 9 {where}", "9 runs was changed: 4 runs ended"
        yield f"INSERT INTO checkpoints SELECT {size} + 10, note FROM checkpoints {where}", "1"
        if size < RUNS:
            yield f"DELETE FROM checkpoints {where}", f"{of}{'s' * (size > 1)} was changed, or is"
    yield (
        "UPDATE checkpoints SET size = size + 100; UPDATE checkpoints SET size = 105 - size",
        "the checkpoint of 1 run was changed",
    )


def test_each_that_was_changed_moved_deleted_or_repeated_is_named(
    place: Path, how: Mark | None, tmp_path: Path
) -> None:
    for statement, name in edits():
        changed = copied(place, tmp_path)
        edit(changed, statement)
        said = found(changed, mark=how)
        assert any(name in one for one in said), (statement, said)


def test_a_newest_one_that_is_gone_is_told_and_stops_no_run(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A kill leaves the same: between the end of a run and its checkpoint lies a signature. What
    the next run finds, it says for good.
    """
    changed = copied(place, tmp_path)
    edit(changed, f"DELETE FROM checkpoints WHERE size = {RUNS}")
    with read_ledger(changed) as ledger:
        verified(ledger, "ledger", now=NOW)
    assert f"run r{RUNS} has no checkpoint" in capsys.readouterr().err
    with open_ledger(changed) as ledger:
        add_run(ledger, RUNS + 1, SIGNED)
    assert found(changed) == []
    edit(changed, f"INSERT INTO checkpoints SELECT {RUNS}, note FROM checkpoints WHERE size = 1")
    assert any(f"the checkpoint of {RUNS} runs" in one for one in found(changed))


def test_a_signature_that_is_not_its_keys_is_named_and_a_strangers_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "ledger.sqlite"
    with open_ledger(place) as ledger:
        add_run(ledger, 1, SIGNED)
        require_as_signed(ledger, Signing(trusted=trusting(BOBS)), "ledger")
        assert "of no key that we trust" in capsys.readouterr().err
        with ledger.snapshot() as seen:
            [(_, sealed)] = seen.checkpoints()
    other = sealed[:-4] + (b"A" if sealed[-4:-3] != b"A" else b"B") + sealed[-3:]
    edit(place, f"UPDATE checkpoints SET note = x'{other.hex()}'")
    with read_ledger(place) as ledger, pytest.raises(ConfigurationError) as caught:
        require_as_signed(ledger, SIGNED, "ledger")
    assert "its newest checkpoint" in str(caught.value)
    with read_ledger(place) as ledger:
        assert signed_mark(ledger, SIGNED) is None


def test_without_what_runs_found_a_deleted_one_would_be_silent(place: Path) -> None:
    """The twin: no first entry says which were there."""
    with read_ledger(place) as ledger, ledger.snapshot() as seen:
        kept, runs = seen.checkpoints(), seen.runs()
    assert len(kept) == len(runs) == RUNS
    log = Log(origin="seatrial.ledger/none", hashes=())
    assert [*differences((), log, ())] == []
    assert len([*differences((), log, [Claim(run="r2", size=1, digest="00")])]) == 1
