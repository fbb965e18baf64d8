"""Posts to an address by our own HTTP door: verified TLS, no redirect, no foreign proxy.

The address holds a token, so no message quotes it: errors name the channel and its reference.
"""

from __future__ import annotations

from pathlib import Path

from connectors.errors import AccessDenied, SourceChanged
from connectors.http import ask as http
from connectors.http.status import check_status
from connectors.secrets import Secret

_GONE = (404, 410)


def ask(address: Secret, *, name: str, body: bytes | None = None, ca_file: Path | None) -> None:
    """Post `body` as JSON, or only ask where there is none. Raises SourceError for any answer but
    one that says that it was taken. `name` is what errors call it.
    """
    where = f"the address behind {address.reference}"
    answer = http.ask(address.reveal(), name=name, where=where, body=body, ca_file=ca_file)
    if answer.status in _GONE:
        raise SourceChanged(f"{answer.what} answered {answer.status}: correct {where}")
    if not 200 <= check_status(answer).status < 300:  # noqa: PLR2004 - RFC 9110 15.3
        raise AccessDenied(f"{answer.what} answered {answer.status}: correct {where}")
