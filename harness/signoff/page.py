"""The page that a person signs by hand, and the same lines for a terminal; pure but for the file.

One file without network, scripts or other files, by the rules of `harness/report/frame.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from harness.atomic_write import BY_UMASK, replace
from harness.errors import ConfigurationError
from harness.evidence.verify.words import paragraph
from harness.facts import EvidenceClass
from harness.report import fingerprint, frame, summary
from harness.signoff.look import Looked
from harness.signoff.shown import Section, sections


def told(looked: Looked) -> Iterator[str]:
    """What is to be signed, for a terminal: lines of 80 columns."""
    for section in shown(looked):
        yield section.heading
        for line in section.lines:
            yield from paragraph("  ", line)
    yield "Its digest"
    yield f"  {looked.bundle.manifest}"
    for line in fingerprint.lines(looked.bundle.manifest):
        yield f"  {line}"


def shown(looked: Looked) -> list[Section]:
    """Every question with its answer."""
    assert looked.evidence is not None  # a bundle that was verified
    return sections(looked.evidence, looked.bundle.night, looked.bundle.judged)


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
            words=fingerprint.lines(looked.bundle.manifest),
            code=Markup(fingerprint.square(looked.bundle.manifest)),  # noqa: S704 - hex digits
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


@cache
def _environment() -> Environment:
    """That of the run's report, with our own page before its parts."""
    loaders = (PackageLoader("harness.signoff", ""), PackageLoader("harness.report", ""))
    return frame.environment().overlay(loader=ChoiceLoader(loaders))
