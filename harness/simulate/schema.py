"""Changed columns: what a source declares after somebody altered a table without notice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from connectors.events import Declared, DeclaredColumn

_SMALLER: Mapping[str, str] = {
    "bigint": "integer",
    "integer": "smallint",
    "int": "smallint",
    "double precision": "real",
    "double": "float",
    "text": "varchar(40)",
    "varchar": "varchar(40)",
    "string": "fixed_size_binary[40]",
    "int64": "int32",
    "int32": "int16",
}
_NUMBER = re.compile(r"(?<=\()\d+")


def narrowable(column: DeclaredColumn) -> bool:
    """Whether its type has a narrower one."""
    return _narrower(column) is not None


def renamed(declared: Declared, chance: Random) -> tuple[Declared, str]:
    """With one column under another name, and which one that was."""
    n, column = chance.choice([*enumerate(declared.columns)])
    return _with(declared, n, replace(column, name=f"{column.name}_new")), column.name


def removed(declared: Declared, chance: Random) -> tuple[Declared, str]:
    """Without one column, and which one that was."""
    n, column = chance.choice([*enumerate(declared.columns)])
    rest = declared.columns[:n] + declared.columns[n + 1 :]
    return replace(declared, columns=rest), column.name


def added(declared: Declared) -> Declared:
    """With one column more."""
    column = replace(declared.columns[-1], name="added_without_notice")
    return replace(declared, columns=(*declared.columns, column))


def narrowed(declared: Declared, chance: Random) -> Declared:
    """With one column of a narrower type, where there is one."""
    can = [(n, column) for n, column in enumerate(declared.columns) if narrowable(column)]
    if not can:
        return declared
    n, column = chance.choice(can)
    return _with(declared, n, replace(column, type=_narrower(column)))


def _with(declared: Declared, n: int, column: DeclaredColumn) -> Declared:
    before, after = declared.columns[:n], declared.columns[n + 1 :]
    return replace(declared, columns=(*before, column, *after))


def _narrower(column: DeclaredColumn) -> str | None:
    if column.type is None:
        return None
    if column.type in _SMALLER:
        return _SMALLER[column.type]
    found = _NUMBER.search(column.type)
    if found is None or int(found[0]) < 2:  # noqa: PLR2004 - half of it is less
        return None
    return f"{column.type[: found.start()]}{int(found[0]) // 2}{column.type[found.end() :]}"
