"""The ledger's entries, line by line: each is what its hash says, and follows the one before it.

    sha256 = SHA-256( RFC 8785 of {seq, run, kind, format, prev} ‖ LF ‖ body )

An entry whose body is withheld keeps its place: the one behind it names its hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from harness.evidence.verify import strict_json
from harness.evidence.verify.finding import NotReadable

GENESIS = "0" * 64
STARTED = "started"
VERDICT = "verdict"
SIGNATURE = "signature"
"""A person's, on the policy."""
AMENDMENT = "amendment"
PROMISES = "promises"
ENDS = ("finished", "interrupted")
FACTS = (
    *("reading", "declaration", "evaluation", "profile", "reference", "probed", "register"),
    *("baseline", "overlap", "complaint"),
)
_READ = {STARTED, VERDICT, SIGNATURE, AMENDMENT, PROMISES, *ENDS, *FACTS}
"""Kinds that are looked into; the others are recomputed by the installed command alone."""
_LINE = re.compile(
    rb'\{"seq":(0|[1-9][0-9]{0,15}),"run":"([ !#-\[\]-~]{1,200})","kind":"([a-z_]{1,40})",'
    rb'"format":([0-9]{1,9}),"prev":"([0-9a-f]{64})","sha256":"([0-9a-f]{64})",'
    rb'(?:"body":(.+)|"withheld":(true))\}\n',
    re.DOTALL,
)


Planned: TypeAlias = tuple[str | None, ...]


def planned(where: dict[str, Any], what: dict[str, Any]) -> Planned:
    """What a verdict is on: source, dataset, claim."""
    found = where.get("source"), where.get("dataset"), what.get("claim")
    return tuple(one if isinstance(one, str | None) else repr(one) for one in found)


def verdict_of(said: Mapping[str, Any]) -> Any:
    """The verdict in the body of its entry; nothing in one that holds none."""
    verdict = said.get(VERDICT)
    return verdict if isinstance(verdict, dict) else {}


@dataclass(slots=True, kw_only=True)
class Run:
    """What the entries of one run say."""

    id: str
    number: int
    """Among all runs of the ledger, from 1: by its first entry."""
    head: str = GENESIS
    """The hash of its last entry."""
    started: dict[str, Any] | None = None
    ended: dict[str, Any] | None = None
    end: str | None = None
    """`finished` or `interrupted`, even where the body is withheld; None if it has not ended."""
    verdicts: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    contracts: set[tuple[str, str]] = field(default_factory=set)
    """The dataset, as `source.dataset`, and the digest of the contract that facts were held to."""
    bodies: int = 0
    withheld: int = 0

    @property
    def planned(self) -> tuple[Planned, ...]:
        """What it was to judge: source, dataset, claim."""
        listed = (self.started or {}).get("planned", ())
        found = listed if isinstance(listed, list) else ()
        return tuple(planned(one, one) for one in found if isinstance(one, dict))


@dataclass(slots=True, kw_only=True)
class Chain:
    """All entries, as far as they could be read."""

    runs: dict[str, Run] = field(default_factory=dict)
    """In the order in which they began."""
    entries: int = 0
    head: str = GENESIS
    signatures: dict[str, str] = field(default_factory=dict)
    """When each envelope on the policy was recorded, by its SHA-256; and on each amendment."""
    amendments: list[dict[str, Any]] = field(default_factory=list)
    """The bodies of their entries, in order."""
    promises: list[dict[str, Any]] = field(default_factory=list)
    """Likewise, of what verdicts were held against."""

    @property
    def withheld(self) -> int:
        """Entries of which only the hash is there."""
        return sum(run.withheld for run in self.runs.values())


