"""What people read on a terminal. Names and messages come from sources, files and servers: none of
them may steer the terminal, hide a word, reorder a line or begin a new one.
"""

from __future__ import annotations

import sys
import unicodedata


def visible(text: str) -> str:
    """The text, with every character that hides, reorders or controls text escaped.

    Names come from the sources: U+202E must not reverse a line, and NUL must not end one.
    """
    if text.isprintable():  # most are, and a report has hundreds of thousands of characters
        return text
    return "".join(c if _shows(c) else c.encode("unicode_escape").decode() for c in text)


def say(line: object) -> None:
    """Print one line on stdout."""
    sys.stdout.write(f"{visible(str(line))}\n")
    sys.stdout.flush()


def complain(line: object) -> None:
    """Print one line on stderr."""
    sys.stderr.write(f"{visible(str(line))}\n")
    sys.stderr.flush()


def _shows(character: str) -> bool:
    # isprintable accepts only one kind of space; the others are harmless and group digits.
    return character.isprintable() or unicodedata.category(character) == "Zs"
