"""What other weights, or a missing score, would do to the places (SMAA)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.design import Floats, order_places, place

PRODUCTS = 250_000
"""Products taken at once: beyond it two threads are set to work, which costs more than it saves."""
CELLS = 20_000
"""Numbers ranked at once: few enough to stay in the processor's cache."""


def draw_weights(
    weights: Mapping[str, Any] | pd.Series, *, concentration: float = 100, draws: int = 10_000, seed: int = 0
) -> pd.DataFrame:
    """Draw weights around the official ones.

    Parameters
    ----------
    weights : mapping of name to weight
        Official weights; they are normalised. Zero stays zero.
    concentration : float
        Sum of the Dirichlet parameters, α = concentration · weights. 100 moves a weight of 0.25 by about ±0.04; the
        number of criteria with equal weights makes all weightings equally likely.
    draws : int
        Number of weightings.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    pandas.DataFrame, shape (draws, names)
        Rows sum to 1.

    Raises
    ------
    ValueError
        If a weight is negative or none is positive, or `concentration` is not positive.
    """
    names = list(weights.keys())
    official = np.array([float(weights[name]) for name in names])
    if not concentration > 0 or (official < 0).any() or not official.sum() > 0:
        raise ValueError("`weights` must be ≥ 0 with a positive sum, and `concentration` positive.")
    shares = np.random.default_rng(seed).standard_gamma(concentration * official / official.sum(), (draws, len(names)))
    return pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), columns=names)


