"""The page that is signed by hand: what is signed, in words, with its digest for ear and phone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import segno

from harness.report import proquint
from harness.signoff.look import Looked, look
from harness.signoff.page import render, told
from tests.harness.evidence.verify.checking import write
from tests.signoff.people import register
from tests.signoff.scene import NIGHTS, SIGNED_AT, Night, bundle, good, nights

HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    folder = write(tmp_path_factory.mktemp("page") / "evidence", good())
    return look(folder, register=register(), now=SIGNED_AT)


def test_it_says_what_is_signed_and_what_was_not_tested(looked: Looked) -> None:
    page = render(looked, role="legal", by="Lea Brandt")
    for says in (
        *("Sign-off as legal: acme, dev", "READY: of 2 verdicts, 2 PROVEN", "Lea Brandt"),
        *("What was not tested", "Load: no source was asked for more", "I refuse", "Signature"),
    ):
        assert says in page
    digest = looked.bundle.manifest
    assert digest in page
    assert all(word in page for word in proquint.words(digest))
    assert render(looked, role="legal", by="Lea Brandt") == page


def test_its_code_is_the_digest(looked: Looked) -> None:
    made = segno.make(f"sha256:{looked.bundle.manifest}", error="m", micro=False)
    path = made.svg_inline(scale=4, border=4, svgclass=None, lineclass=None, omitsize=True)
    assert path.removeprefix("<svg ") in render(looked, role="legal", by=None)


def test_it_needs_no_script_and_nothing_from_elsewhere(looked: Looked) -> None:
    page = render(looked, role="legal", by=None)
    assert "default-src 'none'" in page
    assert not any(one in page for one in ("<script", "src=", "href=", "@import", "url("))


def test_nothing_in_it_steers_the_page_or_the_terminal(looked: Looked) -> None:
    evil = replace(looked, bundle=replace(looked.bundle, pilot=HOSTILE))
    page = render(evil, role="legal", by=HOSTILE)
    assert "<script>" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_simulated_evidence_carries_a_banner(tmp_path: Path) -> None:
    simulated = Night(evidence_class="simulated")
    folder = write(tmp_path / "evidence", bundle(nights(*[simulated] * NIGHTS)))
    found = look(folder, register=register(), now=SIGNED_AT)
    assert 'class="banner"' in render(found, role="legal", by=None)
    assert "Practice: these facts come from simulated sources." in " ".join(told(found))


def test_the_terminal_shows_the_same_within_80_columns(looked: Looked) -> None:
    lines = list(told(looked))
    assert all(len(line) <= 80 for line in lines)
    assert any("READY: of 2 verdicts" in line for line in lines)
    assert " ".join(proquint.words(looked.bundle.manifest)[:4]) in lines[-4]
