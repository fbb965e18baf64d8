"""All settings of a log-in to PostgreSQL: what a URL may give, and what we add.

libpq fills what it is not given from the environment and from files in ~/.postgresql. So we give
it each setting that decides whom we ask and what we show.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connectors.http.origin import LOOPBACK

SSLMODE, ROOT, CERTIFICATE, KEY = "sslmode", "sslrootcert", "sslcert", "sslkey"
TLS = (SSLMODE, ROOT, CERTIFICATE, KEY)
"""What a URL may say of how server and client prove themselves."""
PROVEN_SERVER = "verify-full"
SYSTEM = "system"
"""As `sslrootcert`: what this machine trusts."""
NOWHERE = "/dev/null/none"
"""The path of no file. An empty path would mean the file in ~/.postgresql."""

_BUNDLES = (
    *("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"),
    *("/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"),
)
"""Where Debian, Red Hat, SUSE and others keep the authorities that the machine trusts. OpenSSL's
own default is another in each wheel, and SSL_CERT_FILE would change it.
"""
_ALL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", PROVEN_SERVER)
STANDS_FOR: Mapping[str, tuple[str, ...]] = {
    "prefer": ("require", "disable"),
    "allow": ("disable", "require"),
}
"""What libpq tries one after the other for a mode, even after a refused password."""
REQUIRE_AUTH = "require_auth"
BOTH_PROVEN = "scram-sha-256"
"""By SCRAM the server proves, too, that it knows the password's verifier (RFC 5802, 3)."""
_SCRAM = f"{BOTH_PROVEN},none"
"""RFC 7677: SCRAM never sends the password. `none` allows a server that requests no password."""
_NO_PASSWORD = "none"  # noqa: S105 - a log-in method; it also ignores ~/.pgpass
_ALWAYS: Mapping[str, str] = {
    "client_encoding": "utf8",
    "gssencmode": "disable",  # Kerberos would take its identity from the environment
    "passfile": NOWHERE,
    "sslcrl": NOWHERE,
    "ssl_min_protocol_version": "TLSv1.2",
    # An idle connection stays open, and a peer that is gone is noticed within a minute (seconds,
    # seconds, a count and milliseconds).
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


def problem(given: Mapping[str, str]) -> str | None:
    """What is wrong with the part of a URL about TLS, and what to do, as a clause that begins with
    the setting's name; None if it may be used. No value is repeated.
    """
    if given.get(SSLMODE, PROVEN_SERVER) not in (
        _ALL_MODES if is_local(given) else (PROVEN_SERVER,)
    ):
        return (
            f"{SSLMODE} would let another server answer, or show what is sent to the network: "
            f"leave it out, and name a private authority as {ROOT}=/path/ca.pem"
        )
    if (CERTIFICATE in given) != (KEY in given):
        return f"{CERTIFICATE} and {KEY} belong together: name both files, or none"
    for name in (ROOT, CERTIFICATE, KEY):
        path = given.get(name)
        # OpenSSL would load an engine by the part before a colon.
        if path not in (None, SYSTEM) and (not path.startswith("/") or ":" in path):
            return f"{name} is no whole path of a file: begin it with /, without a colon"
    if SYSTEM in (given.get(CERTIFICATE), given.get(KEY)):
        return f"{CERTIFICATE} is no file of a client: name its path"
    return None


def settings(given: Mapping[str, str], *, trust: str) -> dict[str, str]:
    """The settings to log in with: the URL's, completed. `trust` is the file with the authorities
    that this machine trusts.
    """
    mode = given.get(SSLMODE, default_mode(given))
    root = given.get(ROOT, SYSTEM if mode == PROVEN_SERVER else NOWHERE)
    return {
        **given,
        **_ALWAYS,
        SSLMODE: mode,
        ROOT: trust if root == SYSTEM else root,
        CERTIFICATE: given.get(CERTIFICATE, NOWHERE),
        KEY: given.get(KEY, NOWHERE),
        "sslcertmode": "allow" if CERTIFICATE in given else "disable",
        REQUIRE_AUTH: given.get(REQUIRE_AUTH, _SCRAM if given.get("password") else _NO_PASSWORD),
    }


def default_mode(given: Mapping[str, str]) -> str:
    """The `sslmode` of a URL without one: beyond this machine the server must prove its name."""
    return "prefer" if is_local(given) else PROVEN_SERVER


def is_local(given: Mapping[str, str]) -> bool:
    """Whether all hosts are this machine, by loopback or by a socket in a folder."""
    hosts = given.get("host", "").split(",")
    return all(not host or host in LOOPBACK or host.startswith(("/", "@")) for host in hosts)


def machine_trust() -> str:
    """The file with the authorities that this machine trusts; no file if none is known."""
    return next((path for path in _BUNDLES if Path(path).is_file()), NOWHERE)