def weigh_scores(
    scores: pd.DataFrame | Floats, weight_draws: pd.DataFrame | Floats, *, pillars: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Total each unit under every drawn weighting (arithmetic).

    Parameters
    ----------
    scores : pandas.DataFrame, shape (units, criteria), or numpy.ndarray, shape (draws, units, criteria)
        NaN where a criterion is left out for the unit. An array gives every draw its own scores.
    weight_draws : pandas.DataFrame or numpy.ndarray, shape (draws, criteria)
        Matched by name where both have names.
    pillars : mapping of criterion to pillar, optional
        Where a criterion is left out, its weight goes to the rest of its pillar; only a pillar without any criterion
        left gives its weight to the others. Not given: to all others pro rata.

    Returns
    -------
    pandas.DataFrame, shape (draws, units)
        NaN for a unit without any criterion of positive weight.

    Raises
    ------
    ValueError
        If the weights do not name every criterion, or are of another shape.
    """
    named = isinstance(scores, pd.DataFrame)
    names = list(scores.columns) if isinstance(scores, pd.DataFrame) else list(range(scores.shape[-1]))
    if named and isinstance(weight_draws, pd.DataFrame):
        if missing := [str(name) for name in names if name not in weight_draws]:
            raise ValueError(f"`weight_draws` must name every criterion; missing: {', '.join(missing)}.")
        weight_draws = weight_draws[names]
    w, s = np.asarray(weight_draws, dtype=float), np.asarray(scores, dtype=float)
    if w.ndim != 2 or w.shape[1] != s.shape[-1]:
        raise ValueError(f"`weight_draws` must be draws × {s.shape[-1]} criteria; not of shape {w.shape}.")
    columns = scores.index if isinstance(scores, pd.DataFrame) else None
    if s.ndim == 2 and not np.isnan(s).any():
        # Nothing is left out, so that pillars do not matter.
        plain = np.empty((len(w), len(s)))
        for start in range(0, len(w), step := max(1, PRODUCTS // max(1, s.size))):
            rows = slice(start, start + step)
            np.matmul(w[rows], s.T, out=plain[rows])
        whole = w.sum(axis=1, keepdims=True)
        return pd.DataFrame(plain / np.where(whole > 0, whole, np.nan), columns=columns)
    groups = (
        np.zeros(len(names), dtype=int)
        if pillars is None
        else pd.factorize(np.array([pillars[str(name)] for name in names]))[0]
    )
    member = (groups[:, None] == np.arange(groups.max() + 1)).astype(float)
    here = (~np.isnan(s)).astype(float)
    filled = np.nan_to_num(s)
    pillar_weight = w @ member
    totals, present = np.zeros((2, len(w), s.shape[-2]))
    for p in range(member.shape[1]):
        inside = w * member[:, p]
        if s.ndim == 2:
            top, base = inside @ filled.T, inside @ here.T
        else:
            top, base = np.einsum("dc,duc->du", inside, filled), np.einsum("dc,duc->du", inside, here)
        mean = np.divide(top, base, out=np.zeros(top.shape), where=base > 0)
        totals += pillar_weight[:, [p]] * mean
        present += pillar_weight[:, [p]] * (base > 0)
    result = np.divide(totals, present, out=np.full(totals.shape, np.nan), where=present > 0)
    return pd.DataFrame(result, columns=columns)


def share_ranks(totals: pd.DataFrame) -> pd.DataFrame:
    """Give the share of draws in which each unit holds each place.

    Parameters
    ----------
    totals : pandas.DataFrame, shape (draws, units)
        Equal totals (to 9 decimals) share a place.

    Returns
    -------
    pandas.DataFrame
        units × places 1 … number of units; rows sum to 1.
    """
    n = totals.shape[1]
    counts = np.zeros((n, n))
    for start in range(0, len(totals), step := max(1, CELLS // n)):
        order, places = order_places(totals.to_numpy()[start : start + step])
        counts += np.bincount((order * n + places - 1).ravel(), minlength=n * n).reshape(n, n)
    return pd.DataFrame(counts / len(totals), index=totals.columns, columns=range(1, n + 1))


def rank_acceptability(
    scores: pd.DataFrame | Floats, weight_draws: pd.DataFrame | Floats, *, pillars: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Give the share of weightings under which each unit holds each place.

    Parameters
    ----------
    scores, weight_draws, pillars
        As in `weigh_scores`. With scores that differ from draw to draw (raters resampled) both doubts are joint; or
        take `share_ranks` of `draw_totals(..., weights=weight_draws)`.

    Returns
    -------
    pandas.DataFrame
        units × places, shares; rows sum to 1.

    Notes
    -----
    Rank acceptability index of SMAA: Tervonen & Figueira, doi 10.1002/mcda.407.
    """
    return share_ranks(weigh_scores(scores, weight_draws, pillars=pillars))


def central_weights(totals: pd.DataFrame, weight_draws: pd.DataFrame | Floats) -> pd.DataFrame:
    """Give the mean of the weightings that put a unit first.

    Parameters
    ----------
    totals : pandas.DataFrame, shape (draws, units)
        Totals under `weight_draws`.
    weight_draws : pandas.DataFrame or numpy.ndarray, shape (draws, criteria)
        The weightings.

    Returns
    -------
    pandas.DataFrame
        units × criteria; NaN for a unit that is never first.
    """
    weights = pd.DataFrame(weight_draws)
    first = (place(totals.to_numpy()) == 1).astype(float)
    number = first.sum(axis=0)[:, None]
    with np.errstate(invalid="ignore"):
        means = np.divide(
            first.T @ weights.to_numpy(),
            number,
            out=np.full((first.shape[1], weights.shape[1]), np.nan),
            where=number > 0,
        )
    return pd.DataFrame(means, index=totals.columns, columns=weights.columns)


def missing_rank_range(scores: Any, *, on_error: str = "raise") -> pd.DataFrame:
    """Give the places a unit would have if its missing criteria counted in full, or nothing.

    Parameters
    ----------
    scores : lsb_nb.bundles.Scores
        Scores of one quarter, on the scale 满分 and totalled arithmetically.
    on_error : {'raise', 'keep'}
        What to do with other scores: raise, or give no rows.

    Returns
    -------
    pandas.DataFrame
        Indexed by unit, only ranked units with a criterion left out that has weight: ``rank`` (published), ``best,
        worst`` (places), ``best_score, worst_score`` (points of the total, with adjustment), ``missing`` (names of the
        criteria, joined by 、). The other units keep their totals.

    Raises
    ------
    ValueError
        If the scale is not 满分 or the totals are not arithmetic, or for another `on_error`.
    """
    units, structure = scores.units, scores.structure
    if on_error not in ("raise", "keep"):
        raise ValueError(f"`on_error` must be one of 'raise', 'keep'; not {on_error!r}.")
    columns = ["unit", "rank", "best", "worst", "best_score", "worst_score", "missing"]
    rule = getattr(scores.scheme, "rule", None)
    if rule is not None and (rule("合成方法") != "算术" or rule("标准化方法") != "满分"):
        if on_error == "keep":
            return pd.DataFrame(columns=columns).set_index("unit")
        raise ValueError(
            "`missing_rank_range` needs 标准化方法 = 满分 and 合成方法 = 算术: best and worst are 100 and 0."
        )
    weight = structure["weight"]
    ranked = scores.ranked
    left_out = scores.criteria.loc[ranked, weight.index].isna() & (weight > 0)
    rows = []
    for unit in ranked[left_out.any(axis=1)]:
        row = {"unit": unit, "rank": int(units.loc[unit, "rank"])}
        for case, value in (("best", 100.0), ("worst", 0.0)):
            total = (
                float(scores.criteria.loc[unit, weight.index].fillna(value) @ weight) + units.loc[unit, "adjustment"]
            )
            published = np.floor(np.round(total, 9) * 100 + 0.5 + 1e-7) / 100
            others = units.loc[ranked, "score"].drop(unit)
            row |= {case: 1 + int((others > published + 1e-9).sum()), f"{case}_score": float(published)}
        rows.append(row | {"missing": "、".join(left_out.columns[left_out.loc[unit]])})
    return pd.DataFrame(rows, columns=columns).set_index("unit")
