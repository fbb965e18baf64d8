"""A bundle checked with nothing of ours installed: by verify.pyz beside `cryptography` alone, and
by VERIFY.md with a shell's tools alone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.evidence.verifier import archive
from tests.docs import REPOSITORY, snippets

PAGE = REPOSITORY / "harness" / "evidence" / "VERIFY.md"
_TOOLS = (
    *("openssl", "sha256sum"),
    *("cat", "comm", "find", "grep", "ls", "mktemp", "rm", "sed", "sort", "tail", "wc"),
)
"""All that VERIFY.md needs: no Python, no jq, and nothing of ours."""
_NEEDED = ("cryptography", "cffi", "_cffi_backend", "pycparser")
"""`cryptography`, and what comes with it."""


def by_verify_pyz(here: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run verify.pyz in a folder, by a Python that sees nothing else that is installed."""
    with TemporaryDirectory() as clean:
        for origin in filter(None, map(_origin, _NEEDED)):
            found = origin.parent if origin.name == "__init__.py" else origin
            (Path(clean) / found.name).symlink_to(found)
        pyz = Path(clean) / "verify.pyz"
        pyz.write_bytes(archive())
        return subprocess.run(
            [sys.executable, "-S", pyz, *arguments],
            cwd=here,
            env={"PYTHONPATH": clean, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )


def by_the_page(bundle: Path) -> list[str]:
    """What each block of VERIFY.md prints, followed from the first to the last. The register is
    `trust.json` beside the bundle.
    """
    blocks = snippets(PAGE, "sh")
    with TemporaryDirectory() as tools:
        for tool in _TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (Path(tools) / tool).symlink_to(found)
        ended = subprocess.run(
            ["/bin/sh"],
            cwd=bundle,
            env={"PATH": tools, "TMPDIR": str(bundle.parent)},
            input="\necho =====\n".join(blocks),
            capture_output=True,
            text=True,
        )
    told = ended.stdout.split("=====\n")
    assert len(told) == len(blocks), ended.stdout + ended.stderr
    return told


def _origin(module: str) -> Path | None:
    spec = find_spec(module)
    return None if spec is None or spec.origin is None else Path(spec.origin)
