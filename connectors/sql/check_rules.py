"""CHECK constraints as rules of a contract, where both say exactly the same.

Pure. It knows the few forms in which PostgreSQL writes a comparison of one column with literals,
and as SQLite keeps what its user wrote. Anything else, such as another function, a collation or a
cast that changes a value, is None: never guessed.

    both ::= one (AND one)*        one ::= column op literal | column IN (literal, …) | …
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.capabilities import ColumnRule
from connectors.sql.check_literals import CASTS, Kind, Literal, UnknownForm

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")+")|(?P<number>[0-9]+(?:\.[0-9]+)?)
    (?![\w.])|(?P<word>[A-Za-z_][\w$]*)|(?P<sign>::|<=|>=|<>|!=|==|[-()=<>,\[\]]))""",
    re.VERBOSE,
)
_CHECKS = {">": "gt", ">=": "ge", "<": "lt", "<=": "le", "=": "eq", "==": "eq", "<>": "ne"}
_CHECKS["!="] = "ne"
_TURNED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne"}
_LENGTHS = ("length", "char_length", "character_length")


_MOST_TOKENS = 10_000


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def rules(
    expression: str, kinds: Mapping[str, Kind | None]
) -> Sequence[tuple[str, ColumnRule | None]] | None:
    """The rules that together say `expression`, each with its column; a rule that is None says
    that the column is never missing. None where they would not say exactly the same. `kinds` has
    every column of the table.
    """
    try:
        parser = _Parser(list(_tokens(expression)), kinds)
        found = list(parser.both())
        parser.end()
    except (UnknownForm, RecursionError):
        return None
    return found


def _tokens(expression: str) -> Iterator[_Token]:
    at = count = 0
    expression = expression.strip()
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        count += 1
        if match is None or count > _MOST_TOKENS:
            raise UnknownForm
        kind = match.lastgroup or ""
        text = match[kind]
        at = match.end()
        yield _Token(kind, text.lower() if kind == "word" else text)


class _Parser:
    def __init__(self, tokens: Sequence[_Token], kinds: Mapping[str, Kind | None]) -> None:
        self._tokens = tokens
        self._kinds = kinds
        self._at = 0

    def both(self) -> Iterator[tuple[str, ColumnRule | None]]:
        """One condition, or several that must all hold."""
        yield from self._one()
        while self._take("and"):
            yield from self._one()

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise UnknownForm

    def _one(self) -> Iterator[tuple[str, ColumnRule | None]]:
        start = self._at
        try:
            yield from list(self._comparison())
        except UnknownForm:
            self._at = start
            self._need("(")
            found = list(self.both())
            self._need(")")
            yield from found

    def _comparison(self) -> Iterator[tuple[str, ColumnRule | None]]:
        start = self._at
        try:
            value = self._plain_literal()
        except UnknownForm:
            self._at = start
        else:  # a literal stands first
            check = _TURNED[self._operator()]
            column, kind = self._column()
            yield column, _compared(check, kind, value.value(kind))
            return
        if self._peek() in _LENGTHS:
            yield self._length()
            return
        column, kind = self._column()
        if self._take("is"):
            self._need("not", "null")
            yield column, None
        elif self._take("between"):
            low = self._literal(kind)
            self._need("and")
            yield column, _compared("ge", kind, low)
            yield column, _compared("le", kind, self._literal(kind))
        elif self._take("in"):
            yield column, ColumnRule(check="isin", values=(self._listed(kind, "(", ")"),))
        elif self._take("not"):
            self._need("in")
            yield column, ColumnRule(check="notin", values=(self._listed(kind, "(", ")"),))
        else:
            check = self._operator()
            quantity = {"eq": "any", "ne": "all"}.get(check)
            if quantity and self._take(quantity):
                listing = {"eq": "isin", "ne": "notin"}[check]
                yield column, ColumnRule(check=listing, values=(self._array(kind),))
            else:
                yield column, _compared(check, kind, self._literal(kind))

    def _length(self) -> tuple[str, ColumnRule]:
        self._at += 1
        self._need("(")
        column, kind = self._column()
        self._need(")")
        check = self._operator()
        number = self._literal(Kind.INTEGER)
        if kind is not Kind.TEXT or not isinstance(number, int):
            raise UnknownForm
        bounds: dict[str, tuple[int | None, int | None]] = {
            "gt": (number + 1, None),
            "ge": (number, None),
            "lt": (None, number - 1),
            "le": (None, number),
            "eq": (number, number),
        }
        if check not in bounds or number < 1:
            raise UnknownForm
        return column, ColumnRule(check="str_length", values=bounds[check])

    def _column(self) -> tuple[str, Kind]:
        if self._take("("):
            column, kind = self._column()
            self._need(")")
        else:
            token = self._next()
            name = token.text
            if token.kind == "quoted":
                name = name[1:-1].replace('""', '"')
            elif token.kind != "word":
                raise UnknownForm
            if name not in self._kinds:  # SQLite's user may have written it in capitals
                name = next((known for known in self._kinds if known.lower() == name), name)
            known_kind = self._kinds.get(name)
            if known_kind is None:
                raise UnknownForm
            column, kind = name, known_kind
        while self._take("::"):
            if self._type() not in CASTS[kind]:
                raise UnknownForm
        return column, kind

    def _operator(self) -> str:
        token = self._next()
        if token.kind != "sign" or token.text not in _CHECKS:
            raise UnknownForm
        return _CHECKS[token.text]

    def _array(self, kind: Kind) -> list[object]:
        """`(ARRAY[…])`, with casts of the whole that change no item."""
        self._need("(")
        found = self._listed(kind, "[", "]") if self._take("array") else self._array(kind)
        while self._take("::"):
            if self._type() not in CASTS[kind]:
                raise UnknownForm
            self._need("[", "]")
        self._need(")")
        return found

    def _listed(self, kind: Kind, opening: str, closing: str) -> list[object]:
        self._need(opening)
        found = [self._literal(kind)]
        while self._take(","):
            found.append(self._literal(kind))
        self._need(closing)
        return found

    def _literal(self, kind: Kind) -> object:
        return self._plain_literal().value(kind)

    def _plain_literal(self) -> Literal:
        if self._take("("):
            found = self._plain_literal()
            self._need(")")
        else:
            sign = "-" if self._take("-") else ""
            token = self._next()
            if token.kind not in ("text", "number") or (sign and token.kind == "text"):
                raise UnknownForm
            is_text = token.kind == "text"
            written = token.text[1:-1].replace("''", "'") if is_text else sign + token.text
            found = Literal(is_text=is_text, written=written)
        while self._take("::"):
            found = replace(found, casts=(*found.casts, self._type()))
        return found

    def _type(self) -> str:
        words = []
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "word":
            if self._peek() in ("and", "any", "all"):
                break
            words.append(self._next().text)
        return " ".join(words)

    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            raise UnknownForm
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self) -> str:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        return token.text if token and token.kind in ("word", "sign") else ""

    def _take(self, text: str) -> bool:
        taken = self._peek() == text
        self._at += taken
        return taken

    def _need(self, *texts: str) -> None:
        for text in texts:
            if not self._take(text):
                raise UnknownForm


def _compared(check: str, kind: Kind, value: object) -> ColumnRule:
    """A comparison. Which of two texts is the larger one is a collation's word."""
    if kind is Kind.TEXT and check not in ("eq", "ne"):
        raise UnknownForm
    return ColumnRule(check=check, values=(value,))
