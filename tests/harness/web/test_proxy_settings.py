"""How `pilot.yaml` names a reverse proxy for the UI."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot import settings
from tests.cli import seatrial
from tests.docs import REPOSITORY, snippets
from tests.harness.acme_layout import Acme
from tests.harness.dagster_ui import free_port
from tests.harness.web.conftest import PROXY

(SHOWN,) = snippets(REPOSITORY / "docs" / "ui.md", "yaml")
REFUSED = {
    "a secret itself": ("secret: env:ACME_PROXY", "secret: hunter2", "holds a secret itself"),
    "an address elsewhere": ("127.0.0.2", "10.0.0.5", "ui.proxy.address"),
    "plain http beyond this machine": ("https://", "http://", "ui.proxy.origin"),
    "an origin with a path": ("acme.example\n", "acme.example/ui\n", "ui.proxy.origin"),
    "a header that is none": ("X-Forwarded-User", "X Forwarded", "ui.proxy.user_header"),
    "a misspelt key": ("operators", "operator", "unknown key"),
}


def written(acme: Acme, text: str, folder: Path) -> Path:
    file = folder / "pilot.yaml"
    file.write_text((acme.folder / "pilot.yaml").read_text() + text)
    return file


def test_what_the_docs_show_is_taken(acme: Acme, tmp_path: Path) -> None:
    found, _ = settings.load(written(acme, f"\n{SHOWN}", tmp_path))
    assert found.ui is not None
    assert found.ui.proxy.operators == ("ada@acme.example",)
    assert found.ui.proxy.address == "127.0.0.1"


@pytest.mark.parametrize(("right", "wrong", "told"), REFUSED.values(), ids=REFUSED)
def test_a_fault_is_refused_with_its_line(
    acme: Acme, tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert right in PROXY
    with pytest.raises(ConfigurationError, match=r"pilot\.yaml:\d+: ") as refused:
        settings.load(written(acme, PROXY.replace(right, wrong, 1), tmp_path))
    assert told in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_secret_that_can_be_guessed_is_refused(behind: Acme, tmp_path: Path) -> None:
    ended = seatrial(
        ["ui", "acme", "--port", str(free_port()), "--out", tmp_path],
        cwd=behind.elsewhere,
        environ={**behind.environ, "ACME_PROXY": "hunter2"},
    )
    assert ended.code == 2
    assert ended.complaint == (
        "seatrial: env:ACME_PROXY, the secret of the reverse proxy, can be guessed: "
        "give it 32 random characters or more"
    )
