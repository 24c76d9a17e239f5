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
from lsb_nb.analysis.design import place
from lsb_nb.analysis.leave_out import leave_one_rater
from lsb_nb.analysis.resample import draw_totals
from lsb_nb.analysis.separation import Separation, estimate_points, separate_units
from lsb_nb.analysis.step_down import rank_sets_from_estimates

__all__ = [
    "Separation",
    "central_weights",
    "draw_totals",
    "draw_weights",
    "estimate_points",
    "find_blocks",
    "leave_one_rater",
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


def find_blocks(separation: Separation) -> pd.DataFrame:
    """Find the runs of neighbouring places within which no unit is surely above another.

    Parameters
    ----------
    separation : Separation
        From `separate_units`.

    Returns
    -------
    pandas.DataFrame
        ``first, last`` (places), ``size`` (units, at least 2), ``gap`` (points between its first and last): the longest
        runs that cannot be extended, in order of places; they may overlap.
    """
    estimates = separation.estimates.sort_values(ascending=False, kind="stable")
    above = separation.above.loc[estimates.index, estimates.index].to_numpy()
    ranks, values = place(estimates.to_numpy()), estimates.to_numpy()
    rows: list[dict[str, Any]] = []
    reached, end = 0, 1
    for start in range(len(values)):
        end = max(end, start + 1)
        while end < len(values) and not above[start:end, end].any():
            end += 1
        if end - start > 1 and end > reached:
            gap = float(values[start] - values[end - 1])
            rows.append({"first": ranks[start], "last": ranks[end - 1], "size": end - start, "gap": gap})
            reached = end
    return pd.DataFrame(rows, columns=["first", "last", "size", "gap"])


def rank_sets(table: pd.DataFrame | Mapping[str, pd.DataFrame], level: float = 0.95, **options: Any) -> pd.DataFrame:
    """Give the places each unit may hold once chance in the choice of raters is allowed for.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters), or mapping of group to such a table
        Points; NaN where the rater did not score the unit.
    level : float
        Probability that all sets hold at once.
    **options
        ``groups, group_weights, trim_from, fixed, draws, seed``, as in `separate_units`.

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
    return sets_from_separation(separate_units(table, level=level, **options))


def sets_from_separation(separation: Separation) -> pd.DataFrame:
    """Turn what can be told apart into sets of places; columns as in `rank_sets`, no row where nothing was judged."""
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
    return frame.head(0) if separation.reason else frame


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
    first, tier = order[0] if len(order) else 0, 1
    for unit in order:
        if surely_below(first, unit):
            first, tier = unit, tier + 1
        numbers[unit] = tier
    # Units that share a place share its tier: the later of the two would otherwise depend on the table's order.
    for value in np.unique(ranks):
        numbers[ranks == value] = numbers[ranks == value].min()
    return numbers


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
