"""Hands a mail to a server (RFC 5321), by TLS that is verified before anything is shown.

    greeting ─▶ EHLO ─▶ STARTTLS, EHLO ─▶ AUTH, once ─▶ MAIL, RCPT, DATA ─▶ taken

It keeps what the library of Python does not: a deadline over all of it however slowly the server
drips, a bound on what it answers, and one try of a password. No reply's text is quoted.
"""

from __future__ import annotations

import re
import socket
import time
from base64 import b64encode
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.http.tls import find_distrust, verifying_context
from connectors.secrets import Secret
from connectors.worker import in_time

_SECONDS = 20.0
_CONNECT_SECONDS = 5.0
_MOST_BYTES = 64 << 10
"""Of all replies together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Who takes our mail."""

    host: str
    port: int
    tls: str
    """`starttls`, `tls`, or `none` on this machine."""
    user: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None

    @property
    def place(self) -> str:
        """For messages."""
        return f"smtp {self.host}:{self.port}"


def send(server: Server, mail: EmailMessage, *, sender: str, to: str) -> None:
    """Hand over one mail. Raises SourceError."""
    try:
        with closing(_Talk(server)) as talk:
            talk.hand_over(mail, sender=sender, to=to)
    except SourceError:
        raise
    except (socket.gaierror, UnicodeError) as error:
        raise SourceUnavailable(f"{server.place}: no host of this name: correct it") from error
    except TimeoutError as error:
        raise SourceUnavailable(f"{server.place}: no whole answer in time: try later") from error
    except OSError as error:
        if (reason := find_distrust(error)) is not None:
            raise AccessDenied(
                f"{server.place}: TLS is not trusted ({reason}): check host and CA file"
            ) from error
        raise SourceUnavailable(
            f"{server.place}: no connection: check host and port, and that the server runs"
        ) from error


class _Talk:
    """One conversation, until `_SECONDS` after it began."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._until = time.monotonic() + _SECONDS
        self._context = verifying_context(server.ca_file)
        self._left, self._unread = _MOST_BYTES, b""
        address = (server.host, server.port)
        # The look-up of a name knows no time-out.
        self._line = in_time(
            lambda: socket.create_connection(address, _CONNECT_SECONDS), 2 * _CONNECT_SECONDS
        )

    def close(self) -> None:
        self._line.close()

    def hand_over(self, mail: EmailMessage, *, sender: str, to: str) -> None:
        server = self._server
        if server.tls == "tls":
            self._encrypt()
        self._expect("its greeting", 220)
        can = self._greet()
        if server.tls == "starttls":
            if "STARTTLS" not in can:
                raise AccessDenied(
                    f"{server.place} offers no STARTTLS: nothing was sent; write tls: tls, or ask "
                    "for it there"
                )
            self._say("STARTTLS", 220)
            if self._unread:  # RFC 3207 6: what came in clear is not believed behind TLS
                raise AccessDenied(f"{server.place} spoke in clear behind STARTTLS: report it")
            self._encrypt()
            can = self._greet()
        if server.user is not None and server.password is not None:
            self._log_in(server.user, server.password, can.get("AUTH", ""))
        self._say(f"MAIL FROM:<{sender}>", 250, what="the sender")
        self._say(f"RCPT TO:<{to}>", 250, 251, what=f"the address {to}")
        self._say("DATA", 354)
        # RFC 5321 4.5.2: a line that begins with a dot gets another.
        self._send(re.sub(rb"(?m)^\.", b"..", bytes(mail)) + b".\r\n")
        self._expect("the mail", 250)
        with suppress(OSError, SourceError):  # it is taken, whatever comes now
            self._say("QUIT", 221)

    def _encrypt(self) -> None:
        self._line.settimeout(self._seconds())
        self._line = self._context.wrap_socket(self._line, server_hostname=self._server.host)

    def _greet(self) -> dict[str, str]:
        """What the server offers, by its keyword."""
        told = self._say("EHLO [127.0.0.1]", 250)[1:]
        offers = (line.replace("=", " ", 1).partition(" ") for line in told)
        return {keyword.upper(): rest.upper() for keyword, _, rest in offers}

    def _log_in(self, user: str, password: Secret, offered: str) -> None:
        ways, what = offered.split(), f"user and password {password.reference}"
        if "PLAIN" in ways:
            both = f"\0{user}\0{password.reveal()}"
            self._say(f"AUTH PLAIN {_base64(both)}", 235, what=what)
        elif "LOGIN" in ways:
            self._say("AUTH LOGIN", 334, what=what)
            self._say(_base64(user), 334, what=what)
            self._say(_base64(password.reveal()), 235, what=what)
        else:
            raise AccessDenied(
                f"{self._server.place} takes no password by PLAIN or LOGIN: ask for one there, or "
                "leave out user and password"
            )

    def _say(self, line: str, *wanted: int, what: str = "") -> list[str]:
        self._send(f"{line}\r\n".encode("ascii"))
        return self._expect(what or line.partition(" ")[0], *wanted)

    def _send(self, data: bytes) -> None:
        self._line.settimeout(self._seconds())
        self._line.sendall(data)

    def _expect(self, what: str, *wanted: int) -> list[str]:
        """The lines of a reply, without its code. Raises SourceError for another code."""
        told, code, more = list[str](), "", True
        while more:
            line = self._read_line()
            code, more = line[:3], line[3:4] == "-" and line[:3].isdigit()
            told.append(line[4:])
        if code.isdigit() and int(code) in wanted:
            return told
        place = self._server.place
        if code.startswith("4"):
            raise SourceUnavailable(f"{place} answered {code} to {what}: try later", answered=True)
        if code.startswith("5"):
            raise AccessDenied(f"{place} refused {what} ({code}): correct it in pilot.yaml")
        raise SourceChanged(
            f"{place} is no mail server, by its answer to {what}: correct the port"
        )

    def _read_line(self) -> str:
        while b"\n" not in self._unread:
            self._line.settimeout(self._seconds())
            came = self._line.recv(4096)
            self._left -= len(came)
            if not came or self._left < 0:
                raise SourceUnavailable(f"{self._server.place}: its answer broke off: try later")
            self._unread += came
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode("ascii", "replace").rstrip("\r")

    def _seconds(self) -> float:
        """What is left of the time. Raises TimeoutError."""
        if (left := self._until - time.monotonic()) <= 0:
            raise TimeoutError
        return left


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()
