"""Tasks and messages between this process and a box: MessagePack of declared types, never code.

What a box sends is decoded strictly: a message of another form is no message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

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
    """The source's settings. What their references lead to, the child asks for when it needs it:
    `harness/run/handed.py`."""
    thresholds: Thresholds


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


class Wants(Struct, frozen=True, kw_only=True, tag=True):
    """A child asks what references of its source lead to."""

    how: Literal["first", "present", "take"]
    """When the run began; now, as secrets; as a secret that its use replaces."""
    references: tuple[str, ...]


class Keep(Struct, frozen=True, kw_only=True, tag=True):
    """A child asks to keep a secret in the place of the one that was used."""

    reference: str
    new: str
    old: str

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Keep(reference={self.reference!r})"


class Given(Struct, frozen=True, kw_only=True):
    """What a child is given for it, or why it is not."""

    values: tuple[str, ...] = ()
    why_not: str | None = None

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Given(why_not={self.why_not!r})"


_order = msgspec.msgpack.Decoder(Order)
_message = msgspec.msgpack.Decoder(
    Stage | Asked | Done | Columns | Counted | Failed | _Event | AskSlots | Wants | Keep
)
_given = msgspec.msgpack.Decoder(Given)
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


def encode_wish(wish: Wants | Keep) -> bytes:
    """What a child asks for."""
    return _encode(wish)


def encode_given(given: Given) -> bytes:
    """The answer; it holds secrets."""
    return _encode(given)


def decode_given(sent: bytes) -> Given:
    """The answer behind `encode_given`."""
    return _given.decode(sent)


def decode_message(sent: bytes) -> Message | AskSlots | Wants | Keep:
    """The message behind `encode_message`, or what is asked for. Raises Garbage for anything
    else.
    """
    try:
        message: Message | _Event | AskSlots | Wants | Keep = _message.decode(sent)
        if isinstance(message, _Event):
            event: Event = _EVENTS[message.kind].decode(message.event)
            return Happened(dataset=message.dataset, event=event)
    except (msgspec.MsgspecError, KeyError, ValueError, TypeError) as error:
        raise Garbage from error
    return message
