"""The figures as text, in 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from harness.claims.wording import count, duration, first, listed, name, number, percent
from harness.simulate.faults import Fault
from harness.simulate.figures import Figure, Outlook, Standing
from harness.simulate.subject import Subject
from harness.simulate.trials import patience

WIDTH = 80
_HEAD = f"  {'fault':26}{'rang':>7}{'at least':>10}{'median':>8}{'worst':>7}  by"


def dataset_lines(outlook: Outlook) -> Iterator[str]:
    """One dataset: what was promised, each kind of fault, the clean nights."""
    subject = outlook.clean.subject
    confidence = subject.promises.thresholds.confidence
    yield from _wrapped(f"{subject.name}, {promised(subject)}", "", "  ")
    yield _HEAD
    for figure in outlook.figures:
        if outlook.clean.is_loud:
            yield f"  {figure.rang.fault:26}    not tried: clean nights ring"
        else:
            yield from _fault_lines(figure, subject, confidence)
    nights = len(outlook.clean.rang)
    share = percent(outlook.alarms_at_most(confidence))
    yield f"  clean nights: {outlook.alarms} of {nights} with a false alarm, at most {share}"
    if outlook.alarms:
        yield from _wrapped(f"false alarms by {_accusers(outlook)}", "  ", "    ")
    yield from _proofs(outlook)


def promised(subject: Subject) -> str:
    """What its contract promises, in a few words."""
    promises = subject.promises
    words = ["files named by their day" if subject.is_files else "read as a whole"]
    if promises.cadence is None:
        words.append("no cadence")
    elif isinstance(promises.cadence, str):
        words.append(f"due {name(promises.cadence)}")
    else:
        words.append(f"every {duration(promises.cadence)}")
    words.append("no lag" if promises.lag is None else f"lag {duration(promises.lag)}")
    low, high = promises.volume.minimum, promises.volume.maximum
    least = f"{count(low, 'row')} or more"
    words.append(least if high is None else f"{number(low)} to {count(high, 'row')}")
    return ", ".join(words)


def end_lines(outlooks: Sequence[Outlook]) -> Iterator[str]:
    """What to do next."""
    for standing, says in (
        (Standing.MISSED, "missed, though what is promised covers it"),
        (Standing.UNTRIED, "not tried, for the nights are too few, or ring anyhow"),
        (Standing.SILENT, "cannot ring, for nothing is promised"),
    ):
        kinds = sum(len(one.of(standing)) for one in outlooks)
        where = [one.clean.subject.name for one in outlooks if one.of(standing)]
        if where:
            told = f"{count(kinds, 'kind')} of fault {says}: {first(where, at_most=4)}"
            yield from _wrapped(told, "", "  ")
    if loud := [one.clean.subject.name for one in outlooks if one.alarms]:
        yield from _wrapped(f"false alarms on clean nights: {listed(loud)}", "", "  ")
    if outlooks and not loud and all(f.standing is Standing.RINGS for f in _all(outlooks)):
        yield "Every planted fault rang, and nothing else did."


def _all(outlooks: Sequence[Outlook]) -> Iterator[Figure]:
    for one in outlooks:
        yield from one.figures


def _fault_lines(figure: Figure, subject: Subject, confidence: float) -> Iterator[str]:
    rang = figure.rang
    share = f"{len(rang.delays)}/{rang.planted}"
    if rang.fault is Fault.UNREAD:
        yield f"  {rang.fault:26}{share:>7}  accused; the heartbeat tells of it"
        return
    if figure.standing is Standing.SILENT:
        told = f"cannot ring: {figure.lacks}"
        yield from _wrapped(told, f"  {rang.fault:26}{share:>7}  ", " " * 37)
        return
    if figure.standing is Standing.UNTRIED:
        yield f"  {rang.fault:26}{share:>7}  not tried: the nights are too few"
        return
    least = percent(round(figure.recall_at_least(confidence), 3))
    median, worst = "-", "-"
    if found := figure.median(confidence):
        median = f"{found[0]}" if found[0] == found[1] else f"{found[0]}..{found[1]}"
        worst = f"{rang.delays[-1]}"
    yield f"  {rang.fault:26}{share:>7}{least:>10}{median:>8}{worst:>7}  {_by(figure)}"
    if figure.standing is Standing.MISSED:
        missed = rang.planted - len(rang.delays)
        nights = count(patience(subject, rang.fault), "night")
        yield f"    MISSED: {number(missed)} did not ring within {nights}"


def _by(figure: Figure) -> str:
    claims = [claim for claim, _ in figure.rang.by.most_common()]
    more = f" +{len(claims) - 1}" if claims[1:] else ""
    return f"{claims[0]}{more}" if claims else "nothing"


def _accusers(outlook: Outlook) -> str:
    return listed(sorted({claim for rang in outlook.clean.rang for claim in rang}))


def _proofs(outlook: Outlook) -> Iterator[str]:
    clean = outlook.clean
    proven = [f"{claim} {number(n)}" for claim, n in sorted(clean.proven.items(), key=_last)]
    if proven:
        yield from _wrapped(f"nights until PROVEN: {', '.join(proven)}", "  ", "    ")
    for claim, verdict in clean.unproven.items():
        told = f"never PROVEN: {claim}: {_plain(verdict.because)}"
        yield from _wrapped(told, "  ", "    ")


def _last(proven: tuple[str, int]) -> tuple[int, str]:
    return -proven[1], proven[0]


def _plain(text: str) -> str:
    """A verdict's reason on the page, without what could steer a terminal."""
    return " ".join(name(word) for word in text.split())


def _wrapped(text: str, begins: str, goes_on: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=begins,
        subsequent_indent=goes_on,
        break_on_hyphens=False,
    )
