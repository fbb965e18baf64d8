"""An HTTP connection that another thread can end while its reader waits."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Any


class InterruptibleConnection:
    """Watches one HTTP client connect; cutting shuts its connection down, now and later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cut = False
        self._socket: socket.socket | None = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """The client's trace hook: keeps a second handle of each new connection's socket.

        A second one, because TLS takes the first away from its owner.
        """
        if event == "connection.connect_tcp.complete":
            connected: socket.socket = info["return_value"].get_extra_info("socket")
            with self._lock:
                self._release()
                self._socket = connected.dup()
                if self._is_cut:
                    self._release()

    def cut(self) -> None:
        """End the present connection and any that is still being made."""
        with self._lock:
            self._is_cut = True
            self._release()

    def _release(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):  # the peer has closed it already
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None