def breaks(lines: Iterable[bytes], chain: Chain) -> Iterator[str]:
    """Everything that is wrong with the lines; what they say is taken into `chain`."""
    expected = 1
    for number, line in enumerate(lines, start=1):
        form = _LINE.fullmatch(line)
        if form is None:
            yield f"line {number} is no entry of a ledger in its one form"
            continue
        seq, run, kind = int(form[1]), form[2].decode(), form[3].decode()
        what = f"entry {seq} ({kind} of run {run})"
        if seq != expected:
            yield _displaced(seq, expected, what)
        elif form[5].decode() != chain.head:
            yield f"{what} does not follow the one before it"
        if form[7] is not None and _hash(form) != form[6].decode():
            yield f"{what} was changed: its hash is another"
        yield from _take(chain, form, what)
        expected = seq + 1
        chain.head = form[6].decode()
        chain.entries += 1
    if not chain.entries:
        yield "it holds no entry"


def _displaced(seq: int, expected: int, what: str) -> str:
    if seq < expected:
        return f"{what} stands where entry {expected} should be: it is repeated or out of order"
    if seq == expected + 1:
        return f"entry {expected} is missing: {what} follows"
    return f"entries {expected} to {seq - 1} are missing: {what} follows"


def _hash(form: re.Match[bytes]) -> str:
    seq, run, kind, version, prev, _, body = form.groups()[:7]
    # RFC 8785 sorts the keys. The pattern lets no text through that would have to be escaped.
    head = b'{"format":%s,"kind":"%s","prev":"%s","run":"%s","seq":%s}'
    return hashlib.sha256(b"%s\n%s" % (head % (version, kind, prev, run, seq), body)).hexdigest()


def _take(chain: Chain, form: re.Match[bytes], what: str) -> Iterator[str]:
    named, kind, body = form[2].decode(), form[3].decode(), form[7]
    run = chain.runs.get(named)
    if run is None:
        run = chain.runs[named] = Run(id=named, number=len(chain.runs) + 1)
        if kind != STARTED:
            yield f"{what} is the first of its run: the entry of its start is missing"
    elif kind == STARTED:
        yield f"{what} starts a run that has started already"
    if run.end is not None:
        yield f"{what} stands behind the end of its run"
    run.head = form[6].decode()
    if kind in ENDS:
        run.end = kind
    if body is None:
        run.withheld += 1
    else:
        run.bodies += 1
        if kind in _READ:
            yield from _look_into(chain, run, form, what)
    if run.bodies and run.withheld:
        yield f"{what}: of this run some entries are withheld and some are not"


def _look_into(chain: Chain, run: Run, form: re.Match[bytes], what: str) -> Iterator[str]:
    seq, kind, body = int(form[1]), form[3].decode(), form[7]
    try:
        said = strict_json.parsed(body)
    except NotReadable as error:
        yield f"{what} cannot be read in one way: {error}"
        return
    if not isinstance(said, dict) or said.get("run") != run.id:
        yield f"{what} says that it is of another run"
        return
    if kind in (SIGNATURE, AMENDMENT):
        yield from _take_signed(chain, kind, said, what)
    else:
        _take_said(chain, run, seq, kind, said)


def _take_signed(chain: Chain, kind: str, said: dict[str, Any], what: str) -> Iterator[str]:
    """What people signed, and when the ledger took it."""
    signed = said.get(kind)
    match said.get("at"), signed.get("envelope") if isinstance(signed, dict) else None:
        case str() as at, str() as envelope:
            chain.signatures[hashlib.sha256(envelope.encode()).hexdigest()] = at
        case _:
            yield f"{what} holds no {kind}"
    if kind == AMENDMENT:
        chain.amendments.append(said)


def _take_said(chain: Chain, run: Run, seq: int, kind: str, said: dict[str, Any]) -> None:
    if kind == STARTED:
        run.started = said
    elif kind == VERDICT:
        run.verdicts.append((seq, said))
    elif kind == PROMISES:
        chain.promises.append(said)
    elif kind in ENDS:
        run.ended = said
    else:
        match said:
            case {"source": str() as source, "dataset": str() as dataset, "contract": str() as of}:
                if of and dataset:
                    run.contracts.add((f"{source}.{dataset}", of))
