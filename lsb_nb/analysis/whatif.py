"""What would change the picture: the weight at which two units tie, and ranks with one criterion left out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from lsb_nb.analysis.parts import GUARD

_GRID = 501

# A weighted power mean is linear in its own scale, at both levels.
MEANS: Mapping[str, tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]] = MappingProxyType(
    {
        "arithmetic": (lambda x: x, lambda x: x),
        "geometric": (np.log, np.exp),
        "harmonic": (lambda x: 1 / x, lambda x: 1 / x),
    }
)
"""Aggregation -> into the scale on which it is a weighted sum, and back."""


def compute_totals(
    scores: pd.DataFrame, weights: pd.Series, *, pillars: Mapping[str, str] | pd.Series | None = None
) -> pd.Series:
    """Add up weighted scores, leaving out what a unit lacks.

    Parameters
    ----------
    scores : pandas.DataFrame
        units × criteria; NaN where left out.
    weights : pandas.Series
        By criterion, not negative; normalised here.
    pillars : mapping of criterion to pillar, optional
        With it, what is left out goes to the rest of its pillar; without, to all other criteria.

    Returns
    -------
    pandas.Series
        Total per unit, NaN for a unit without any weighted score.
    """
    values, shares = scores.to_numpy(float), shares_of(scores, weights)
    groups = _groups(scores, pillars)
    return pd.Series(weigh(values, shares[None, :], groups)[:, 0], index=scores.index, name="total")


def rank_totals(totals: pd.Series) -> pd.Series:
    """Rank totals, highest first; equal ones (to 9 decimals) share a place and the next is skipped."""
    return totals.round(GUARD).rank(method="min", ascending=False).astype("Int64")


def shares_of(scores: pd.DataFrame, weights: pd.Series) -> np.ndarray:
    """Give the weights of the criteria as shares of 1, in the order of `scores`."""
    given = pd.Series(weights).reindex(scores.columns)
    if given.isna().any() or (given < 0).any() or not given.sum() > 0:
        raise ValueError("`weights` must name every criterion, be at least 0 and not all 0.")
    return (given / given.sum()).to_numpy(float)


def _groups(scores: pd.DataFrame, pillars: Mapping[str, str] | pd.Series | None) -> list[np.ndarray]:
    if pillars is None:
        return [np.arange(scores.shape[1])]
    names = [pillars[criterion] for criterion in scores.columns]
    return [np.array([i for i, name in enumerate(names) if name == each]) for each in dict.fromkeys(names)]


def weigh(values: np.ndarray, shares: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """Give totals of units × weightings; `shares` is weightings × criteria, `groups` the positions by pillar."""
    there = ~np.isnan(values)
    filled = np.where(there, values, 0.0)
    top = np.zeros((len(values), len(shares)))
    bottom = np.zeros_like(top)
    for members in groups:
        inner = shares[:, members]
        weight = there[:, members].astype(float) @ inner.T
        pillar = np.divide(filled[:, members] @ inner.T, weight, out=np.zeros_like(weight), where=weight > 0)
        outer = np.where(weight > 0, inner.sum(axis=1)[None, :], 0.0)
        top += outer * pillar
        bottom += outer
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


def _sliders(
    criteria: list[str], shares: np.ndarray, groups: list[np.ndarray], pillars: Mapping[str, str] | pd.Series | None
) -> list[tuple[str, str, np.ndarray, np.ndarray]]:
    """Each slider: its name, kind, the criteria that move with it, and those that give way."""
    if pillars is None:
        return [
            (name, "criterion", np.array([i]), np.delete(np.arange(len(criteria)), i))
            for i, name in enumerate(criteria)
        ]
    found = []
    everything = np.arange(len(criteria))
    for members in groups:
        found.append((str(pillars[criteria[members[0]]]), "pillar", members, np.setdiff1d(everything, members)))
    for members in groups:
        found += [(criteria[i], "criterion", np.array([i]), members[members != i]) for i in members]
    return found


def move_weight(shares: np.ndarray, moving: np.ndarray, giving: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Give the weights when those of `moving` sum to each of `targets` and those of `giving` make room pro rata.

    Parameters
    ----------
    shares : numpy.ndarray
        Present weights, one per criterion.
    moving, giving : numpy.ndarray of int
        Positions; all others stay.
    targets : numpy.ndarray
        New sums of the moving ones, between 0 and the present sum of both.

    Returns
    -------
    numpy.ndarray
        targets × criteria.
    """
    now, rest = shares[moving].sum(), shares[giving].sum()
    moved = np.repeat(shares[None, :], len(targets), axis=0)
    pattern = shares[moving] / now if now > 0 else np.full(len(moving), 1 / len(moving))
    moved[:, moving] = targets[:, None] * pattern
    moved[:, giving] = (now + rest - targets)[:, None] * (shares[giving] / rest)
    # The last step to the end of a slider must not leave a weight a hair below 0.
    return np.asarray(np.maximum(moved, 0.0))


