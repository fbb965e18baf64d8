"""One client's connections: each is judged as soon as it is made, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.errors import SourceUnavailable
from connectors.http.egress import Egress, host_of
from connectors.http.proxy import Proxy
from connectors.http.sent import Sent
from connectors.peer import Connected, Peer


class Gate:
    """Lets requests of one client through to where `egress` allows them."""

    def __init__(
        self,
        egress: Egress,
        *,
        proxy: Proxy | None,
        setting: str,
        also: Callable[[str, Mapping[str, Any]], None],
    ) -> None:
        self._egress = egress
        self._proxy = proxy
        self._setting = setting
        self._also = also
        self._sent: Sent | None = None
        self._peer: Peer | None = None

    def begin(self, sent: Sent) -> None:
        """Take the request that comes next. SourceError if its host is not to be asked."""
        self._egress.require_host(sent.request.url, what=sent.request.what, setting=self._setting)
        self._sent, sent.peer = sent, self._peer

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """The client's trace hook, of which `also` hears all, too. SourceError, and the end of the
        connection, where it has reached what it must not.
        """
        self._also(event, info)
        if event != "connection.connect_tcp.complete":
            return
        stream = info["return_value"]
        try:
            self._judge(stream)
        except BaseException:  # also where the peer is gone again, and has no address any more
            stream.close()
            raise

    def _judge(self, stream: Any) -> None:
        assert self._sent is not None
        sent, proxy = self._sent, self._proxy
        request = sent.request
        try:
            reached = stream.get_extra_info("server_addr")[0]
        except OSError as error:
            raise SourceUnavailable(
                f"{request.what}: no connection: it ended as soon as it was made: try later"
            ) from error
        host = host_of(request.url)
        self._peer = Peer(
            host=host, address=reached, proxy=None if proxy is None else proxy.address
        )
        sent.peer, sent.connected = self._peer, Connected(peer=self._peer)
        url, setting = (
            (request.url, self._setting) if proxy is None else (proxy.url, "url of Proxy(…)")
        )
        self._egress.require_address(url, reached, what=request.what, setting=setting)
