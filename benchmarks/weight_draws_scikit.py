"""Draw 10,000 weightings of 36 units × 15 criteria, against scikit-criteria's weighted sum, one weighting at a time.

scikit-criteria is no dependency: where it is not installed the earlier line of the results is kept.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pandas as pd
from run import Row, side_by_side

from lsb_nb.analysis.ranks import draw_weights, rank_acceptability

DRAWS, LOOP = 10_000, 100


def measure() -> list[Row]:
    """Compare; the peer runs a hundredth of the draws and its time is multiplied."""
    if find_spec("skcriteria") is None:
        print("scikit-criteria is not installed (pip install scikit-criteria): its line is kept", flush=True)
        return []
    from skcriteria import mkdm
    from skcriteria.agg.simple import WeightedSumModel

    rng = np.random.default_rng(0)
    scores = pd.DataFrame(rng.normal(85, 5, (36, 15)), columns=[f"c{i}" for i in range(15)])
    weights = draw_weights(dict.fromkeys(scores.columns, 1), draws=DRAWS)
    values, few, model = scores.to_numpy(), weights.head(LOOP).to_numpy(), WeightedSumModel()

    def peer() -> list[object]:
        return [model.evaluate(mkdm(values, objectives=[max] * 15, weights=row)).rank_ for row in few]

    ours, theirs = side_by_side(lambda: rank_acceptability(scores, weights), peer, runs=7, warm=1)
    first = rank_acceptability(scores, weights.head(LOOP)).to_numpy()
    counted = np.stack([(np.array(peer()) == place).mean(axis=0) for place in range(1, 37)], axis=1)
    assert np.array_equal(first, counted)
    what = f"scikit-criteria weighted sum and ranks, the same shares ({LOOP} draws × {DRAWS // LOOP})"
    name = f"{DRAWS:,} weight draws, 36 × 15"
    return [Row(name, ours, theirs * DRAWS / LOOP, "≤ 0.001 ×", 0.001, what)]
