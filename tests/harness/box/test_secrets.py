"""Fault X10: a child has the secrets of its own source, and no other's, neither in its environment
nor on its command line.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.box.frames import Garbage
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.model import Address
from harness.pilot.references import References
from harness.run.config import RunConfig
from harness.run.handed import hand
from harness.run.order import environ
from harness.run.wire import Given, Keep, Wants
from harness.run.workplace import in_process
from tests.harness.box.hostile import SECRETS, hostile, proven

OTHERS = {
    **SECRETS,
    "IT_PASSWORD_IN_PRODUCTION": "canary-of-production",
    "VAULT_TOKEN": "canary-of-the-vault",
    "SEATRIAL_LEDGER": "canary-of-the-default-ledger",
    "SEATRIAL_STORAGE_URL": "canary-of-the-storage",
}
OWN = SECRETS["IT_PASSWORD"].encode()
FOREIGN = {name: value for name, value in OTHERS.items() if name != "IT_PASSWORD"}


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """All that a child finds when it looks for secrets: environment, command line, memory."""
    for name, value in OTHERS.items():
        monkeypatch.setenv(name, value)
    return proven(tmp_path, "looks", environ=os.environ).seen.read_bytes()


@pytest.mark.attempt(4)
@pytest.mark.parametrize("name", FOREIGN)
def test_a_child_finds_no_secret_but_its_sources(seen: bytes, name: str) -> None:
    """The control is its own, which the same search finds; and the test below."""
    assert FOREIGN[name].encode() not in seen
    assert OWN in seen


@pytest.mark.attempt(4)
def test_not_even_its_own_is_in_its_environment_or_on_its_command_line(seen: bytes) -> None:
    variables, *_ = seen.split(b"\0")
    assert b"PATH" in variables
    assert b"canary" not in variables


def test_without_a_box_all_of_them_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of both attempts above."""
    for name, value in OTHERS.items():
        monkeypatch.setenv(name, value)
    found = proven(tmp_path, "looks", environ=os.environ, workplace=in_process)
    seen = found.seen.read_bytes()
    assert all(value.encode() in seen for value in OTHERS.values())


@pytest.mark.attempt(4)
@pytest.mark.parametrize("guarded", [True, False])
def test_the_variable_of_the_ledger_stays_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    """The control does not name it as the ledger."""
    monkeypatch.setenv("AUDIT_URL", "canary")
    loaded = loading.load(hostile(tmp_path, "harmless"))
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=(),
        out=tmp_path,
        environ=os.environ,
        ledger="env:AUDIT_URL" if guarded else None,
    )
    assert (b"AUDIT_URL" in environ(config)) is not guarded


ALERTS = """
    alerts:
      smtp: {host: mail.example, sender: us@acme.example, user: us, password: env:SMTP_PASSWORD}
      channels: {room: {webhook: env:ROOM_URL}, mail: {email: ada@acme.example}}
      people: {ada@acme.example: [room, mail]}
      heartbeat: {url: env:HEARTBEAT_URL}
owners:
  it: {owner: ada@acme.example}
"""


def test_x10_the_variables_of_all_other_references_stay_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook's address and the mail server's password are secrets, too; the control is a variable
    that no reference names.
    """
    names = {"SMTP_PASSWORD", "ROOM_URL", "HEARTBEAT_URL"}
    for name in {*names, "OF_NOBODY"}:
        monkeypatch.setenv(name, "canary")
    folder = hostile(tmp_path, "harmless")
    with (folder / "pilot.yaml").open("a") as file:
        file.write(ALERTS)
    loaded = loading.load(folder)
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=(),
        out=tmp_path,
        environ=os.environ,
    )
    given = environ(config)
    assert {os.fsencode(name) for name in names}.isdisjoint(given)
    assert b"OF_NOBODY" in given


OF_THE_SHOP = {"password": "env:IT_PASSWORD", "url": "https://shop.example"}


def at_the_shop() -> Address:
    references = References(OTHERS, vault=None, where="pilot.yaml:1")
    return Address(where="pilot.yaml:2", values=OF_THE_SHOP, references=references)


def test_x10_a_child_is_handed_what_its_source_refers_to() -> None:
    given = hand(Wants(how="present", references=("env:IT_PASSWORD",)), at_the_shop())
    assert given.values == (OTHERS["IT_PASSWORD"],)


@pytest.mark.parametrize(
    "wish",
    [
        Wants(how="present", references=("env:IT_PASSWORD", "env:VAULT_TOKEN")),
        Wants(how="first", references=("https://shop.example",)),
        Wants(how="take", references=("vault:secret/other#token",)),
        Keep(reference="vault:secret/other#token", new="a", old="b"),
    ],
)
def test_x10_whoever_asks_for_another_sources_secret_is_given_nothing(wish: Wants | Keep) -> None:
    """The control is the test above."""
    with pytest.raises(Garbage):
        hand(wish, at_the_shop())
    with pytest.raises(Garbage):
        hand(wish, None)


def test_what_is_handed_over_shows_no_secret() -> None:
    assert "canary" not in repr(Given(values=("canary",)))
    assert "canary" not in repr(Keep(reference="vault:a/b#c", new="canary", old="canary"))
