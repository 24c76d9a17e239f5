"""Scales: by hand, and what holds whatever the numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.scoring.composite import score
from lsb_nb.scoring.normalise import METHODS, normalise

FRAME = pd.DataFrame({"甲": [1.0, 3.0, np.nan, 2.0], "乙": [5.0, 5.0, 5.0, np.nan]}, index=list("abcd"))


def test_minmax_stretches_and_puts_no_spread_in_the_middle():
    done = normalise(FRAME, method="minmax")
    assert done["甲"].tolist()[:2] == [0, 100]
    assert done["甲"].isna().tolist() == [False, False, True, False]
    assert done["乙"].tolist()[:3] == [50, 50, 50]
    assert normalise(FRAME, method="minmax", low=1, high=11)["甲"].tolist()[3] == 6


def test_zscore_has_the_asked_mean_and_sd():
    done = normalise(FRAME, method="zscore", mean=10, sd=2)
    assert done["甲"].mean() == pytest.approx(10)
    assert done["甲"].std(ddof=1) == pytest.approx(2)
    assert done["乙"].tolist()[:3] == [10, 10, 10]


def test_rank_points_use_competition_ranks():
    values = pd.DataFrame({"甲": [90.0, 80.0, 80.0, 70.0]})
    assert normalise(values, method="rank_points")["甲"].tolist() == [100, 75, 75, 25]


def test_rank_points_compare_at_nine_decimals():
    values = pd.DataFrame({"甲": [80.0, 80.0 + 1e-10, 70.0]})
    assert normalise(values, method="rank_points")["甲"].tolist() == pytest.approx([100, 100, 100 / 3])


def test_a_callable_serves_as_method():
    assert normalise(FRAME, method=lambda values: values * 2)["乙"].tolist()[0] == 10


def test_an_unknown_method_names_those_allowed():
    with pytest.raises(ValueError, match="'full_marks', 'minmax', 'zscore', 'rank_points'; not 'x'"):
        normalise(FRAME, method="x")


@pytest.mark.parametrize("method", METHODS)
def test_the_frame_given_is_left_alone(method):
    before = FRAME.copy()
    done = normalise(FRAME, method=method)
    pd.testing.assert_frame_equal(FRAME, before)
    assert done is not FRAME
    assert done.isna().equals(FRAME.isna())


@given(st.lists(st.integers(0, 10**11), min_size=2, max_size=8), st.sampled_from(["minmax", "zscore", "rank_points"]))
def test_order_is_kept(values, method):
    done = normalise(pd.DataFrame({"甲": np.array(values, dtype=float)}), method=method)["甲"].tolist()
    for a, x in zip(values, done, strict=True):
        for b, y in zip(values, done, strict=True):
            assert (a > b) == (x > y) or (method != "rank_points" and abs(x - y) < 1e-9)


def direct(make, marks, **rules):
    units = [f"村{i}" for i in range(len(marks))]
    entries = [(u, "甲", m) for u, m in zip(units, marks, strict=True)]
    return make(
        units=units, criteria=[("甲", 100, None, "直接录入")], entries=entries, rules={"标准化方法": rules["method"]},
        vetoes=rules.get("vetoes", ()),
    )  # fmt: skip


def test_vetoed_units_take_part_in_the_scale(make):
    scores = score(direct(make, ["20", "60", "100"], method="极差", vetoes=["村2"]))
    assert scores.criteria.loc[["村0", "村1", "村2"], "甲"].tolist() == [0, 50, 100]
    assert scores.full.loc["村1", "甲"] == 60


def test_standard_scores_are_not_clipped(make):
    scores = score(direct(make, ["0"] * 30 + ["100"], method="标准分"))
    assert scores.criteria.loc["村30", "甲"] > 100


@pytest.mark.parametrize(("method", "value"), [("极差", 50), ("标准分", 50), ("位次分", 100)])
@pytest.mark.parametrize("units", [1, 3])
def test_no_spread_or_one_unit_gives_one_value_with_a_warning(make, method, value, units):
    scores = score(direct(make, ["70"] * units, method=method))
    assert scores.criteria["甲"].tolist() == [value] * units
    assert scores.problems["severity"].tolist() == ["warning"]
    assert "没有差别" in scores.problems["reason"].iloc[0]


def test_a_spread_of_a_few_billionths_is_a_spread(make):
    # Scores of 50.00000005, 50.00000015 and 50.00000045: z-scores must not drown in the noise of floats.
    entries = [("村0", "甲", "500"), ("村1", "甲", "500.000001"), ("村2", "甲", "500.000004")]
    criteria = [("甲", "999.999999", None, "直接录入")]
    records = make(units=["村0", "村1", "村2"], criteria=criteria, entries=entries, rules={"标准化方法": "标准分"})
    scores = score(records)
    billionths = (scores.full["甲"].loc[["村0", "村1", "村2"]] * 10**9).round() - 50 * 10**9
    assert billionths.tolist() == [50, 150, 450]
    want = 50 + 10 * (billionths - billionths.mean()) / billionths.std(ddof=1)
    assert scores.criteria["甲"].loc[["村0", "村1", "村2"]].tolist() == pytest.approx(want.tolist(), abs=1e-12)
