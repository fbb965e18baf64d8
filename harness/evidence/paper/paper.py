"""The printed report of a bundle, from the same evidence as its page; pure but for Typst.

    Evidence, manifest ─▶ Document ─▶ PDF, with manifest.json and its signature inside

The sections are those of `harness/evidence/page.py`, in its order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from harness.evidence import judgements, manifest, page
from harness.evidence.evidence import Evidence
from harness.evidence.paper import first, tables, verdicts
from harness.evidence.paper.cells import paragraph
from harness.report import fingerprint, glossary, typeset, words
from harness.report.document import (
    Attachment,
    Block,
    Code,
    Document,
    Section,
    Signing,
    Terms,
    texts,
)
from harness.report.frame import ROLES

NAME = "report.pdf"
SIGNED = "manifest.dsse.json"
ATTACHED = (
    Attachment(
        name=manifest.NAME,
        kind="application/json",
        relation="data",
        description="What the bundle is of, and the SHA-256 of every file in it.",
    ),
    Attachment(
        name=SIGNED,
        kind="application/json",
        relation="supplement",
        description="The signature on manifest.json: an in-toto Statement in a DSSE envelope.",
    ),
)


def render(evidence: Evidence, listed: bytes, signed: bytes, *, key: str) -> bytes:
    """The file. `listed` is the manifest, `signed` its envelope, `key` the id of the key that
    signed it. Raises ConfigurationError where it cannot be typeset.
    """
    return typeset.pdf(
        document(evidence, manifest.digest(listed), key=key),
        {manifest.NAME: listed.decode(), SIGNED: signed.decode()},
        at=_newest_time(evidence),
    )


def document(evidence: Evidence, digest: str, *, key: str) -> Document:
    """What is printed. `digest` is that of the manifest."""
    newest = evidence.newest
    ready = newest is not None and judgements.ready(newest)
    state = "READY" if ready else "NOT READY"
    return Document(
        title=f"Evidence, {state}: {evidence.title}",
        heading=evidence.title,
        kicker=f"Seatrial evidence · pilot {evidence.pilot}",
        state=state,
        good=ready,
        reason=" ".join(filter(None, (page.reason(newest), first.left(evidence)))),
        banner=page.practice(evidence),
        foot=f"{evidence.pilot} · {evidence.environment} · manifest {digest[:16]}…",
        opening=_opening(evidence, digest),
        sections=tuple(_sections(evidence, digest, key)),
        attached=ATTACHED,
    )


def _opening(evidence: Evidence, digest: str) -> tuple[Block, ...]:
    newest = evidence.newest
    classes = ", ".join(manifest.classes(evidence)) or words.UNKNOWN
    terms = (
        ("Environment", (evidence.environment,)),
        (f"Nights ({evidence.zone})", (page.nights(evidence.window),)),
        ("Evidence class", (classes,)),
        ("Newest run", (newest.header.run if newest else "none judged anything",)),
        ("SHA-256 of manifest.json", (Code(digest),)),
    )
    return (
        Terms(terms),
        paragraph(
            "A page by itself proves nothing. The folder that it came with does: ",
            Code("VERIFY.md"),
            " says how to check that folder without trusting whoever made it. This file has ",
            Code(manifest.NAME),
            " and its signature attached.",
        ),
    )


def _sections(evidence: Evidence, digest: str, key: str) -> Iterator[Section]:
    rows = page.measured(evidence)
    groups = page.verdicts(evidence, rows)
    found = (
        first.section(evidence, "What must happen"),
        verdicts.untested(
            evidence, [one for one in groups if one.outcome in page.UNTESTED], _of("untested")
        ),
        verdicts.tested(
            [one for one in groups if one.outcome not in page.UNTESTED], _of("tested")
        ),
        Section(_of("census"), "census", tuple(tables.census(evidence))),
        Section(_of("measured"), "measured", tuple(tables.measured(rows))),
        Section(_of("covered"), "covered", tuple(tables.demands(evidence))),
        Section(_of("provenance"), "provenance", tuple(tables.provenance(evidence, digest, key))),
    )
    yield from found
    yield Section(
        "A place to sign",
        "sign",
        (
            Signing(
                bound=(
                    "SHA-256 of manifest.json: ",
                    Code(digest),
                    ", and the same in words:",
                ),
                read_aloud=tuple(fingerprint.lines(digest)),
                square=fingerprint.square(digest).encode(),
                says=f"A QR code that holds sha256:{digest}.",
                caption="Each signs for what this digest stands for, and for nothing else.",
                roles=ROLES,
            ),
        ),
    )
    explained = [(one.word, (one.says,)) for one in glossary.within(texts(found))]
    yield Section("Words", "words", (Terms(tuple(explained)),))


def _of(section: str) -> str:
    """The title that the page gives it."""
    return next(one.title for one in page.SECTIONS if one.id == section)


def _newest_time(evidence: Evidence) -> datetime:
    """That of the window's newest entry, so that equal ledgers give equal files."""
    return max(one.ended_at or one.started_at for one in evidence.runs)
