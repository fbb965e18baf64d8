"""`verify.pyz`: the verifier as one file, which needs Python 3.11 and `cryptography` alone.

The same release gives the same bytes on every machine, so that whoever checks evidence can hold
its digest against one from elsewhere. It is not in a bundle: who forges one could forge that, too.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files

_SHEBANG = b"#!/usr/bin/env python3\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: no file tells when it was installed."""
_PACKAGES = ("harness", "harness.evidence", "harness.signing")
_SIGNING = ("dsse", "ed25519", "note", "register", "signer", "strict", "tree")
_VERIFY = "harness.evidence.verify"
_MAIN = """\
import sys

from harness.evidence.verify.__main__ import main

sys.exit(main())
"""


def archive() -> bytes:
    """The file's bytes. Nothing in it is compressed, as libraries compress differently."""
    content = io.BytesIO(_SHEBANG)
    content.seek(0, io.SEEK_END)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as packed:
        for name, text in sorted(_files()):
            member = zipfile.ZipInfo(name, _LONG_AGO)
            member.create_system = 3  # as on Linux, wherever it is made
            member.external_attr = 0o644 << 16
            packed.writestr(member, text)
    return content.getvalue()


def verify_text() -> bytes:
    """`VERIFY.md`: how to check a bundle by `verify.pyz`, or by openssl and sha256sum alone."""
    return (files("harness.evidence") / "VERIFY.md").read_bytes()


def _files() -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", _MAIN.encode()
    for package in _PACKAGES:
        yield _path(package, "__init__"), (files(package) / "__init__.py").read_bytes()
    for module in _SIGNING:
        source = files("harness.signing") / f"{module}.py"
        yield _path("harness.signing", module), source.read_bytes()
    for source in files(_VERIFY).iterdir():
        if source.name.endswith(".py"):
            yield _path(_VERIFY, source.name.removesuffix(".py")), source.read_bytes()


def _path(package: str, module: str) -> str:
    return f"{package.replace('.', '/')}/{module}.py"
