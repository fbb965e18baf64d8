"""A mail is handed to a real server, and nothing is shown to one that is not the right one."""

from __future__ import annotations

import email
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest
import trustme

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.secrets import Secret
from harness.alerts import mail as mailing
from harness.alerts.due import Item, Message
from harness.alerts.incident import incidents
from harness.alerts.mail import Server, send
from harness.alerts.records import Step
from harness.alerts.text import Letterhead, mail
from tests.accepting import accepting
from tests.connectors.http.raw_server import server_side
from tests.harness.alerts.made import FIRST, B, nights
from tests.harness.alerts.mail_server import MailServer, mail_server, plain

PASSWORD = Secret("env:SMTP_PASSWORD", "canary-7f3a")
HEAD = Letterhead(pilot="acme", environment="production", run="run-1")
ME, ADA = "seatrial@acme.example", "ada@acme.example"


def hand_over(server: MailServer, **given: Any) -> None:
    usual = {"host": "127.0.0.1", "port": server.port, "tls": "none"}
    item = Item(step=Step.OPENED, incident=incidents(nights(B))[0])
    message = Message(channel="ada", people=("Ada",), items=(item,))
    made = mail(HEAD, message, sender=ME, to=ADA, now=FIRST)
    send(Server(**{**usual, **given}), made, sender=ME, to=ADA)


def test_a_mail_arrives_as_it_was_written() -> None:
    with mail_server() as server:
        hand_over(server)
    [taken] = server.mails
    read = email.message_from_string(taken)
    assert read["Subject"] == "Seatrial: BROKEN: crm.customers fresh (acme, production)"
    assert (read["From"], read["To"]) == (ME, ADA)
    assert read["Auto-Submitted"] == "auto-generated"
    body = read.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "promised: 95 % within 24 h" in body.decode()
    assert f"RCPT TO:<{ADA}> in clear" in server.heard


@pytest.mark.parametrize("way", ["starttls", "tls"])
def test_user_and_password_are_shown_behind_verified_tls(
    tls: ssl.SSLContext, ca_file: Path, way: str
) -> None:
    offers = ("STARTTLS", "AUTH PLAIN LOGIN")
    with mail_server(tls=tls, at_once=way == "tls", offers=offers) as server:
        hand_over(server, tls=way, ca_file=ca_file, user="clerk", password=PASSWORD)
    assert f"AUTH PLAIN {plain('clerk', 'canary-7f3a')}" in server.heard
    assert len(server.mails) == 1


def test_a_server_that_knows_login_alone_gets_both_by_it(
    tls: ssl.SSLContext, ca_file: Path
) -> None:
    answers = {"AUTH": "334 VXNlcm5hbWU6", "Y2xlcms=": "334 UGFzc3dvcmQ6"}
    answers["Y2FuYXJ5LTdmM2E="] = "235 you are in"
    with mail_server(tls=tls, at_once=True, offers=("AUTH LOGIN",), answers=answers) as server:
        hand_over(server, tls="tls", ca_file=ca_file, user="clerk", password=PASSWORD)
    assert len(server.mails) == 1


@pytest.mark.parametrize("way", ["starttls", "tls"])
@pytest.mark.parametrize("other", ["another host", "another authority"])
def test_a_server_that_is_not_trusted_is_shown_nothing(
    authority: trustme.CA, ca_file: Path, way: str, other: str
) -> None:
    issued = {
        "another host": authority.issue_cert("mail.example"),
        "another authority": trustme.CA().issue_cert("127.0.0.1"),
    }[other]
    tls = server_side(issued)
    with (
        mail_server(tls=tls, at_once=way == "tls", offers=("STARTTLS", "AUTH PLAIN")) as server,
        pytest.raises(AccessDenied, match="TLS is not trusted"),
    ):
        hand_over(server, tls=way, ca_file=ca_file, user="clerk", password=PASSWORD)
    assert not [said for said in server.heard if said.startswith(("AUTH", "MAIL"))]


def test_without_starttls_nothing_is_sent(ca_file: Path) -> None:
    with mail_server() as server, pytest.raises(AccessDenied, match="offers no STARTTLS"):
        hand_over(server, tls="starttls", ca_file=ca_file)
    assert server.heard == ["EHLO [127.0.0.1] in clear"]


def test_what_was_said_in_clear_is_not_believed_behind_tls(
    tls: ssl.SSLContext, ca_file: Path
) -> None:
    both = {"STARTTLS": "220 go ahead\r\n250 and all is taken"}
    with (
        mail_server(tls=tls, offers=("STARTTLS",), answers=both) as server,
        pytest.raises(AccessDenied, match="spoke in clear"),
    ):
        hand_over(server, tls="starttls", ca_file=ca_file)
    assert server.heard == ["EHLO [127.0.0.1] in clear", "STARTTLS in clear"]


def test_a_refused_password_is_shown_once_and_never_told(
    tls: ssl.SSLContext, ca_file: Path
) -> None:
    answers = {"AUTH": "535 wrong: canary-7f3a"}
    with (
        mail_server(
            tls=tls, at_once=True, offers=("AUTH PLAIN LOGIN",), answers=answers
        ) as server,
        pytest.raises(AccessDenied) as refused,
    ):
        hand_over(server, tls="tls", ca_file=ca_file, user="clerk", password=PASSWORD)
    assert len([said for said in server.heard if said.startswith("AUTH")]) == 1
    assert "refused user and password env:SMTP_PASSWORD (535)" in str(refused.value)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("word", "says", "error", "told"),
    [
        ("RCPT", "550 no such user", AccessDenied, f"refused the address {ADA} (550)"),
        ("MAIL", "451 later", SourceUnavailable, "answered 451 to the sender: try later"),
        ("DATA", "554 no", AccessDenied, "refused DATA (554)"),
        ("mail", "552 too large", AccessDenied, "refused the mail (552)"),
        ("greeting", "SSH-2.0-OpenSSH", SourceChanged, "is no mail server"),
        ("greeting", "554 go away", AccessDenied, "refused its greeting (554)"),
    ],
)
def test_a_server_that_does_not_take_it_is_told_in_one_line(
    word: str, says: str, error: type[SourceError], told: str
) -> None:
    with mail_server(answers={word: says}) as server, pytest.raises(error) as raised:
        hand_over(server)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_server_that_takes_a_mail_and_breaks_off_has_taken_it() -> None:
    with mail_server(answers={"QUIT": "421 gone"}) as server:
        hand_over(server)
    assert len(server.mails) == 1


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SourceUnavailable, match=f"smtp 127.0.0.1:{port}: no connection"):
        hand_over(MailServer(port=port))


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b"])
def test_a_host_that_nobody_knows_is_named(host: str) -> None:
    with pytest.raises(SourceUnavailable, match="no host of this name"):
        hand_over(MailServer(port=25), host=host)


def drip(peer: socket.socket) -> None:
    for _ in range(200):
        peer.sendall(b"2")
        time.sleep(0.05)


def flood(peer: socket.socket) -> None:
    while True:
        peer.sendall(b"220-more\r\n" * 1_000)


@pytest.mark.parametrize(
    ("talk", "told"), [(drip, "no whole answer in time"), (flood, "its answer broke off")]
)
def test_a_server_that_never_ends_does_not_hold_the_night(
    monkeypatch: pytest.MonkeyPatch, talk, told: str
) -> None:
    monkeypatch.setattr(mailing, "_SECONDS", 0.5)
    began = time.monotonic()
    with accepting(talk) as port, pytest.raises(SourceUnavailable, match=told):
        hand_over(MailServer(port=port))
    assert time.monotonic() - began < 15
