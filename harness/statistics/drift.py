"""Two samples held against each other by their counts on one grid: how far apart, how surely.

Every distance on a grid is at most the true one, so no p-value here is too small for the grid's
sake. Effects do not grow with the number of rows; p-values do, and that is why a verdict needs
both: 0.03 standard deviations are significant in 100,000 rows and matter to nobody.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise


def shares_below(counts: Sequence[int]) -> list[float]:
    """The share of values up to each edge; the last count lies above all of them."""
    whole = sum(counts)
    return [count / whole for count in accumulate(counts[:-1])]


def kolmogorov_smirnov(reference: Sequence[int], found: Sequence[int]) -> float:
    """The largest distance of the two distributions at an edge: D, from 0 to 1."""
    pairs = zip(shares_below(reference), shares_below(found), strict=True)
    return max((abs(a - b) for a, b in pairs), default=0.0)


def kolmogorov_smirnov_p(distance: float, reference: int, found: int) -> float:
    """How often chance alone brings two samples of one distribution so far apart."""
    from scipy.stats import kstwo  # scipy costs a quarter of a second to import

    # As scipy's own two-sample test does it; where values tie, the truth is smaller still.
    return float(kstwo.sf(distance, max(1, round(effective(reference, found)))))


def wasserstein(edges: Sequence[float], reference: Sequence[int], found: Sequence[int]) -> float:
    """How far values moved on the mean, between the edges; exact where all values are edges."""
    pairs = zip(shares_below(reference), shares_below(found), strict=True)
    steps = zip(pairwise(edges), pairs, strict=False)  # behind the last edge nothing is known
    return math.fsum((high - low) * abs(a - b) for (low, high), (a, b) in steps)


def cramers_v(reference: Sequence[int], found: Sequence[int]) -> float:
    """Cramér's V of two samples as if they were of one size, from 0 to 1.

    V itself shrinks when the sizes differ: a shift of ten points between 1,000 rows and 100,000
    would be 0.02 instead of 0.1, and no shift would ever reach a floor.
    """
    n, m = sum(found), sum(reference)
    pairs = [(a / m, b / n) for a, b in zip(reference, found, strict=True)]
    return math.sqrt(math.fsum((p - q) ** 2 / (p + q) for p, q in pairs if p + q) / 2)


def chi_square_p(reference: Sequence[int], found: Sequence[int]) -> float:
    """How often chance alone makes two samples' categories differ so much.

    Categories of which fewer than 5 are expected in a sample are taken together (Cochran 1954).
    """
    from scipy.stats import chi2

    n, m = sum(found), sum(reference)
    smaller = min(n, m) / (n + m)
    pairs = list(zip(reference, found, strict=True))
    cells = [pair for pair in pairs if sum(pair) * smaller >= EXPECTED]
    rest = [pair for pair in pairs if 0 < sum(pair) * smaller < EXPECTED]
    if rest:
        cells.append((sum(a for a, _ in rest), sum(b for _, b in rest)))
    statistic = math.fsum((a * n - b * m) ** 2 / ((a + b) * n * m) for a, b in cells)
    return float(chi2.sf(statistic, len(cells) - 1)) if len(cells) > 1 else 1.0


EXPECTED = 5


def more_p(reference: int, of_reference: int, found: int, of_found: int) -> float:
    """How often chance alone makes so many of one kind: Fisher's exact test, one-sided."""
    from scipy.stats import hypergeom

    whole, kind = of_reference + of_found, reference + found
    return float(hypergeom.sf(found - 1, whole, kind, of_found))


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's: at most the level's share of those below it are false alarms."""
    from scipy.stats import false_discovery_control

    return [float(p) for p in false_discovery_control(p_values)] if p_values else []


def effective(reference: int, found: int) -> float:
    """The size that counts where two samples are compared."""
    return reference * found / (reference + found) if reference and found else 0.0


@cache
def needed_for_distance(floor: float, level: float, power: float) -> float:
    """The effective size at which a true distance D of `floor` is found significant.

    Massey (1950): at the edge where the distance is `floor`, shares spread by 1/2 at most.
    """
    from scipy.stats import norm

    critical = math.sqrt(-math.log(level / 2) / 2)
    return float((critical + norm.ppf(power) / 2) / floor) ** 2


@cache
def needed_for_categories(floor: float, categories: int, level: float, power: float) -> float:
    """The effective size at which a true V of `floor` is found significant."""
    from scipy.stats import chi2, ncx2

    freedom = max(1, categories - 1)
    critical = chi2.isf(level, freedom)
    low, high = 0.0, 1.0
    while ncx2.sf(critical, freedom, high) < power:
        low, high = high, 2 * high
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if ncx2.sf(critical, freedom, middle) < power else (low, middle)
    return high / (2 * floor) ** 2  # noncentrality = effective size * 4 V^2


@cache
def hidden_rise(share: float, size: float, level: float, power: float) -> float:
    """The rise of a share that so large an effective size still finds; less may be hidden.

    By the normal approximation, which near a share of 0 tells a little more than the truth.
    """
    from scipy.stats import norm

    grain = float(norm.isf(level) + norm.ppf(power)) ** 2 / size
    return grain / 4 + math.sqrt((grain / 4) ** 2 + grain * share)


def rows_for(needed: float, reference: int) -> int | None:
    """How many values make up the effective size beside so many of the reference; None for no
    number of them.
    """
    return math.ceil(needed * reference / (reference - needed)) if reference > needed else None
