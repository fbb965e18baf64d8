"""The OS user at the other end of a connection on this machine, as the kernel knows it."""

from __future__ import annotations

from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7
"""Columns of the tables (proc(5)); addresses are ADDRESS:PORT in hexadecimal."""


def owner(*, client_port: int, port: int) -> str:
    """The number of the user whose socket leads from `client_port` to our `port`; empty where the
    kernel does not tell, as for a connection from another network namespace.
    """
    for table in _TABLES:
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            ends = (_port(columns[_LOCAL]), _port(columns[_REMOTE]))
            if ends == (client_port, port):
                return columns[_USER]
    return ""


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
