"""Strong and weak sides, what to fix first, noise, teachers."""

import numpy as np
import pandas as pd
import pytest

from lsb_nb.analysis.strengths import find_teachers, fix_first, measure_noise, measure_strengths, rank_strengths
from lsb_nb.schema import MICRO

NAN = float("nan")


def test_last_places_are_not_hidden(make_field):
    scores = make_field(11, 6, seed=5)
    table = measure_strengths(scores, top=3)
    ranks = scores.full.rank(method="min", ascending=False)
    for unit in scores.units.index:
        own = table[(table["unit"] == unit) & (table["kind"] == "weakness")]
        assert own["rank"].iloc[0] == ranks.loc[unit].max()


def test_equal_places_keep_the_order_of_the_columns():
    values = pd.DataFrame({"a": [1, 2], "b": [1, 2], "c": [3, 1], "d": [1, 2]}, index=["x", "y"])
    own = rank_strengths(values, top=2)[lambda t: (t["unit"] == "y") & (t["kind"] == "strength")]
    assert own["criterion"].tolist() == ["a", "b"]


def test_no_criterion_is_strong_and_weak_at_once(make_field):
    table = measure_strengths(make_field(11, 4, seed=6), top=3)
    assert not table.duplicated(["unit", "criterion"]).any()


@pytest.fixture
def six(make_scores):
    return make_scores({"环境": {f"示例{i}村": 50.0 + 10 * i for i in range(6)}, "党建": dict.fromkeys(
        [f"示例{i}村" for i in range(6)], 80.0)}, weights={"环境": 75, "党建": 25})  # fmt: skip


def test_attainable_points_by_hand(six):
    fixes = fix_first(six).set_index("unit")
    # the others of the last unit have 60…100: their 80th percentile is 92
    assert fixes["target"]["示例0村"] == pytest.approx(92.0)
    assert fixes["attainable"]["示例0村"] == 31.5
    assert "示例5村" not in fixes.index
    assert set(fixes["criterion"]) == {"环境"}


def test_gaps_within_noise_are_not_kept(six):
    noise = pd.DataFrame(20.0, index=six.units.index, columns=["环境", "党建"])
    kept = fix_first(six, noise=noise).set_index("unit")["kept"]
    # gaps are 42, 32, 24, …; twice the error is 40
    assert kept["示例0村"]
    assert not kept["示例1村"]


def test_quantile_must_be_a_share(six):
    with pytest.raises(ValueError, match="between 0 and 1"):
        fix_first(six, quantile=80)


def test_teachers_reach_the_target_and_like_units_come_first(make_scores):
    table = {"环境": {"甲村": 50.0, "乙社区": 95.0, "丙村": 96.0, "丁村": 60.0, "戊村": 94.0}, "党建": dict.fromkeys(
        ["甲村", "乙社区", "丙村", "丁村", "戊村"], 80.0)}  # fmt: skip
    kinds = {"甲村": "村", "乙社区": "社区", "丙村": "村", "丁村": "村", "戊村": "村"}
    teachers = find_teachers(make_scores(table, kinds=kinds), top=3)
    own = teachers[teachers["unit"] == "甲村"]
    # the peers' 80th percentile is 95.2
    assert own["teacher"].tolist() == ["丙村"]
    assert own["ahead"].tolist() == [23.0]
    assert (teachers["teacher"] != teachers["unit"]).all()


def test_noise_by_hand(make_scores, make_records):
    marks = {"甲村": (80, 70), "乙村": (90, 84), "丙村": (70, 62)}
    rows = [
        {"rater": rater, "unit": unit, "criterion": "环境", "mark": mark * MICRO, "state": "mark"}
        for unit, pair in marks.items()
        for rater, mark in zip(("B1", "B2"), pair, strict=True)
    ]
    raters = [{"rater": rater, "group": "评委", "recused": ()} for rater in ("B1", "B2")]
    records = make_records(ratings=rows, raters=raters)
    scores = make_scores({"环境": {unit: sum(pair) / 2 for unit, pair in marks.items()}})
    noise = measure_noise(records, scores)
    # severities ±4; residuals ±1, ∓1, 0: four squared ones over two degrees of freedom, two marks a unit
    assert noise["环境"].tolist() == pytest.approx([np.sqrt(4 / 2 / 2)] * 3)


def test_noise_is_unknown_for_ledgers(make_scores, make_records):
    scores = make_scores({"环境": {"甲村": 90.0, "乙村": 80.0}})
    assert measure_noise(make_records(), scores).isna().all(axis=None)
