"""Steps 6 to 8: normalisation, unrated, not applicable, 未评."""

from functools import partial
from math import sqrt
from typing import Any

import pytest

near = partial(pytest.approx, rel=0, abs=2e-9)

THREE = "单位 类型\n甲村 村\n乙村 村\n丙村 村"


def field(*marks: Any, rule: str | None = None, **rules: str) -> dict[str, Any]:
    """One criterion; the n-th unit gets the n-th mark."""
    names = [f"第{n}村" for n in range(1, len(marks) + 1)]
    return {
        "规则": ({"标准化方法": rule} if rule else {}) | rules or None,
        "单位": [["单位", "类型"], *([name, "村"] for name in names)],
        "评分": [["评委", "单位", "环境"], *(["A01", name, mark] for name, mark in zip(names, marks, strict=True))],
    }


def scores(answer: Any, name: str = "环境") -> list[Any]:
    found = answer.criterion(name)
    return [found[f"第{n}村"] for n in range(1, len(found) + 1)]


@pytest.mark.parametrize(
    ("rule", "marks", "expected"),
    [
        ("满分", (90, 80, 60), (90, 80, 60)),
        ("极差", (90, 80, 60), (100, 200 / 3, 0)),
        ("标准分", (90, 80, 70), (60, 50, 40)),  # sd 10 with ddof 1
        ("标准分", (90, 60), (50 + 10 / sqrt(2), 50 - 10 / sqrt(2))),
        ("位次分", (90, 80, 60), (100, 200 / 3, 100 / 3)),
        ("位次分", (90, 90, 60, 50), (100, 100, 50, 25)),  # competition rank 1 1 3 4
        ("位次分", (60, 90, 90, 90), (25, 100, 100, 100)),
        ("极差", (50, 50.000001), (0, 100)),
        # Units without a score do not belong to the field.
        ("位次分", (90, "缺席", 60), (100, None, 50)),
        ("极差", (90, "—", 80, 85), (100, None, 0, 50)),
        ("标准分", (90, 80, "不适用", 70), (60, 50, None, 40)),
    ],
)
def test_scores_as_normalised(activity: Any, rule: str, marks: tuple, expected: tuple) -> None:
    answer = activity.scored(field(*marks, rule=rule))
    assert scores(answer) == [value if value is None else near(value) for value in expected]


def test_standard_scores_are_not_clipped(activity: Any) -> None:
    """27 times 0 and once 100: z = 27 / sqrt(28), so 50 + 51.0252."""
    answer = activity.scored(field(100, *[0] * 27, rule="标准分"))
    expected = 50 + 270 / sqrt(28)
    assert answer.units["第1村"]["criteria"]["环境"] == near(expected)
    assert answer.units["第1村"]["score"] == f"{expected:.2f}" == "101.03"


@pytest.mark.parametrize("rule", ["极差", "标准分", "位次分"])
@pytest.mark.parametrize("marks", [(80, 80, 80), (80,), (80, "缺席")])
def test_no_spread_or_one_unit_gives_50_or_100_with_a_warning(activity: Any, rule: str, marks: tuple) -> None:
    answer = activity.scored(field(*marks, rule=rule))
    assert {value for value in scores(answer) if value is not None} == {100 if rule == "位次分" else 50}
    assert any(warning["reason"] for warning in answer.warnings)


def test_full_marks_need_no_spread_and_give_no_warning(activity: Any) -> None:
    assert activity.scored(field(80, 80, 80)).warnings == []


@pytest.mark.parametrize(("rule", "expected"), [("极差", [50, 0, 100]), ("位次分", [200 / 3, 100 / 3, 100])])
def test_vetoed_units_belong_to_the_field(activity: Any, rule: str, expected: list[float]) -> None:
    answer = activity.scored(field(80, 70, 90, rule=rule) | {"一票否决": "单位 事由\n第3村 事故"})
    assert scores(answer) == [near(value) for value in expected]


def test_normalisation_is_per_criterion(activity: Any) -> None:
    sheets = {
        "规则": {"标准化方法": "极差"},
        "指标": "指标 满分\n环境 60\n支部 40",
        "评分": "评委 单位 环境 支部\nA 甲村 30 40\nA 乙村 60 20",
    }
    assert activity.scored(sheets).each("total") == {"乙村": near(60), "甲村": near(40)}


# Left out and re-weighted ---------------------------------------------------------------------------------------------

TWO_PILLARS = "指标 满分 板块\n承诺 20 亮承诺\n环境 30 赛实绩\n庭院 10 赛实绩\n汇报 40 比干劲"


def two_pillars(first: str, **sheets: Any) -> dict[str, Any]:
    return {"指标": TWO_PILLARS, "评分": f"评委 单位 承诺 环境 庭院 汇报\nA 甲村 {first}\nA 乙村 20 30 10 40"} | sheets


