"""Weighted sums worked out by scikit-criteria 0.10 and pymcdm 1.4.0."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lsb_nb.scoring.aggregate import aggregate
from lsb_nb.scoring.normalise import normalise

REFERENCES = Path(os.environ.get("LSB_REFERENCES") or Path(__file__).parents[2].parent / "shared" / "references")
if not REFERENCES.is_dir():
    pytest.skip("the reference numbers are not here", allow_module_level=True)


def read(name):
    return pd.read_csv(REFERENCES / "mcdm" / f"{name}.csv", keep_default_na=False, na_values=[""])


def matrix(example):
    rows = read("inputs").query("example == @example")
    values = rows.pivot_table(index="alternative", columns="criterion", values="value")
    first = rows.drop_duplicates("criterion").set_index("criterion").reindex(values.columns)
    return values, first["type"], first["weight"]


def expected(example, what):
    rows = read("expected").query("example == @example and what == @what")
    return rows.set_index("key")["value"]


def by_sum(values):
    return values / values.sum(axis=0)


@pytest.mark.parametrize("example", ["kracka2010", "pymcdm_wsm"])
def test_weighted_sum_of_shares(example):
    values, kind, weights = matrix(example)
    shares = normalise(values.where(np.tile(kind > 0, (len(values), 1)), 1 / values), method=by_sum)
    scores = aggregate(shares, weights)
    if example == "pymcdm_wsm":
        # Its weights sum to 2 and are not normalised there.
        assert weights.sum() == pytest.approx(2)
        scores = scores * 2
    want = expected(example, "wsm_score")
    np.testing.assert_allclose(scores[want.index], want, rtol=0, atol=1e-9)
    ranks = scores.rank(ascending=False, method="min")
    assert ranks[want.index].tolist() == expected(example, "wsm_rank").tolist()


def test_minmax_with_critic_weights():
    values, kind, _weights = matrix("diakoulaki1995")
    assert (kind == 1).all()
    scores = aggregate(normalise(values, method="minmax", low=0, high=1), expected("diakoulaki1995", "critic_weight"))
    want = expected("diakoulaki1995", "wsm_minmax_critic_score")
    np.testing.assert_allclose(scores[want.index], want, rtol=0, atol=1e-9)
    ranks = scores.rank(ascending=False, method="min")
    assert ranks[want.index].tolist() == expected("diakoulaki1995", "wsm_minmax_critic_rank").tolist()
