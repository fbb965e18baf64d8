"""Words that a reader may not know, as data, and where they stand in a text.

A page links each of them to its explanation, and explains those alone that occur on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from markupsafe import Markup, escape

from harness.claims import CLAIMS
from harness.report.terms import CODES, OUTCOMES, PATTERNS, WORDS
from harness.say import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word with what it says."""

    word: str
    says: str
    """One or two plain sentences, without another word of the table where that can be."""
    pattern: str
    """Where it stands in a text: a regular expression without groups."""

    @property
    def anchor(self) -> str:
        """Its id on a page."""
        return anchor(self.word)


def anchor(word: str) -> str:
    """The id on a page of a word's explanation."""
    return "word-" + re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")


@cache
def terms() -> tuple[Term, ...]:
    """All of them, by the alphabet. The claims explain themselves."""
    claims = {
        claim.name: f"A claim. It is true when {claim.true_when}. "
        f"It stays unproven where this holds: {claim.unproven_when}."
        for claim in CLAIMS
    }
    found = [
        *(Term(word=word, says=says, pattern=_word(word)) for word, says in OUTCOMES.items()),
        *(Term(word=word, says=says, pattern=_word(word)) for word, says in claims.items()),
        *(Term(word=word, says=says, pattern=_code(word)) for word, says in CODES.items()),
        *(
            Term(word=word, says=says, pattern=PATTERNS.get(word, _word(word)))
            for word, says in WORDS.items()
        ),
    ]
    return tuple(sorted(found, key=lambda one: one.word.lower()))


@lru_cache(maxsize=4096)  # the same labels and methods stand on a page hundreds of times
def explained(text: str) -> Markup:
    """The text, safe to show, with each known word linked where it first stands."""
    shown, parts, end, seen = visible(text), [], 0, set[str]()
    for match in _any().finditer(shown):
        term = _by_group()[str(match.lastgroup)]
        if term.word in seen:
            continue
        seen.add(term.word)
        parts += [escape(shown[end : match.start()]), linked(match[0], term.word)]
        end = match.end()
    return Markup().join([*parts, escape(shown[end:])])


def coded(status: str) -> Markup:
    """A status by itself, linked if it is known."""
    return linked(status, status) if status in CODES else escape(visible(status))


def linked(text: str, word: str) -> Markup:
    """The text as a link to the explanation of `word`."""
    return Markup('<a class="word" href="#{}">{}</a>').format(anchor(word), visible(text))


def used(page: str) -> Iterator[Term]:
    """The terms to which a page links."""
    names = set(re.findall(r'href="#(word-[a-z0-9-]+)"', page))
    return (one for one in terms() if one.anchor in names)


def within(texts: Iterable[str]) -> Iterator[Term]:
    """The terms that stand in these texts."""
    # Where a page was made of the same texts before, it has found most of them.
    return used("".join(map(explained, dict.fromkeys(texts))))


def _word(word: str) -> str:
    return rf"\b{re.escape(word)}\b"


def _code(word: str) -> str:
    """A code of an answer stands in brackets, or behind a word that announces it."""
    if not word.isdecimal():
        return _word(word)
    return rf"(?<=\(){word}(?=[),: ])|(?<=HTTP ){word}\b|(?<=answered ){word}\b|(?<=and ){word}\)"


@cache
def _by_group() -> dict[str, Term]:
    return {f"t{place}": one for place, one in enumerate(terms())}


@cache
def _any() -> re.Pattern[str]:
    # The longest pattern first, so that `slot` does not take a part of another word of ours.
    groups = sorted(_by_group().items(), key=lambda one: -len(one[1].word))
    return re.compile("|".join(f"(?P<{name}>{one.pattern})" for name, one in groups))
