"""The page that a person signs by hand, and the same lines for a terminal; pure but for the file.

One file without network, scripts or other files, by the rules of `harness/report/frame.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import segno
from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from harness.atomic_write import BY_UMASK, replace
from harness.errors import ConfigurationError
from harness.evidence.verify.words import paragraph
from harness.facts import EvidenceClass
from harness.report import frame, summary
from harness.signoff import proquint
from harness.signoff.look import Looked
from harness.signoff.shown import Section, sections

_QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""
_WORDS_A_LINE = 4


def told(looked: Looked) -> Iterator[str]:
    """What is to be signed, for a terminal: lines of 80 columns."""
    for section in shown(looked):
        yield section.heading
        for line in section.lines:
            yield from paragraph("  ", line)
    yield "Its digest"
    yield f"  {looked.bundle.manifest}"
    for line in digest_lines(looked.bundle.manifest):
        yield f"  {line}"


def shown(looked: Looked) -> list[Section]:
    """Every question with its answer."""
    assert looked.evidence is not None  # a bundle that was verified
    return sections(looked.evidence, looked.bundle.night, looked.bundle.judged)


def digest_lines(digest: str) -> list[str]:
    """A digest as words, four a line."""
    words = proquint.words(digest)
    return [" ".join(words[at : at + _WORDS_A_LINE]) for at in range(0, len(words), _WORDS_A_LINE)]


def render(looked: Looked, *, role: str, by: str | None) -> str:
    """The page. Equal bundles give equal bytes."""
    night = looked.bundle.night
    simulated = night is not None and EvidenceClass.SIMULATED in night.signed.classes
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            pilot=looked.bundle.pilot,
            environment=looked.bundle.environment,
            role=role,
            by=by,
            sections=shown(looked),
            manifest=looked.bundle.manifest,
            words=digest_lines(looked.bundle.manifest),
            code=_code(looked.bundle.manifest),
            practice=summary.PRACTICE if simulated else "",
        )
    )


def write(path: Path, looked: Looked, *, role: str, by: str | None) -> None:
    """Write the page. Raises ConfigurationError where the file cannot be written."""
    try:
        replace(path, render(looked, role=role, by=by), mode=BY_UMASK)
    except OSError as error:
        raise ConfigurationError(
            f"--page {path}: {error.strerror}: name a file to write"
        ) from None


def _code(digest: str) -> Markup:
    """The QR code of `sha256:DIGEST`, whose characters are hex digits alone."""
    made = segno.make(f"sha256:{digest}", error="m", micro=False)
    return Markup(  # noqa: S704 - drawn from hex digits by the library, and from nothing else
        made.svg_inline(scale=4, border=_QUIET, svgclass=None, lineclass=None, omitsize=True)
    )


@cache
def _environment() -> Environment:
    """That of the run's report, with our own page before its parts."""
    loaders = (PackageLoader("harness.signoff", ""), PackageLoader("harness.report", ""))
    return frame.environment().overlay(loader=ChoiceLoader(loaders))
