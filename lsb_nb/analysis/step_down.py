"""Sets of places from estimates and standard errors: step-down over pairs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lsb_nb.analysis.design import Floats, check_level, match_errors, place

METHODS = ("simultaneous", "marginal")


def rank_sets_from_estimates(
    estimates: pd.Series,
    standard_errors: pd.Series,
    level: float = 0.95,
    *,
    method: str = "simultaneous",
    draws: int = 20_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Give sets of places from estimates and their standard errors, taken as independent and normal.

    Parameters
    ----------
    estimates, standard_errors : pandas.Series or array_like, shape (units,)
        Matched by unit where both name units, else in the same order.
    level : float
        Level of the sets.
    method : {'simultaneous', 'marginal'}
        All sets hold at once, or each unit's set by itself.
    draws : int
        Normal draws behind the critical values.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        Indexed by unit: ``rank, low, high``.

    Raises
    ------
    ValueError
        For another method, a level outside (0, 1), or standard errors that are not positive.

    Notes
    -----
    Step-down over one-sided pairs of differences, the critical value being the `level` quantile of max (d* − d) ÷ se
    over the hypotheses not yet rejected: Mogstad, Romano, Shaikh & Wilhelm, doi 10.1093/restud/rdad006. For known
    standard errors, such as surveys give. For a panel of raters use `rank_sets`: with 10 raters this separates too
    much.
    """
    if method not in METHODS:
        raise ValueError(f"`method` must be one of 'simultaneous', 'marginal'; not {method!r}.")
    check_level(level)
    series = pd.Series(estimates).astype(float)
    value: Any = series.to_numpy(dtype=float)
    se = match_errors(series, standard_errors)
    if not (se > 0).all():
        raise ValueError("`standard_errors` must be positive, one for each estimate.")
    n = len(value)
    noise = np.random.default_rng(seed).standard_normal((draws, n)) * se
    left, right = np.triu_indices(n, 1)
    above = np.zeros((n, n), dtype=bool)
    if method == "simultaneous":
        for i, j in zip(*_step_down(value, se, noise, left, right, level), strict=True):
            above[i, j] = True
        low, high = 1 + above.sum(axis=0), n - above.sum(axis=1)
    else:
        low, high = np.ones(n, dtype=np.int64), np.full(n, n)
        for unit in range(n):
            others = np.delete(np.arange(n), unit)
            winners, losers = _step_down(value, se, noise, np.full(n - 1, unit), others, level)
            low[unit] += int((losers == unit).sum())
            high[unit] -= int((winners == unit).sum())
    return pd.DataFrame({"rank": place(value), "low": low, "high": high}, index=series.index)


def _step_down(
    value: Floats, se: Floats, noise: Floats, left: NDArray[np.intp], right: NDArray[np.intp], level: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the upper and the lower unit of every pair rejected."""
    spread = np.hypot(se[left], se[right])
    score = (value[left] - value[right]) / spread
    # Every pair is two one-sided hypotheses; rejecting one leaves the opposite one in the maximum.
    up = score > 0
    upper, lower = np.where(up, left, right), np.where(up, right, left)
    rejected = np.zeros(len(score), dtype=bool)
    while not rejected.all():
        worst = []
        for rows in np.array_split(noise, max(1, len(noise) * len(left) // 400_000)):
            scaled = (rows[:, upper] - rows[:, lower]) / spread
            worst.append(np.where(rejected, -scaled, np.abs(scaled)).max(axis=1))
        fresh = ~rejected & (np.abs(score) > np.quantile(np.concatenate(worst), level))
        if not fresh.any():
            break
        rejected |= fresh
    return upper[rejected], lower[rejected]
