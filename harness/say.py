"""What people read on a terminal. Names and messages come from sources, files and servers: none of
them may steer the terminal, hide a word, reorder a line or begin a new one.
"""

from __future__ import annotations

import logging
import sys
import unicodedata

from connectors.redaction import redact


def visible(text: str) -> str:
    """The text, with every character that hides, reorders or controls text escaped.

    Names come from the sources: U+202E must not reverse a line, and NUL must not end one.
    """
    if text.isprintable():  # most are, and a report has hundreds of thousands of characters
        return text
    return "".join(c if _shows(c) else c.encode("unicode_escape").decode() for c in text)


def shown(text: str) -> str:
    """The text as people may read it: visible, and without any secret of this process."""
    return visible(redact(text))


class Shown(logging.Formatter):
    """Log lines, tracebacks among them: none can steer the terminal, and none shows a secret."""

    def format(self, record: logging.LogRecord) -> str:
        """A record may have many lines: a traceback has."""
        return "\n".join(map(visible, redact(super().format(record)).splitlines()))


def log_debugging() -> None:
    """Log our debugging messages, and warnings of others, on stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(Shown(logging.BASIC_FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("seatrial").setLevel(logging.DEBUG)


def say(line: object) -> None:
    """Print one line on stdout."""
    sys.stdout.write(f"{shown(str(line))}\n")
    sys.stdout.flush()


def complain(line: object) -> None:
    """Print one line on stderr."""
    sys.stderr.write(f"{shown(str(line))}\n")
    sys.stderr.flush()


def _shows(character: str) -> bool:
    # isprintable accepts only one kind of space; the others are harmless and group digits.
    return character.isprintable() or unicodedata.category(character) == "Zs"
