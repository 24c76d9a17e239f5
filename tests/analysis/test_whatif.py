"""Tipping weights are exact: at them the totals are equal, beyond them the order is the other one."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lsb_nb.analysis.joint import least_moved, nearest_tie
from lsb_nb.analysis.tipping import measure_leave_one_out, measure_tipping
from lsb_nb.analysis.whatif import compute_totals, leave_one_out, rank_totals, tipping_points

NAN = float("nan")
PILLARS = {"甲": "亮承诺", "乙": "亮承诺", "丙": "赛实绩", "丁": "赛实绩", "戊": "比干劲"}


def field(seed, n=5, holes=0.0):
    rng = np.random.default_rng(seed)
    values = rng.integers(50, 100, (n, 5)).astype(float)
    values[rng.random((n, 5)) < holes] = NAN
    scores = pd.DataFrame(values, index=[f"示例{i}村" for i in range(n)], columns=list(PILLARS))
    return scores, pd.Series(rng.integers(1, 10, 5).astype(float), index=list(PILLARS))


def with_weight(weights, row, weight, pillars):
    """The weights when one slider stands at `weight`, written out independently of the module."""
    shares = weights / weights.sum()
    if pillars is None:
        moving, giving = [row.criterion], [name for name in shares.index if name != row.criterion]
    elif row.kind == "pillar":
        moving = [name for name in shares.index if pillars[name] == row.criterion]
        giving = [name for name in shares.index if pillars[name] != row.criterion]
    else:
        moving = [row.criterion]
        giving = [n for n in shares.index if pillars[n] == pillars[row.criterion] and n != row.criterion]
    rest = shares[moving].sum() + shares[giving].sum() - weight
    moved = shares.copy()
    moved[moving] = shares[moving] / shares[moving].sum() * weight
    moved[giving] = shares[giving] / shares[giving].sum() * rest
    return moved


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.15]), st.booleans(), st.sampled_from([0.0, 1.5]))
def test_at_the_tie_the_totals_are_equal_and_beyond_it_swapped(seed, holes, grouped, bonus):
    scores, weights = field(seed, holes=holes)
    pillars = PILLARS if grouped else None
    added = pd.Series(0.0, index=scores.index)
    added.iloc[0] = bonus
    found = tipping_points(scores, weights, pillars=pillars, adjustments=added, pairs="all")
    for row in found[found["tie_weight"].notna()].itertuples():
        step = 1e-4 * (1 if row.change > 0 else -1)
        gaps = []
        for weight in (row.tie_weight, row.tie_weight + step, row.tie_weight - step):
            moved = with_weight(weights, row, weight, pillars)
            if (moved < -1e-12).any():  # beyond the pillar's whole weight a criterion cannot go
                continue
            totals = compute_totals(scores, moved.clip(lower=0), pillars=pillars) + added
            gaps.append(totals[row.better] - totals[row.worse])
        assert gaps[0] == pytest.approx(0, abs=1e-7)
        if len(gaps) == 3:
            assert gaps[1] * gaps[2] <= 1e-12


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000), st.booleans())
def test_where_no_tie_is_found_none_exists(seed, grouped):
    scores, weights = field(seed, n=3)
    pillars = PILLARS if grouped else None
    found = tipping_points(scores, weights, pillars=pillars, pairs="all")
    for row in found[found["tie_weight"].isna()].itertuples():
        reach = 1.0
        if grouped and row.kind == "criterion":
            own = [name for name in PILLARS if PILLARS[name] == PILLARS[row.criterion]]
            if len(own) == 1:
                continue
            reach = (weights[own].sum()) / weights.sum()
        for weight in np.linspace(0.001, reach - 0.001, 12):
            totals = compute_totals(scores, with_weight(weights, row, weight, pillars), pillars=pillars)
            assert totals[row.better] > totals[row.worse] - 1e-9


def test_neighbours_and_leader_are_the_default():
    scores, weights = field(3)
    found = tipping_points(scores, weights)
    order = rank_totals(compute_totals(scores, weights)).sort_values().index
    pairs = set(zip(found["better"], found["worse"], strict=True))
    expected = {(order[0], name) for name in order[1:]} | set(itertools.pairwise(order))
    assert pairs == expected


def test_options_and_weights_are_checked():
    scores, weights = field(1)
    with pytest.raises(ValueError, match="'neighbours', 'all'"):
        tipping_points(scores, weights, pairs="some")
    with pytest.raises(ValueError, match="'geometric'"):
        tipping_points(scores, weights, aggregate="median")
    with pytest.raises(ValueError, match="every criterion"):
        tipping_points(scores, weights.drop("甲"))


def test_geometric_means_tie_where_they_say():
    scores, weights = field(5)
    found = tipping_points(scores, weights, pairs="all", aggregate="geometric")
    row = next(found[found["tie_weight"].notna()].itertuples())
    moved = with_weight(weights, row, row.tie_weight, None)
    totals = np.exp((np.log(scores) * moved).sum(axis=1))
    assert totals[row.better] == pytest.approx(totals[row.worse], abs=1e-9)


def test_least_moved_is_enough_and_no_less_is():
    scores = pd.DataFrame({"a": [90.0, 80.0], "b": [70.0, 75.0]}, index=["x", "y"])
    least = least_moved(scores, pd.Series({"a": 0.6, "b": 0.4})).iloc[0]
    # the lead of 4 shrinks by 15 for each unit of weight moved from a to b
    assert least["moved"] == pytest.approx(4 / 15)
    never = least_moved(
        pd.DataFrame({"a": [90.0, 80.0], "b": [75.0, 70.0]}, index=["x", "y"]), pd.Series({"a": 1, "b": 1})
    )
    assert never["moved"].isna().all()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_leave_one_out_is_ranking_without_it(seed):
    scores, weights = field(seed, holes=0.1)
    found = leave_one_out(scores, weights)
    for name in scores.columns:
        rest = [other for other in scores.columns if other != name]
        expected = rank_totals(compute_totals(scores[rest], weights[rest]))
        pd.testing.assert_series_equal(found[name], expected, check_names=False)


def test_printed_weights_swap_published_scores(make_field):
    scores = make_field(11, 6, seed=3, adjustments={"示例1村": 0.5})
    table = measure_tipping(scores)
    printed = table[table["printed"].notna()]
    assert len(printed) > 5
    weights, pillars = scores.structure["weight"], scores.structure["pillar"].to_dict()
    for row in printed.itertuples():
        assert (row.printed - row.tie_weight) * np.sign(row.change) >= -1e-9
        assert round(row.printed, 1) == row.printed
        moved = with_weight(weights, row, row.printed / 100, pillars)
        totals = compute_totals(scores.full, moved, pillars=pillars) + scores.units["adjustment"]
        shown = (totals.round(9) * 100 + 0.5 + 1e-7) // 1
        assert shown[row.worse] > shown[row.better]
        assert shown[row.first] == shown.max()


def test_a_tie_in_published_scores_is_passed_over(make_scores):
    # exact crossing at 50.0: there the totals are equal, so 50.0 must not be printed
    scores = make_scores(
        {"甲": {"a村": 80.0, "b村": 70.0}, "乙": {"a村": 70.0, "b村": 80.0}}, weights={"甲": 60, "乙": 40}
    )
    table = measure_tipping(scores).set_index("criterion")
    assert table["tie_weight"]["甲"] == pytest.approx(50.0)
    assert table["printed"]["甲"] == 49.9
    assert table["printed"]["乙"] == 50.1
    assert table["first"]["甲"] == "b村"


def test_units_tied_now_swap_whichever_way_does_it(make_scores):
    # equal at 50 and 50: a little more for 乙 or a little less for 甲 puts b村 first
    scores = make_scores({"甲": {"a村": 80.0, "b村": 70.0}, "乙": {"a村": 70.0, "b村": 80.0}})
    table = measure_tipping(scores)
    assert table.set_index("criterion")["printed"].to_dict() == {
        "甲": 49.9,
        "乙": 50.1,
        "总分": pytest.approx(np.nan, nan_ok=True),
    }
    assert table.attrs["leaders"] == ["a村", "b村"]


def test_a_weight_far_beyond_the_tie_is_found_where_the_slope_is_small(make_scores):
    # the totals part by 0.003 for each point of weight: the scores show it two points beyond the tie
    crossed = make_scores(
        {"甲": {"a村": 80.0, "b村": 79.85}, "乙": {"a村": 80.0, "b村": 80.15}}, weights={"甲": 60, "乙": 40}
    )
    found = measure_tipping(crossed).set_index("criterion")["printed"]
    assert 0 < found["甲"] < 49
    assert found["乙"] > 51


def test_vetoed_units_take_no_part(make_field):
    scores = make_field(6, 4, seed=2, vetoed=("示例1村",))
    table = measure_tipping(scores, pairs="all")
    assert "示例1村" not in {*table["better"], *table["worse"]}


def test_leave_one_out_says_when_first_place_changes(make_scores):
    values = {"甲": {"a村": 99.0, "b村": 70.0}, "乙": {"a村": 70.0, "b村": 80.0}}
    table = measure_leave_one_out(make_scores(values)).set_index("criterion")
    assert table["first_changes"].to_dict() == {"甲": True, "乙": False}
    assert table["first"]["甲"] == "b村"
    assert table["largest"]["甲"] == 1


def test_nearest_tie_ties_and_nothing_nearer_does():
    scores = pd.DataFrame([[90, 70, 80], [80, 85, 80]], index=list("AB"), columns=list("xyz"), dtype=float)
    weights = pd.Series({"x": 5.0, "y": 3.0, "z": 2.0})
    row = nearest_tie(scores, weights).iloc[0]
    step = row[list("xyz")].astype(float)
    assert step.sum() == pytest.approx(0)
    lead = scores.loc["A"] - scores.loc["B"]
    assert float((weights / 10 + step) @ lead) == pytest.approx(0)
    # any other step that ties is longer
    other = pd.Series({"x": -1.0, "y": 1.0, "z": 0.0}) * float((weights / 10) @ lead) / 25
    assert float((weights / 10 + other) @ lead) == pytest.approx(0)
    assert row["distance"] < float((other**2).sum() ** 0.5)
    never = nearest_tie(scores.assign(y=[70.0, 60.0]), weights).iloc[0]
    assert np.isnan(never["distance"])


def test_the_only_criterion_cannot_be_left_out(make_scores):
    assert measure_leave_one_out(make_scores({"环境": {"甲村": 90.0, "乙村": 80.0}})).empty


def test_all_who_share_first_place_are_named(make_scores):
    field = {"环境": {"甲村": 90.0, "乙村": 90.0, "丙村": 80.0}, "党建": {"甲村": 80.0, "乙村": 70.0, "丙村": 90.0}}
    table = measure_leave_one_out(make_scores(field)).set_index("criterion")
    assert table["first"].to_dict() == {"党建": "甲村、乙村", "环境": "丙村"}
