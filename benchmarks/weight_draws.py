"""Draw 10,000 weightings of 36 units × 15 criteria and count places, against one weighting at a time in pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from run import Row, side_by_side

from lsb_nb.analysis.ranks import draw_weights, rank_acceptability

DRAWS, LOOP = 10_000, 100


def pandas_loop(scores: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Weigh and rank draw by draw, then count places."""
    ranks = [
        scores.mul(row, axis=1).sum(axis=1).rank(ascending=False, method="min") for _name, row in weights.iterrows()
    ]
    return pd.concat(ranks, axis=1).apply(lambda row: row.value_counts(normalize=True), axis=1)


def measure() -> list[Row]:
    """Compare; the loop runs a hundredth of the draws and its time is multiplied."""
    rng = np.random.default_rng(0)
    scores = pd.DataFrame(rng.normal(85, 5, (36, 15)), columns=[f"c{i}" for i in range(15)])
    weights = draw_weights(dict.fromkeys(scores.columns, 1), draws=DRAWS)
    few = weights.head(LOOP)
    ours, peer = side_by_side(
        lambda: rank_acceptability(scores, weights), lambda: pandas_loop(scores, few), runs=7, warm=1
    )
    what = (
        f"pandas, one weighting at a time ({LOOP} draws × {DRAWS // LOOP}); COINr, against which the 1/1000 "
        "was set first, is an R package and was not to be had here"
    )
    return [Row(f"{DRAWS:,} weight draws, 36 × 15", ours, peer * DRAWS / LOOP, "–", float("inf"), what)]
