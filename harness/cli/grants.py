"""`seatrial grants` on the command line."""

from __future__ import annotations

import os
from pathlib import Path

from harness.cli.options import Environment, PilotFolder, SourceName
from harness.say import say


def grants(source: SourceName, pilot: PilotFolder = None, *, env: Environment = "dev") -> None:
    """Print the SQL that lets the pilot read a source, and nothing else; connects to no source."""
    from harness.onboarding.grants import grants_script
    from harness.pilot import loading as pilots

    loaded = pilots.load_chosen(pilot, start=Path.cwd())
    script = grants_script(loaded, environment=env, source=source, environ=os.environ)
    for line in script.splitlines():
        say(line)