def test_weights_are_renormalised_inside_the_pillar_first(activity: Any) -> None:
    """庭院 is missing: 赛实绩 keeps its 40 points and is judged by 环境, 15/30; 10×1 + 40×.5 + 40×1 - 10."""
    answer = activity.scored(two_pillars("10 15 缺席 40"))
    assert answer.units["甲村"]["pillars"] == {"亮承诺": near(50), "赛实绩": near(50), "比干劲": near(100)}
    assert answer.units["甲村"]["total"] == near(70)
    assert answer.units["甲村"]["criteria"]["庭院"] is None


def test_a_pillar_with_nothing_left_is_left_out_and_the_others_renormalised(activity: Any) -> None:
    """赛实绩 is gone: (20×50 + 40×80)/60 = 70."""
    answer = activity.scored(two_pillars("10 缺席 不适用 32"))
    assert answer.units["甲村"]["pillars"] == {"亮承诺": near(50), "赛实绩": None, "比干劲": near(80)}
    assert answer.units["甲村"]["total"] == near(70)


def test_unrated_is_never_full_marks(activity: Any) -> None:
    answer = activity.scored(two_pillars("10 15 缺席 40", 规则={"不适用指标": "计满分"}))
    assert answer.units["甲村"]["criteria"]["庭院"] is None
    assert answer.units["甲村"]["total"] == near(70)
    assert answer.warnings


def test_not_applicable_left_out_or_full_marks(activity: Any) -> None:
    """Left out: 赛实绩 = 50. Full: (30×50 + 10×100)/40 = 62.5, total 10 + 25 + 40."""
    left_out = activity.scored(two_pillars("10 15 不适用 40"))
    assert left_out.units["甲村"]["criteria"]["庭院"] is None
    assert left_out.units["甲村"]["total"] == near(70)
    full = activity.scored(two_pillars("10 15 不适用 40", 规则={"不适用指标": "计满分"}))
    assert full.units["甲村"]["criteria"]["庭院"] == 100
    assert full.units["甲村"]["pillars"]["赛实绩"] == near(62.5)
    assert full.units["甲村"]["total"] == near(75)
    same = activity.scored(two_pillars("10 15 不适用 40", 规则={"不适用指标": "重新分配"}))
    assert same.each("total") == left_out.each("total")


@pytest.mark.parametrize("method", ["极差", "标准分", "位次分"])
def test_full_marks_for_what_is_not_applicable_only_with_full_mark_scores(activity: Any, method: str) -> None:
    answer = activity.refused(two_pillars("10 15 不适用 40", 规则={"标准化方法": method, "不适用指标": "计满分"}))
    assert {(s, c) for s, c, _v in answer.places} <= {("规则", "B2"), ("规则", "B3")}


def test_a_pillar_of_not_applicable_criteria_only_counts_full(activity: Any) -> None:
    answer = activity.scored(two_pillars("10 不适用 不适用 32", 规则={"不适用指标": "计满分"}))
    assert answer.units["甲村"]["pillars"] == {"亮承诺": near(50), "赛实绩": near(100), "比干劲": near(80)}
    assert answer.units["甲村"]["total"] == near(10 + 40 + 32)


# 未评 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["重新分配", "计满分"])
@pytest.mark.parametrize("cells", ["缺席 缺席 _ _", "不适用 不适用 不适用 不适用", "不适用 缺席 不适用 _"])
def test_a_unit_without_any_rated_criterion_has_no_total_and_no_rank(activity: Any, rule: str, cells: str) -> None:
    """Decided before 不适用 counts as full marks."""
    answer = activity.scored(two_pillars(cells, 规则={"不适用指标": rule}))
    unit = answer.units["甲村"]
    assert (unit["rank"], unit["score"], unit["total"]) == (None, None, None)
    assert set(unit["pillars"].values()) == {None}
    assert set(unit["criteria"].values()) == {None}
    assert answer.each("rank") == {"乙村": 1, "甲村": None}


def test_a_unit_that_nothing_mentions_is_without_score(activity: Any) -> None:
    answer = activity.scored({"单位": THREE, "评分": "评委 单位 环境\nA 甲村 50\nA 丙村 60"})
    assert answer.each("rank") == {"丙村": 1, "甲村": 2, "乙村": None}


def test_a_unit_rated_on_criteria_without_weight_only_is_without_score(activity: Any) -> None:
    sheets = {
        "指标": "指标 满分 权重\n环境 60 1\n支部 40 0",
        "评分": "评委 单位 环境 支部\nA 甲村 缺席 40\nA 乙村 30 20",
    }
    answer = activity.scored(sheets)
    assert answer.each("total") == {"乙村": near(50), "甲村": None}
    assert answer.each("rank") == {"乙村": 1, "甲村": None}
    assert answer.units["甲村"]["pillars"] == {"总分": None}


def test_adjustments_do_not_give_a_unit_without_marks_a_total(activity: Any) -> None:
    sheets = {"评分": "评委 单位 环境\nA 甲村 50\nA 乙村 缺席", "加减分": "单位 分值 事由\n乙村 3 表彰"}
    assert activity.scored(sheets).each("total") == {"甲村": 50, "乙村": None}
