"""The public API as text: every module, name, signature and member.

python -m tests.door.api > tests/door/api.txt
"""

from __future__ import annotations

import enum
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

MODULES = (
    "seatrial",
    "seatrial.sql",
    "seatrial.rest",
    "seatrial.soap",
    "seatrial.files",
    "seatrial.connector",
    "seatrial.dagster",
)
_PLAIN = (bool, int, float, str, tuple, type(None))
_MODULE = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)*\.(?=[A-Za-z])")


def public() -> Iterator[tuple[str, str, object]]:
    """Module, name and object of all that `__all__` lists."""
    for module in MODULES:
        loaded = import_module(module)
        for name in loaded.__all__:
            yield module, name, getattr(loaded, name)


def text() -> str:
    """A line for each name and member, as a reader would want to see them change."""
    lines: list[str] = []
    for module, name, found in public():
        lines += ["", f"# {module}", ""] if f"# {module}" not in lines else []
        lines += _lines(name, found)
    return "\n".join(lines).lstrip() + "\n"


def _lines(name: str, found: object) -> Iterator[str]:
    if inspect.isclass(found):
        bases = ", ".join(b.__name__ for b in found.__bases__ if b is not object)
        yield f"class {name}{f'({bases})' if bases else ''}"
        yield from (f"    {member}" for member in _members(found))
    elif inspect.isfunction(found):
        yield f"def {name}{_signature(found)}"
    else:
        yield f"{name} = {found!r}" if isinstance(found, str) else name


def _members(found: type) -> Iterator[str]:
    if issubclass(found, enum.Enum):
        yield from (f"{member.name} = {member.value!r}" for member in found)
        return
    if "__init__" in vars(found) and not getattr(found, "_is_protocol", False):
        yield f"def __init__{_signature(found)}"
    for name, member in sorted(vars(found).items()):
        if name.startswith("_"):
            continue
        if isinstance(member, property) and member.fget:
            yield f"property {name}{_signature(member.fget)}"
        elif inspect.isfunction(member):
            yield f"def {name}{_signature(member)}"


def _signature(found: Callable[..., object]) -> str:
    signature = inspect.signature(found)
    shown = [
        p.replace(annotation=_bare(p.annotation), default=_default(p.default))
        for p in signature.parameters.values()
        if not p.name.startswith("_")
    ]
    returned = _bare(signature.return_annotation)
    return str(signature.replace(parameters=shown, return_annotation=returned))


def _default(value: object) -> object:
    """Itself where it is plain; of others that there is one."""
    plain = value is inspect.Parameter.empty or isinstance(value, _PLAIN)
    return value if plain else _Text("...")


def _bare(annotation: object) -> object:
    """Without modules, which are nobody's business."""
    return _Text(_MODULE.sub("", annotation)) if isinstance(annotation, str) else annotation


class _Text(str):
    """Shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


if __name__ == "__main__":
    sys.stdout.write(text())
