"""Which units are surely above which: Tukey's criterion and a t-adjusted max-bootstrap must both say so."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lsb_nb.analysis.design import Floats, check_level, connected_parts, share_of_groups, split_groups
from lsb_nb.analysis.resample import CELLS, measure_moments

FLOOR = 0.25
"""Least squared standard error of a difference, as a share of the mean over all pairs: whole-number marks can make two
units look alike without any spread, and a draw with such a pair would let nothing be separated."""


@dataclasses.dataclass(frozen=True)
class Separation:
    """What can be told apart.

    Attributes
    ----------
    estimates : pandas.Series
        Points of each unit: group means, weighted.
    above : pandas.DataFrame
        units × units, True where the row is surely above the column.
    limits : pandas.DataFrame
        units × units: the difference in points that each pair must exceed; infinite where nothing can be said.
    limit : float
        Tukey's limit, common to all pairs: smaller differences never separate.
    critical : float
        Critical value of the bootstrap, t-adjusted.
    trimmed, incomplete : bool
        True where extremes were dropped, where marks are missing.
    unlinked : bool
        True where the raters and units of a group fall into parts without a link; pairs across parts have no limit.
    reason : str
        Why nothing could be judged, as a sentence; empty as a rule.
    """

    estimates: pd.Series
    above: pd.DataFrame
    limits: pd.DataFrame
    limit: float
    critical: float
    trimmed: bool
    incomplete: bool
    unlinked: bool = False
    reason: str = ""

    @property
    def approximate(self) -> bool:
        """Whether the rule was not tested for such a design."""
        return self.trimmed or self.incomplete


def separate_units(
    table: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    level: float = 0.95,
    groups: Mapping[Any, Any] | None = None,
    group_weights: Mapping[str, Any] | None = None,
    trim_from: int | None = None,
    fixed: pd.Series | None = None,
    draws: int = 2_000,
    seed: int = 0,
) -> Separation:
    """Decide for every pair of units whether one is surely above the other.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters), or mapping of group to such a table
        Points; NaN where the rater did not score the unit.
    level : float
        Probability that no pair at all is separated wrongly.
    groups : mapping of rater to group, optional
        Groups are never pooled. Not given: one group.
    group_weights : mapping of group to weight, optional
        Not given: equal weights.
    trim_from : int, optional
        Number of marks from which a unit's highest and lowest mark are dropped within a group.
    fixed : pandas.Series, optional
        Points of each unit that no rater decides (other sources, adjustments); only the units named are compared.
    draws : int
        Bootstrap draws.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Separation
        See there. A group with a single rater says nothing about spread: then nothing is separated. Units whose
        raters in some group are not linked, however indirectly, by common units are never separated.

    Raises
    ------
    ValueError
        If `level` does not lie between 0 and 1, a table has fewer than two units or raters, or a rater has no group.

    Notes
    -----
    A is surely above B when the difference of their estimates d > 0 exceeds both

    1. q(U, ν) · √(Σ v_g), with v_g = W_g² · s_g² ÷ R_g, ν = (Σ v_g)² ÷ Σ (v_g² ÷ ((U − 1)(R_g − 1))), q the quantile of
       the studentised range, s_g² the residual mean square of group g (Tukey), and
    2. c · (t ÷ z) · se, with se² = Σ W_g² · var_g(y_A − y_B) ÷ R_g. Raters are drawn with replacement within groups,
       all units jointly; c is the `level` quantile of max over pairs |d* − d| ÷ se*, se* computed from the draw itself;
       t ÷ z is the ratio of the two-sided quantiles of Student's t (smallest group's R_g − 1) and the normal.

    No squared standard error counts less than `FLOOR` of the mean over pairs of the same data or draw, and in a draw
    not less than in the data. Trimmed means use winsorised deviations (Yuen). Held by simulation:
    benchmarks/false_separation.py.
    """
    from scipy.stats import norm, t

    check_level(level)
    used, units = _use(table, groups, group_weights, fixed)
    n = len(units)
    incomplete = any(bool(np.isnan(y).any()) for _share, y in used)
    trimmed = trim_from is not None and any(y.shape[1] >= trim_from for _share, y in used)
    estimate, variance, parts = _estimate(used, trim_from)
    published = estimate if fixed is None else estimate + fixed.to_numpy(dtype=float)
    floor = FLOOR * _mean_over_pairs(variance)
    se = np.sqrt(np.maximum(variance, floor))
    least = min((y.shape[1] for _share, y in used), default=0)
    if least < 2 or n < 2 or not math.isfinite(floor):
        limit = critical = math.inf
        limits = np.full((n, n), np.inf)
    else:
        v = np.array([part for part, _df in parts])
        df = v.sum() ** 2 / sum(part**2 / df for part, df in parts) if v.sum() > 0 else 1.0
        limit = _range_quantile(level, n, df) * math.sqrt(v.sum())
        ratio = t.ppf(0.5 + level / 2, least - 1) / norm.ppf(0.5 + level / 2)
        critical = float(ratio) * _critical(used, estimate, floor, trim_from, level, draws, seed)
        limits = np.maximum(limit, critical * se) if math.isfinite(critical) else np.full((n, n), np.inf)
    apart = _unlinked(used, n)
    limits = np.where(np.isnan(limits) | apart, np.inf, limits)
    difference = published[:, None] - published[None, :]
    above = np.nan_to_num(difference, nan=-np.inf) > np.maximum(limits, 1e-9)
    np.fill_diagonal(limits, 0.0)
    return Separation(
        estimates=pd.Series(published, index=units, name="estimate"),
        above=pd.DataFrame(above, index=units, columns=units),
        limits=pd.DataFrame(limits, index=units, columns=units),
        limit=limit,
        critical=critical,
        trimmed=trimmed,
        incomplete=incomplete,
        unlinked=bool(apart.any()),
    )


def _unlinked(groups: list[tuple[float, Floats]], n: int) -> NDArray[np.bool_]:
    """Give units × units, True where the raters of the two are not linked by common units in some group."""
    apart: NDArray[np.bool_] = np.zeros((n, n), dtype=bool)
    for _share, y in groups:
        part = connected_parts(pd.DataFrame(y))[0].to_numpy()
        judged = ~np.isnan(y).all(axis=1)
        apart |= np.not_equal.outer(part, part) & np.logical_and.outer(judged, judged)
    return apart


@functools.lru_cache(maxsize=64)
def _range_quantile(level: float, units: int, df: float) -> float:
    """Give the quantile of the studentised range; kept, as it takes longer than a thousand draws."""
    from scipy.stats import studentized_range

    return float(studentized_range.ppf(level, units, df))


def _use(
    table: pd.DataFrame | Mapping[str, pd.DataFrame],
    groups: Mapping[Any, Any] | None,
    group_weights: Mapping[str, Any] | None,
    fixed: pd.Series | None,
) -> tuple[list[tuple[float, Floats]], pd.Index]:
    """Give the weight and the marks of every group that counts, and the units."""
    tables = {name: part for name, part in split_groups(table, groups).items() if part.notna().any(axis=None)}
    shares = share_of_groups(list(tables), group_weights)
    units = next(iter(tables.values())).index if fixed is None else fixed.index
    marks = [part.reindex(units).dropna(axis=1, how="all").to_numpy() for part in tables.values()]
    return [(float(share), y) for share, y in zip(shares, marks, strict=True) if share > 0 and y.size], units


def estimate_points(
    table: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    groups: Mapping[Any, Any] | None = None,
    group_weights: Mapping[str, Any] | None = None,
    trim_from: int | None = None,
) -> pd.Series:
    """Give the points of each unit as `separate_units` estimates them: (trimmed) group means, weighted."""
    used, units = _use(table, groups, group_weights, None)
    return pd.Series(_estimate(used, trim_from)[0], index=units, name="estimate")


def _estimate(
    groups: list[tuple[float, Floats]], trim_from: int | None
) -> tuple[Floats, Floats, list[tuple[float, float]]]:
    """Give (..., units) estimates, (..., units, units) squared standard errors, and (v_g, its df) of each group."""
    moments = [measure_moments(y, trim_from) for _share, y in groups]
    share = np.stack([np.where(np.isnan(mean), 0.0, w) for (w, _y), (mean, _i) in zip(groups, moments, strict=True)])
    total = share.sum(axis=0)
    share = np.divide(share, total, out=np.zeros(share.shape), where=total > 0)
    estimate = np.where(total > 0, 0.0, np.nan)
    variance = np.zeros((*estimate.shape, estimate.shape[-1]))
    parts: list[tuple[float, float]] = []
    for weight, (mean, influence) in zip(share, moments, strict=True):
        estimate = estimate + np.where(weight > 0, weight * np.nan_to_num(mean), 0.0)
        size = influence.shape[-1]
        scaled = np.where(weight[..., None] > 0, influence * weight[..., None], 0.0)
        # The part that all units share cancels in differences; taking it out first keeps the digits.
        scaled = scaled - np.where(np.isnan(scaled), 0.0, scaled).mean(axis=-2, keepdims=True)
        gram = scaled @ np.swapaxes(scaled, -1, -2)
        own = np.diagonal(gram, axis1=-2, axis2=-1)
        pair = np.maximum(own[..., :, None] + own[..., None, :] - 2 * gram, 0.0)
        variance = variance + pair / max(size * (size - 1), 1)
        if scaled.ndim == 2:
            rest = scaled[~np.isnan(scaled).any(axis=1)]
            rest = rest - rest.mean(axis=1, keepdims=True)
            df = (len(scaled) - 1) * max(size - 1, 1)
            parts.append((float((rest**2).sum()) / df / size, float(df)))
    return estimate, variance, parts


def _mean_over_pairs(variance: Floats) -> Any:
    n = variance.shape[-1]
    filled = np.where(np.isfinite(variance), variance, 0.0)
    number = np.isfinite(variance).sum(axis=(-2, -1)) - n
    return np.divide(filled.sum(axis=(-2, -1)), np.maximum(number, 1))


def _critical(
    groups: list[tuple[float, Floats]],
    estimate: Floats,
    floor: float,
    trim_from: int | None,
    level: float,
    draws: int,
    seed: int,
) -> float:
    rng = np.random.default_rng(seed)
    picks = [rng.integers(y.shape[1], size=(draws, y.shape[1])) for _share, y in groups]
    n = len(estimate)
    upper = np.triu_indices(n, 1)
    worst = np.empty(draws)
    step = max(1, CELLS // (n * max(n, sum(y.shape[1] for _share, y in groups))))
    for start in range(0, draws, step):
        rows = slice(start, start + step)
        # (units, draws, raters) -> (draws, units, raters)
        chunk = [(share, y[:, pick[rows]].swapaxes(0, 1)) for (share, y), pick in zip(groups, picks, strict=True)]
        drawn, variance, _parts = _estimate(chunk, trim_from)
        least = np.maximum(FLOOR * _mean_over_pairs(variance), floor)
        shift = drawn - estimate
        gap = (shift[:, :, None] - shift[:, None, :])[:, upper[0], upper[1]] ** 2
        spread = np.maximum(variance[:, upper[0], upper[1]], least[:, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(gap > 0, gap / spread, 0.0)
        # A pair without spread in this draw (too few marks drawn) says nothing.
        worst[rows] = np.nanmax(np.where(np.isnan(ratio), 0.0, ratio), axis=1)
    return float(np.sqrt(np.quantile(worst, level, method="higher")))
