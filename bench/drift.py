"""How often `stable_values` cries wolf, and what it misses, beside rules that are in use.

Twenty columns a night, drawn from known distributions with fixed seeds: fifteen of numbers, some
skewed or with few values, and five of eight categories. The first number is the one that moves.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from bench.metric import Metric, Sample
from contracts.evaluation import Categories, ColumnProfile, Numbers, Profile
from contracts.grid import edges_of
from harness.claims.drifts import Finding, Standing, Trait, compare
from harness.statistics import drift

LIBRARIES = ("scipy", "polars")
_Counts: TypeAlias = Mapping[str, tuple[int, ...]]
_Alarm: TypeAlias = Callable[[Sequence[Finding], _Counts, _Counts], bool]
_NUMBERS, _CATEGORIES = 15, 5
_SHARES = np.array([0.3, 0.2, 0.15, 0.1, 0.1, 0.06, 0.05, 0.04])
_MOVED = _SHARES + np.array([0.1, -0.1, 0, 0, 0, 0, 0, 0])
_REFERENCE = 5_000
_NIGHTS, _FEW_NIGHTS = 1_000, 200
_PSI = 0.2
_LARGE = 20_000


def floors() -> list[str]:
    """What the peers are."""
    peers = (
        "Peers, on the same nights: KS p < .05 column by column; PSI > .2 on tenths; Cramér's V "
    )
    peers += "as textbooks have it, >= .1 with chi-square p < .05. References have 5,000 rows."
    goals = "Goals: at most 5 % of clean nights with an alarm, at most 5 % of real shifts missed."
    return [peers, goals]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Each rule on each kind of night; a sample is one night, 100 for an alarm or a miss."""
    nights = _FEW_NIGHTS if quick else _NIGHTS
    found: list[Metric] = []
    for n in (200, 500, 1_000, 5_000):
        say(f"clean nights of {n} rows, {nights} times")
        seen = alarms(n, nights, rules={"ours": _ours, "KS": _ks, "PSI": _psi})
        unit = "% of clean nights with an alarm, 20 columns"
        found += _metrics(f"{n:,} rows", unit, seen, missed=False)
    for n in (500, 1_000, 5_000):
        say(f"one number moved by 0.3 sd, {n} rows")
        seen = alarms(
            n, nights, shift=0.3, rules={"ours": _number, "KS": _ks_one, "PSI": _psi_one}
        )
        found += _metrics(f"{n:,} rows", "% of shifts by 0.3 sd missed", seen, missed=True)
    for n, m in ((1_000, 5_000), (5_000, 5_000), (1_000, 100_000)):
        say(f"ten points of a category moved, {n} rows against {m}")
        rules = {"ours": _category, "V": _plain_v}
        seen = alarms(n, nights, reference=m, shares=_MOVED, rules=rules)
        unit = "% of shifts by 10 points between categories missed"
        found += _metrics(f"{n:,}/{m:,}", unit, seen, missed=True)
    for n in (1_000, 10_000, 100_000):
        say(f"one number moved by 0.03 sd, {n} rows")
        some = nights if n < _LARGE else nights // 10
        rules = {"ours": _number, "KS": _ks_one, "PSI": _psi_one}
        seen = alarms(n, some, reference=max(n, _REFERENCE), shift=0.03, rules=rules)
        found += _metrics(f"{n:,} rows", "% alarms for an irrelevant 0.03 sd", seen, missed=False)
    return found


def _metrics(
    what: str, unit: str, seen: Mapping[str, Sequence[bool]], *, missed: bool
) -> list[Metric]:
    return [
        Metric(
            metric=f"{what}, {rule}",
            unit=unit,
            samples=tuple(Sample(value=100.0 * (alarm is not missed)) for alarm in alarms),
            goal=5.0 if rule == "ours" else None,
            summary=statistics.fmean,
        )
        for rule, alarms in seen.items()
    ]


def alarms(  # noqa: PLR0913 - what a night is like
    n: int,
    nights: int,
    *,
    rules: Mapping[str, _Alarm],
    reference: int = _REFERENCE,
    shift: float = 0.0,
    shares: npt.NDArray[np.float64] = _SHARES,
) -> dict[str, list[bool]]:
    """What each rule said of each night. A new reference every ten: one may be odd by chance."""
    draw = np.random.default_rng([7, n, reference, int(shift * 100)])
    seen: dict[str, list[bool]] = {rule: [] for rule in rules}
    columns = _NUMBERS if not shift or n < _LARGE else 1  # the others would only take time
    pinned, edges, tenths, there = Profile(dataset="", rows=0, columns=()), {}, {}, {}
    for night in range(nights):
        if night % 10 == 0:
            drawn = _numbers(draw, reference, columns, 0.0)
            edges = {name: edges_of(pl.Series(values)) for name, values in drawn.items()}
            tenths = {name: np.quantile(v, np.arange(1, 10) / 10) for name, v in drawn.items()}
            there = _tenths(drawn, tenths)
            pinned = _profile(drawn, edges, draw, reference, _SHARES)
        drawn = _numbers(draw, n, columns, shift)
        tonight = _profile(drawn, edges, draw, n, shares)
        findings = compare(pinned, tonight)
        before = {**_counts(pinned), **there}
        now = {**_counts(tonight), **_tenths(drawn, tenths)}
        for rule, alarm in rules.items():
            seen[rule].append(alarm(findings, before, now))
    return seen


