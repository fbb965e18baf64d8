"""Second copies in a bucket, at a webhook and with a witness."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.signing import log, note
from harness.signing.ed25519 import key_id
from tests.connectors.scripted import Said, scripted
from tests.harness.signing.bucket_server import Store, store
from tests.harness.signing.keys import ANNS, WITNESSES, trusting
from tests.harness.signing.signed import lay_out, sizes
from tests.harness.signing.witness_server import AT, witness

HOOK = "{webhook: {url: 'env:AUDIT_HOOK'}}"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Store]:
    with store() as running:
        yield running


def test_e02_a_bucket_shows_that_the_tail_was_cut(tmp_path: Path, bucket: Store) -> None:
    made = lay_out(tmp_path, bucket.setting)
    made.environ.update(bucket.environ)
    made.run(2)
    assert sizes(bucket.folder / "of/acme") == [1, 2]
    made.cut(1)
    with pytest.raises(ConfigurationError, match=r"last 1 run of the 2 .* cut .*bucket heads"):
        made.run()


def test_e02_a_witness_shows_that_the_tail_was_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It remembers by itself, so it finds the cut where no copy is left."""
    with witness() as memory:
        made = lay_out(tmp_path, memory.setting)
        made.run(3)
        keys = trusting(ANNS, WITNESSES)
        opened = [note.opened(sealed, keys) for sealed in made.notes()]
        assert [one.countersigners for one in opened] == [{key_id(WITNESSES.public): AT}] * 3
        assert capsys.readouterr().err == ""
        made.cut(2)
        cut = "the last 2 of the 3 runs that witness witness.example/one countersigned were cut"
        with pytest.raises(ConfigurationError, match=cut):
            made.run()


def test_a_witness_signs_no_other_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with witness() as memory:
        made = lay_out(tmp_path, memory.setting)
        made.run(2)
        [(origin, seen)] = memory.seen.items()
        memory.seen[origin] = note.Checkpoint(origin=origin, size=seen.size, root=bytes(32))
        made.run()
    assert "not countersigned: witness witness.example/one answered 422" in capsys.readouterr().err


def test_a_webhook_gets_each_checkpoint_as_it_was_signed(tmp_path: Path) -> None:
    with scripted(lambda _: Said(b"")) as hook:
        made = lay_out(tmp_path, HOOK)
        made.environ["AUDIT_HOOK"] = f"{hook.url}/canary-7f3a"
        made.run()
    body = json.loads(hook.asked[0].body)
    assert (body["kind"], body["size"]) == ("checkpoint", 1)
    assert body["note"].encode() == made.notes()[0]
    assert log.verified(body["note"].encode(), trusting(ANNS)).size == 1


def test_a_copy_that_is_not_taken_is_told_and_its_address_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(lambda _: Said(status=500)) as hook:
        made = lay_out(tmp_path, HOOK)
        made.environ["AUDIT_HOOK"] = f"{hook.url}/canary-7f3a"
        made.run()
    told = capsys.readouterr().err
    assert "no second copy: POST webhook env:AUDIT_HOOK answered 500: try later" in told
    assert "canary" not in told
    assert made.checkpoints()


@pytest.mark.parametrize(
    ("copy", "says"),
    [
        ("{folder: relative}", "is no whole path"),
        ("{folder: /a, webhook: {url: 'env:X'}}", "name one of folder"),
        ("{webhook: {url: 'https://hook.example/token'}}", "holds a secret itself"),
        ("{witness: {url: 'http://w.example', name: w, public: AA==}}", "network: use https"),
        ("{witness: {url: 'https://w.example', name: w, public: AA==}}", "32 bytes"),
    ],
)
def test_a_copy_that_cannot_be_one_is_an_error_with_its_line(
    tmp_path: Path, copy: str, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"pilot.yaml:[0-9]+: .*{says}"):
        lay_out(tmp_path, copy).run()
