"""Steps 9 to 12: weights, aggregation, adjustments, the published score."""

from functools import partial
from typing import Any

import pytest

near = partial(pytest.approx, rel=0, abs=2e-9)

MARKS = "评委 单位 承诺 环境 庭院\nA 甲村 10 30 0\nA 乙村 20 0 20"


def weighed(criteria: str, **rules: Any) -> dict[str, Any]:
    return {"指标": criteria, "规则": rules or None, "评分": MARKS}


PLAIN = "指标 满分 板块\n承诺 20 亮承诺\n环境 30 赛实绩\n庭院 50 赛实绩"
WEIGHTS = "指标 满分 板块 权重\n承诺 20 亮承诺 1\n环境 30 赛实绩 3\n庭院 50 赛实绩 1"


def test_by_default_the_total_is_the_sum_of_points(activity: Any) -> None:
    answer = activity.scored(weighed(PLAIN))
    assert answer.each("total") == {"甲村": near(40), "乙村": near(40)}
    assert answer.units["甲村"]["pillars"] == {"亮承诺": near(50), "赛实绩": near(37.5)}


def test_full_marks_that_do_not_sum_to_100_are_normalised(activity: Any) -> None:
    sheets = {"指标": "指标 满分\n环境 30\n支部 20", "评分": "评委 单位 环境 支部\nA 甲村 30 5\nA 乙村 15 20"}
    assert activity.scored(sheets).each("total") == {"甲村": near(70), "乙村": near(70)}


def test_weights_of_criteria_give_the_weights_of_pillars(activity: Any) -> None:
    """甲: 承诺 50, 环境 100, 庭院 0 with weights 1 3 1: (50 + 300)/5 = 70; 赛实绩 300/4 = 75."""
    answer = activity.scored(weighed(WEIGHTS))
    assert answer.units["甲村"]["total"] == near(70)
    assert answer.units["甲村"]["pillars"] == {"亮承诺": near(50), "赛实绩": near(75)}


def test_a_column_of_blank_weights_is_as_if_it_were_not_there(activity: Any) -> None:
    blank = "指标 满分 板块 权重\n承诺 20 亮承诺 _\n环境 30 赛实绩 _\n庭院 50 赛实绩 _"
    assert activity.scored(weighed(blank)).units["甲村"]["total"] == near(40)


def test_pillar_weights_replace_the_sums(activity: Any) -> None:
    """甲: 50 × 3/4 + 75 × 1/4 = 56.25."""
    for value in ("亮承诺=3、赛实绩=1", "赛实绩＝25，亮 承诺：75"):
        answer = activity.scored(weighed(WEIGHTS, 板块权重=value))
        assert answer.units["甲村"]["total"] == near(56.25)


def test_a_pillar_weight_of_zero_is_allowed(activity: Any) -> None:
    assert activity.scored(weighed(PLAIN, 板块权重="亮承诺=0、赛实绩=1")).units["甲村"]["total"] == near(37.5)


@pytest.mark.parametrize(
    "value",
    ["亮承诺=1", "亮承诺=1、赛实绩=1、比干劲=1", "亮承诺=0、赛实绩=0", "亮承诺=-1、赛实绩=2", "亮承诺=一、赛实绩=1", "亮承诺=50%、赛实绩=50%",
     "亮承诺、赛实绩", "总分=1", "亮承诺=1e1、赛实绩=1"],
)  # fmt: skip
def test_pillar_weights_name_every_pillar_and_no_other(activity: Any, value: str) -> None:
    assert activity.refused(weighed(PLAIN, 板块权重=value)).places == {("规则", "B2", value)}


def test_a_pillar_whose_criteria_all_weigh_nothing_counts_as_left_out_yet_is_named(activity: Any) -> None:
    criteria = "指标 满分 板块 权重\n承诺 20 亮承诺 0\n环境 30 赛实绩 3\n庭院 50 赛实绩 1"
    for rules in ({}, {"板块权重": "亮承诺=3、赛实绩=1"}):
        answer = activity.scored(weighed(criteria, **rules))
        assert answer.units["甲村"]["total"] == near(75)
        assert answer.units["甲村"]["pillars"] == {"亮承诺": None, "赛实绩": near(75)}
    assert activity.refused(weighed(criteria, 板块权重="赛实绩=1")).cells == {("规则", "B2")}


def test_some_but_not_all_weights_is_an_error(activity: Any) -> None:
    answer = activity.refused(weighed("指标 满分 板块 权重\n承诺 20 亮承诺 1\n环境 30 赛实绩 _\n庭院 50 赛实绩 1"))
    assert answer.cells == {("指标", "D3")}


@pytest.mark.parametrize("value", ["-1", "很大", "10%", "1e2", "N/A"])
def test_negative_and_non_numeric_weights_are_errors(activity: Any, value: str) -> None:
    answer = activity.refused(
        weighed(f"指标 满分 板块 权重\n承诺 20 亮承诺 1\n环境 30 赛实绩 '{value}\n庭院 50 赛实绩 1")
    )
    assert answer.places == {("指标", "D3", value)}


