"""What an auditor reads: 80 columns, a sentence for each finding, and nothing that steers."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import say
from harness.evidence.verify import bounds, words
from harness.evidence.verify.__main__ import main
from harness.evidence.verify.finding import refused
from harness.signing import register
from tests.harness.evidence.bundles import key
from tests.harness.evidence.verify.checking import (
    TRUST,
    Files,
    checked,
    edited,
    register_of,
    registered,
    resealed,
    write,
)


@given(st.text())
def test_what_is_escaped_is_what_the_product_escapes(text: str) -> None:
    """`harness.say` is not in `verify.pyz`."""
    assert words.visible(text) == say.visible(text)


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_no_line_is_longer_than_80_columns_or_holds_what_steers(
    file: str, found: str, means: str
) -> None:
    for line in words.lines([refused("files", found, file=file, means=means)]):
        assert words.columns(line) <= words.WIDTH
        assert words.visible(line) == line


def test_wide_characters_take_two_columns() -> None:
    (first, *_), wide = list(words.lines([refused("files", "漢" * 60, means="it is wrong")])), 2
    assert first.count("漢") == (words.WIDTH - 22) // wide


def test_a_million_wrong_lines_are_one_screen() -> None:
    many = [refused("entries", f"line {n}", means="it is wrong") for n in range(1_000)]
    told = list(words.lines(many))
    assert len(told) == 2 * bounds.FINDINGS + 1
    assert told[-1].endswith("and 980 more of this check")


def command(folder: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main([str(folder), *options])
    told = capsys.readouterr()
    return code, told.out + told.err


def trust(tmp_path: Path, known: register.Register = TRUST) -> str:
    (tmp_path / "trust.json").write_bytes(register.written(known))
    return str(tmp_path / "trust.json")


def test_the_last_line_says_what_to_think_of_it(
    tmp_path: Path, made: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "bundle", made)
    known = trust(tmp_path)
    code, told = command(folder, "--trust", known, capsys=capsys)
    assert (code, told.splitlines()[-1][:6]) == (0, "VALID:")
    code, told = command(folder, capsys=capsys)
    assert (code, told.splitlines()[-1][:32]) == (3, "SELF-CONSISTENT, SIGNER UNKNOWN:")
    (folder / "report.html").write_bytes(b"all is well")
    code, told = command(folder, "--trust", known, capsys=capsys)
    assert (code, told.splitlines()[-1][:8]) == (1, "REFUSED:")
    assert "report.html" in told
    assert max(map(len, told.splitlines())) <= 80


def test_what_it_is_of_stands_first(
    tmp_path: Path, made: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "bundle", made)
    _, told = command(folder, "--trust", trust(tmp_path), capsys=capsys)
    assert "  pilot       acme, environment dev\n" in told
    assert "  window      nights 2026-11-20 to 2026-11-22 (UTC)\n" in told


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--trust", "/none/trust.json"], "/none/trust.json: it is not there"),
        (["--trust", "."], ".: it is no file"),
        (["--checkpoint", "/none"], "/none: it is not there"),
        (["--expect", "pilot"], "write TERM=VALUE"),
        (["--expect", "colour=red"], "with a TERM of pilot, environment"),
    ],
)
def test_a_wrong_command_ends_with_2_and_one_line(
    tmp_path: Path,
    made: Files,
    options: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, told = command(write(tmp_path / "b", made), *options, capsys=capsys)
    assert code == 2
    assert says in told
    assert told.count("\n") == 1


def test_a_register_that_is_none_is_a_wrong_command(
    tmp_path: Path, made: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "b", made)
    (tmp_path / "trust.json").write_bytes(b'{"format": 1, "keys": [{}]}')
    code, told = command(folder, "--trust", str(tmp_path / "trust.json"), capsys=capsys)
    assert code == 2
    assert "key 1 of the register" in told
    code, told = command(tmp_path / "none", capsys=capsys)
    assert code == 2


def test_hostile_names_in_a_bundle_do_not_steer_the_terminal(
    tmp_path: Path, made: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of files, pilots, keys and runs: whoever signs may write anything."""
    hostile = "\x1b[2J\u202eVALID\r\n\x9b"
    files = edited(made, "manifest.json", lambda of: of.update(pilot=hostile))
    files = edited(files, "judgements/run-0.json", lambda of: of.update(run=hostile))
    folder = write(tmp_path / "bundle", resealed(files) | {f"a\x1b]0;VALID\x07{hostile}": b""})
    known = trust(tmp_path, register_of(registered(key(), name=f"Ada {hostile}")))
    code, told = command(folder, "--trust", known, capsys=capsys)
    assert code == 1
    assert not set(told) & set("\x1b\u202e\r\x9b\x07")
    assert "\nVALID" not in told


def test_a_terminal_of_another_encoding_gets_escapes(
    tmp_path: Path, made: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main([str(write(tmp_path / "b", made))]) == 3
    terminal.seek(0)
    assert "\\u2192" in terminal.read()


def test_the_report_of_findings_keeps_their_order(tmp_path: Path, made: Files) -> None:
    report = checked(tmp_path, made)
    order = list(dict.fromkeys(one.check for one in report.findings))
    assert order[:3] == ["signature", "terms", "files"]
    assert json.dumps(order)