def tipping_points(
    scores: pd.DataFrame,
    weights: pd.Series,
    *,
    pillars: Mapping[str, str] | pd.Series | None = None,
    adjustments: pd.Series | None = None,
    pairs: str = "neighbours",
    aggregate: str = "arithmetic",
) -> pd.DataFrame:
    """Find, for pairs of units, the weight of each criterion (and pillar) at which they tie.

    Parameters
    ----------
    scores : pandas.DataFrame
        units × criteria on one scale; NaN where left out.
    weights : pandas.Series
        By criterion; normalised here.
    pillars : mapping of criterion to pillar, optional
        Without it one weight moves and all others give way pro rata. With it a pillar moves while the other pillars
        give way, and a criterion moves inside its pillar while that pillar's other criteria give way.
    adjustments : pandas.Series, optional
        Points added to each unit's total, whatever the weights.
    pairs : {'neighbours', 'all'}
        Neighbours in rank and the leader against everyone, or every pair.
    aggregate : {'arithmetic', 'geometric', 'harmonic'}
        The weighted mean that makes totals, within pillars and over them.

    Returns
    -------
    pandas.DataFrame
        One row per pair and slider: ``better, worse, gap`` (points), ``criterion`` (or the pillar's name), ``kind``
        (``criterion`` or ``pillar``), ``weight`` now, ``tie_weight`` nearest to it (share of the total; NaN when no
        weight within reach makes them tie) and ``change`` (tie_weight − weight).

    Raises
    ------
    ValueError
        For weights that do not fit, or another value of `pairs` or `aggregate`.

    Notes
    -----
    Arithmetic totals are linear in one weight, so the crossing follows from two inner points: exact. Where one of the
    pair lacks a score that has weight, its total is a ratio in the weight; there, and for other means, the nearest
    crossing is found numerically.
    """
    if pairs not in ("neighbours", "all"):
        raise ValueError(f"`pairs` must be one of 'neighbours', 'all'; not {pairs!r}.")
    if aggregate not in MEANS:
        raise ValueError(f"`aggregate` must be one of {', '.join(map(repr, MEANS))}; not {aggregate!r}.")
    shares, groups = shares_of(scores, weights), _groups(scores, pillars)
    into, back = MEANS[aggregate]
    values, added = into(scores.to_numpy(float)), np.zeros(len(scores))
    if adjustments is not None:
        added = adjustments.reindex(scores.index).fillna(0).to_numpy(float)
    totals = back(weigh(values, shares[None, :], groups))[:, 0] + added
    order = [int(i) for i in np.argsort(-np.round(totals, GUARD), kind="stable") if not np.isnan(totals[i])]
    chosen = list(itertools.combinations(order, 2))
    if pairs == "neighbours":
        chosen = [(a, b) for a, b in chosen if a == order[0] or order.index(b) - order.index(a) == 1]
    rows = []
    for name, kind, moving, giving in _sliders(list(scores.columns), shares, groups, pillars):
        now, reach = float(shares[moving].sum()), float(shares[moving].sum() + shares[giving].sum())
        free = len(giving) > 0 and float(shares[giving].sum()) > 0

        def gap_at(target: float, a: int, b: int, m: np.ndarray = moving, g: np.ndarray = giving) -> float:
            at = back(weigh(values[[a, b]], move_weight(shares, m, g, np.array([target])), groups))[:, 0]
            return float(at[0] + added[a] - at[1] - added[b])

        # The ends themselves may leave a unit without any weighted score.
        grid = np.clip(np.linspace(0, reach, _GRID), reach * 1e-9, reach * (1 - 1e-9))
        inner = move_weight(shares, moving, giving, grid) if free else None
        curve = None if inner is None else back(weigh(values, inner, groups)) + added[:, None]
        for a, b in chosen:
            tie = np.nan
            if curve is not None:
                ragged = np.isnan(values[a]) | np.isnan(values[b])
                difference = curve[a] - curve[b]
                if aggregate != "arithmetic" or (ragged & (shares > 0)).any():
                    tie = _nearest_root(grid, difference, now, lambda t, a=a, b=b: gap_at(t, a, b))
                else:
                    tie = _line_root(grid, difference, reach)
            rows.append((scores.index[a], scores.index[b], totals[a] - totals[b], name, kind, now, tie))
    frame = pd.DataFrame(rows, columns=["better", "worse", "gap", "criterion", "kind", "weight", "tie_weight"])
    place = {scores.index[i]: n for n, i in enumerate(order)}
    frame["change"] = frame["tie_weight"] - frame["weight"]
    frame["first"], frame["second"] = frame["better"].map(place), frame["worse"].map(place)
    frame = frame.sort_values(["first", "second"], kind="stable").drop(columns=["first", "second"])
    return frame.reset_index(drop=True)


