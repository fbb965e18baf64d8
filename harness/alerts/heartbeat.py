"""The heartbeat: shows somebody else that the night ran, so that they notice one that did not.

It says that all was judged, that the result was published, and that whoever was to be told was
told; not that all is well. Where one of these fails it stays silent, and whoever waits for it
raises the alarm.
"""

from __future__ import annotations

from pathlib import Path

from connectors.errors import SourceError
from harness.alerts.channels import Channels
from harness.alerts.hook import ask
from harness.atomic_write import BY_UMASK, replace
from harness.errors import ConfigurationError, one_line
from harness.folders import require_replaceable
from harness.report.words import instant
from harness.result import Result


def beat(channels: Channels, result: Result) -> str | None:
    """Ask the address, or write the file; why not, in one line, or None. A run of a part of the
    plan is no night.
    """
    wanted = channels.settings.heartbeat
    if wanted is None or result.omitted:
        return None
    if result.untold:
        return "heartbeat: withheld, because not everybody could be told"
    try:
        if channels.heartbeat is not None:
            ask(channels.heartbeat, name="heartbeat", ca_file=None)
        if wanted.file is not None:
            _write(Path(wanted.file), f"{instant(result.ended_at)} {result.run}\n")
    except (SourceError, ConfigurationError) as error:
        return f"heartbeat: {one_line(error)}"
    return None


def _write(file: Path, text: str) -> None:
    require_replaceable(file)
    try:
        replace(file, text, mode=BY_UMASK)
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be written: {error.strerror}: correct that, or name another"
        ) from error
