"""The checks of `seatrial doctor` on signing: by which key, and where second copies go. It signs
nothing and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.errors import SourceError
from harness.errors import ConfigurationError, one_line
from harness.onboarding.examine import Check, Standing, ok, settings, wrong
from harness.pilot.model import LoadedPilot
from harness.pilot.references import References
from harness.pilot.signing import signing
from harness.pilot.signing_settings import Signing
from harness.signing.ed25519 import key_id
from harness.signing.signing import NO_KEY


def examine_signing(
    loaded: LoadedPilot, environment: str, references: References
) -> Iterator[Check]:
    """Check that the key can sign, and that every reference of a copy resolves."""
    given = loaded.environment(environment).signing
    if given is None:
        yield Check(what="signing", standing=Standing.NOTE, says=NO_KEY)
        return
    resolved = [*settings("signing", _references(given), references)]
    yield from resolved
    if any(check.standing is not Standing.OK for check in resolved):
        return
    try:
        found = signing(loaded, environment, references)
    except ConfigurationError as error:
        yield wrong("signing", str(error))
        return
    except SourceError as error:
        yield Check(what="signing", standing=Standing.NO_ANSWER, says=one_line(error))
        return
    assert found.signer is not None  # a key is named
    yield ok("signing", f"by key {key_id(found.signer.public)} ({given.key.partition('?')[0]})")
    names = [copy.name for copy in found.copies]
    names += [f"witness {witness.name}" for witness in found.witnesses]
    if names:
        yield ok("second copies", ", ".join(names))
    else:
        says = "none: nobody notices runs that are cut off; add copies: to signing"
        yield Check(what="second copies", standing=Standing.NOTE, says=says)


def _references(given: Signing) -> dict[str, str]:
    return {f"copies.{number}": text for number, text in enumerate(given.references, start=1)}
