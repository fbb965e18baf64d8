"""`seatrial init`: writes the files of a new engagement, laid out as the demo is."""

from __future__ import annotations

import importlib.util
import keyword
import os
import re
import sys
from importlib.resources import files
from pathlib import Path
from string import Template

from harness.atomic_write import BY_UMASK
from harness.errors import ConfigurationError
from harness.folders import make_file, require_safe
from harness.pilot.model import SLUG

_FILES = {
    "README.md": "README.md",
    ".gitignore": "gitignore",
    "workspace.yaml": "workspace.yaml",
    "{package}/pilot.py": "pilot.py.txt",
    "{package}/pilot.yaml": "pilot.yaml",
}
_SCHEMA = "{package}/pilot.schema.json"
"""What an editor reads to complete and to check `pilot.yaml`, of this release."""
_PACKAGES = {
    "{package}/__init__.py": '"""The engagement $name."""\n',
    "{package}/contracts/__init__.py": '"""What the sources promised, one dataset a file."""\n',
}


def init(folder: Path, *, name: str | None) -> list[Path]:
    """Write the engagement's files into `folder`; returns their paths.

    The pilot is called `name`, or as the folder; so is the package, with _ for -. Raises
    ConfigurationError, before anything is written, for a bad name, an existing file, and a folder
    that others may write.
    """
    name = _slug(folder.resolve().name) if name is None else name
    package = _package(name)
    templates = files("harness.onboarding") / "engagement"
    texts = {place: (templates / file).read_text("utf-8") for place, file in _FILES.items()}
    wanted = {
        folder / place.format(package=package): Template(text).substitute(
            name=name, package=package
        )
        for place, text in {**texts, **_PACKAGES}.items()
    }
    schema = (files("harness.pilot") / "pilot.schema.json").read_text("utf-8")
    wanted[folder / _SCHEMA.format(package=package)] = schema
    for path in (folder / package, *wanted):
        if path.exists() or path.is_symlink():
            raise ConfigurationError(f"{path} is there already: choose another DIR or --name")
    require_safe(folder)
    try:
        for path, text in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(make_file(path, BY_UMASK), "w", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise ConfigurationError(f"{folder}: {error.strerror}: choose another DIR") from error
    return sorted(wanted)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _package(name: str) -> str:
    """The package's name. Raises ConfigurationError if it would hide another, or be hidden."""
    if not SLUG.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} is no name for a pilot: use a-z, 0-9, _ and -, a letter first (--name)"
        )
    package = name.replace("-", "_")
    taken = package in sys.stdlib_module_names or keyword.iskeyword(package)
    if taken or importlib.util.find_spec(package) is not None:
        raise ConfigurationError(f"{package} is a name of Python's or a library's: choose --name")
    return package
