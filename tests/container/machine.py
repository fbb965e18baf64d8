"""What this machine says of itself: where its Debian packages and its Python packages come from.

Asked of apt and pip each time, and written nowhere but into roots that are thrown away.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_INDEX = "$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debian:
    """A release and the mirror that gives it."""

    codename: str
    mirror: str


def debian() -> Debian:
    """The release that runs here, from the mirror that apt takes it from."""
    release = Path("/etc/os-release").read_text()
    codename = dict(line.partition("=")[::2] for line in release.splitlines())["VERSION_CODENAME"]
    listed = _said("apt-get", "indextargets", "--format", _INDEX, "Created-By: Packages")
    for line in listed.splitlines():
        if line.startswith(f"Debian {codename} main "):
            return Debian(codename=codename, mirror=line.rpartition(" ")[2])
    raise AssertionError(f"apt names no mirror of Debian {codename}")


def need(program: str) -> None:
    """Have Debian's package of this name installed, as what is marked `estate_full` may ask."""
    if shutil.which(program) is None:
        _said("apt-get", "--quiet", "update")
        _said("apt-get", "--quiet", "--yes", "--no-install-recommends", "install", program)


def pip_settings() -> str:
    """Our pip's settings as the text of a pip.conf: files and environment, the latter last."""
    told = _said(sys.executable, "-m", "pip", "config", "list")
    values: dict[str, str] = {}
    for line in sorted(told.splitlines(), reverse=True):  # `:env:` comes after `global`
        place, _, value = line.partition("=")
        values[place.rpartition(".")[2]] = ast.literal_eval(value).replace("\n", " ")
    return "[global]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())


def pip_paths() -> Iterator[Path]:
    """Files and folders of this machine that those settings speak of."""
    for word in pip_settings().split():
        path = Path(urlsplit(word).path if word.startswith("file://") else word)
        if path.is_absolute() and path.exists():
            # An index beside its files: a link may lead from one to the other.
            yield path.parent if word.startswith("file://") else path


def _said(*command: str | Path) -> str:
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return ended.stdout
