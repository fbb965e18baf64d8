"""The file is the same wherever it is made, is what it says it is, and holds data as text."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.report import typeset
from harness.report.document import (
    Attachment,
    Bullets,
    Code,
    Link,
    Paragraph,
    Pill,
    Row,
    Signing,
    Strong,
    Table,
    Terms,
)
from harness.report.letters import printed
from harness.verdict import Outcome
from tests.docs import REPOSITORY
from tests.harness.report.printed import NOTHING, by_poppler, pdf, text, with_

HOSTILE = (
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.4": *',
    '#eval("1+1") #sys.inputs #panic()',
    "@label <label> = heading",
    "[content] {code} $x^2$ `raw` ```raw```",
    "*strong* _emph_ -- --- ... ~ \\ \\u{1F600} // gone /* gone */",
    "\"quoted\" 'quoted' http://example.com",
    "\u202eright to left\u202c",
    "w" * 500,
    "a.very/long-path_to:some=thing" * 8,
    "漢字 \N{PARTY POPPER} שלום e\u0336",
    "\x00\x1b[31m\r\n\t\u2028",
)
PLACES = (
    Paragraph((*HOSTILE, *map(Code, HOSTILE), *map(Strong, HOSTILE))),
    Bullets(tuple((one,) for one in HOSTILE)),
    Terms(tuple((one, (one,)) for one in HOSTILE)),
    Table(HOSTILE[0], HOSTILE[:3], (1, 1, 1), (Row(((HOSTILE[0],), (Code(HOSTILE[8]),), ())),)),
    Signing(
        bound=("Sign",),
        read_aloud=HOSTILE,
        square=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
        says=HOSTILE[0],
        caption="Sign",
        roles=HOSTILE,
    ),
)
MADE = """
import hashlib, sys
from tests.harness.report.printed import pdf
from tests.harness.report.test_typeset import PLACES, with_
print(hashlib.sha256(pdf(with_(*PLACES))).hexdigest())
"""


def test_it_is_the_same_in_any_place_and_language_and_with_any_fonts(tmp_path: Path) -> None:
    other = {
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "tr_TR.UTF-8",
        "TZ": "Pacific/Kiritimati",
        "SOURCE_DATE_EPOCH": "1",
        "HOME": str(tmp_path),
        "TYPST_FONT_PATHS": "/usr/share/fonts",
        "TYPST_PACKAGE_PATH": str(tmp_path),
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(REPOSITORY),
    }
    asked = [sys.executable, "-c", MADE]
    there = subprocess.run(asked, cwd=tmp_path, env=other, capture_output=True, text=True)
    assert there.stdout.strip() == hashlib.sha256(pdf(with_(*PLACES))).hexdigest(), there.stderr


def test_another_document_is_another_file() -> None:
    """The positive control of the claim above."""
    assert pdf(with_(*PLACES)) != pdf(with_(*PLACES[1:]))


def test_it_calls_itself_pdf_a_3a_and_pdf_ua_1() -> None:
    made = pdf(with_(Paragraph(("words",))))
    for says in (b"<pdfaid:part>3<", b"<pdfaid:conformance>A<", b"<pdfuaid:part>1<"):
        assert says in made
    assert b"<rdf:li>en</rdf:li>" in made
    assert b"2026-11-22T02:01:00" in made


def test_the_template_can_read_nothing_but_what_it_is_given() -> None:
    source = Path(typeset.__file__).with_name("document.typ").read_text()
    assert not re.findall(r"\b(?:eval|read|plugin|include|import|yaml|csv|toml)\b *[(\"@]", source)
    assert re.findall(r"\bjson\((.*?)\)\n", source) == ["bytes(sys.inputs.document)"]


def test_typst_is_imported_when_something_is_printed_and_not_before() -> None:
    asked = "import sys, harness.evidence.bundle; print('typst' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", asked], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert ended.stdout == "False\n", ended.stderr


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ('#set document(title: "x")\n#panic("no\\nway")', "panicked with"),
        ('#set document(title: "x")\n#set text(font: "nowhere")\nx', "unknown font family"),
        ('#set document(title: "x")\n= One\n=== Three', "skipped from heading level 1 to 3"),
        ("= One", "missing document title"),
    ],
    ids=["error", "warning", "gap", "title"],
)
def test_what_typst_refuses_or_warns_of_is_one_line_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, says: str
) -> None:
    (tmp_path / "document.typ").write_text(template)
    monkeypatch.setattr(typeset, "_TEMPLATE", tmp_path / "document.typ")
    with pytest.raises(ConfigurationError) as raised:
        pdf(NOTHING)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert str(raised.value).endswith(": a defect, report it")


def test_a_text_that_fills_pages_is_cut_and_says_so() -> None:
    long = pdf(with_(Paragraph(("w " * 1_000_000,))))
    assert len(long) < 4 * len(pdf(with_(Paragraph(("w " * 2_000,)))))


def test_each_outcome_has_the_contrast_that_wcag_asks_for() -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1, of an outcome on its own ground and of plain text on white."""
    source = Path(typeset.__file__).with_name("document.typ").read_text()
    pairs = re.findall(r'\(rgb\("#(\w{6})"\), rgb\("#(\w{6})"\)\)', source)
    plain = re.findall(r'#let (?:ink|muted) = rgb\("#(\w{6})"\)', source)
    assert len(pairs) == len(Outcome)
    assert len(plain) == 2
    assert all(contrast(dark, light) >= 4.5 for dark, light in pairs)
    assert all(contrast(one, "ffffff") >= 4.5 for one in plain)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.estate_full("pdftotext")
