"""A mail server of a few lines, on loopback: it takes what a test lets it, and keeps all."""

from __future__ import annotations

import base64
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.accepting import accepting

Serve = Callable[[socket.socket], None]


@dataclass(slots=True)
class MailServer:
    """What it offers and answers, and what it was told."""

    offers: tuple[str, ...] = ("SIZE 1000000",)
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    """TLS from the first byte on."""
    answers: dict[str, str] = field(default_factory=dict)
    """By the first word of a command, in place of what it would answer."""
    port: int = 0
    heard: list[str] = field(default_factory=list)
    """Commands, and whether they came by TLS."""
    mails: list[str] = field(default_factory=list)

    def talk(self, peer: socket.socket) -> None:
        with ExitStack() as at_the_end:
            self._talk(peer, at_the_end)

    def _talk(self, peer: socket.socket, at_the_end: ExitStack) -> None:
        if self.at_once and self.tls:
            peer = at_the_end.enter_context(self.tls.wrap_socket(peer, server_side=True))
        peer.sendall(self.answers.get("greeting", "220 mail ready").encode() + b"\r\n")
        lines = peer.makefile("rb")
        while line := lines.readline():
            command = line.decode().rstrip("\r\n")
            clear = "" if isinstance(peer, ssl.SSLSocket) else " in clear"
            self.heard.append(f"{command}{clear}")
            word = command.partition(" ")[0].partition(":")[0]
            peer.sendall(f"{self.answers.get(word, self._answer(word))}\r\n".encode())
            if word == "STARTTLS" and self.tls:
                peer = at_the_end.enter_context(self.tls.wrap_socket(peer, server_side=True))
                lines = peer.makefile("rb")
            if word == "DATA" and "DATA" not in self.answers:
                self.mails.append(self._take(lines))
                peer.sendall(self.answers.get("mail", "250 taken").encode() + b"\r\n")
            if word == "QUIT":
                return

    def _answer(self, word: str) -> str:
        match word:
            case "EHLO":
                greetings = ("mail greets you", *self.offers)
                return "\r\n".join(
                    f"250{' ' if one == greetings[-1] else '-'}{one}" for one in greetings
                )
            case "AUTH":
                return "235 you are in"
            case "STARTTLS":
                return "220 go ahead"
            case "DATA":
                return "354 go on"
            case "QUIT":
                return "221 bye"
        return "250 fine"

    @staticmethod
    def _take(lines) -> str:
        taken = []
        while (line := lines.readline()) not in {b".\r\n", b""}:
            taken.append(line.removeprefix(b".").decode())
        return "".join(taken)


@contextmanager
def mail_server(**given) -> Iterator[MailServer]:
    """It runs until the block ends."""
    server = MailServer(**given)
    with accepting(server.talk) as server.port:
        yield server


def plain(user: str, password: str) -> str:
    """As AUTH PLAIN shows them (RFC 4616)."""
    return base64.b64encode(f"\0{user}\0{password}".encode()).decode()
