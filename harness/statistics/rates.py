"""One-sided Clopper-Pearson bounds on a rate.

They are valid for every n (Wilson's and Jeffreys' are not) if the trials are independent.
"""

from __future__ import annotations


def lower_bound(successes: int, trials: int, confidence: float) -> float:
    """The true rate is at least this, with `confidence`; 0 if there are no trials or successes."""
    from scipy.special import betaincinv  # scipy costs a quarter of a second to import

    if successes <= 0 or trials <= 0:
        return 0.0
    return float(betaincinv(successes, trials - successes + 1, 1 - confidence))


def upper_bound(successes: int, trials: int, confidence: float) -> float:
    """The true rate is at most this, with `confidence`; 1 if there are no trials or failures."""
    return 1.0 - lower_bound(trials - successes, trials, confidence)


MOST_TRIALS = 10**12
"""More than any pilot needs; beyond it a double cannot distinguish the rates."""


def trials_needed(rate: float, confidence: float, *, failures: int = 0) -> int:
    """The fewest trials, `failures` among them, whose lower bound reaches `rate`.

    `rate` and `confidence` must lie strictly between 0 and 1. The result is at most MOST_TRIALS.
    """
    enough = failures + 1
    while enough < MOST_TRIALS and lower_bound(enough - failures, enough, confidence) < rate:
        enough *= 2
    enough = min(enough, MOST_TRIALS)
    short = enough // 2
    while enough - short > 1:
        middle = (enough + short) // 2
        if lower_bound(middle - failures, middle, confidence) < rate:
            short = middle
        else:
            enough = middle
    return enough
