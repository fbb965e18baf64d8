"""Answers what children ask of budgets, from a ledger that several machines share."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

from connectors.secrets import Secret
from connectors.slots import OwnSlots, Slots
from harness.box.frames import Garbage
from harness.errors import ConfigurationError
from harness.ledger.budgets import Budgets, SlotsInLedger, shared_budgets
from harness.run.slots import AskSlots, GotSlots

_LONGEST = 366 * 86_400.0
_MOST = 50
"""Budgets of one source."""
_LOG = logging.getLogger("seatrial")
Answer: TypeAlias = Callable[[AskSlots], GotSlots | None]


class Keeper:
    """That of one run. The ledger is asked only once a child asks. As a context it gives up what
    is held.
    """

    def __init__(self, place: Path | Secret) -> None:
        self._place = place
        self._alone = threading.Lock()
        self._open = ExitStack()
        self._budgets: Budgets | None = None
        self._is_open = False

    @property
    def is_needed(self) -> bool:
        """Whether other machines write to the same ledger."""
        return isinstance(self._place, Secret)

    def close(self) -> None:
        """Give up all that is held."""
        self._open.close()

    @contextmanager
    def child(self) -> Iterator[Answer]:
        """What answers one child; None for what it only tells. What it holds is given up with it:
        its requests may have been sent until now. Raises LedgerLost, and Garbage for what no
        child of ours asks.
        """
        known: dict[tuple[str, int, float], Slots] = {}

        def answer(asked: AskSlots) -> GotSlots | None:
            budget = asked.key, asked.requests, asked.seconds
            if budget not in known:
                if len(known) == _MOST:
                    raise Garbage
                known[budget] = self._slots(*budget)
            return _answer(known[budget], asked)

        try:
            yield answer
        finally:
            for slots in known.values():
                if isinstance(slots, SlotsInLedger):
                    slots.free_all()

    def _slots(self, key: str, requests: int, seconds: float) -> Slots:
        budgets = self._open_once()
        if budgets is None:  # this machine's file is all that is shared
            return OwnSlots(requests, seconds)
        return budgets.slots(key, requests, seconds)

    def _open_once(self) -> Budgets | None:
        with self._alone:
            if not self._is_open and isinstance(self._place, Secret):
                self._is_open = True
                try:
                    self._budgets = self._open.enter_context(shared_budgets(self._place))
                except ConfigurationError as error:
                    _LOG.warning("%s: budgets are shared on this machine alone", error)
            return self._budgets


def _answer(slots: Slots, asked: AskSlots) -> GotSlots | None:
    if asked.what != "take" and not 0 <= asked.number <= _LONGEST:
        raise Garbage
    match asked.what:
        case "take":
            taken = slots.take(within=asked.number)
            return GotSlots(slot=taken.slot, number=taken.wait)
        case "paused":
            return GotSlots(number=slots.paused())
        case "spent":
            return GotSlots(number=slots.spent())
        case "free":
            slots.free(int(asked.number))
        case "pause":
            slots.pause(asked.number)
    return None
