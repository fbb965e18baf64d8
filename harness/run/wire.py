"""Tasks and messages between this process and a box: MessagePack of declared types, never code.

What a box sends is decoded strictly: a message of another form is no message.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from connectors.events import Event
from contracts.promises import Thresholds
from harness import tags
from harness.box.frames import Garbage
from harness.run.slots import AskSlots
from harness.run.task import Asked, Columns, Counted, Done, Failed, Happened, Message, Stage, Task

SAID = "said"
"""The file with all that a child prints, in its temporary folder."""


class Pilot(Struct, frozen=True, kw_only=True):
    """Where a child finds the source that it reads, and what it may know of it."""

    folder: str
    """Of `pilot.py`."""
    where: str
    """`file:line` of the source's settings."""
    values: Mapping[str, str]
    """The source's settings."""
    secrets: Mapping[str, str]
    """What its references resolve to, and no other's."""
    store: Mapping[str, str] | None
    """The settings of the secret store, if it writes there; their references are in `secrets`."""
    thresholds: Thresholds

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Pilot(folder={self.folder!r}, where={self.where!r})"


class Order(Struct, frozen=True, kw_only=True):
    """All that a child is told."""

    task: Task
    pilot: Pilot | None
    """None for a task that needs no source."""
    folder: str
    """The current folder."""
    temporary: str
    """A folder for temporary files; removed with the child."""
    path: tuple[str, ...]
    """Where Python looks for modules."""
    environ: Mapping[bytes, bytes]
    """As the system holds it: names and values need be no text."""
    shares_budgets: bool
    """Whether it asks for slots of budgets, beside those of this machine."""
    debug: bool
    """Whether defects are described, which may show data."""

    def __repr__(self) -> str:
        """Without the environment."""
        return f"Order(task={self.task!r}, pilot={self.pilot!r})"


class _Event(Struct, frozen=True, kw_only=True, tag="Happened"):
    dataset: str | None
    kind: str
    event: msgspec.Raw


_order = msgspec.msgpack.Decoder(Order)
_message = msgspec.msgpack.Decoder(
    Stage | Asked | Done | Columns | Counted | Failed | _Event | AskSlots
)
_encode = msgspec.msgpack.Encoder().encode
_EVENTS = {tag: msgspec.msgpack.Decoder(event) for event, tag in tags.EVENTS.items()}


def encode_order(order: Order) -> bytes:
    """An order for a child; it holds secrets."""
    return _encode(order)


def decode_order(sent: bytes) -> Order:
    """The order behind `encode_order`."""
    return _order.decode(sent)


def encode_message(message: Message) -> bytes:
    """A message of a child."""
    if isinstance(message, Happened):
        kind, event = tags.EVENTS[type(message.event)], msgspec.Raw(_encode(message.event))
        return _encode(_Event(dataset=message.dataset, kind=kind, event=event))
    return _encode(message)


def decode_message(sent: bytes) -> Message | AskSlots:
    """The message behind `encode_message`. Raises Garbage for anything else."""
    try:
        message: Message | _Event | AskSlots = _message.decode(sent)
        if isinstance(message, _Event):
            event: Event = _EVENTS[message.kind].decode(message.event)
            return Happened(dataset=message.dataset, event=event)
    except (msgspec.MsgspecError, KeyError, ValueError, TypeError) as error:
        raise Garbage from error
    return message
