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
from harness.signals import held


def mark(config: RunConfig, *, begun: datetime) -> None:
    """Let the report in `out` say that it is old, until this run replaces it. Whoever calls this
    holds the lock of `out`.
    """
    _mark(config.published[-1], begun, of=config.run_id)


@contextmanager
def marked(config: RunConfig) -> Iterator[None]:
    """If the block raises, the report of an earlier run says that it is old."""
    begun = config.clock.now()
    try:
        yield
    except BaseException:
        with held():
            refused(config.published[-1], begun=begun, of=config.run_id)
        raise


def refused(report: Path, *, begun: datetime, of: str = "") -> None:
    """A run that began then has ended without a report: let an earlier one say that it is old, if
    it is ours, not of the run `of`, and no other run is about to replace it.
    """
    if not report.is_file():
        return
    with suppress(ConfigurationError, OSError), lock.hold(report.with_name("run.lock"), what=""):
        require_own_file(report)
        _mark(report, begun, of=of)


def is_marked(report: Path) -> bool:
    """Whether a report is there that says it is old."""
    try:
        return old.is_old(report.read_text())
    except (OSError, UnicodeDecodeError):
        return False


def _mark(report: Path, begun: datetime, *, of: str) -> None:
    if not report.is_file():
        return
    page = report.read_text()
    if not of or of not in page:
        replace(report, old.mark_old(page, begun=begun))
