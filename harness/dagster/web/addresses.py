"""Where our own pages are."""

from __future__ import annotations

START = "/seatrial"
BUNDLES = f"{START}#bundles-heading"
RESULTS = f"{START}/results"
REPORT = f"{RESULTS}/report.html"
