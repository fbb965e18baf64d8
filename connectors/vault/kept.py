"""Secrets that their use replaces, in a field of a document of the secret store.

    take ─▶ read, written anew as it is ─▶ used ─▶ put: written, while the old one is still there

The store writes only over the version that was read (`cas` of KV version 2). Where another field
of the document was changed meanwhile, the field itself decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.errors import SourceChanged, SourceUnavailable
from connectors.secrets import MissingReference, Secret, require_text
from connectors.vault.place import parse_reference
from connectors.vault.vault import Vault

_TRIES = 5


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field of a document, which is replaced as it is used: a `connectors.secrets.Kept`."""

    reference: str
    _vault: Vault = field(repr=False)

    def take(self) -> Secret:
        """What the store holds. It is written anew first, unchanged: a store that does not let us
        write must say so before the secret is used up.
        """
        place, name = parse_reference(self.reference)
        for _ in range(_TRIES):
            document, version = self._vault.read(place)
            value = document.get(name)
            if not isinstance(value, str) or not value:
                raise MissingReference(f"{self.reference}: the store has no text in this field")
            if self._vault.write(place, document, over=version):
                return Secret(self.reference, require_text(self.reference, value))
        raise SourceUnavailable(f"{self.reference}: its document changes all the time: try later")

    def put(self, new: str, *, instead_of: Secret) -> None:
        """Keep `new`, beside what the document's other fields hold now."""
        Secret(self.reference, new)  # from now on it is in no text
        place, name = parse_reference(self.reference)
        for _ in range(_TRIES):
            document, version = self._vault.read(place)
            if document.get(name) != instead_of.reveal():
                raise SourceChanged(f"{self.reference}: somebody else has replaced it meanwhile")
            changed = {**document, name: new}
            if self._vault.write(place, changed, over=version):
                return
        raise SourceUnavailable(f"{self.reference}: its document changes all the time: try later")
