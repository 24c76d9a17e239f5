"""Gaps add up exactly, to every reference; the field's gaps are what they are said to be."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lsb_nb.analysis.gaps import measure_gaps, measure_pillar_gaps, measure_top_gaps, measure_waterfall
from lsb_nb.analysis.parts import published

NAN = float("nan")


@pytest.fixture
def two(make_scores):
    values = {"环境": {"甲村": 90.0, "乙村": 80.0}, "党建": {"甲村": 70.0, "乙村": 75.0}}
    return make_scores(values, weights={"环境": 60, "党建": 40})


@pytest.mark.parametrize("reference", ["best", "median", "full", "示例3村", 90, {f"指标{i}": 85 for i in range(1, 8)}])
@pytest.mark.parametrize("decimals", [1, 2])
def test_shown_parts_add_up_to_the_published_gap(make_field, reference, decimals):
    scores = make_field(20, 7, seed=3, holes=0.1, adjustments={"示例1村": 1.25, "示例4村": -0.375}, vetoed=("示例2村",))
    gaps = measure_gaps(scores, reference, decimals=decimals)
    sums = gaps.groupby("unit")["shown"].sum().round(9)
    totals = gaps.groupby("unit")["total"].first()
    pd.testing.assert_series_equal(sums, totals, check_names=False)
    exact = gaps.groupby("unit")["points"].sum()
    assert (exact - totals).abs().max() <= 10.0**-decimals


def test_points_by_hand(two):
    gaps = measure_gaps(two, "甲村")
    own = gaps[gaps["unit"] == "乙村"].set_index("criterion")
    assert own["points"][["环境", "党建"]].tolist() == pytest.approx([6.0, -2.0])
    assert own["total"].iloc[0] == 4.0


def test_best_is_the_top_ranked_unit_even_below_a_vetoed_one(make_scores):
    scores = make_scores({"环境": {"甲村": 99.0, "乙村": 80.0, "丙村": 70.0}}, vetoed=("甲村",))
    gaps = measure_gaps(scores)
    assert set(gaps["reference"]) == {"乙村"}
    assert gaps.groupby("unit")["total"].first().to_dict() == {"乙村": 0.0, "丙村": 10.0, "甲村": -19.0}


def test_median_is_recomputed_from_criterion_medians(make_scores):
    table = {"环境": {"甲村": 90.0, "乙村": 60.0, "丙村": 70.0}, "党建": {"甲村": 50.0, "乙村": 80.0, "丙村": 90.0}}
    gaps = measure_gaps(make_scores(table), "median")
    assert gaps.groupby("unit")["total"].first().to_dict() == {"丙村": -5.0, "甲村": 5.0, "乙村": 5.0}


def test_full_marks_minus_losses_is_the_total(make_field):
    scores = make_field(11, 6, seed=1, holes=0.1)
    totals = measure_gaps(scores, "full").groupby("unit")["total"].first()
    expected = (100 - scores.units["score"]).map(published)
    assert totals.reindex(expected.index).tolist() == expected.tolist()


def test_a_left_out_item_is_no_zero_and_its_weight_is_told(make_scores):
    table = {"环境": {"甲村": 90.0, "乙村": 80.0}, "党建": {"甲村": 60.0, "乙村": NAN}}
    gaps = measure_gaps(make_scores(table), "甲村")
    own = gaps[gaps["unit"] == "乙村"]
    line = own[own["criterion"] == "党建"].iloc[0]
    assert np.isnan(line["points"])
    assert line["state"] == "not_applicable"
    parts = own.set_index("kind")["points"].dropna()
    assert parts["criterion"] == pytest.approx(7.5)
    assert parts["weights"] == pytest.approx(-12.5)
    assert own["total"].iloc[0] == -5.0


def test_adjustments_are_a_part_of_their_own(make_scores):
    scores = make_scores({"环境": {"甲村": 90.0, "乙村": 90.0}}, adjustments={"甲村": 1.0, "乙村": -0.5})
    own = measure_gaps(scores)[lambda table: table["unit"] == "乙村"].set_index("kind")
    assert own["shown"]["adjustment"] == 1.5
    assert own["shown"]["criterion"] == 0.0


def test_a_unit_without_scores_is_left_out(make_scores):
    scores = make_scores({"环境": {"甲村": 90.0, "乙村": NAN, "丙村": 80.0}})
    assert set(measure_gaps(scores)["unit"]) == {"甲村", "丙村"}


def test_options_are_named_in_errors(two):
    with pytest.raises(ValueError, match="甲村、乙村"):
        measure_gaps(two, "worst")
    with pytest.raises(ValueError, match="every criterion"):
        measure_gaps(two, {"环境": 80})


def test_pillars_are_sums_of_their_criteria(make_field):
    gaps = measure_gaps(make_field(11, 6, seed=2, holes=0.1, adjustments={"示例5村": 2}))
    table = measure_pillar_gaps(gaps)
    assert list(table.columns[-3:]) == ["weights", "adjustment", "total"]
    np.testing.assert_allclose(table.drop(columns="total").sum(axis=1), table["total"], atol=1e-9)


def test_waterfall_runs_from_nothing_to_the_total(make_field):
    scores = make_field(11, 15, seed=4, adjustments={"示例5村": 2})
    gaps = measure_gaps(scores)
    for unit in scores.units.index:
        table = measure_waterfall(gaps, unit, top=4)
        assert table["label"].iloc[-1] == "total"
        assert table["end"].iloc[-1] == gaps.loc[gaps["unit"] == unit, "total"].iloc[0]
        parts = table.iloc[:-1]
        assert parts["start"].tolist() == [0.0, *parts["end"].tolist()][: len(parts)]
        assert (~parts["label"].isin(["rest", "weights", "adjustment", "ahead"])).sum() <= 4
    with pytest.raises(ValueError, match="无此村"):
        measure_waterfall(gaps, "无此村")


def test_top_gaps_say_common_or_single(make_scores):
    units = [f"示例{i}村" for i in range(5)]
    table = {
        "人人失": dict.fromkeys(units, 70.0) | {"示例0村": 65.0},
        "一家失": dict.fromkeys(units, 95.0) | {"示例3村": 30.0},
    }
    top = measure_top_gaps(make_scores(table)).set_index("criterion")
    assert top.index.tolist() == ["人人失", "一家失"]
    assert top["common"].tolist() == [True, False]
    assert top["sharing"].tolist() == [5, 1]
    assert top["loss"].tolist() == [15.5, 9.0]
    assert top["worst"].tolist() == ["示例0村", "示例3村"]
    assert top["worst_loss"].tolist() == [17.5, 35.0]


def test_under_other_methods_the_full_marks_total_is_explained(make_field):
    scores = make_field(8, 5, seed=12, adjustments={"示例2村": 1.0})
    rules = {"标准化方法": "极差", "合成方法": "算术"}
    other = dataclasses.replace(
        scores, scheme=SimpleNamespace(rule=rules.get), criteria=scores.full * 0 + 50,
        units=scores.units.assign(score=50.0, total=50.0),
    )  # fmt: skip
    gaps = measure_gaps(other)
    assert not gaps.attrs["official"]
    expected = measure_gaps(scores)
    assert gaps["shown"].tolist() == pytest.approx(expected["shown"].tolist(), nan_ok=True)
    assert gaps["total"].tolist() == expected["total"].tolist()
