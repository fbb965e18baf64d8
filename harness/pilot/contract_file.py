"""The contracts that one file of Python makes, each with the lines that it is written on.

The file is imported as part of its engagement, as `pilot.py` imports it. It is a program, and
whoever names it trusts it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from contracts.promises import Contract
from harness.errors import ConfigurationError
from harness.folders import require_text
from harness.pilot.module import import_file

_COLUMN = re.compile(r"columns? ([^\s,:]+)")
_WORD = re.compile(r"[\w.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One contract."""

    contract: Contract
    file: Path
    line: int
    lines: Mapping[str, int]
    """Where each keyword and each text of it first stands."""

    def where(self, problem: str) -> str:
        """`file:line` of what a problem names, or of the contract."""
        named = _COLUMN.search(problem)
        words = [*(named.groups() if named else ()), *_WORD.findall(problem)]
        line = next((self.lines[word] for word in words if word in self.lines), self.line)
        return f"{self.file}:{line}"


def load_contracts(file: Path) -> list[Written]:
    """All contracts that `file` makes, in its order. Raises ConfigurationError, also where it
    makes none: a file that holds no contract is not in order.

    Its modules are forgotten afterwards, so that another version of the file can be loaded.
    """
    shown, file = file, _existing(file)
    folder = _engagement(file)
    known = set(sys.modules)
    try:
        module = import_file(folder, file, lambda _: None)
        written = list(_written(module, file, shown))
    finally:
        for name in set(sys.modules) - known:
            if _is_below(folder, sys.modules[name]):
                del sys.modules[name]
    if not written:
        raise ConfigurationError(f"{shown}: it makes no Contract(…): name a file that does")
    twice = [
        one for one in written if sum(o.contract.name == one.contract.name for o in written) > 1
    ]
    if twice:
        raise ConfigurationError(
            f"{shown}:{twice[-1].line}: two contracts are named {twice[-1].contract.name}: "
            "rename one"
        )
    return written


def _existing(file: Path) -> Path:
    if not file.exists():
        raise ConfigurationError(f"there is no file {file}: name one that makes a Contract")
    if not file.is_file() or file.suffix != ".py":
        raise ConfigurationError(f"{file} is no Python file: name one that makes a Contract")
    file = file.resolve()
    require_text(file)
    if "." in file.parent.name + file.stem:
        raise ConfigurationError(
            f"{file}: Python takes a dot in a name for a package: rename the file or its folder"
        )
    return file


def _engagement(file: Path) -> Path:
    """The folder with `pilot.py` that the file is of; without one, its own."""
    around = (folder for folder in file.parents if (folder / "pilot.py").is_file())
    return next(around, file.parent)


def _is_below(folder: Path, module: ModuleType) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(place and folder in (Path(place), *Path(place).parents) for place in places)


def _written(module: ModuleType, file: Path, shown: Path) -> Iterator[Written]:
    """Each contract once, by the name that the module gives it."""
    made = _assignments(file)
    seen = set[int]()
    for name, value in vars(module).items():
        for contract in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(contract, Contract) and id(contract) not in seen:
                seen.add(id(contract))
                line, lines = made.get(name, (1, {}))
                yield Written(contract=contract, file=shown, line=line, lines=lines)


def _assignments(file: Path) -> dict[str, tuple[int, dict[str, int]]]:
    """By name, the line of what is assigned to it, and those of keywords and texts in it."""
    found: dict[str, tuple[int, dict[str, int]]] = {}
    for node in ast.parse(file.read_bytes(), str(file)).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = (node.lineno, _places(node))
    return found


def _places(node: ast.AST) -> dict[str, int]:
    lines: dict[str, int] = {}
    for part in ast.walk(node):
        keys = part.keys if isinstance(part, ast.Dict) else ()
        for key in keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                lines.setdefault(key.value, key.lineno)
        if isinstance(part, ast.keyword) and part.arg is not None:
            lines.setdefault(part.arg, part.value.lineno)
    return lines
