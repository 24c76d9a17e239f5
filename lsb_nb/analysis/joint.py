"""The nearest other set of weights, all criteria moving together, at which two units tie."""

from __future__ import annotations

import numpy as np
import pandas as pd

from lsb_nb.analysis.whatif import tipping_points


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
    present = (weights.reindex(scores.columns) / weights.reindex(scores.columns).sum()).to_numpy(float)
    ties = tipping_points(scores, weights, pairs=pairs).drop_duplicates(["better", "worse"])
    rows = []
    for better, worse, gap in ties[["better", "worse", "gap"]].itertuples(index=False):
        lead = (scores.loc[better] - scores.loc[worse]).to_numpy(float)
        apart = lead - lead.mean()
        squares = float(apart @ apart)
        step = -float(gap) * apart / squares if squares > 1e-18 else np.full(len(apart), np.nan)
        step = step if (present + step >= -1e-12).all() else np.full(len(apart), np.nan)
        rows.append((better, worse, float(np.sqrt(step @ step)), *step))
    return pd.DataFrame(rows, columns=["better", "worse", "distance", *scores.columns])
