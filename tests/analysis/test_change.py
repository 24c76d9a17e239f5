"""The split of a change is exact and says what the data cannot."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.analysis.change import measure_change, measure_change_parts, measure_movers, split_change

NAN = float("nan")
SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4)
SCORES = st.lists(st.one_of(st.floats(0, 100), st.just(NAN)), min_size=4, max_size=4)


@given(SHARES, SCORES, SHARES, SCORES)
def test_parts_make_up_the_change(w0, s0, w1, s1):
    split = split_change(w0, s0, w1, s1)
    before = np.nansum(np.array(w0) * np.array(s0))
    after = np.nansum(np.array(w1) * np.array(s1))
    assert split["change"].sum() == pytest.approx(after - before, abs=1e-9)
    assert split[["performance", "scheme"]].to_numpy().sum() == pytest.approx(after - before, abs=1e-9)
    once = ~split["present"].eq("both")
    assert (split.loc[once, "performance"] == 0).all()


def test_a_new_criterion_is_all_scheme():
    before, after = pd.Series({"旧": 1.0}), pd.Series({"旧": 0.5, "新": 0.5})
    split = split_change(before, pd.Series({"旧": 80.0}), after, pd.Series({"旧": 90.0, "新": 60.0}))
    assert split.loc["新"].tolist() == [0.0, 30.0, 30.0, "after"]
    assert split["performance"]["旧"] == pytest.approx(7.5)
    assert split["change"].sum() == pytest.approx(-5.0)


def test_swapping_the_quarters_changes_only_the_sign():
    forth = split_change([0.6, 0.4], [80, 70], [0.5, 0.5], [85, 60])
    back = split_change([0.5, 0.5], [85, 60], [0.6, 0.4], [80, 70])
    np.testing.assert_allclose(forth["performance"], -back["performance"])
    np.testing.assert_allclose(forth["scheme"], -back["scheme"])


@pytest.fixture
def quarters(make_scores):
    before = make_scores(
        {"环境": {"甲村": 90.0, "乙村": 80.0, "丙村": 60.0}, "旧项": {"甲村": 70.0, "乙村": 75.0, "丙村": 65.0}},
        quarter="2021Q3", weights={"环境": 60, "旧项": 40},
    )  # fmt: skip
    after = make_scores(
        {"环境": {"甲村": 85.0, "乙村": 95.0, "丁村": 70.0}, "新项": {"甲村": 70.0, "乙村": 75.0, "丁村": 65.0}},
        weights={"环境": 50, "新项": 50}, adjustments={"甲村": 1.0},
    )  # fmt: skip
    return before, after


def test_printed_parts_add_up_for_every_unit(make_field):
    before = make_field(20, 7, seed=8, holes=0.1, quarter="2021Q3", adjustments={"示例2村": 0.333})
    after = make_field(20, 7, seed=9, holes=0.1, adjustments={"示例3村": -1.777})
    change = measure_change(before, after)
    parts = change[["performance", "scheme", "adjustment"]].sum(axis=1)
    np.testing.assert_allclose(parts, change["change"], atol=1e-9)
    by_criterion = measure_change_parts(before, after).groupby("unit")["shown"].sum()
    np.testing.assert_allclose(by_criterion.reindex(change.index), change["change"], atol=1e-9)


def test_who_joined_and_who_left_is_told(quarters):
    change = measure_change(*quarters)
    assert change["present"].to_dict() == {"乙村": "both", "甲村": "both", "丁村": "after", "丙村": "before"}
    assert change.loc[["丁村", "丙村"], ["change", "performance"]].isna().all(axis=None)
    assert change.attrs["added"] == ["新项"]
    assert change.attrs["dropped"] == ["旧项"]
    assert change["risen"]["乙村"] == 1


def test_unshared_criteria_go_to_scheme(quarters):
    change = measure_change(*quarters).loc["乙村"]
    # environment 80 → 95 at (0.6 + 0.5) / 2; the rest of 78 → 85 is scheme
    assert change[["change", "performance", "scheme", "adjustment"]].tolist() == [7.0, 8.25, -1.25, 0.0]


def test_movers_name_the_criterion_that_did_it(make_scores):
    def quarter(code, swapped):
        first, second = ("乙村", "甲村") if swapped else ("甲村", "乙村")
        table = {
            "环境": {first: 95.0, second: 70.0, "丙村": 80.0},
            "党建": dict.fromkeys(("甲村", "乙村", "丙村"), 80.0),
        }
        return make_scores(table, quarter=code)

    movers = measure_movers(quarter("2021Q3", False), quarter("2021Q4", True))
    assert movers["unit"].tolist() == ["乙村", "甲村"]
    assert movers["risen"].tolist() == [2, -2]
    assert movers["criterion"].tolist() == ["环境", "环境"]
    assert movers["points"].tolist() == [12.5, -12.5]


def test_adjustments_can_be_the_cause(make_scores):
    table = {"环境": {"甲村": 80.0, "乙村": 79.0}}
    before = make_scores(table, quarter="2021Q3")
    movers = measure_movers(before, make_scores(table, adjustments={"乙村": 2.0}))
    assert movers["criterion"].iloc[0] == "加减分"


def test_a_criterion_without_weight_before_is_present_all_the_same(make_scores):
    values = {"甲": {"a村": 80.0, "b村": 70.0}, "乙": {"a村": 60.0, "b村": 50.0}}
    after = {"甲": {"a村": 80.0, "b村": 70.0}, "乙": {"a村": 70.0, "b村": 50.0}}
    before = make_scores(values, quarter="2021Q3", weights={"甲": 100, "乙": 0})
    change = measure_change(before, make_scores(after, weights={"甲": 50, "乙": 50})).loc["a村"]
    # performance (0 + ½)/2 · 10; scheme 80·(−½) + 65·½
    assert change[["change", "performance", "scheme"]].tolist() == [-5.0, 2.5, -7.5]


def test_without_a_quarter_before_nothing_is_compared(make_scores):
    scores = make_scores({"环境": {"甲村": 80.0, "乙村": 79.0}})
    change = measure_change(None, scores)
    assert change["present"].tolist() == ["after", "after"]
    assert change.attrs["quarters"] == (None, "2021Q4")
    movers = measure_movers(None, scores)
    assert movers.empty
    assert not movers.attrs["compared"]


def test_no_movement_gives_no_movers(make_scores):
    table = {"环境": {"甲村": 80.0, "乙村": 79.0}}
    assert measure_movers(make_scores(table, quarter="2021Q3"), make_scores(table)).empty


def test_a_quarter_is_not_compared_with_itself(make_scores):
    scores = make_scores({"环境": {"甲村": 90.0, "乙村": 80.0}})
    change = measure_change(scores, scores)
    assert change.attrs["quarters"] == (None, "2021Q4")
    assert change["change"].isna().all()
    assert not measure_movers(scores, scores).attrs["compared"]
