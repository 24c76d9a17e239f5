"""How far weights must move, all criteria together, for two units to tie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.whatif import shares_of, tipping_points


def nearest_tie(scores: pd.DataFrame, weights: pd.Series, *, pairs: str = "neighbours") -> pd.DataFrame:
    """Find the weights nearest to the present ones (least sum of squares) at which two units tie.

    With d the lead of the better unit by criterion and D its lead in total, the weights change by
    −D · (d − mean d) ÷ Σ (d − mean d)²: the shortest step that keeps their sum and brings the lead to nothing.

    Parameters
    ----------
    scores : pandas.DataFrame
        units × criteria, complete.
    weights : pandas.Series
        By criterion; normalised here.
    pairs : {'neighbours', 'all'}
        As in `lsb_nb.analysis.whatif.tipping_points`.

    Returns
    -------
    pandas.DataFrame
        ``better, worse, distance`` (root of the sum of squares; shares of 1) and one column per criterion with the
        change of its weight; NaN where no weights make the two tie, or a weight would have to be negative.
    """
    present = shares_of(scores, weights)
    rows = []
    for better, worse, gap, lead in _leads(scores, weights, pairs):
        apart = lead - lead.mean()
        squares = float(apart @ apart)
        step = -gap * apart / squares if squares > 1e-18 else np.full(len(apart), np.nan)
        step = step if (present + step >= -1e-12).all() else np.full(len(apart), np.nan)
        rows.append((better, worse, float(np.sqrt(step @ step)), *step))
    return pd.DataFrame(rows, columns=["better", "worse", "distance", *scores.columns])


def least_moved(scores: pd.DataFrame, weights: pd.Series, *, pairs: str = "neighbours") -> pd.DataFrame:
    """Find the least weight that must move, over all criteria jointly, for two units to tie.

    Parameters
    ----------
    scores : pandas.DataFrame
        units × criteria, complete.
    weights : pandas.Series
        By criterion; normalised here.
    pairs : {'neighbours', 'all'}
        As in `lsb_nb.analysis.whatif.tipping_points`.

    Returns
    -------
    pandas.DataFrame
        ``better, worse, gap``, ``moved`` (share of the total taken from some criteria and given to others; NaN when
        no weights make them tie) and ``interior`` (a single criterion can give it all: moved = D ÷ (max d − min d)).
    """
    shares = shares_of(scores, weights)
    rows = []
    for better, worse, gap, lead in _leads(scores, weights, pairs):
        left, moved, steps = float(gap), 0.0, 0
        for i in np.argsort(-lead, kind="stable"):
            gain = lead[i] - lead.min()
            if left <= 1e-12 or gain <= 0:
                break
            part = min(shares[i], left / gain)
            left, moved, steps = left - part * gain, moved + part, steps + (part > 0)
        rows.append((better, worse, gap, moved if left <= 1e-9 else np.nan, steps <= 1))
    return pd.DataFrame(rows, columns=["better", "worse", "gap", "moved", "interior"])


def _leads(scores: pd.DataFrame, weights: pd.Series, pairs: str) -> Iterator[tuple[Any, Any, float, np.ndarray]]:
    """Give for each pair that `tipping_points` compares: better, worse, lead in total, and lead by criterion."""
    ties = tipping_points(scores, weights, pairs=pairs).drop_duplicates(["better", "worse"])
    for better, worse, gap in ties[["better", "worse", "gap"]].itertuples(index=False):
        yield better, worse, float(gap), (scores.loc[better] - scores.loc[worse]).to_numpy(float)
