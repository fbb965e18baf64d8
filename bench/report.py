"""What a bundle's two reports cost, of thirty nights of twenty datasets; and what the gate lets
through.

    entries ─▶ Evidence ─▶ report.html ─▶ Chromium, on a phone and as PDF (the peer)
                       └─▶ report.pdf

Each round is a fresh process, so that what is imported and compiled first is in it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from bench import gated
from bench.evidence_verify import SHAPE, bodies
from bench.memory import reset_peak, resident
from bench.metric import Metric, Sample
from harness.evidence import page
from harness.evidence.evidence import Evidence, Scope, read
from harness.evidence.paper import paper
from harness.ledger.chain import Entry, link

LIBRARIES = ("jinja2", "msgspec", "typst")
OUTCOMES = (*("PROVEN",) * 7, "UNPROVEN", "BROKEN", *("PROVEN",) * 4)
"""Of the verdicts in turn: of thirteen, two stand in the way."""
_KEY = "0" * 64
_PHONE = (390, 844)
_REGISTER = {
    "source": "shop",
    "owner": "A. Owner",
    "deputy": "B. Deputy",
    "escalation": "C. Chief",
    "acknowledged_by": "A. Owner",
    "acknowledged_on": "2026-11-01",
}
_PEER = (
    "Peer: Chromium prints the same report.html as PDF, from its start to the file. Ours is a "
    "render in a fresh process, from evidence to file, with the imports that it alone needs."
)
_REPOSITORY = Path(__file__).parent.parent
_CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")


def floors() -> list[str]:
    """What stands beside it."""
    return [
        _PEER,
        "Digests beyond the first: of files that were made again and differ.",
    ]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Both by turns, then the page as a phone shows it."""
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        rounds = [_round(here, say) for _ in range(3 if quick else 15)]
        height = _height(here / "report.html")
    printed = [one["chromium"] for one in rounds if "chromium" in one]
    found = {"report.html": "html", "report.pdf": "pdf"}
    return [
        Metric(
            metric="report.html",
            unit=f"seconds, {SHAPE}",
            samples=tuple(Sample(value=one["html"]["seconds"]) for one in rounds),
            goal=1.0,
        ),
        Metric(
            metric="report.pdf",
            unit=f"seconds, {SHAPE}; against: printed by Chromium",
            samples=tuple(
                Sample(value=one["pdf"]["seconds"], against=one.get("chromium", {}).get("seconds"))
                for one in rounds
            ),
            goal=3.0,
        ),
        *(
            Metric(
                metric=name,
                unit="CPU seconds",
                samples=tuple(Sample(value=one[kind]["cpu"]) for one in rounds),
            )
            for name, kind in found.items()
        ),
        Metric(
            metric="report.html",
            unit="kB",
            samples=(Sample(value=rounds[0]["html"]["bytes"] / 1e3),),
            goal=300,
        ),
        Metric(
            metric="report.pdf",
            unit="kB; against: printed by Chromium",
            samples=(
                Sample(
                    value=rounds[0]["pdf"]["bytes"] / 1e3,
                    against=printed[0]["bytes"] / 1e3 if printed else None,
                ),
            ),
        ),
        Metric(
            metric="report.pdf",
            unit="MB more at most in the process",
            samples=tuple(Sample(value=one["pdf"]["more"]) for one in rounds),
            summary=max,
        ),
        *(
            Metric(
                metric=name,
                unit="digests beyond the first when made again",
                samples=(Sample(value=len({one[kind]["sha256"] for one in rounds}) - 1),),
                goal=0,
            )
            for name, kind in found.items()
        ),
        Metric(
            metric="printed by Chromium",
            unit="digests beyond the first when made again, of the peer",
            samples=(Sample(value=len({one["sha256"] for one in printed}) - 1),)
            if printed
            else (),
        ),
        Metric(
            metric="report.html",
            unit="pixels high on a phone of 390, before unfolding",
            samples=() if height is None else (Sample(value=height),),
            goal=8000,
        ),
        *gated.metrics(),
    ]


def _round(here: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Both reports by a fresh process, then the peer's."""
    asked = [sys.executable, "-m", "bench.report", str(here)]
    ended = subprocess.run(asked, check=True, capture_output=True, cwd=_REPOSITORY)
    found: dict[str, Any] = json.loads(ended.stdout)
    if chromium := shutil.which("chromium"):
        to = here / "printed.pdf"
        began = time.perf_counter()
        subprocess.run(
            [
                chromium,
                *_CHROMIUM,
                f"--user-data-dir={here / 'profile'}",
                f"--print-to-pdf={to}",
                (here / "report.html").as_uri(),
            ],
            check=True,
            capture_output=True,
        )
        found["chromium"] = _of(to.read_bytes(), time.perf_counter() - began)
    say(f"html {found['html']['seconds']:.2f} s, pdf {found['pdf']['seconds']:.2f} s")
    return found


def _height(file: Path) -> float | None:
    """The page's height on a phone; None where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    width, height = _PHONE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": width, "height": height})
        shown.goto(file.as_uri())
        found = shown.evaluate("document.documentElement.scrollHeight")
        browser.close()
    return float(found)


def main(here: Path) -> None:
    """Make both once, leave them in `here`, and print what they took as JSON."""
    evidence = _evidence()
    ways: dict[str, Callable[[], bytes]] = {
        "html": lambda: page.render(evidence, b"{}", key=_KEY).encode(),
        "pdf": lambda: paper.render(evidence, b"{}", b"{}", key=_KEY),
    }
    found = {}
    for kind, made in ways.items():
        reset_peak()
        held, cpu, began = resident(), time.process_time(), time.perf_counter()
        file = made()
        took = {"cpu": time.process_time() - cpu, "more": resident("VmHWM") - held}
        found[kind] = {**_of(file, time.perf_counter() - began), **took}
        (here / f"report.{kind}").write_bytes(file)
    sys.stdout.write(json.dumps(found))


def _of(file: bytes, seconds: float) -> dict[str, Any]:
    digest = hashlib.sha256(file).hexdigest()
    return {"seconds": seconds, "bytes": len(file), "sha256": digest}


def _evidence() -> Evidence:
    scope = Scope(pilot="bench", title="Bench", environment="dev", zone="UTC")
    return read(tuple(_entries()), scope)


def _entries() -> Iterator[Entry]:
    last: tuple[int, str] | None = None
    for run, kind, body in _mixed():
        entry = link(last, run=run, kind=kind, body=body)
        last = entry.seq, entry.sha256
        yield entry


def _mixed() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The nights of the other benches, with an owner, and with verdicts that stand in the way."""
    outcomes = cycle(OUTCOMES)
    for run, kind, body in bodies():
        if kind == "verdict":
            outcome = next(outcomes)
            body["verdict"] |= {"outcome": outcome, "because": f"{outcome}: as on other nights"}
        yield run, kind, body
        if kind == "started":
            own = {
                name: body[name] for name in ("pilot", "environment", "run", "slot", "code", "at")
            }
            yield run, "register", {**own, "source": "shop", "register": _REGISTER}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
