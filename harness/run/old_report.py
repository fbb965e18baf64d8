"""The report of an earlier run, beside a run that writes none: killed, interrupted or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from harness.atomic_write import replace
from harness.errors import ConfigurationError
from harness.folders import require_own_file
from harness.ledger import lock
from harness.report import old
from harness.run.config import RunConfig
from harness.say import complain
from harness.signals import held


def mark(config: RunConfig, *, at: datetime) -> None:
    """Let the report in `out` say that it is old, until this run replaces it. Whoever calls this
    holds the lock of `out`. Raises OSError.
    """
    _mark(config.published[-1], at, of=config.run_id)


@contextmanager
def marked(config: RunConfig) -> Iterator[None]:
    """If the block raises, the report of an earlier run says that it is old."""
    at = config.clock.now()
    try:
        yield
    except BaseException:
        with held():
            refused(config.published[-1], at=at, of=config.run_id)
        raise


def refused(report: Path, *, at: datetime, of: str = "") -> None:
    """A run of that time has ended without a report: let an earlier one say that it is old, if
    it is ours, not of the run `of`, no other run is about to replace it, and the disk has room.
    """
    if not report.is_file():
        return
    with suppress(ConfigurationError, OSError), lock.hold(report.with_name("run.lock"), what=""):
        require_own_file(report)
        _mark(report, at, of=of)


def tell(report: Path, *, of: str = "") -> None:
    """Say that a report which is there is not of the run `of`, and whether it says so itself."""
    try:
        page = report.read_text()
    except (OSError, UnicodeDecodeError):
        return
    if not of or of not in page:
        says = "and says so" if old.is_old(page) else "and does not say so: it could not be marked"
        complain(f"  {report} is of an earlier run, {says}")


def _mark(report: Path, at: datetime, *, of: str) -> None:
    if not report.is_file():
        return
    page = report.read_text()
    if not of or of not in page:
        replace(report, old.mark_old(page, at=at))
