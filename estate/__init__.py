"""Real servers to practise with. The product never imports this package.

with estate.running() as running:
environ = running.environ
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estate.lifecycle import Running, running
    from estate.process import EstateError

__all__ = ["EstateError", "Running", "running"]


def __getattr__(name: str) -> object:
    # Late: a server's own process imports this package too, and must not wait for all of it.
    if name not in __all__:
        raise AttributeError(f"module 'estate' has no attribute {name!r}")
    return getattr(import_module("estate.lifecycle"), name)
