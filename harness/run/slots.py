"""Slots of budgets for a child: it has no ledger, so it asks the process that has.

    child: SlotsByPipe ─ AskSlots ─▶ keeper.py ─▶ the ledger's budgets ─ GotSlots ─▶ child

What is only told, such as a slot that is free again, is not answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, TypeAlias

import msgspec

from connectors.slots import Taken
from harness.box.frames import Frames

_Key = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
_Requests = Annotated[int, msgspec.Meta(ge=1)]
_Seconds = Annotated[float, msgspec.Meta(gt=0)]
What: TypeAlias = Literal["take", "free", "pause", "paused", "spent"]


class AskSlots(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a child asks of a budget."""

    key: _Key
    requests: _Requests
    seconds: _Seconds
    what: What
    number: float = 0.0
    """The slot, or seconds."""


class GotSlots(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    slot: int | None = None
    number: float = 0.0


_encode = msgspec.msgpack.Encoder().encode
encode_answer: Callable[[GotSlots], bytes] = _encode
_got = msgspec.msgpack.Decoder(GotSlots)


class Asking:
    """A child's way to ask."""

    def __init__(self, frames: Frames, end: Callable[[], None]) -> None:
        self._frames = frames
        self._end = end

    def slots(self, key: str, requests: int, seconds: float) -> SlotsByPipe:
        """Those of one budget."""
        return SlotsByPipe(
            self, AskSlots(key=key, requests=requests, seconds=seconds, what="take")
        )

    def tell(self, what: AskSlots) -> None:
        """Tell something."""
        try:
            self._frames.send(_encode(what))
        except OSError:
            self._end()

    def ask(self, what: AskSlots) -> GotSlots:
        """Ask something."""
        answer = self._frames.ask(_encode(what))
        if answer is None:
            self._end()
            raise EOFError
        return _got.decode(answer)


class SlotsByPipe:
    """The slots of one budget, in a child."""

    def __init__(self, asking: Asking, of: AskSlots) -> None:
        self._asking = asking
        self._of = of

    def take(self, *, within: float) -> Taken:
        """As `Slots` says."""
        got = self._asking.ask(self._with("take", within))
        return Taken(got.slot, got.number)

    def free(self, slot: int) -> None:
        """As `Slots` says."""
        self._asking.tell(self._with("free", slot))

    def pause(self, seconds: float) -> None:
        """As `Slots` says."""
        self._asking.tell(self._with("pause", seconds))

    def paused(self) -> float:
        """As `Slots` says."""
        return self._asking.ask(self._with("paused")).number

    def spent(self) -> int:
        """As `Slots` says."""
        return int(self._asking.ask(self._with("spent")).number)

    def _with(self, what: What, number: float = 0.0) -> AskSlots:
        return msgspec.structs.replace(self._of, what=what, number=number)
