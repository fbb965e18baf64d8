"""Faults E07, X10, X11: a pilot's own connector quotes its password in errors, logs and events.

With --debug, in all that a run leaves: terminal, ledger, report, verdicts, JUnit, run log.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import redaction
from tests.attacks.canary import hits
from tests.attacks.quoting import CANARY, left_by, left_in_dagster

PARTS = {"terminal", "ledger.sqlite", "report.html", "verdicts.json", "asked.json", "junit.xml"}


@pytest.mark.parametrize("guarded", [True, False])
def test_e07_x11_no_artefact_holds_it(tmp_path: Path, *, guarded: bool) -> None:
    """The twin: without the guard each of these artefacts would."""
    left = left_by(tmp_path, guarded=guarded)
    assert {*left} >= PARTS
    found = {name for name, text in left.items() if hits([text], CANARY)}
    assert (found & PARTS) == (set() if guarded else PARTS)
    if guarded:
        assert found == set()
        assert "[the secret env:IT_PASSWORD]" in left["terminal"]


@pytest.mark.parametrize("guarded", [True, False])
def test_e07_neither_do_dagsters_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    """The pilot is loaded into this process: what its twin switches off is switched on again."""
    monkeypatch.setattr(redaction, "_SHORTEST", 8)
    found = hits(left_in_dagster(tmp_path, guarded=guarded), CANARY)
    assert bool(found) is not guarded