def test_no_positive_weight_at_all_is_an_error(activity: Any) -> None:
    answer = activity.refused(weighed("指标 满分 板块 权重\n承诺 20 亮承诺 0\n环境 30 赛实绩 0\n庭院 50 赛实绩 0"))
    assert {sheet for sheet, _cell in answer.cells} == {"指标"}


def test_no_positive_weight_because_the_only_weighed_pillar_weighs_nothing(activity: Any) -> None:
    criteria = "指标 满分 板块 权重\n承诺 20 亮承诺 0\n环境 30 赛实绩 1\n庭院 50 赛实绩 1"
    assert activity.refused(weighed(criteria, 板块权重="亮承诺=1、赛实绩=0")).errors


def test_a_pillar_that_is_blank_in_some_rows_is_an_error(activity: Any) -> None:
    answer = activity.refused(weighed("指标 满分 板块\n承诺 20 亮承诺\n环境 30 _\n庭院 50 赛实绩"))
    assert answer.cells == {("指标", "C3")}


def test_blank_in_every_row_is_one_pillar_named_total(activity: Any) -> None:
    answer = activity.scored(weighed("指标 满分 板块\n承诺 20 _\n环境 30 _\n庭院 50 _"))
    assert answer.units["甲村"]["pillars"] == {"总分": near(40)}


# Aggregation ----------------------------------------------------------------------------------------------------------

LEVELS = {
    "指标": "指标 满分 板块 权重\n承诺 100 亮承诺 2\n环境 100 赛实绩 1\n庭院 100 赛实绩 1",
    "评分": "评委 单位 承诺 环境 庭院\nA 甲村 80 64 100\nA 乙村 90 60 90",
}


@pytest.mark.parametrize(
    ("method", "first", "second"),
    [
        ("算术", 0.5 * 80 + 0.5 * 82, 0.5 * 90 + 0.5 * 75),
        ("几何", 80.0, (90 * (60 * 90) ** 0.5) ** 0.5),  # 赛实绩 of 甲: sqrt(64 × 100) = 80
        ("调和", 2 / (1 / 80 + 1 / (2 / (1 / 64 + 1 / 100))), 80.0),  # 乙: 赛实绩 2/(1/60 + 1/90) = 72; 2/(1/90 + 1/72)
    ],
)
def test_weighted_means_at_both_levels(activity: Any, method: str, first: float, second: float) -> None:
    answer = activity.scored(LEVELS | {"规则": {"合成方法": method}})
    assert answer.each("total") == {"甲村": near(first), "乙村": near(second)}


def test_geometric_and_harmonic_means_use_the_weights(activity: Any) -> None:
    """Weights 3:1 of 100 and 50: 100^.75 × 50^.25, and 4/(3/100 + 1/50) = 80."""
    sheets = {
        "指标": "指标 满分 权重\n环境 100 3\n支部 100 1",
        "评分": "评委 单位 环境 支部\nA 甲村 100 50\nA 乙村 50 50",
    }
    geometric = activity.scored(sheets | {"规则": {"合成方法": "几何"}})
    assert geometric.units["甲村"]["total"] == near(100**0.75 * 50**0.25)
    assert geometric.units["乙村"]["total"] == near(50)
    assert activity.scored(sheets | {"规则": {"合成方法": "调和"}}).units["甲村"]["total"] == near(80)


@pytest.mark.parametrize("method", ["几何", "调和"])
def test_zero_scores_that_have_weight_are_refused(activity: Any, method: str) -> None:
    sheets = LEVELS | {
        "规则": {"合成方法": method},
        "评分": "评委 单位 承诺 环境 庭院\nA 甲村 80 0 100\nA 乙村 90 60 90",
    }
    assert activity.refused(sheets).errors
    assert activity.refused(LEVELS | {"规则": {"合成方法": method, "标准化方法": "极差"}}).errors


@pytest.mark.parametrize("method", ["几何", "调和"])
def test_zero_scores_without_weight_do_not_matter(activity: Any, method: str) -> None:
    sheets = {
        "规则": {"合成方法": method},
        "指标": "指标 满分 权重\n环境 100 1\n支部 100 0",
        "评分": "评委 单位 环境 支部\nA 甲村 80 0\nA 乙村 90 60",
    }
    assert activity.scored(sheets).each("total") == {"乙村": near(90), "甲村": near(80)}


def test_zero_scores_are_fine_with_the_arithmetic_mean(activity: Any) -> None:
    sheets = LEVELS | {"评分": "评委 单位 承诺 环境 庭院\nA 甲村 0 0 0\nA 乙村 90 60 90"}
    assert activity.scored(sheets).each("score") == {"乙村": "82.50", "甲村": "0.00"}


# Adjustments ----------------------------------------------------------------------------------------------------------


def adjusted(*points: Any, rules: dict | None = None, mark: Any = 98) -> dict[str, Any]:
    return {
        "规则": rules,
        "评分": f"评委 单位 环境\nA 甲村 {mark}\nA 乙村 50",
        "加减分": [["单位", "分值", "事由"], *(["甲村", p, "某事"] for p in points)],
    }


