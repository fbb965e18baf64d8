"""Fault X02: what a name holds is no template and no markup, in the report and in a bundle."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import jinja2
import pytest

from harness.evidence import page
from harness.report import html as report
from harness.say import visible
from tests.harness.evidence.bundles import key
from tests.harness.evidence.ledgers import evidence, nights
from tests.harness.report import sample

NAMES = (
    "{{7*7}}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in range(7) %}x{% endfor %}",
    "{# gone #}{{ self }}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(1)>",
    "javascript:alert(1)",
)


def of_the_report(name: str) -> str:
    return report.render(replace(sample.as_found(), title=name))


def of_a_bundle(name: str, place: Path) -> str:
    found = evidence(nights(place / "ledger.sqlite", 1), title=name)
    return page.render(found, b"{}", key=key().public.hex())


@pytest.mark.parametrize("name", NAMES)
def test_x02_a_name_stands_in_the_page_as_it_is(tmp_path: Path, name: str) -> None:
    for shown in (of_the_report(name), of_a_bundle(name, tmp_path)):
        assert visible(name) in html.unescape(shown)
        assert name not in shown or html.escape(name) == name
        assert not {"<script", "<img", "<svg"} & {*shown.lower().split()}


@pytest.mark.parametrize("name", [name for name in NAMES if html.escape(name) != name])
def test_x02_without_the_guard_markup_would_be_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The twin: escaping is off by default in the template library."""
    made = page._environment().overlay(autoescape=False)  # noqa: SLF001 - its guard goes off
    monkeypatch.setattr(page, "_environment", lambda: made)
    assert name in of_a_bundle(name, tmp_path)


def test_x02_as_a_template_it_would_be_evaluated() -> None:
    """The twin of the other guard: names are values of a template, and never part of one."""
    assert jinja2.Environment(autoescape=True).from_string(NAMES[0]).render() == "49"
