"""The page on keys works as it stands: its commands, its settings, its roles."""

from __future__ import annotations

import re
from pathlib import Path

from harness.pilot.signing import signing
from harness.signing import key_file, register
from harness.signing.register import MAY_SIGN, ROLES
from tests.docs import REPOSITORY, snippets
from tests.harness.engagement import PILOT_YAML, write
from tests.harness.signing.keys import ANNS, key
from tests.harness.signing.signed import Signed
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "keys.md"


def test_its_commands_make_a_key_and_a_register(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("".join(f"```sh\n{it}```\n" for it in snippets(PAGE, "sh")))
    typed(tmp_path / "page.md", tmp_path, {})
    [found] = register.read((tmp_path / "trust.json").read_bytes()).values()
    assert found.public == key_file.read(tmp_path / "key.pem").public
    [shown] = snippets(PAGE, "json")
    assert f'"name":"{found.name}"' in shown


def test_its_settings_are_read(tmp_path: Path) -> None:
    [shown] = snippets(PAGE, "yaml")
    key_file.write(tmp_path / "key.pem", ANNS)
    (tmp_path / "trust.json").write_bytes(register.written({key().id: key()}))
    yaml = PILOT_YAML + shown.replace("/etc/seatrial", str(tmp_path))
    made = Signed(folder=write(tmp_path, yaml=yaml))
    environ = {"HEADS_KEY": "k", "HEADS_SECRET": "s", "AUDIT_HOOK": "https://audit.example/x"}
    loaded = made.place.loaded
    found = signing(loaded, "dev", loaded.references("dev", environ))
    assert [copy.name for copy in found.copies] == [
        "folder /mnt/safe/heads",
        "bucket heads",
        "webhook env:AUDIT_HOOK",
    ]
    assert [witness.name for witness in found.witnesses] == ["witness.acme.example/one"]


def test_it_names_every_role_with_what_it_signs() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    named = dict.fromkeys(ROLES, "")
    for roles, says in rows:
        for role in set(re.findall(r"`(\w+)`", roles)) & set(ROLES):
            named[role] += says
    for what, roles in MAY_SIGN.items():
        for role in roles:
            assert what.replace("signoff", "sign-off").rstrip("y") in named[role]
