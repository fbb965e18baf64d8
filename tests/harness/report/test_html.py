from __future__ import annotations

import os
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from hypothesis import given

from connectors.connector import Probe, ProbeKind
from harness.facts import EvidenceClass, Probed, Reading
from harness.report.failed_rules import lines
from harness.report.html import render
from harness.report.summary import WORST_FIRST, worst_first
from harness.report.verdicts_json import document
from harness.report.words import count
from harness.result import Result
from harness.say import visible
from harness.verdict import Outcome
from tests.harness.report import sample, sample_facts
from tests.harness.report.page import Element, parse
from tests.harness.report.results import HOSTILE, results

TAGS = """
html head meta title style body p strong aside header nav main footer section h1 h2 h3 h4 div dl
dt dd ul li a span b code wbr table caption thead tbody tr th td details summary figure figcaption
svg desc path rect text
"""
ATTRIBUTES = """
lang charset http-equiv content name class role id href scope data-label viewbox transform d x y
width height fill stroke stroke-width stroke-linecap stroke-dasharray text-anchor font-family
font-size font-weight aria-label aria-labelledby aria-describedby aria-hidden
"""


def rows(page: Element) -> list[dict[str, str]]:
    """The verdicts as a reader takes them down."""
    found = []
    for row in page.every("li", "verdict"):
        names = ("claim", "source", "because", "expected", "observed", "method", "basis", "n")
        seen = {name: row.one(kind=name).text for name in names}
        pill = row.one(kind="pill")
        outcome = pill.text.split()[-1]
        assert pill.classes == {"pill", outcome}
        dataset = row.every(kind="dataset")
        found.append(
            seen
            | {"outcome": outcome, "dataset": dataset[0].text if dataset else "no dataset"}
            | {"evidence_class": row.one(kind="class").text}
        )
    return found


def told(result: Result) -> list[dict[str, str]]:
    """The verdicts for machines, each value as the page must write it."""
    entries = document(result)["verdicts"]
    entries.sort(key=lambda entry: WORST_FIRST.index(Outcome(entry["outcome"])))
    return [
        {n: visible(str(value)) for n, value in entry.items() if n != "failed_rules"}
        | {"n": count(entry["n"])}
        | {"dataset": "no dataset" if entry["dataset"] is None else visible(entry["dataset"])}
        for entry in entries
    ]


@given(results)
def test_the_page_and_the_machine_tell_the_same_verdicts(result: Result) -> None:
    """Fault E09: one source, whatever the names."""
    page = parse(render(result))
    if result.judged:
        assert rows(page) == told(result)
    else:
        assert rows(page) == []
    assert page.named("ready").text == ("READY" if document(result)["ready"] else "NOT READY")


@given(results)
def test_the_page_tells_each_failed_rule_with_all_its_lines(result: Result) -> None:
    shown = [
        line.text
        for t in parse(render(result)).every(kind="failed")
        for line in t.every(kind="line")
    ]
    assert shown == [
        visible(line).removeprefix("Next: ")
        for one in worst_first(result)
        for _, line in lines(one.verdict)
    ]


@given(results)
def test_nothing_from_the_data_becomes_an_element_or_hides(result: Result) -> None:
    """Fault X02: markup, templates and control characters in names stay text that shows."""
    html = render(result)
    page = parse(html)
    assert {element.tag for element in page.every()} <= set(TAGS.split())
    assert {name for element in page.every() for name in element.attributes} <= set(
        ATTRIBUTES.split()
    )
    assert visible(html.replace("\n", "")) == html.replace("\n", "")


def test_hostile_names_are_shown_as_they_came() -> None:
    found = sample.as_found()
    for name in HOSTILE:
        judged = replace(found.judged[0], verdict=replace(found.judged[0].verdict, because=name))
        page = parse(render(replace(found, title=name, judged=(judged,))))
        assert page.one("h1").text == visible(name)
        assert page.one(kind="because").text == visible(name)


def test_the_demo_as_found_shows_what_sinks_it_first() -> None:
    page = parse(render(sample.as_found()))
    assert page.named("ready").text == "NOT READY"
    assert page.named("plan").text == "planned 22 = executed 22"
    top = [(row["dataset"], row["claim"], row["outcome"]) for row in rows(page)[:4]]
    assert top == [
        ("customers", "conforms", "BROKEN"),
        ("shipments", "fresh", "BROKEN"),
        ("shipments", "arrives", "BROKEN"),
        ("customers", "fresh", "UNPROVEN"),
    ]
    tally = [" ".join(item.text.split()) for item in page.one(kind="tally").every("li")]
    assert tally == ["3 ✕ BROKEN", "1 ? UNPROVEN", "18 ✓ PROVEN"]


def test_the_empty_monday_is_marked_and_named() -> None:
    page = parse(render(sample.as_found()))
    lag, volume = [
        figure
        for figure in page.every("figure")
        if "by delivery" in figure.one("svg").every("title")[0].text
    ]
    assert len(volume.every("rect")) == 28
    assert [t.text for t in volume.every("text")].count("empty") == 1
    assert "empty: Mon 16 Nov" in volume.one("figcaption").text
    assert len(lag.every("rect")) == 27
    assert "without any event: Mon 16 Nov" in lag.one("figcaption").text
    assert "Expected: 95 % of deliveries within 24.0 h" in lag.one("figcaption").text


