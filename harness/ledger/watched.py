"""A ledger that a process looks at again and again, as for a page.

What is new is checked, and all of it once a day.
"""

from __future__ import annotations

import threading
from datetime import datetime

from harness.errors import ConfigurationError
from harness.ledger.heads import Mark
from harness.ledger.ledger import Ledger
from harness.ledger.opening import A_DAY, Checked, known, whole


class Watched:
    """What this process knows of one ledger. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: object = None
        self._wrong: list[str] = []
        self._mark: Mark | None = None

    def require_whole(self, ledger: Ledger, name: str, *, now: datetime) -> None:
        """Raise ConfigurationError for whatever somebody changed in it."""
        if wrong := self._changes_in(ledger, now):
            raise ConfigurationError(f"ledger {name}: {wrong[0]}: keep it as it is")

    def _changes_in(self, ledger: Ledger, now: datetime) -> list[str]:
        with self._lock, ledger.snapshot() as seen:
            tables = (seen.runs(), seen.cursors(), seen.checkpoints(), seen.extent())
            if tables == self._tables and self._is_of_today(now):
                return self._wrong
            found = known(seen, now=now, mark=self._mark) or whole(seen, now=now, mark=self._mark)
            self._tables = tables
            self._wrong = [] if isinstance(found, Checked) else found
            self._mark = found.mark if isinstance(found, Checked) else self._mark
            return self._wrong

    def _is_of_today(self, now: datetime) -> bool:
        at = None if self._mark is None else self._mark.whole_at
        return at is not None and abs(now - at) <= A_DAY
