"""How certain a rank is: sets of places, tiers, the chance that one unit is above another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lsb_nb.analysis.acceptability import (
    central_weights,
    draw_weights,
    missing_rank_range,
    rank_acceptability,
    share_ranks,
    weigh_scores,
)
from lsb_nb.analysis.design import Floats, place
from lsb_nb.analysis.resample import draw_totals
from lsb_nb.analysis.separation import Separation, estimate_points, separate_units

__all__ = [
    "Separation",
    "central_weights",
    "draw_totals",
    "draw_weights",
    "estimate_points",
    "missing_rank_range",
    "prob_above",
    "rank_acceptability",
    "rank_sets",
    "rank_sets_from_estimates",
    "separate_units",
    "sets_from_separation",
    "share_ranks",
    "tiers",
    "weigh_scores",
]

METHODS = ("simultaneous", "marginal")


def rank_sets(
    table: pd.DataFrame | Mapping[str, pd.DataFrame],
    level: float = 0.95,
    *,
    groups: Mapping[Any, Any] | None = None,
    group_weights: Mapping[str, Any] | None = None,
    trim_from: int | None = None,
    fixed: pd.Series | None = None,
    draws: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Give the places each unit may hold once chance in the choice of raters is allowed for.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters), or mapping of group to such a table
        Points; NaN where the rater did not score the unit.
    level : float
        Probability that all sets hold at once.
    groups, group_weights, trim_from, fixed, draws, seed
        As in `separate_units`.

    Returns
    -------
    pandas.DataFrame
        Indexed by unit, in the table's order: ``rank`` (by the estimates), ``low`` = 1 + number of units surely above,
        ``high`` = number of units − number surely below, ``tier`` (see `tiers`), ``estimate`` (points),
        ``approximate`` (True where marks are trimmed or missing: the rule is tested for complete, untrimmed designs).

    Notes
    -----
    The two-condition rule of `separate_units`.
    """
    return sets_from_separation(
        separate_units(
            table,
            level=level,
            groups=groups,
            group_weights=group_weights,
            trim_from=trim_from,
            fixed=fixed,
            draws=draws,
            seed=seed,
        )
    )


def sets_from_separation(separation: Separation) -> pd.DataFrame:
    """Turn what can be told apart into sets of places; columns as in `rank_sets`."""
    above = separation.above.to_numpy()
    estimates = separation.estimates.to_numpy()
    ranks = place(estimates)
    frame = pd.DataFrame(
        {
            "rank": ranks,
            "low": 1 + above.sum(axis=0),
            "high": len(above) - above.sum(axis=1),
            "tier": _tiers(ranks, lambda first, unit: bool(above[first, unit])),
            "estimate": estimates,
            "approximate": separation.approximate,
        },
        index=separation.above.index,
    )
    frame.index.name = "unit"
    return frame


def tiers(sets: pd.DataFrame) -> pd.Series:
    """Give each unit its tier: a new one starts when a unit is surely below the first of the current one.

    Parameters
    ----------
    sets : pandas.DataFrame
        Indexed by unit with ``rank, low, high``. A column ``tier``, made by `rank_sets` from the pairs themselves, is
        given back; else a unit counts as below the first where its rank exceeds the first's ``high``, which is the same
        when all pairs have one limit.

    Returns
    -------
    pandas.Series
        ``tier``, from 1, in the order of `sets`. Neighbours across a boundary may be inseparable too.
    """
    if "tier" in sets:
        return sets["tier"].copy()
    ranks, high = sets["rank"].to_numpy(), sets["high"].to_numpy()
    return pd.Series(_tiers(ranks, lambda first, unit: bool(ranks[unit] > high[first])), index=sets.index, name="tier")


def _tiers(ranks: NDArray[np.int64], surely_below: Any) -> NDArray[np.int64]:
    numbers = np.ones(len(ranks), dtype=np.int64)
    order = np.argsort(ranks, kind="stable")
    first, tier = order[0], 1
    for unit in order:
        if surely_below(first, unit):
            first, tier = unit, tier + 1
        numbers[unit] = tier
    # Units that share a place share its tier: the later of the two would otherwise depend on the table's order.
    for value in np.unique(ranks):
        numbers[ranks == value] = numbers[ranks == value].min()
    return numbers


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
        In the same order.
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
        For another method, or standard errors that are not positive.

    Notes
    -----
    Step-down over one-sided pairs of differences, the critical value being the `level` quantile of max (d* − d) ÷ se
    over the hypotheses not yet rejected: Mogstad, Romano, Shaikh & Wilhelm, doi 10.1093/restud/rdad006. For known
    standard errors, such as surveys give. For a panel of raters use `rank_sets`: with 10 raters this separates too
    much.
    """
    if method not in METHODS:
        raise ValueError(f"`method` must be one of 'simultaneous', 'marginal'; not {method!r}.")
    series = pd.Series(estimates).astype(float)
    value: Any = series.to_numpy(dtype=float)
    se: Floats = np.asarray(standard_errors, dtype=float)
    if se.shape != value.shape or not (se > 0).all():
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


def prob_above(draws: pd.DataFrame) -> pd.DataFrame:
    """Give the share of draws in which one unit is above another; ties count half.

    Parameters
    ----------
    draws : pandas.DataFrame or array_like, shape (draws, units)
        Totals, as `draw_totals` or `weigh_scores` give them; NaN counts in no comparison.

    Returns
    -------
    pandas.DataFrame
        units × units: the row above the column; 0.5 on the diagonal. Not a Bayesian probability.
    """
    frame = draws if isinstance(draws, pd.DataFrame) else pd.DataFrame(np.asarray(draws, dtype=float))
    values = np.ascontiguousarray(np.round(frame.to_numpy(dtype=float), 9).T)
    n, number = values.shape
    share = np.full((n, n), 0.5)
    gaps = np.isnan(values).any()
    for i in range(n - 1):
        rest = values[i + 1 :]
        wins = (values[i] > rest).sum(axis=1)
        losses = (values[i] < rest).sum(axis=1)
        compared = (~np.isnan(values[i] + rest)).sum(axis=1) if gaps else number
        with np.errstate(invalid="ignore", divide="ignore"):
            share[i, i + 1 :] = (wins + (compared - wins - losses) / 2) / compared
        share[i + 1 :, i] = 1 - share[i, i + 1 :]
    return pd.DataFrame(share, index=frame.columns, columns=frame.columns)
