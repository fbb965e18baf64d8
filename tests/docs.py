"""Commands and snippets of the documentation, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = tuple(
    sorted(
        page for glob in ("*.md", "docs/**/*.md", "bench/*.md") for page in REPOSITORY.glob(glob)
    )
)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def snippets(page: Path, language: str) -> list[str]:
    """The text of every fenced block of one language."""
    return [text for kind, text in _FENCE.findall(page.read_text()) if kind == language]


def commands(page: Path) -> list[str]:
    """Each line of the page's `sh` blocks, without its comment."""
    lines = [line for text in snippets(page, "sh") for line in text.splitlines()]
    return [line.partition("#")[0].strip() for line in lines if line.strip()]


def edited(text: str, block: str) -> str:
    """`text` with the lines marked - replaced by those marked +."""
    lines = block.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line.startswith("-"))
    new = "".join(line[1:] for line in lines if line.startswith("+"))
    assert text.count(old) == 1, f"not there, or not once: {old}"
    return text.replace(old, new)
