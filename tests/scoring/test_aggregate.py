"""Weighted means over columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.scoring.aggregate import METHODS, aggregate

FRAME = pd.DataFrame({"甲": [64.0, 50.0, np.nan], "乙": [100.0, np.nan, np.nan]}, index=list("abc"))


def test_by_hand():
    assert aggregate(FRAME)["a"] == 82
    assert aggregate(FRAME, {"甲": 3, "乙": 1})["a"] == 73
    assert aggregate(FRAME, method="geometric")["a"] == pytest.approx(80, abs=1e-12)
    assert aggregate(FRAME, method="harmonic")["a"] == pytest.approx(2 / (1 / 64 + 1 / 100), abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_missing_gives_its_weight_to_the_rest(method):
    done = aggregate(FRAME, {"甲": 1, "乙": 9}, method=method)
    assert done["b"] == pytest.approx(50)
    assert np.isnan(done["c"])


def test_a_least_share_of_columns_can_be_asked():
    assert np.isnan(aggregate(FRAME, min_share=0.6)["b"])
    assert aggregate(FRAME, min_share=0.5)["b"] == 50


def test_columns_without_weight_do_not_count():
    frame = pd.DataFrame({"甲": [0.0], "乙": [50.0]})
    assert aggregate(frame, {"甲": 0, "乙": 1}, method="geometric")[0] == pytest.approx(50)
    assert np.isnan(aggregate(frame, {"甲": 0, "乙": 0})[0])


@pytest.mark.parametrize("method", ["geometric", "harmonic"])
@pytest.mark.parametrize("value", [0.0, -1.0])
def test_geometric_and_harmonic_refuse_what_is_not_above_zero(method, value):
    with pytest.raises(ValueError, match="above 0"):
        aggregate(pd.DataFrame({"甲": [value], "乙": [50.0]}), method=method)


def test_errors_name_what_is_allowed():
    with pytest.raises(ValueError, match="'arithmetic', 'geometric', 'harmonic'; not 'x'"):
        aggregate(FRAME, method="x")
    with pytest.raises(ValueError, match="missing: 乙"):
        aggregate(FRAME, {"甲": 1})
    with pytest.raises(ValueError, match="at least 0"):
        aggregate(FRAME, {"甲": 1, "乙": -1})
    with pytest.raises(ValueError, match="at least 0"):
        aggregate(FRAME, {"甲": 1, "乙": float("nan")})


@given(st.lists(st.floats(1, 100), min_size=1, max_size=6), st.data())
def test_the_three_means_keep_their_order_and_lie_between_the_extremes(values, data):
    weights = data.draw(st.lists(st.floats(0.01, 10), min_size=len(values), max_size=len(values)))
    frame = pd.DataFrame([values], columns=[str(i) for i in range(len(values))])
    by = dict(zip(frame.columns, weights, strict=True))
    h, g, a = (aggregate(frame, by, method=m)[0] for m in ("harmonic", "geometric", "arithmetic"))
    assert min(values) - 1e-9 <= h <= g + 1e-9 <= a + 2e-9 <= max(values) + 1e-8


def test_memory_layout_does_not_touch_the_last_bit():
    values = np.random.default_rng(1).random((50, 49)) * 100
    weights = dict(enumerate(np.random.default_rng(2).random(49)))
    rows = aggregate(pd.DataFrame(values), weights)
    columns = aggregate(pd.DataFrame(np.asfortranarray(values)), weights)
    assert rows.tolist() == columns.tolist()