def _line_root(grid: np.ndarray, difference: np.ndarray, reach: float) -> float:
    slope = (difference[-1] - difference[0]) / (grid[-1] - grid[0])
    if round(float(slope) * reach, GUARD) == 0:
        return np.nan
    root = grid[0] - difference[0] / slope
    inside = -1e-12 <= root <= reach + 1e-12
    return float(min(max(root, 0.0), reach)) if inside else np.nan


def _nearest_root(grid: np.ndarray, difference: np.ndarray, now: float, gap_at: object) -> float:
    assert callable(gap_at)
    signs = np.sign(np.round(difference, 12))
    found = [float(grid[i]) for i in np.flatnonzero(signs == 0)]
    for i in np.flatnonzero(signs[:-1] * signs[1:] < 0):
        found.append(float(brentq(gap_at, grid[i], grid[i + 1], xtol=1e-14)))
    return min(found, key=lambda root: abs(root - now)) if found else np.nan


def leave_one_out(
    scores: pd.DataFrame,
    weights: pd.Series,
    *,
    pillars: Mapping[str, str] | pd.Series | None = None,
    adjustments: pd.Series | None = None,
) -> pd.DataFrame:
    """Rank the units with each criterion left out in turn.

    Parameters
    ----------
    scores, weights, pillars, adjustments
        As in `tipping_points`. With `pillars`, a criterion's weight goes to the rest of its pillar.

    Returns
    -------
    pandas.DataFrame
        units × (``all``, then each criterion): the rank with everything, and without that criterion (Int64).
    """
    shares, groups = shares_of(scores, weights), _groups(scores, pillars)
    added = 0.0 if adjustments is None else adjustments.reindex(scores.index).fillna(0)
    columns = {"all": rank_totals(compute_totals(scores, weights, pillars=pillars) + added)}
    for i, criterion in enumerate(scores.columns):
        values = scores.to_numpy(float).copy()
        values[:, i] = np.nan
        totals = pd.Series(weigh(values, shares[None, :], groups)[:, 0], index=scores.index)
        columns[criterion] = rank_totals(totals + added)
    return pd.DataFrame(columns)