def test_practice_is_announced_on_simulated_evidence_alone() -> None:
    found = sample.as_found()
    assert parse(render(found)).one(kind="banner").text.startswith("Practice: these facts come")
    real = tuple(replace(j, evidence_class=EvidenceClass.PRODUCTION) for j in found.judged)
    assert not parse(render(replace(found, judged=real))).every(kind="banner")
    mixed = (found.judged[0], *real[1:])
    assert parse(render(replace(found, judged=mixed))).every(kind="banner")


def test_nothing_planned_is_not_ready() -> None:
    page = parse(render(sample.empty()))
    assert page.named("ready").text == "NOT READY"
    assert "Nothing was planned" in page.one(kind="state").text


def test_a_check_that_did_not_run_is_missing_from_executed() -> None:
    found = sample.as_found()
    idle = replace(
        found.judged[0], verdict=replace(found.judged[0].verdict, outcome=Outcome.NOT_RUN)
    )
    page = parse(render(replace(found, judged=(idle, *found.judged[1:]))))
    assert page.named("plan").text == "planned 22, executed 21: 1 did not run"
    (covered,) = [one for one in page.every("table") if "Planned" in one.one("thead").text]
    assert "1 of 2" in covered.text


def test_failed_readings_say_why_and_keep_their_place() -> None:
    page = parse(render(sample.all_error()))
    assert len(page.every(kind="failure")) == 4
    assert {row["outcome"] for row in rows(page)} == {"ERROR"}


def test_what_our_login_was_denied_and_what_not_is_told() -> None:
    found = sample.as_found()
    grants = tuple(
        Probe(kind=ProbeKind.GRANT, name=name, refused=refused, status=status, detail="role r")
        for name, refused, status in (("UPDATE t", True, "42501"), ("own t", False, "granted"))
    )
    asked = Probed(source="crm", probes=grants, failure=None)
    page = parse(render(replace(found, facts=(*found.facts, asked))))
    (said,) = [p for p in page.every("p") if p.text.startswith("Asked about")]
    assert said.text == "Asked about role r, never tried: UPDATE t 42501, own t granted."
    assert [strong.text for strong in said.every("strong")] == ["granted"]


def test_a_planned_dataset_without_a_reading_says_so() -> None:
    found = sample.as_found()
    facts = tuple(
        f for f in found.facts if not (isinstance(f, Reading) and f.dataset == "customers")
    )
    html = render(replace(found, facts=facts))
    assert "No reading: nothing was observed." in html
    assert "It cannot be said which reading it belongs to." in html


def test_a_contract_without_rules_is_not_said_to_hold() -> None:
    found = sample.as_found()
    held = render(
        replace(found, facts=(sample_facts.customers(), sample_facts.evaluation("customers", 9)))
    )
    assert "in 0.21 s: every one held." in held
    bare = replace(sample_facts.evaluation("customers", 9), rules=())
    shown = render(replace(found, facts=(sample_facts.customers(), bare)))
    assert "every one held" not in shown
    assert "nothing is shown by that" in shown


def test_the_page_needs_nothing_but_itself() -> None:
    """CSP 3: no source is allowed but the one style whose digest stands in the policy."""
    html = render(sample.as_found())
    page = parse(html)
    (policy,) = [
        str(meta.attributes["content"])
        for meta in page.every("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    style = html.split("<style>")[1].split("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"://|url\(|@import|@font-face", html)
    ids = {element.attributes.get("id") for element in page.every()}
    links = [element.attributes["href"] or "" for element in page.every("a")]
    assert links and {f"#{name}" for name in ids} >= set(links)  # noqa: PT018 - a pair


def test_a_screen_reader_finds_its_way() -> None:
    page = parse(render(sample.as_found()))
    assert page.one("html").attributes["lang"] == "en"
    assert [len(page.every(tag)) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    ids = [e.attributes["id"] for e in page.every() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    for element in page.every():
        for name in ("aria-labelledby", "aria-describedby"):
            assert element.attributes.get(name) in (None, *ids)
    for table in page.every("table"):
        assert table.one("caption").text
        heads, rows = table.one("thead").every("th"), table.one("tbody").every("th")
        assert all(head.attributes["scope"] == "col" for head in heads)
        assert all(head.attributes["scope"] == "row" for head in rows)
    for svg in page.every("svg"):
        first, second = svg.children[:2]
        assert isinstance(first, Element) and isinstance(second, Element)  # noqa: PT018 - a pair
        assert (first.tag, second.tag) == ("title", "desc")
        assert first.text and second.text  # noqa: PT018 - a pair
    levels = [int(e.tag[1]) for e in page.every() if re.fullmatch("h[1-6]", e.tag)]
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_the_same_result_gives_the_same_bytes_in_any_process() -> None:
    program = (
        "from tests.harness.report import sample; from harness.report.html import render; "
        "import hashlib; print(hashlib.sha256(render(sample.as_found()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(Path.cwd())},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert digests == {sha256(render(sample.as_found()).encode()).hexdigest() + "\n"}


def test_whoever_could_not_be_told_is_named() -> None:
    page = render(replace(sample.as_found(), untold=("Ada by room: <b>no</b>",)))
    assert "Not told:</strong> Ada by room: &lt;b&gt;no&lt;/b&gt;" in page
    assert "Not told" not in render(sample.as_found())


def test_the_demo_report_stays_small() -> None:
    assert len(render(sample.as_found()).encode()) < 110_000
