"""Compares two samples by their counts on one grid: effect sizes and p-values.

A distance on a grid is at most the true distance, so the grid never makes a p-value too small.
p-values shrink as rows grow, effects do not. So a verdict needs both: 0.03 standard deviations are
significant in 100,000 rows, but do not matter.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise


def shares_below(counts: Sequence[int]) -> list[float]:
    """The share of values up to each edge; the last count is of values above all edges."""
    whole = sum(counts)
    return [count / whole for count in accumulate(counts[:-1])]


def kolmogorov_smirnov(reference: Sequence[int], current: Sequence[int]) -> float:
    """D: the largest distance between the two distributions at an edge, 0 to 1."""
    pairs = zip(shares_below(reference), shares_below(current), strict=True)
    return max((abs(a - b) for a, b in pairs), default=0.0)


def kolmogorov_smirnov_p(distance: float, reference: int, current: int) -> float:
    """The probability that two samples of one distribution are this far apart by chance.

    With tied values the true probability is smaller. Of up to 1,000 values twice the exact
    one-sided probability, which is never too small; of more the limit, with Vrbik's correction
    (2018) for their number.
    """
    # scipy.stats has the exact one: half a second to import, and a second for 10^6 values.
    from scipy.special import kolmogorov, smirnov

    size = max(1, round(effective(reference, current)))
    if size <= EXACT:
        return min(1.0, 2 * float(smirnov(size, distance)))
    root = math.sqrt(size)
    scaled = root * distance
    return float(kolmogorov(scaled + 1 / (6 * root) + (scaled - 1) / (4 * size)))


EXACT = 1_000


def wasserstein(edges: Sequence[float], reference: Sequence[int], current: Sequence[int]) -> float:
    """How far values moved on average, between the edges; exact if all values are edges."""
    pairs = zip(shares_below(reference), shares_below(current), strict=True)
    steps = zip(pairwise(edges), pairs, strict=False)  # nothing is known beyond the last edge
    return math.fsum((high - low) * abs(a - b) for (low, high), (a, b) in steps)


def cramers_v(reference: Sequence[int], current: Sequence[int]) -> float:
    """Cramér's V of two samples as if their sizes were equal, 0 to 1.

    Plain V shrinks when the sizes differ: a shift of ten points between 1,000 and 100,000 rows
    would be 0.02 instead of 0.1, and no shift would ever reach the floor.
    """
    n, m = sum(current), sum(reference)
    pairs = [(a / m, b / n) for a, b in zip(reference, current, strict=True)]
    return math.sqrt(math.fsum((p - q) ** 2 / (p + q) for p, q in pairs if p + q) / 2)


def chi_square_p(reference: Sequence[int], current: Sequence[int]) -> float:
    """The probability that two samples' categories differ this much by chance.

    Categories with fewer than 5 expected in a sample are combined (Cochran 1954).
    """
    from scipy.special import chdtrc

    n, m = sum(current), sum(reference)
    smaller = min(n, m) / (n + m)
    pairs = list(zip(reference, current, strict=True))
    cells = [pair for pair in pairs if sum(pair) * smaller >= EXPECTED]
    rest = [pair for pair in pairs if 0 < sum(pair) * smaller < EXPECTED]
    if rest:
        cells.append((sum(a for a, _ in rest), sum(b for _, b in rest)))
    statistic = math.fsum((a * n - b * m) ** 2 / ((a + b) * n * m) for a, b in cells)
    return float(chdtrc(len(cells) - 1, statistic)) if len(cells) > 1 else 1.0


EXPECTED = 5


def more_p(reference: int, of_reference: int, current: int, of_current: int) -> float:
    """The probability of this many or more by chance: Fisher's exact test, one-sided."""
    if current * of_reference >= reference * of_current:
        return min(1.0, _tail(current, reference, of_current, of_reference))
    # Not more than expected: what is left of 1, for the other tail has fewer terms.
    fewer = of_current - current + 1, of_reference - reference - 1
    return max(0.0, 1.0 - _tail(*fewer, of_current, of_reference))


def _tail(drawn: int, left: int, draws: int, others: int) -> float:
    """The hypergeometric probability of at least `drawn` of a kind among `draws`, where `left` of
    the kind are among the `others`. The terms shrink if `drawn` is at least what is expected.
    """
    from scipy.special import betaln

    def of(chosen: int, among: int) -> float:
        """The logarithm of the number of ways to choose."""
        return -float(betaln(among - chosen + 1, chosen + 1)) - math.log1p(among)

    if drawn > draws or left < 0:
        return 0.0
    term = math.exp(of(drawn, draws) + of(left, others) - of(drawn + left, draws + others))
    total = 0.0
    while term > total * sys.float_info.epsilon:
        total += term
        term *= (draws - drawn) / (drawn + 1) * left / (others - left + 1)
        drawn, left = drawn + 1, left - 1
    return total


def adjust(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted by Benjamini-Hochberg (1995): of those below a level, at most that share
    are false alarms.
    """
    adjusted, least = list(p_values), 1.0
    for rank, place in sorted(
        enumerate(sorted(range(len(adjusted)), key=adjusted.__getitem__), 1)
    )[::-1]:
        least = adjusted[place] = min(least, adjusted[place] * len(adjusted) / rank)
    return adjusted


def effective(reference: int, current: int) -> float:
    """The effective size of two compared samples."""
    return reference * current / (reference + current) if reference and current else 0.0


@cache
def needed_for_distance(floor: float, level: float, power: float) -> float:
    """The effective size at which a true distance D of `floor` becomes significant.

    Massey (1950): at the edge where the distance is `floor`, the deviation is at most 1/2.
    """
    from scipy.special import ndtri

    critical = math.sqrt(-math.log(level / 2) / 2)
    return float((critical + ndtri(power) / 2) / floor) ** 2


@cache
def needed_for_categories(floor: float, categories: int, level: float, power: float) -> float:
    """The effective size at which a true V of `floor` becomes significant."""
    from scipy.special import chdtri, chndtrinc

    freedom = max(1, categories - 1)
    noncentrality = chndtrinc(chdtri(freedom, level), freedom, 1 - power)
    return float(noncentrality) / (2 * floor) ** 2  # noncentrality = effective size * 4 V^2


@cache
def hidden_rise(share: float, size: float, level: float, power: float) -> float:
    """The smallest rise of a share that this effective size detects; a smaller one may be hidden.

    Normal approximation; near a share of 0 it is a little too large.
    """
    from scipy.special import ndtri

    grain = float(ndtri(power) - ndtri(level)) ** 2 / size
    return grain / 4 + math.sqrt((grain / 4) ** 2 + grain * share)


def rows_for(needed: float, reference: int) -> int | None:
    """How many values give the effective size together with those of the reference; None if no
    number is enough.
    """
    return math.ceil(needed * reference / (reference - needed)) if reference > needed else None
