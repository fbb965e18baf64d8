"""Every licence that comes with Seatrial, as the installed distributions say it themselves.

    python -m tests.licences > LICENCES.md

tests/test_licences.py holds the page to that, and each licence to `ALLOWED`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from tests.docs import REPOSITORY

LOCK = REPOSITORY / "requirements-product.lock"
ALLOWED = {
    *("0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause"),
    *("BSD-3-Clause-Open-MPI", "BSL-1.0", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0"),
    *("Unicode-3.0", "Unicode-DFS-2016", "Unlicense", "Zlib"),
    # Weak copyleft: each is a wheel of its own that anybody can replace, used as it comes.
    *("EPL-2.0", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0"),
    *("LGPL-2.1-or-later", "GPL-3.0-or-later WITH GCC-exception-3.1"),  # of GCC's run time
}
WORDS = {
    **dict.fromkeys(("MIT License", "MIT license"), "MIT"),
    **dict.fromkeys(("Apache 2.0", "Apache License Version 2.0"), "Apache-2.0"),
    "Apache Software License": "Apache-2.0",
    **dict.fromkeys(("BSD", "BSD License", "3-Clause BSD License"), "BSD-3-Clause"),
    **dict.fromkeys(("ISC License", "ISC License (ISCL)"), "ISC"),
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "LGPL with exceptions": "LGPL-3.0-or-later",  # psycopg2's, which adds rights
    "Dual License": "Apache-2.0 AND BSD-3-Clause",  # dateutil: its older part and its newer one
}
"""Words of older metadata, and what they are in SPDX."""
LONGEST = 60
"""A longer field `License` is the licence's text, and not its name."""
_ATOM = re.compile(r"(?<![\w.+-])(?!AND\b|OR\b)[\w.+-]+(?: WITH [\w.-]+)?")
_INSIDE = re.compile(r"^Name: (.+)\n(?:.+\n){0,3}?License: (.+)$", re.MULTILINE)

HEAD = """\
# Licences of everything that is shipped

Seatrial itself is under Apache-2.0 (`LICENSE`). What it ships of its own is Python, HTML and
Typst templates and one style sheet: no font, no icon, no script. These are the distributions that
`requirements-product.lock` pins, with the licence that each one's own metadata gives, in SPDX's
words. `python -m tests.licences > LICENCES.md` writes this page from what is installed; a test
holds it to that, and every licence to the list in `tests/licences.py`. hatchling, pathspec, pluggy
and trove-classifiers build our wheel inside the container and leave it again. The extra `kerberos`
is not in that lock, since it is compiled where it is installed: gssapi (ISC) and decorator
(BSD-2-Clause), beside the system's own Kerberos.

| distribution | licence |
|---|---|
"""
NATIVE = """
## Inside the wheels
Some wheels hold libraries of others, built in. These are those that they name themselves: shared
libraries by their file, and licences from the wheel's list of materials or its licence file. Where
a part leaves a choice, all that it offers are here. psycopg's wheels give no licence for OpenSSL,
libpq, Kerberos and OpenLDAP inside them; Arrow's has its parts in the text of its own licence.
Dagster's web pages hold libraries of JavaScript that its wheel does not list. typst's wheel holds
the fonts Libertinus Serif (OFL-1.1), DejaVu Sans Mono (Bitstream-Vera) and New Computer Modern
(GUST-Font-License), which it does not list either: `report.pdf` has parts of the first two in it.

| distribution | shared libraries | licences of what is built in |
|---|---|---|
"""


def locked() -> list[str]:
    """The distributions of the lock, each once."""
    names = re.findall(r"^([\w.-]+)(?:\[.*?\])?==", LOCK.read_text(), re.MULTILINE)
    return list(dict.fromkeys(names))


def licence(found: Distribution) -> str:
    """In SPDX's words; from the metadata's expression, its field, or its classifiers."""
    meta = found.metadata
    said = meta.get("License-Expression") or meta.get("License") or ""
    if not said or len(said) > LONGEST:
        classifiers = meta.get_all("Classifier") or []
        said = " AND ".join(
            WORDS.get(one, one)
            for one in (c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License"))
        )
    return WORDS.get(said, said)


def inside(found: Distribution) -> tuple[list[str], list[str]]:
    """Names of shared libraries in a wheel, and licences that it gives for what is built in."""
    files = [path for path in found.files or () if path.locate().is_file()]
    shared = {
        re.split(r"[-.]", path.name)[0]
        for path in files
        if path.parent.name.endswith(".libs") or re.match(r"lib\w+\.so", path.name)
    }
    licences: set[str] = set()
    for path in files:
        if path.parent.name == "sboms":
            parts = json.loads(path.read_text()).get("components", [])
            given = (one for part in parts for one in part.get("licenses") or ())
            licences |= {" ".join(one["expression"].split()) for one in given}
        elif path.name == "LICENSE.txt":
            licences |= {said.strip() for _, said in _INSIDE.findall(path.read_text())}
    return sorted(shared), sorted(licences)


def allowed(expression: str) -> bool:
    """Whether the licences in `ALLOWED` satisfy an SPDX expression."""
    decided = _ATOM.sub(lambda atom: str(atom.group() in ALLOWED), expression)
    return bool(decided) and bool(eval(decided.replace("AND", "and").replace("OR", "or")))


def installed() -> Iterator[tuple[str, Distribution | None]]:
    """Each distribution of the lock; None for one that this system does not need."""
    for name in locked():
        try:
            yield name, distribution(name)
        except PackageNotFoundError:
            yield name, None


def page() -> str:
    """The whole page."""
    found = list(installed())
    rows = (f"| {n} | {licence(d) if d else 'on Windows alone'} |\n" for n, d in found)
    native = ((name, *inside(d)) for name, d in found if d)
    more = (
        f"| {name} | {', '.join(shared) or 'none'} | {_listed(licences) or 'not given'} |\n"
        for name, shared, licences in native
        if shared or licences
    )
    return "".join((HEAD, *rows, NATIVE, *more))


def _listed(expressions: list[str]) -> str:
    return ", ".join(sorted({atom for one in expressions for atom in _ATOM.findall(one)}))


if __name__ == "__main__":
    sys.stdout.write(page())
