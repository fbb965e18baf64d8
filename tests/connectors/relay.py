"""A TCP relay that can lose its connections without a word, as a load balancer does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress


@contextmanager
def relay(port: int) -> Iterator[tuple[int, Callable[[], None]]]:
    """Passes connections on to a port of this machine; gives its own port, and `lose`, after which
    nothing more goes through those that are there. Their kernels acknowledge it all the same.
    """
    ends, lost = set[socket.socket](), set[socket.socket]()
    threads = list[threading.Thread]()

    def started(work: Callable[..., None], *arguments: object) -> None:
        threads.append(threading.Thread(target=work, args=arguments))
        threads[-1].start()

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while got := source.recv(65536):
                if source not in lost:
                    sink.sendall(got)
            sink.shutdown(socket.SHUT_WR)

    def accept(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                one, _ = listening.accept()
                other = socket.create_connection(("127.0.0.1", port))
                ends.update((one, other))
                started(pump, one, other)
                started(pump, other, one)

    with ExitStack() as at_the_end:
        listening = at_the_end.enter_context(socket.create_server(("127.0.0.1", 0)))
        started(accept, listening)
        try:
            yield listening.getsockname()[1], lambda: lost.update(ends)
        finally:
            for one in (listening, *ends):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()
            for one in ends:
                one.close()
