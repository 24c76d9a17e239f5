"""Resample raters: what the total of each unit would have been with another panel of the same kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lsb_nb.analysis.design import Floats, share_of_groups

CELLS = 400_000
"""Numbers held at once while resampling: a few MB, whatever the number of draws."""


def draw_totals(
    marks: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    groups: Mapping[Any, Any] | None = None,
    group_weights: Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | pd.DataFrame | None = None,
    pillars: Mapping[str, str] | None = None,
    trim_from: int | None = None,
    levels: pd.DataFrame | None = None,
    fixed: pd.Series | None = None,
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw panels of raters with replacement, within groups and for all units jointly, and total each unit.

    Parameters
    ----------
    marks : pandas.DataFrame, shape (units, raters), or mapping of criterion to such a table
        Points (or scores); NaN where the rater did not score the unit. All tables have the same units.
    groups : mapping of rater to group, optional
        Not given: one group.
    group_weights : mapping of group to weight, optional
        Not given: equal weights. Re-normalised where a draw leaves a group without a mark.
    weights : mapping of criterion to weight, or pandas.DataFrame of shape (draws, criteria), optional
        Factor of each criterion in the total; a frame gives every draw its own (raters and weights jointly). Not
        given: 1.
    pillars : mapping of criterion to pillar, optional
        Where a unit has no mark on a criterion, the weight goes to the rest of its pillar; only a pillar without any
        mark gives its weight to the others. Not given: to all others pro rata.
    trim_from : int, optional
        Number of marks from which one highest and one lowest are dropped per unit, criterion and group (逐项), or with
        `levels` the number of sheets from which a unit's highest and lowest are dropped in each group (整张).
        Not given: no trimming.
    levels : pandas.DataFrame, shape (units, raters), optional
        How high each rater's whole sheet for a unit is; NaN where the rater did not mark the unit.
    fixed : pandas.Series, optional
        Points added to each unit in every draw (adjustments); only the units named are totalled.
    draws : int
        Number of panels; taken from `weights` if that is a frame.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame, shape (draws, units)
        Totals; NaN where a draw left a unit without any mark.

    Notes
    -----
    Every group keeps its size. Without trimming and missing marks criteria are added up before resampling.
    """
    tables = marks if isinstance(marks, Mapping) else {"": marks}
    criteria = list(tables)
    units = next(iter(tables.values())).index if fixed is None else fixed.index
    per_draw = factors = None
    if isinstance(weights, pd.DataFrame):
        per_draw = weights.reindex(columns=criteria).to_numpy(dtype=float)
        draws = len(per_draw)
    else:
        factors = np.array([1.0 if weights is None else float(weights[name]) for name in criteria])
    cubes = _cubes(tables, groups, units)
    shares = share_of_groups(list(cubes), group_weights)
    member = _members(criteria, pillars)
    if factors is not None and trim_from is None and not any(np.isnan(cube).any() for cube in cubes.values()):
        cubes = {name: np.asarray(cube @ factors)[:, :, None] for name, cube in cubes.items()}
        factors, member = np.ones(1), np.ones((1, 1))
    rng = np.random.default_rng(seed)
    picks = {name: rng.integers(len(cube), size=(draws, len(cube))) for name, cube in cubes.items()}
    n, c = next(iter(cubes.values())).shape[1:]
    heights = dict.fromkeys(cubes) if levels is None else _cubes({"": levels}, groups, units)
    means = {name: _Means(cube, trim_from, heights[name]) for name, cube in cubes.items()}
    raters = sum(len(cube) for cube in cubes.values())
    step = max(1, CELLS // (n * c * (raters if trim_from is not None else 1)))
    totals = np.empty((draws, n))
    for start in range(0, draws, step):
        rows = slice(start, start + step)
        scores = _weigh_groups([means[name].of(picks[name][rows]) for name in cubes], shares).reshape(-1, n, c)
        chunk = np.asarray(factors) if per_draw is None else per_draw[rows][:, None, :]
        totals[rows] = _weigh_criteria(scores, chunk, member)
    return pd.DataFrame(totals if fixed is None else totals + fixed.to_numpy(dtype=float), columns=units)


def _cubes(tables: Mapping[str, pd.DataFrame], groups: Mapping[Any, Any] | None, units: pd.Index) -> dict[str, Floats]:
    """Stack the tables into one array per group: raters × units × criteria."""
    raters = list(dict.fromkeys(rater for table in tables.values() for rater in table.columns))
    stack = np.stack([table.reindex(index=units, columns=raters).to_numpy(dtype=float) for table in tables.values()])
    members: dict[str, list[int]] = {}
    for at, rater in enumerate(raters):
        members.setdefault("" if groups is None else str(groups[rater]), []).append(at)
    return {name: np.ascontiguousarray(stack[:, :, at].transpose(2, 1, 0)) for name, at in members.items()}


class _Means:
    """Means of cells over resampled raters; sorted once, so that trimming costs a look-up instead of a sort.

    Marks are raters × units × criteria; with `levels` (raters × units × 1) whole sheets are trimmed by them.
    """

    def __init__(self, marks: Floats, trim_from: int | None, levels: Floats | None) -> None:
        self.criteria = marks.shape[2]
        marks = marks.reshape(len(marks), -1)
        here = ~np.isnan(marks)
        self.filled = np.where(here, marks, 0.0)
        self.here = None if here.all() else here.astype(float)
        self.trim_from = trim_from
        self.sheets: Floats | None = None
        if trim_from is None:
            return
        if levels is not None:
            marks = levels[:, :, 0]
            here = ~np.isnan(marks)
            self.sheets = here.astype(float)
        self.order = np.argsort(marks, axis=0, kind="stable")
        self.ordered = np.take_along_axis(marks, self.order, axis=0)
        kind = np.uint8 if len(marks) < 255 else np.uint16
        place = np.empty(marks.shape, dtype=kind)
        np.put_along_axis(place, self.order, np.arange(len(marks), dtype=kind)[:, None], axis=0)
        self.lowest = np.where(here, place, np.iinfo(kind).max)
        self.highest = np.where(here, place, 0)

    def of(self, picks: NDArray[np.int64]) -> Floats:
        """Give draws × cells means for draws × raters picks; NaN where no mark was drawn."""
        draws, size = picks.shape
        counts = np.bincount((picks + size * np.arange(draws)[:, None]).ravel(), minlength=draws * size)
        counts = counts.reshape(draws, size).astype(float)
        sums = counts @ self.filled
        number = np.full((draws, 1), float(size)) if self.here is None else counts @ self.here
        if self.trim_from is not None and size >= self.trim_from:
            low = np.minimum(self.lowest[picks].min(axis=1).astype(np.intp), size - 1)
            high = self.highest[picks].max(axis=1).astype(np.intp)
            at = np.arange(low.shape[1])
            if self.sheets is None:
                trimmed = np.broadcast_to(number >= self.trim_from, sums.shape)
                less: Any = self.ordered[low, at] + self.ordered[high, at]
                fewer: Any = 2
            else:
                trimmed = np.repeat(counts @ self.sheets >= self.trim_from, self.criteria, axis=1)
                ends = [np.repeat(self.order[end, at], self.criteria, axis=1) for end in (low, high)]
                cells = np.arange(sums.shape[1])
                less = sum(self.filled[end, cells] for end in ends)
                fewer = 2 if self.here is None else sum(self.here[end, cells] for end in ends)
            sums = np.where(trimmed, sums - less, sums)
            number = np.where(trimmed, number - fewer, number)
        drawn = np.broadcast_to(number > 0, sums.shape)
        means: Floats = np.divide(sums, number, out=np.full(sums.shape, np.nan), where=drawn)
        return means


def _weigh_groups(means: list[Floats], shares: Floats) -> Floats:
    if len(means) == 1:
        return means[0]
    top = np.zeros(means[0].shape)
    base = np.zeros(means[0].shape)
    for mean, share in zip(means, shares, strict=True):
        if share > 0:
            here = ~np.isnan(mean)
            top += np.where(here, share * mean, 0.0)
            base += share * here
    weighed: Floats = np.divide(top, base, out=np.full(top.shape, np.nan), where=base > 0)
    return weighed


def _members(criteria: list[str], pillars: Mapping[str, str] | None) -> Floats:
    """Give criteria × pillars, 1 where the criterion is of the pillar."""
    if pillars is None:
        return np.ones((len(criteria), 1))
    of = pd.factorize(np.array([pillars[name] for name in criteria]))[0]
    return np.equal.outer(of, np.arange(of.max() + 1)).astype(float)


def _weigh_criteria(scores: Floats, weights: Floats, member: Floats) -> Floats:
    here = ~np.isnan(scores)
    if here.all():
        return np.asarray((scores * weights).sum(axis=-1) if weights.ndim > 1 else scores @ weights)
    full = np.broadcast_to(weights, scores.shape)
    pillar = weights @ member
    present = (full * here) @ member
    mean = np.divide(
        (np.where(here, scores, 0.0) * full) @ member, present, out=np.zeros(present.shape), where=present > 0
    )
    left = (pillar * (present > 0)).sum(axis=-1)
    total = (pillar * mean).sum(axis=-1) * full.sum(axis=-1)
    totals: Floats = np.divide(total, left, out=np.full(total.shape, np.nan), where=left > 0)
    return totals


def measure_moments(y: Floats, trim_from: int | None) -> tuple[Floats, Floats]:
    """Give unit means and each mark's influence on them.

    Parameters
    ----------
    y : numpy.ndarray, shape (..., units, raters)
        Marks of one group; NaN where missing.
    trim_from : int or None
        Number of marks of a unit from which its highest and lowest are dropped.

    Returns
    -------
    means : numpy.ndarray, shape (..., units)
    influence : numpy.ndarray, shape (..., units, raters)
        Scaled so that for R raters Σ (influence_i − influence_j)² ÷ (R·(R − 1)) is the squared standard error of
        mean_i − mean_j: the paired formula for complete tables, Yuen's (winsorised) for trimmed ones, its
        linearisation where marks are missing. NaN for a unit with fewer than two marks left.
    """
    size = y.shape[-1]
    here = ~np.isnan(y)
    number = here.sum(axis=-1)
    sums = np.where(here, y, 0.0).sum(axis=-1)
    kept, values = number, y
    if trim_from is not None and size >= max(trim_from, 4):
        ordered = np.sort(y, axis=-1)
        trimmed = number >= trim_from
        last = np.maximum(number - 1, 0)[..., None]
        top = np.take_along_axis(ordered, last, axis=-1)[..., 0]
        second = np.take_along_axis(ordered, np.maximum(last - 1, 0), axis=-1)
        kept = np.where(trimmed, number - 2, number)
        sums = np.where(trimmed, sums - ordered[..., 0] - top, sums)
        values = np.where(trimmed[..., None], np.clip(y, ordered[..., 1:2], second), y)
    means = np.divide(sums, kept, out=np.full(sums.shape, np.nan), where=kept > 0)
    filled = np.where(here, values, 0.0)
    centre = np.divide(filled.sum(axis=-1), number, out=np.full(sums.shape, np.nan), where=number > 0)
    scale = np.divide(size * (size - 1.0), kept * (kept - 1.0), out=np.full(sums.shape, np.nan), where=kept > 1)
    influence = np.where(here, values - centre[..., None], 0.0) * np.sqrt(scale)[..., None]
    return means, influence