def _numbers(
    draw: np.random.Generator, n: int, columns: int, shift: float
) -> dict[str, npt.NDArray[np.float64]]:
    values = {f"n{place}": draw.normal(size=n) for place in range(columns)}
    values["n0"] += shift
    for place in range(1, columns):
        if place % 3 == 1:
            values[f"n{place}"] = np.exp(values[f"n{place}"])
        elif place % 3 == 2:  # noqa: PLR2004 - a third of each kind
            values[f"n{place}"] = np.floor(values[f"n{place}"] * 3)
    return values


def _profile(
    drawn: Mapping[str, npt.NDArray[np.float64]],
    edges: Mapping[str, tuple[str, ...]],
    draw: np.random.Generator,
    rows: int,
    shares: npt.NDArray[np.float64],
) -> Profile:
    columns = []
    for name, values in drawn.items():
        places = np.searchsorted([float(edge) for edge in edges[name]], values)
        counts = np.bincount(places, minlength=len(edges[name]) + 1)
        numbers = Numbers(
            edges=edges[name],
            counts=tuple(map(int, counts)),
            mean=float(values.mean()),
            sd=float(values.std()),
        )
        columns.append(ColumnProfile(column=name, type="double", missing=0, numbers=numbers))
    for place in range(_CATEGORIES):
        counts = draw.multinomial(rows, _SHARES if place else shares)
        categories = Categories(names=tuple("abcdefgh"), counts=(*map(int, counts), 0))
        columns.append(
            ColumnProfile(column=f"c{place}", type="string", missing=0, categories=categories)
        )
    return Profile(dataset="", rows=rows, columns=tuple(columns))


def _tenths(
    drawn: Mapping[str, npt.NDArray[np.float64]], tenths: Mapping[str, npt.NDArray[np.float64]]
) -> dict[str, tuple[int, ...]]:
    return {
        f"tenths of {name}": tuple(
            map(int, np.bincount(np.searchsorted(tenths[name], values), minlength=10))
        )
        for name, values in drawn.items()
    }


def _counts(profile: Profile) -> dict[str, tuple[int, ...]]:
    sketches = ((c.column, c.numbers or c.categories) for c in profile.columns)
    return {name: sketch.counts for name, sketch in sketches if sketch is not None}


def _ours(findings: Sequence[Finding], _before: _Counts, _now: _Counts) -> bool:
    return any(finding.standing is Standing.DRIFTED for finding in findings)


def _number(findings: Sequence[Finding], _before: _Counts, _now: _Counts) -> bool:
    return _drifted(findings, "n0")


def _category(findings: Sequence[Finding], _before: _Counts, _now: _Counts) -> bool:
    return _drifted(findings, "c0")


def _drifted(findings: Sequence[Finding], column: str) -> bool:
    return any(
        f.column == column and f.trait is Trait.VALUES and f.standing is Standing.DRIFTED
        for f in findings
    )


def _ks(_findings: Sequence[Finding], before: _Counts, now: _Counts) -> bool:
    return any(_ks_of(name, before, now) for name in before if name.startswith("n"))


def _ks_one(_findings: Sequence[Finding], before: _Counts, now: _Counts) -> bool:
    return _ks_of("n0", before, now)


def _ks_of(name: str, before: _Counts, now: _Counts) -> bool:
    distance = drift.kolmogorov_smirnov(before[name], now[name])
    p = drift.kolmogorov_smirnov_p(distance, sum(before[name]), sum(now[name]))
    return p < 0.05  # noqa: PLR2004 - the peer's own


def _psi(_findings: Sequence[Finding], before: _Counts, now: _Counts) -> bool:
    return any(_psi_of(name, before, now) for name in before if name.startswith("tenths of "))


def _psi_one(_findings: Sequence[Finding], before: _Counts, now: _Counts) -> bool:
    return _psi_of("tenths of n0", before, now)


def _psi_of(name: str, before: _Counts, now: _Counts) -> bool:
    """Empty parts count as half a row."""
    pairs = zip(before[name], now[name], strict=True)
    m, n = sum(before[name]), sum(now[name])
    shares = [(max(a, 0.5) / m, max(b, 0.5) / n) for a, b in pairs]
    return sum((q - p) * math.log(q / p) for p, q in shares) > _PSI


def _plain_v(_findings: Sequence[Finding], before: _Counts, now: _Counts) -> bool:
    from scipy.stats import chi2_contingency
    from scipy.stats.contingency import association

    table = [list(before["c0"])[:-1], list(now["c0"])[:-1]]
    p = chi2_contingency(table).pvalue
    return bool(p < 0.05 and association(table, method="cramer") >= 0.1)  # noqa: PLR2004 - as above