@pytest.mark.parametrize(
    ("points", "rules", "adjustment"),
    [
        ((2, 1.5), None, 3.5),
        ((3, 4), None, 5),  # the sum is clipped, not each
        ((8, -6), None, 2),
        ((-9, 1), None, -5),
        (("+2", "－１．５"), None, 0.5),
        (("—2",), None, -2),
        (("−0.5分",), None, -0.5),
        ((7,), {"加减分上限": 10}, 7),
        ((7,), {"加减分上限": "2.5"}, 2.5),
        ((-7,), {"加减分上限": "2.5"}, -2.5),
        ((7,), {"加减分上限": "不计"}, 0),
        ((7,), {"加减分上限": 0}, 0),
    ],
)
def test_adjustments_are_summed_and_clipped(activity: Any, points: tuple, rules: dict, adjustment: float) -> None:
    answer = activity.scored(adjusted(*points, rules=rules))
    assert answer.units["甲村"]["adjustment"] == adjustment
    assert answer.units["甲村"]["total"] == near(98 + adjustment)
    assert answer.units["甲村"]["score"] == f"{98 + adjustment:.2f}"
    assert answer.units["乙村"]["adjustment"] == 0


def test_adjustments_do_not_touch_pillars_and_criteria(activity: Any) -> None:
    unit = activity.scored(adjusted(5)).units["甲村"]
    assert (unit["pillars"], unit["criteria"], unit["total"]) == ({"总分": 98}, {"环境": 98}, 103)


def test_adjustments_are_checked(activity: Any) -> None:
    sheets = adjusted("两分", None, 1) | {"规则": None}
    sheets["加减分"] += [["甲村", 1, None], ["丙村", 1, "某事"], [None, 1, "某事"], ["乙村", "5%", "某事"]]
    answer = activity.refused(sheets)
    assert answer.cells == {("加减分", c) for c in ("B2", "B3", "C5", "A6", "A7", "B8")}


@pytest.mark.parametrize("value", ["-1", "五分", "无", "5%"])
def test_the_cap_is_a_number_or_off(activity: Any, value: str) -> None:
    assert activity.refused(adjusted(1, rules={"加减分上限": value})).places == {("规则", "B2", value)}


# Published ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "score"),
    [
        ("2.675", "2.68"),
        ("1.005", "1.01"),
        ("0.285", "0.29"),
        ("92.345", "92.35"),
        ("92.344999", "92.34"),
        ("64.995", "65.00"),
        ("99.995", "100.00"),
        ("0.004999", "0.00"),
        ("8", "8.00"),
    ],
)
def test_scores_are_rounded_half_up_as_decimals(activity: Any, mark: str, score: str) -> None:
    answer = activity.scored({"评分": [["评委", "单位", "环境"], ["A", "甲村", mark], ["A", "乙村", float(mark)]]})
    assert answer.each("score") == {"甲村": score, "乙村": score}
    assert answer.each("rank") == {"甲村": 1, "乙村": 1}


def test_92_3449999996_is_published_as_92_35(activity: Any) -> None:
    """92.345 and 52.345 with weights 1 - 1e-11 and 1e-11: rounded to nine decimals first."""
    sheets = {
        "指标": "指标 满分 权重\n环境 100 99999999999\n支部 100 1",
        "评分": "评委 单位 环境 支部\nA 甲村 92.345 52.345\nA 乙村 92.345 0",
    }
    answer = activity.scored(sheets)
    assert answer.units["甲村"]["total"] == pytest.approx(92.3449999996, rel=0, abs=1e-12)
    assert answer.units["甲村"]["score"] == "92.35"
    # 乙: 92.345 - 9.2345e-10 is 92.344999999 at nine decimals, so it falls below.
    assert answer.units["乙村"]["score"] == "92.34"
    assert answer.each("rank") == {"甲村": 1, "乙村": 2}


def test_negative_totals_are_rounded_away_from_zero(activity: Any) -> None:
    answer = activity.scored(adjusted(-0.345, mark=0))
    assert answer.units["甲村"]["total"] == near(-0.345)
    assert answer.units["甲村"]["score"] == "-0.35"
    assert activity.scored(adjusted(-0.344999, mark=0)).units["甲村"]["score"] == "-0.34"


def test_a_total_that_rounds_to_zero_has_no_sign(activity: Any) -> None:
    assert activity.scored(adjusted(-0.004, mark=0)).units["甲村"]["score"] == "0.00"


def test_a_weighted_sum_that_is_exact_in_decimals_is_rounded_as_such(activity: Any) -> None:
    """0.1×90.15 + 0.2×80.05 + 0.7×85.5 = 84.875; 0.1×10.15 + 0.2×20.05 + 0.7×30.3 = 26.235, below in binary."""
    sheets = {
        "指标": "指标 满分 权重\n甲 100 0.1\n乙 100 0.2\n丙 100 0.7",
        "评分": "评委 单位 甲 乙 丙\nA 甲村 90.15 80.05 85.5\nA 乙村 10.15 20.05 30.3",
    }
    assert activity.scored(sheets).each("score") == {"甲村": "84.88", "乙村": "26.24"}