def test_x02_what_a_name_holds_is_text_in_every_place_of_the_file() -> None:
    shown = text(pdf(with_(*PLACES, heading=HOSTILE[0], reason=HOSTILE[1], foot=HOSTILE[2])))
    for one in HOSTILE:
        assert "".join(printed(one).split()) in shown, one
    assert "root:" not in shown


@pytest.mark.estate_full("pdftotext")
def test_the_banner_stands_on_every_page_and_is_read_out_once() -> None:
    """What is in a page's head is no part of the text that a screen reader reads."""
    some = [Paragraph(("words " * 600,))] * 5
    made = pdf(with_(*some, banner="Practice: simulated"))
    pages = by_poppler("pdftotext", "-raw", of=made).split("\f")[:-1]
    assert len(pages) > 2
    assert all("Practice: simulated" in page for page in pages)
    assert by_poppler("pdfinfo", "-struct-text", of=made).count("Practice: simulated") == 1


@pytest.mark.estate_full("pdftotext")
def test_the_head_of_a_table_stands_on_each_of_its_pages() -> None:
    rows = tuple(Row(((f"row {one}",), ("",))) for one in range(120))
    made = pdf(with_(Table("Many rows", ("The first", "The second"), (1, 1), rows)))
    pages = by_poppler("pdftotext", "-raw", of=made).split("\f")[:-1]
    assert len(pages) > 2
    assert all("The first" in page for page in pages)


@pytest.mark.estate_full("pdftotext")
def test_a_reader_that_listens_hears_headings_tables_links_and_signs() -> None:
    pills = tuple(Row((("a",), (Pill(one, "✓"),))) for one in Outcome)
    made = pdf(
        with_(
            Paragraph((Link("there", "here"),)),
            Table("Outcomes", ("Claim", "Outcome"), (1, 1), (*pills, Row((("x",), ()), "here"))),
        )
    )
    told = by_poppler("pdfinfo", "-struct-text", of=made)
    for tag in ('H1 "Section"', "Table (block)", "THead", "TH <", "TD", "Link (inline)", "TOC"):
        assert tag in told, tag
    assert all(f'{one}"' in told for one in Outcome)


@pytest.mark.estate_full("pdftotext")
def test_a_digest_is_one_word_when_it_is_copied() -> None:
    digest = "0123456789abcdef" * 4
    narrow = Table("x", ("a", "b"), (1, 9), (Row(((Code(digest),), ("b",))),))
    assert digest in text(pdf(with_(Paragraph((Code(digest),)))))
    assert digest in text(pdf(with_(narrow)))


@pytest.mark.estate_full("pdftotext")
def test_what_is_attached_comes_out_as_it_went_in(tmp_path: Path) -> None:
    held = '{"name":"漢 é \\u0000","#read":"/etc/passwd"}'
    about = Attachment(
        name="manifest.json", kind="application/json", relation="data", description="The list."
    )
    file = tmp_path / "made.pdf"
    file.write_bytes(pdf(with_(attached=(about,)), {"manifest.json": held}))
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True)
    assert (tmp_path / "manifest.json").read_text() == held
    assert b"/AFRelationship/Data" in file.read_bytes()
