"""What a secret store issues for a time: a user of a database, a key of a cloud.

    lease:mount/path#field ─▶ GET /v1/mount/path ─▶ a lease: held, renewed ─▶ … ─▶ revoked

One lease serves all log-ins while it lasts. One that cannot last longer is followed by another;
all are revoked at the end, since sessions that began with the first may still read.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from connectors.errors import AccessDenied, SourceError
from connectors.http.messages import Answer
from connectors.secrets import MissingReference
from connectors.vault.place import Place
from connectors.vault.token import Left, LookUp, decode, half_way

_BAD_REQUEST, _NOT_FOUND = 400, 404
_LOG = logging.getLogger("seatrial")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lease:
    id: str
    seconds: float
    """For which it was issued."""
    document: Mapping[str, object]


class Leases:
    """Those of one client, for all its threads."""

    def __init__(self, ask: Callable[..., Answer], monotonic: Callable[[], float]) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._present: dict[Place, _Lease] = {}
        self._due: dict[str, float] = {}
        """When to renew each that was issued, by the monotonic clock."""

    def document(self, place: Place) -> Mapping[str, object]:
        """What is issued there: what we hold, if it lasts; or else anew. Raises SourceError, or
        MissingReference where nothing is issued.
        """
        with self._lock:
            held = self._present.get(place)
            if held is None or not self._lasts(held):
                held = self._present[place] = self._issue(place)
            return held.document

    def renew(self) -> None:
        """Renew what has come to its half. Raises SourceError; what is due stays so then."""
        with self._lock:
            now = self._monotonic()
            for lease in [lease for lease, due in self._due.items() if due <= now]:
                self._due[lease] = half_way(self._renewed(lease) or Left(ttl=0), now)

    def give_back(self) -> None:
        """Revoke all. One that the store does not let us revoke ends by itself."""
        with self._lock:
            for lease in self._due:
                try:
                    self._ask("sys", "leases", "revoke", body={"lease_id": lease})
                except SourceError as error:
                    _LOG.debug("a lease ends by itself: %s", error)
            self._due.clear()
            self._present.clear()

    def _lasts(self, lease: _Lease) -> bool:
        """Whether a session that begins now can count on it: for a third of its time, also by a
        renewal.
        """
        for look in (self._left, self._renewed):
            left = look(lease.id)
            if left is None or left.ttl * 3 >= lease.seconds:
                return left is not None
        return False

    def _renewed(self, lease: str) -> Left | None:
        self._ask("sys", "leases", "renew", body={"lease_id": lease})
        return self._left(lease)

    def _left(self, lease: str) -> Left | None:
        """None if it has ended, or was revoked."""
        answer = self._ask("sys", "leases", "lookup", body={"lease_id": lease})
        if answer.status == _BAD_REQUEST:  # so it tells that it knows no such lease
            return None
        return decode(answer, LookUp).data

    def _issue(self, place: Place) -> _Lease:
        answer = self._ask(place.mount, place.path)
        if answer.status == _NOT_FOUND:
            raise MissingReference("the store issues nothing there")
        if answer.status == _BAD_REQUEST:
            raise AccessDenied(f"{answer.what} answered 400: check the path, and its role")
        told = decode(answer, _Issued)
        if not told.lease_id:
            raise MissingReference("the store issues nothing for a time there: write vault:")
        left = Left(ttl=told.lease_duration, renewable=told.renewable)
        self._due[told.lease_id] = half_way(left, self._monotonic())
        return _Lease(id=told.lease_id, seconds=told.lease_duration, document=told.data)


class _Issued(msgspec.Struct):
    lease_id: str
    lease_duration: float
    renewable: bool
    data: dict[str, object]
