"""Secrets on their way from this process to the child that reads a source.

    child: a log-in needs a secret ─ Wants ─▶ here: is it of its source? ─▶ store ─ Given ─▶ child

So a child has what its source's log-ins need, when they need it. It has neither the log-in at the
store nor what another source may have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.errors import SourceError
from connectors.secrets import Kept, MissingReference, Secret, is_reference
from harness.box.frames import Frames, Garbage
from harness.errors import ConfigurationError
from harness.pilot.model import Address
from harness.run.wire import Given, Keep, Wants, decode_given, encode_wish


def hand(wish: Wants | Keep, of: Address | None) -> Given:
    """What the child is given that reads the source at this address. Raises Garbage where it asks
    for what is not its source's.
    """
    asked = {wish.reference} if isinstance(wish, Keep) else {*wish.references}
    if of is None or not asked <= {*filter(is_reference, of.values.values())}:
        raise Garbage
    try:
        return Given(values=tuple(_values(wish, of)))
    except (SourceError, MissingReference, ConfigurationError) as error:
        return Given(why_not=str(error))


def _values(wish: Wants | Keep, of: Address) -> Sequence[str]:
    resolver = of.references.resolver
    match wish:
        case Keep(reference=reference, new=new, old=old):
            resolver.kept(reference).put(new, instead_of=Secret(reference, old))
            return ()
        case Wants(how="first", references=references):
            return [resolver.first(one) for one in references]
        case Wants(how="take", references=references):
            return [resolver.kept(one).take().reveal() for one in references]
        case Wants(references=references):
            return resolver.present(references)


class Handed:
    """The child's side: a `harness.pilot.resolver.Resolver` that asks who sent it."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames

    def first(self, reference: str) -> str:
        """As `Resolver` says."""
        return self.ask(Wants(how="first", references=(reference,)))[0]

    def require(self, reference: str) -> None:
        """The run has looked before it began."""

    def present(self, references: Sequence[str]) -> Sequence[str]:
        """As `Resolver` says."""
        return self.ask(Wants(how="present", references=tuple(references)))

    def kept(self, reference: str) -> Kept:
        """As `Resolver` says."""
        return HandedField(reference, self)

    def ask(self, wish: Wants | Keep) -> Sequence[str]:
        """What is given for it. Raises SourceError, with the reason, if it is not."""
        sent = self._frames.ask(encode_wish(wish))
        if sent is None:
            raise SourceError("the run has ended: prove again")
        given = decode_given(sent)
        if given.why_not is not None:
            raise SourceError(given.why_not)
        return given.values


@dataclass(frozen=True, slots=True)
class HandedField:
    """A secret that its use replaces: a `connectors.secrets.Kept`, kept by who sent us."""

    reference: str
    _handed: Handed = field(repr=False)

    def take(self) -> Secret:
        """As `Kept` says."""
        [value] = self._handed.ask(Wants(how="take", references=(self.reference,)))
        return Secret(self.reference, value)

    def put(self, new: str, *, instead_of: Secret) -> None:
        """As `Kept` says."""
        Secret(self.reference, new)  # from now on it is in no text
        self._handed.ask(Keep(reference=self.reference, new=new, old=instead_of.reveal()))
