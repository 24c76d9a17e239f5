"""Weights, what is left out, totals and adjustments: one hand-computed quarter for each sentence of the rules."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from lsb_nb.bundles import DataProblems, Scores, problem_frame
from lsb_nb.schema import PROBLEM_COLUMNS
from lsb_nb.scheme_sheets import scheme_of
from lsb_nb.scoring.composite import score


def direct(make, table, criteria, **more):
    """Direct entries: unit -> marks in the order of the criteria, None where there is no entry."""
    entries = [
        (unit, c[0], mark)
        for unit, marks in table.items()
        for c, mark in zip(criteria, marks, strict=True)
        if mark is not None
    ]
    rows = [(name, full, pillar, "直接录入", *weight) for name, full, pillar, *weight in criteria]
    return make(units=list(table), criteria=rows, entries=entries, **more)


TWO = [("甲", 40, "亮承诺"), ("乙", 20, "亮承诺"), ("丙", 40, "赛实绩")]


def test_by_default_the_total_is_the_sum_of_points(make):
    scores = score(direct(make, {"东村": [30, 15, 25]}, TWO))
    assert scores.units["total"].iloc[0] == pytest.approx(70)
    assert scores.pillars.loc["东村"].tolist() == pytest.approx([75, 62.5])
    assert scores.structure["weight"].tolist() == [0.4, 0.2, 0.4]
    assert scores.structure["pillar_weight"].tolist() == pytest.approx([0.6, 0.6, 0.4])
    assert scores.structure["full_marks"].tolist() == [40, 20, 40]


def test_weights_replace_full_marks(make):
    criteria = [("甲", 40, "亮承诺", "1"), ("乙", 20, "亮承诺", "3"), ("丙", 40, "赛实绩", "4")]
    scores = score(direct(make, {"东村": [40, 0, 0]}, criteria))
    assert scores.pillars.loc["东村", "亮承诺"] == 25
    assert scores.units["total"].iloc[0] == 12.5


def test_pillar_weights_replace_the_sum_of_their_criteria(make):
    scores = score(direct(make, {"东村": [40, 20, 0]}, TWO, rules={"板块权重": "亮承诺=1、赛实绩=3"}))
    assert scores.units["total"].iloc[0] == 25
    assert scores.weights.loc["东村"].tolist() == pytest.approx([1 / 6, 1 / 12, 3 / 4])


@pytest.mark.parametrize(
    "text", ["亮承诺=1", "亮承诺=1、赛实绩=1、比干劲=1", "亮承诺=0、赛实绩=0", "亮承诺=-1、赛实绩=2"]
)
def test_pillar_weights_name_every_pillar_and_no_other(make, text):
    with pytest.raises(DataProblems) as caught:
        score(direct(make, {"东村": [1, 1, 1]}, TWO, rules={"板块权重": text}))
    assert caught.value.problems["cell"].iloc[0] == "A2"


def test_a_pillar_whose_criteria_all_weigh_nothing_is_left_out(make):
    criteria = [("甲", 40, "亮承诺", "0"), ("丙", 40, "赛实绩", "4")]
    scores = score(direct(make, {"东村": [40, 20]}, criteria, rules={"板块权重": "亮承诺=1、赛实绩=1"}))
    assert scores.pillars.loc["东村"].isna().tolist() == [True, False]
    assert scores.units["total"].iloc[0] == 50
    assert scores.structure["pillar_weight"].tolist() == [0, 1]


def test_what_is_unrated_gives_its_weight_to_its_pillar_first(make):
    scores = score(direct(make, {"东村": [20, None, 40]}, TWO))
    assert scores.pillars.loc["东村"].tolist() == [50, 100]
    assert scores.units["total"].iloc[0] == pytest.approx(70)
    assert scores.weights.loc["东村"].tolist() == pytest.approx([0.6, 0, 0.4])
    assert np.isnan(scores.criteria.loc["东村", "乙"])


def test_a_pillar_with_nothing_left_gives_its_weight_to_the_others(make):
    scores = score(direct(make, {"东村": [20, 10, None]}, TWO))
    assert np.isnan(scores.pillars.loc["东村", "赛实绩"])
    assert scores.units["total"].iloc[0] == 50


def test_not_applicable_is_left_out_or_counts_in_full(make):
    table = {"东村": [20, "not_applicable", 40]}
    assert score(direct(make, table, TWO)).units["total"].iloc[0] == pytest.approx(70)
    scores = score(direct(make, table, TWO, rules={"不适用指标": "计满分"}))
    assert scores.units["total"].iloc[0] == pytest.approx(20 + 20 + 40)
    assert scores.criteria.loc["东村", "乙"] == 100
    assert np.isnan(scores.full.loc["东村", "乙"])
    assert scores.states.loc["东村", "乙"] == "not_applicable"


def test_unrated_never_counts_in_full(make):
    scores = score(direct(make, {"东村": [20, None, 40]}, TWO, rules={"不适用指标": "计满分"}))
    assert scores.units["total"].iloc[0] == pytest.approx(70)


def test_full_marks_for_what_is_not_applicable_need_the_full_marks_scale(make):
    rules = {"不适用指标": "计满分", "标准化方法": "极差"}
    with pytest.raises(DataProblems, match="计满分"):
        score(direct(make, {"东村": [1, 1, 1]}, TWO, rules=rules))
    scheme = scheme_of(direct(make, {"东村": [1, 1, 1]}, TWO))
    varied = dataclasses.replace(scheme, rules=dict(scheme.rules) | rules)
    with pytest.raises(DataProblems, match="计满分"):
        score(direct(make, {"东村": [1, 1, 1]}, TWO), scheme=varied)


def test_a_unit_without_a_rated_criterion_is_not_assessed(make):
    table = {"东村": [20, 10, 40], "西村": [None, "not_applicable", None]}
    scores = score(direct(make, table, TWO, rules={"不适用指标": "计满分"}, adjustments=[("西村", 2)]))
    row = scores.units.loc["西村"]
    assert not row["rated"]
    assert pd.isna(row["rank"])
    assert np.isnan([row["score"], row["total"], row["before"]]).all()
    assert scores.criteria.loc["西村"].isna().all()
    assert scores.pillars.loc["西村"].isna().all()
    assert scores.weights.loc["西村"].tolist() == [0, 0, 0]
    assert "“西村”没有任何有权重的得分，列为未评" in scores.problems["reason"].tolist()


def test_a_rated_criterion_without_weight_does_not_make_a_unit_assessed(make):
    criteria = [("甲", 40, "亮承诺", "0"), ("乙", 20, "亮承诺", "1")]
    scores = score(direct(make, {"东村": [40, 10], "西村": [40, None]}, criteria))
    assert scores.units["rated"].to_dict() == {"东村": True, "西村": False}


@pytest.mark.parametrize(("method", "want"), [("几何", 80.0), ("调和", 78.048780488)])
def test_means_at_both_levels(make, method, want):
    criteria = [("甲", 100, "亮承诺", "1"), ("乙", 100, "亮承诺", "1"), ("丙", 100, "赛实绩", "2")]
    scores = score(direct(make, {"东村": [64, 100, 80]}, criteria, rules={"合成方法": method}))
    assert scores.pillars.loc["东村", "亮承诺"] == pytest.approx(want, abs=1e-9)
    whole = 80 if method == "几何" else 2 / (1 / scores.pillars.loc["东村", "亮承诺"] + 1 / 80)
    assert scores.units["total"].iloc[0] == pytest.approx(whole, abs=1e-9)


@pytest.mark.parametrize("method", ["几何", "调和"])
def test_a_zero_in_a_pillar_that_weighs_nothing_is_not_refused(make, method):
    records = make(
        units=["东村"], criteria=[("甲", 10, "亮承诺", "直接录入"), ("乙", 10, "赛实绩", "直接录入")],
        entries=[("东村", "甲", 0), ("东村", "乙", 8)], rules={"合成方法": method, "板块权重": "亮承诺=0、赛实绩=1"},
    )  # fmt: skip
    scores = score(records)
    assert scores.units.loc["东村", "score"] == 80
    assert scores.pillars.loc["东村"].isna().tolist() == [True, False]


@pytest.mark.parametrize("method", ["几何", "调和"])
def test_geometric_and_harmonic_refuse_zeros_that_have_weight(make, method):
    rules = {"合成方法": method}
    with pytest.raises(DataProblems) as caught:
        score(direct(make, {"东村": [0, 10, 20], "西村": [5, 0, 20]}, TWO, rules=rules))
    found = caught.value.problems
    assert [name in reason for name, reason in zip(["东村", "西村"], found["reason"], strict=True)] == [True, True]
    assert found["sheet"].tolist() == ["规则", "规则"]
    assert found["value"].tolist() == [method, method]
    criteria = [("甲", 40, "亮承诺", "0"), ("乙", 20, "亮承诺", "1"), ("丙", 40, "赛实绩", "1")]
    assert score(direct(make, {"东村": [0, 10, 20]}, criteria, rules=rules)).units["score"].iloc[0] == 50


@pytest.mark.parametrize(
    ("cap", "points", "want"),
    [
        (None, [3, 4], 5),
        (None, [-9], -5),
        (None, ["1.25", "-0.5"], 0.75),
        ("2.5", [3], 2.5),
        ("不计", [3], 0),
        ("0", [3], 0),
    ],
)
def test_adjustments_are_summed_and_clipped(make, cap, points, want):
    rules = {} if cap is None else {"加减分上限": cap}
    adjustments = [("东村", p) for p in points]
    scores = score(direct(make, {"东村": [40, 20, 40]}, TWO, rules=rules, adjustments=adjustments))
    row = scores.units.loc["东村"]
    assert row["adjustment"] == want
    assert row["before"] == pytest.approx(100)
    assert row["total"] == pytest.approx(100 + want)


def test_published_pillars_and_criteria(make):
    scores = score(direct(make, {"东村": ["33.338", "0.001", "0.002"]}, TWO))
    assert scores.published_criteria.loc["东村"].tolist() == [83.35, 0.01, 0.01]
    assert scores.published_pillars.loc["东村"].tolist() == [55.57, 0.01]


def test_every_frame_is_labelled_the_same_way(make):
    scores = score(direct(make, {"东村": [1, 1, 1], "西村": [40, 20, 40]}, TWO))
    for name in ("pillars", "criteria", "full", "weights", "states", "published_pillars", "published_criteria"):
        assert getattr(scores, name).index.tolist() == ["西村", "东村"], name
    assert scores.problems.columns.tolist() == list(PROBLEM_COLUMNS)
    assert scores.dropped.columns.tolist() == ["rater", "unit", "criterion", "why"]
    assert scores.units.columns.tolist() == [
        "rank", "score", "total", "before", "adjustment", "vetoed", "rated", "band", "area", "kind", "place",
    ]  # fmt: skip


def test_scores_can_be_copied_pickled_and_replaced(make):
    scores = score(direct(make, {"东村": [1, 1, 1]}, TWO))
    for other in (copy.copy(scores), pickle.loads(pickle.dumps(scores)), dataclasses.replace(scores, activity="别的")):
        assert isinstance(other, Scores)
        pd.testing.assert_frame_equal(other.units, scores.units)
        pd.testing.assert_frame_equal(other.published_criteria, scores.published_criteria)
    with pytest.raises(AttributeError, match="nothing"):
        _ = scores.nothing


def test_the_latest_quarter_is_scored_unless_one_is_named(make):
    book = {"units": ["东村"], "criteria": [("甲", 10)]}
    quarters = {q: book | {"ratings": [("B0", "东村", "甲", m)]} for q, m in (("2021Q3", 3), ("2021Q4", 4))}
    records = make(quarters)
    assert score(records).units["score"].iloc[0] == 40
    assert score(records, "2021Q3").units["score"].iloc[0] == 30
    with pytest.raises(KeyError, match="2021Q3、2021Q4"):
        score(records, "2020Q1")


def test_another_scheme_can_be_scored(make):
    records = direct(make, {"东村": [40, 0, 0]}, TWO)
    scheme = scheme_of(records)
    varied = dataclasses.replace(scheme, pillar_weights={"亮承诺": Fraction(1), "赛实绩": Fraction(1)}, name="各半")
    scores = score(records, scheme=varied)
    assert scores.units["score"].iloc[0] == 33.33
    assert scores.scheme is varied
    with pytest.raises(ValueError, match="criteria of the quarter"):
        score(records, scheme=dataclasses.replace(scheme, criteria=scheme.criteria[:1]))


def test_options_name_what_is_allowed(make):
    with pytest.raises(ValueError, match="'raise', 'keep'; not 'x'"):
        score(direct(make, {"东村": [1, 1, 1]}, TWO), on_error="x")


def test_errors_are_raised_all_at_once_or_kept(make):
    raters = {"B0": "领导", "B1": "群众"}
    ratings = [("B0", "东村", "甲", 0), ("B1", "东村", "甲", 0)]
    rules = {"评委组权重": "领导=1", "合成方法": "几何", "标准化方法": "四舍五入"}
    records = make(units=["东村"], criteria=[("甲", 10)], raters=raters, ratings=ratings, rules=rules)
    with pytest.raises(DataProblems) as caught:
        score(records)
    assert (caught.value.problems["severity"] == "error").sum() == 3
    kept = score(records, on_error="keep")
    assert (kept.problems["severity"] == "error").sum() == 3
    assert not kept.units["rated"].iloc[0]


def test_warnings_of_loading_come_first(make):
    records = direct(make, {"东村": [1, None, 1]}, TWO)
    loaded = problem_frame([{"severity": "warning", "quarter": "2021Q4", "reason": "先读到的"}])
    scores = score(dataclasses.replace(records, problems=loaded))
    assert scores.problems["reason"].tolist() == ["先读到的", "“东村”的指标“乙”没有有效得分"]


def test_errors_of_loading_are_raised_too_and_not_said_twice(make):
    records = make(
        units=["东村"],
        criteria=[("甲", 10, None, "直接录入")],
        ratings=[("B0", "东村", "甲", 1)],
        entries=[("东村", "甲", 1)],
    )
    with pytest.raises(DataProblems, match="却有评委打分"):
        score(records)
    loaded = problem_frame([{"severity": "error", "quarter": "2021Q4", "reason": "读时已报"}])
    with pytest.raises(DataProblems) as caught:
        score(dataclasses.replace(records, problems=loaded))
    assert caught.value.problems["reason"].tolist() == ["读时已报"]


def shuffled(records, seed):
    ratings = records.ratings.sample(frac=1, random_state=seed, ignore_index=True)
    for column in ("rater", "unit", "criterion"):
        ratings[column] = ratings[column].cat.set_categories(
            np.random.default_rng(seed).permutation(ratings[column].cat.categories.astype(object)).tolist()
        )
    return dataclasses.replace(records, frames={**records.frames, "ratings": ratings})


@pytest.mark.parametrize("mode", ["逐项", "整张"])
def test_totals_are_equal_to_the_bit_in_whatever_order_the_marks_come(make, mode):
    rng = np.random.default_rng(7)
    units, raters = [f"村{i}" for i in range(9)], {f"B{i:02d}": f"组{i % 3}" for i in range(20)}
    criteria = [(f"指标{i}", 10 + i, f"板块{i % 3}") for i in range(7)]
    ratings = [
        (r, u, c[0], f"{rng.integers(0, c[1] * 10**6 + 1) / 10**6:.6f}")
        for r in raters
        for u in units
        for c in criteria
    ]
    rules = {"去极值口径": mode, "评委组权重": "组0=0.6、组1=0.3、组2=0.1"}
    records = make(units=units, criteria=criteria, raters=raters, ratings=ratings, rules=rules)
    first = score(records)
    for seed in range(3):
        again = score(shuffled(records, seed))
        pd.testing.assert_frame_equal(again.units, first.units, check_exact=True)
        pd.testing.assert_frame_equal(again.pillars, first.pillars, check_exact=True)
        pd.testing.assert_frame_equal(again.dropped.astype(str), first.dropped.astype(str))


def test_plain_text_columns_score_like_categories(make):
    ratings = [("B0", "东村", "甲", 3), ("B1", "东村", "甲", 5)]
    records = make(units=["东村"], criteria=[("甲", 10)], ratings=ratings)
    plain = records.ratings.astype(dict.fromkeys(("rater", "unit", "criterion", "state"), object))
    again = score(dataclasses.replace(records, frames={**records.frames, "ratings": plain}))
    assert again.units["score"].iloc[0] == 40
