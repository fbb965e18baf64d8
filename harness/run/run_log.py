"""The run log: every event of every reading, one JSON object per line."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from connectors.events import Event
from contracts.defaults import persisted_fields
from harness import folders, tags
from harness.errors import ConfigurationError


class RunLog:
    """An open run log: appended to, readable by its owner alone (mode 0600).

    json.dumps escapes control characters and everything outside ASCII, so no value can end a line
    or colour a terminal.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        try:
            folders.take_folder(path.parent)
            folders.take_file(path)
            self._file = path.open("a", encoding="ascii")
        except OSError as error:
            raise ConfigurationError(
                f"{path} cannot be written: {error.strerror}: correct it, or name another --out"
            ) from error
        self._now = now
        self._one_at_a_time = threading.Lock()

    def write(self, source: str, dataset: str | None, event: Event) -> None:
        """Append one event; threads may write at the same time."""
        line = {
            "at": self._now().isoformat(),
            "source": source,
            "dataset": dataset,
            "event": tags.EVENTS[type(event)],
            **msgspec.to_builtins(persisted_fields(event), enc_hook=str),
        }
        with self._one_at_a_time:
            self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        """End all writing; a later `write` raises ValueError."""
        with self._one_at_a_time:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
