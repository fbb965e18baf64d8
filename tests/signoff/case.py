"""One bundle that must not open the gate, with the name by which it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from harness.signoff.decision import Name
from tests.signoff.scene import Scene

Build = Callable[[Scene], None]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is shown to the gate: folder, ledger, register and time."""

    what: str
    name: Name
    build: Build


class Cases(list[Case]):
    """A list that a decorator adds to."""

    def __call__(self, name: Name, what: str) -> Callable[[Build], Build]:
        def take(build: Build) -> Build:
            self.append(Case(what=what, name=name, build=build))
            return build

        return take
