"""Steps 2 to 5: recusal, void sheets, trimming, rater groups."""

from typing import Any

import pytest

# Recusal --------------------------------------------------------------------------------------------------------------

RECUSED = {
    "评委": "评委 评委组 回避单位\nA01 班子 甲村\nA02 班子 _",
    "评分": "评委 单位 环境\nA01 甲村 100\nA02 甲村 60\nA01 乙村 80\nA02 乙村 60",
}


def test_recusal_leaves_out_the_marks_for_the_raters_own_units(activity: Any) -> None:
    assert activity.scored(RECUSED | {"规则": {"回避": "是"}}).criterion("环境") == {"乙村": 70, "甲村": 60}


def test_without_the_rule_the_marks_count_and_a_warning_is_given(activity: Any) -> None:
    answer = activity.scored(RECUSED)
    assert answer.criterion("环境") == {"甲村": 80, "乙村": 70}
    assert [(w["sheet"], w["file"]) for w in answer.warnings] == [("评委", "2021Q4.xlsx")]


def test_no_warning_without_a_recused_unit(activity: Any) -> None:
    assert activity.scored(RECUSED | {"评委": "评委 评委组 回避单位\nA01 班子 _\nA02 班子 _"}).warnings == []


def test_recused_units_are_matched_like_any_unit(activity: Any) -> None:
    sheets = RECUSED | {
        "规则": {"回避": "是"},
        "单位": "单位 别名\n甲村 老甲\n乙村 _",
        "评委": [["评委", "评委组", "回避单位"], ["A01", "班子", " 老 甲 、 乙村委会"], ["A02", "班子", None]],
    }
    assert activity.scored(sheets).criterion("环境") == {"甲村": 60, "乙村": 60}


def test_an_unknown_recused_unit_is_an_error(activity: Any) -> None:
    for rule in ({"回避": "是"}, {"回避": "否"}):
        sheets = RECUSED | {"规则": rule, "评委": "评委 评委组 回避单位\nA01 班子 丙村\nA02 班子 _"}
        assert activity.refused(sheets).cells == {("评委", "C2")}


def test_recusal_may_leave_a_unit_unrated(activity: Any) -> None:
    answer = activity.scored(
        RECUSED | {"规则": {"回避": "是"}, "评委": "评委 评委组 回避单位\nA01 班子 甲村\nA02 班子 甲村、乙村"}
    )
    assert answer.criterion("环境") == {"乙村": 80, "甲村": None}


# Void sheets ----------------------------------------------------------------------------------------------------------


def void(marks: str, *, rules: dict[str, str] | None = None, full: str = "环境 40\n支部 20", raters: str = "") -> dict:
    return {
        "规则": {"全同分票作废": "是"} | (rules or {}),
        "指标": f"指标 满分\n{full}",
        "评委": raters or None,
        "评分": "评委 单位 环境 支部\n" + marks,
    }


def test_a_sheet_of_equal_fractions_is_void(activity: Any) -> None:
    """30/40 = 15/20 everywhere: A01 is left out, A02 alone counts."""
    marks = "A01 甲村 30 15\nA01 乙村 30 15\nA02 甲村 20 10\nA02 乙村 40 10"
    answer = activity.scored(void(marks))
    assert answer.criterion("环境") == {"乙村": 100, "甲村": 50}
    assert answer.criterion("支部") == {"乙村": 50, "甲村": 50}


def test_by_default_nothing_is_void(activity: Any) -> None:
    marks = "A01 甲村 30 15\nA01 乙村 30 15\nA02 甲村 20 10\nA02 乙村 40 10"
    assert activity.scored(void(marks) | {"规则": None}).criterion("环境") == {"乙村": 87.5, "甲村": 62.5}


def test_fractions_are_compared_exactly_0_3_of_30_is_0_7_of_70(activity: Any) -> None:
    """In binary 0.3/30 and 0.7/70 differ; as fractions both are 1/100."""
    marks = "A01 甲村 0.3 0.7\nA01 乙村 0.3 0.7\nA02 甲村 15 35\nA02 乙村 30 35"
    assert activity.scored(void(marks, full="环境 30\n支部 70")).criterion("环境") == {"乙村": 100, "甲村": 50}


def test_fractions_are_not_rounded_a_third_is_not_0_333333(activity: Any) -> None:
    """1/3 against 0.333333/1: equal to six decimals, not equal, so not void."""
    marks = "A01 甲村 1 0.333333\nA01 乙村 1 0.333333\nA02 甲村 3 1\nA02 乙村 3 0"
    answer = activity.scored(void(marks, full="环境 3\n支部 1"))
    assert answer.criterion("环境") == {"甲村": 66.666666667, "乙村": 66.666666667}


def test_not_even_a_difference_below_9_decimals_is_rounded_away(activity: Any) -> None:
    """5000.000001/10000 against 1/2: equal to nine decimals, yet another fraction."""
    marks = "A01 甲村 5000.000001 0.5\nA01 乙村 5000 0.5\nA02 甲村 10000 1\nA02 乙村 0 1"
    answer = activity.scored(void(marks, full="环境 10000\n支部 1"))
    assert answer.criterion("支部") == {"甲村": 75, "乙村": 75}


def test_one_unit_only_is_never_void(activity: Any) -> None:
    marks = "A01 甲村 30 15\nA02 甲村 20 10\nA02 乙村 40 10"
    assert activity.scored(void(marks)).criterion("环境") == {"乙村": 100, "甲村": 62.5}


def test_missing_marks_do_not_save_a_sheet(activity: Any) -> None:
    marks = "A01 甲村 30 缺席\nA01 乙村 _ 15\nA02 甲村 20 10\nA02 乙村 40 10"
    answer = activity.scored(void(marks))
    assert answer.criterion("环境") == {"乙村": 100, "甲村": 50}
    assert answer.criterion("支部") == {"乙村": 50, "甲村": 50}


def test_two_units_are_counted_after_recusal(activity: Any) -> None:
    """A01 is recused for 乙村: one unit is left, so nothing is void."""
    marks = "A01 甲村 30 15\nA01 乙村 30 15\nA02 甲村 20 10\nA02 乙村 40 10"
    raters = "评委 评委组 回避单位\nA01 班子 乙村\nA02 班子 _"
    answer = activity.scored(void(marks, rules={"回避": "是"}, raters=raters))
    assert answer.criterion("环境") == {"乙村": 100, "甲村": 62.5}


def test_equality_is_judged_after_recusal(activity: Any) -> None:
    """A01's only different mark goes to a recused unit: the rest is all equal and void."""
    marks = "A01 甲村 30 15\nA01 乙村 30 15\nA01 丙村 1 1\nA02 甲村 20 10\nA02 乙村 40 10\nA02 丙村 40 10"
    raters = "评委 评委组 回避单位\nA01 班子 丙村\nA02 班子 _"
    sheets = void(marks, rules={"回避": "是"}, raters=raters) | {"单位": "单位 类型\n甲村 村\n乙村 村\n丙村 村"}
    assert activity.scored(sheets).criterion("环境") == {"乙村": 100, "丙村": 100, "甲村": 50}


def test_void_raters_do_not_count_towards_the_trimming(activity: Any) -> None:
    """Six raters, one of them void: five are left, so the plain mean of 10 90 90 90 90."""
    marks = "".join(f"A0{n} 甲村 {value} _\nA0{n} 乙村 {20 + n} _\n" for n, value in enumerate([4, 36, 36, 36, 36], 1))
    marks += "A06 甲村 20 _\nA06 乙村 20 _"
    answer = activity.scored(void(marks, full="环境 40\n支部 0.000001"))
    assert answer.criterion("环境")["甲村"] == 74


# Trimming -------------------------------------------------------------------------------------------------------------


def single(*marks: Any) -> str:
    """One criterion; the n-th rater's mark for 甲村; 乙村 gets 0 from the first."""
    return "评委 单位 环境\nA01 乙村 0\n" + "\n".join(f"A{n:02d} 甲村 {mark}" for n, mark in enumerate(marks, 1))


@pytest.mark.parametrize(
    ("marks", "rules", "expected"),
    [
        ((10, 80, 80, 80, 80), {}, 66),  # five raters: the plain mean
        ((10, 80, 80, 80, 80, 100), {}, 80),  # six: one highest, one lowest
        ((90, 90, 90, 60, 80, 70), {}, 82.5),  # of tied extremes one instance each: 90 90 80 70
        ((60, 60, 60, 60, 90, 60), {}, 60),
        ((50, 50, 50, 50, 50, 50), {}, 50),
        ((10, 80, 80, 80, 80, "缺席"), {}, 66),  # missing marks do not count towards n
        ((10, 80, 80, 80, 80, "不适用"), {}, 66),
        ((10, 50, 90), {"去极值最少评委数": "3"}, 50),
        ((10, 60, 61, 90), {"去极值最少评委数": "４"}, 60.5),
        ((10, 80, 80, 80, 80, 100), {"去极值最少评委数": 7}, 71.666666667),  # 430/6
        ((10, 80, 80, 80, 80, 100), {"去极值口径": "逐项"}, 80),
    ],
)
def test_item_by_item(activity: Any, marks: tuple, rules: dict, expected: float) -> None:
    assert activity.scored({"规则": rules or None, "评分": single(*marks)}).criterion("环境")["甲村"] == expected


def test_trimming_is_per_group(activity: Any) -> None:
    """班子 3 raters, trimmed to 50; 中层 2 raters, the plain mean of 10 and 100."""
    sheets = {
        "规则": {"去极值最少评委数": 3},
        "评委": "评委 评委组\nA01 班子\nA02 班子\nA03 班子\nA04 中层\nA05 中层",
        "评分": single(0, 50, 70, 10, 100),
    }
    assert activity.scored(sheets).criterion("环境")["甲村"] == 52.5


def test_six_raters_in_two_groups_of_three_are_below_six(activity: Any) -> None:
    sheets = {
        "评委": "评委 评委组\n" + "\n".join(f"A0{n} {'班子' if n < 4 else '中层'}" for n in range(1, 7)),
        "评分": single(0, 60, 90, 30, 60, 60),
    }
    assert activity.scored(sheets).criterion("环境")["甲村"] == 50


@pytest.mark.parametrize("value", ["2", "5.5", "0", "-6", "六", "6人"])
def test_the_least_number_of_raters_is_a_whole_number_of_at_least_three(activity: Any, value: str) -> None:
    sheets = {"规则": [["规则", "取值"], ["去极值最少评委数", value]], "评分": single(90)}
    assert activity.refused(sheets).places == {("规则", "B2", value)}


def whole(marks: str, *, full: str = "环境 60\n支部 40", raters: str | None = None, least: int = 3) -> dict:
    return {
        "规则": {"去极值口径": "整张", "去极值最少评委数": least},
        "指标": f"指标 满分\n{full}",
        "评委": raters,
        "评分": "评委 单位 环境 支部\n" + marks + "\nA01 乙村 0 0",
    }


def points(answer: Any, full: tuple[float, float]) -> list[float]:
    row = answer.units["甲村"]["criteria"]
    return [pytest.approx(row[name] * f / 100, rel=0, abs=1e-7) for name, f in zip(("环境", "支部"), full, strict=True)]


def test_whole_sheets_drop_other_marks_than_item_by_item(activity: Any) -> None:
    """Sums 70 60 80 76: A02 and A03 go; left 环境 60 40, 支部 10 36. Item by item: 45 and 30."""
    marks = "A01 甲村 60 10\nA02 甲村 30 30\nA03 甲村 50 30\nA04 甲村 40 36"
    sheets = whole(marks)
    assert points(activity.scored(sheets), (60, 40)) == [50, 23]
    sheets["规则"] = {"去极值最少评委数": 3}
    assert points(activity.scored(sheets), (60, 40)) == [45, 30]


def test_whole_sheets_are_ordered_by_marks_over_full_marks_of_what_was_marked(activity: Any) -> None:
    """A01 marked 57 of 60 only: 0.95, the highest; A02 0.80 stays, A03 0.70 goes."""
    marks = "A01 甲村 57 缺席\nA02 甲村 50 30\nA03 甲村 40 30"
    assert points(activity.scored(whole(marks)), (60, 40)) == [50, 30]


def test_whole_sheets_are_ordered_by_the_sum_not_by_the_mean_of_shares(activity: Any) -> None:
    """Sums 50 80 78, means of shares .50 .75 .80: A03 is the middle one by the sum."""
    marks = "A01 甲村 30 20\nA02 甲村 60 20\nA03 甲村 42 36"
    assert points(activity.scored(whole(marks)), (60, 40)) == [42, 36]


def test_whole_sheets_need_n0_raters_who_marked_the_unit(activity: Any) -> None:
    marks = "A01 甲村 60 40\nA02 甲村 30 20\nA03 甲村 缺席 —"
    assert points(activity.scored(whole(marks)), (60, 40)) == [45, 30]


def test_whole_sheets_may_leave_a_criterion_without_any_mark(activity: Any) -> None:
    """The middle rater did not mark 支部: nothing is left there, so it is unrated."""
    marks = "A01 甲村 60 40\nA02 甲村 40 缺席\nA03 甲村 30 10"
    answer = activity.scored(whole(marks))
    assert answer.units["甲村"]["criteria"] == {"环境": 66.666666667, "支部": None}
    assert answer.warnings


def test_ties_of_whole_sheets_follow_the_order_of_the_sheet_of_raters(activity: Any) -> None:
    """All sum up to 60; in the order A03 A01 A02 the middle one is A01."""
    marks = "A01 甲村 40 20\nA02 甲村 50 10\nA03 甲村 30 30"
    raters = "评委 评委组\nA03 班子\nA01 班子\nA02 班子"
    assert points(activity.scored(whole(marks, raters=raters)), (60, 40)) == [40, 20]


def test_ties_of_whole_sheets_are_found_at_nine_decimals(activity: Any) -> None:
    """Shares 0.5000000001 0.5 0.5000000002 are one and the same: by the list A02, not A01, is the middle one."""
    marks = "A01 甲村 5000.000001 0\nA02 甲村 5000 0\nA03 甲村 5000.000002 0"
    raters = "评委 评委组\nA01 班子\nA02 班子\nA03 班子"
    answer = activity.scored(whole(marks, full="环境 10000\n支部 0.000001", raters=raters))
    assert answer.units["甲村"]["criteria"]["环境"] == 50


def test_without_a_list_ties_follow_the_first_appearance(activity: Any) -> None:
    """Sheets in workbook order, then the rater files by name: C9 A01 B07, the middle one is A01."""
    activity.rater_file("B07.csv", "单位 环境 支部\n甲村 30 30")
    activity.rater_file("A01.csv", "单位 环境 支部\n甲村 50 10")
    sheets = {
        "规则": {"去极值口径": "整张", "去极值最少评委数": 3},
        "指标": "指标 满分\n环境 60\n支部 40",
        "评分": "评委 单位 环境 支部\nC9 甲村 40 20\nC9 乙村 0 0",
    }
    assert points(activity.scored(sheets), (60, 40)) == [50, 10]


def test_first_appearance_counts_the_sheets_of_single_criteria_in_workbook_order(activity: Any) -> None:
    """评分·支部 comes before 评分·环境 and names Z1 first, then M1, then A1; the middle one is M1."""
    activity.book(
        {
            "规则": {"去极值口径": "整张", "去极值最少评委数": 3},
            "指标": "指标 满分\n环境 60\n支部 40",
            "评分·支部": "单位 Z1 M1\n甲村 20 10\n乙村 0 _",
            "评分·环境": "单位 A1 M1 Z1\n甲村 36 50 40\n乙村 _ _ 0",
        }
    )
    # Shares: Z1 60/100, M1 60/100, A1 36/60.
    assert points(activity.scored(), (60, 40)) == [50, 10]


def test_whole_sheets_are_trimmed_per_group(activity: Any) -> None:
    """班子 keeps A02 (30, 20); 中层 has two raters only: 45 and 30."""
    marks = "A01 甲村 60 40\nA02 甲村 30 20\nA03 甲村 0 0\nA04 甲村 60 40\nA05 甲村 30 20"
    raters = "评委 评委组\nA01 班子\nA02 班子\nA03 班子\nA04 中层\nA05 中层"
    assert points(activity.scored(whole(marks, raters=raters)), (60, 40)) == [37.5, 25]


# Groups ---------------------------------------------------------------------------------------------------------------

GROUPS = {
    "评委": "评委 评委组\nA01 班子\nA02 班子\nA03 中层",
    "评分": "评委 单位 环境\nA01 甲村 80\nA02 甲村 90\nA03 甲村 70\nA01 乙村 60\nA03 乙村 缺席",
}


def test_groups_weigh_the_same_unless_weights_are_given(activity: Any) -> None:
    assert activity.scored(GROUPS).criterion("环境") == {"甲村": 77.5, "乙村": 60}


@pytest.mark.parametrize(
    "value", ["班子=60、中层=40", "班子＝６０，中层：40", "班子=0.6,中层=.4", " 中层 = 40 、班 子=60", "班子=3、中层=2"]
)
def test_group_weights_are_normalised_over_the_groups_that_have_a_mark(activity: Any, value: str) -> None:
    answer = activity.scored(GROUPS | {"规则": {"评委组权重": value}})
    assert answer.criterion("环境") == {"甲村": 79, "乙村": 60}


@pytest.mark.parametrize("value", ["班子=100", "班子=50、中层=30、群众=20", "班子=60、部门=40", "班子、中层", "班子=-1、中层=2",
                                   "班子=0、中层=0", "班子=六成、中层=40", "班子=60%、中层=40%", "班子=50、班子=50、中层=50"])  # fmt: skip
def test_group_weights_name_every_group_in_use_and_no_other(activity: Any, value: str) -> None:
    assert activity.refused(GROUPS | {"规则": {"评委组权重": value}}).places == {("规则", "B2", value)}


def test_a_group_weight_of_zero_leaves_the_group_out(activity: Any) -> None:
    assert activity.scored(GROUPS | {"规则": {"评委组权重": "班子=1、中层=0"}}).criterion("环境") == {
        "甲村": 85,
        "乙村": 60,
    }


def test_a_unit_marked_by_zero_weight_groups_only_is_unrated(activity: Any) -> None:
    answer = activity.scored(GROUPS | {"规则": {"评委组权重": "班子=0、中层=1"}})
    assert answer.criterion("环境") == {"甲村": 70, "乙村": None}
    assert answer.units["乙村"]["total"] is None
    assert answer.warnings


def test_a_group_is_in_use_by_a_mark_left_after_step_3_not_by_the_list(activity: Any) -> None:
    """部门 is on the list but marked nothing, 群众's only sheet is void: neither may be named."""
    sheets = GROUPS | {
        "评委": GROUPS["评委"] + "\nA04 部门\nA05 群众",
        "评分": GROUPS["评分"] + "\nA04 甲村 缺席\nA05 甲村 50\nA05 乙村 50",
    }
    rules = {"全同分票作废": "是", "评委组权重": "班子=60、中层=40"}
    assert activity.scored(sheets | {"规则": rules}).criterion("环境") == {"甲村": 79, "乙村": 60}
    for extra in ("部门", "群众"):
        answer = activity.refused(sheets | {"规则": rules | {"评委组权重": f"班子=60、中层=30、{extra}=10"}})
        assert answer.cells == {("规则", "B3")}


def test_a_ballot_row_puts_its_group_in_use(activity: Any) -> None:
    sheets = GROUPS | {
        "指标": "指标 满分 计分方式\n环境 100 _\n民主测评 50 等次测评",
        "等次测评": "单位 指标 评委组 好 较好 一般 较差\n甲村 民主测评 群众 1 0 0 0\n乙村 民主测评 群众 0 0 0 0",
    }
    assert activity.refused(sheets | {"规则": {"评委组权重": "班子=60、中层=40"}}).cells == {("规则", "B2")}
    answer = activity.scored(sheets | {"规则": {"评委组权重": "班子=60、中层=40、群众=10"}})
    assert answer.criterion("民主测评") == {"甲村": 100, "乙村": None}


def test_without_a_list_all_raters_are_one_group_named_raters(activity: Any) -> None:
    sheets = GROUPS | {"评委": None}
    assert activity.scored(sheets | {"规则": {"评委组权重": "评委=1"}}).criterion("环境") == {"甲村": 80, "乙村": 60}
    assert activity.refused(sheets | {"规则": {"评委组权重": "班子=1"}}).cells == {("规则", "B2")}


def test_with_a_list_a_rater_who_is_not_on_it_is_an_error(activity: Any) -> None:
    sheets = GROUPS | {"评分": GROUPS["评分"] + "\nA0９ 甲村 70"}
    answer = activity.refused(sheets)
    assert answer.places == {("评分", "A7", "A0９")}
    assert "A0" in answer.errors[0]["hint"]


def test_raters_and_groups_match_after_folding(activity: Any) -> None:
    sheets = GROUPS | {"评委": [["评委", "评委组"], [" Ａ01", "班 子"], ["A 02", "班子"], ["A03", "中层 "]]}
    assert activity.scored(sheets | {"规则": {"评委组权重": "班子=60、中层=40"}}).criterion("环境") == {
        "甲村": 79,
        "乙村": 60,
    }


def test_a_rater_without_a_group_is_an_error(activity: Any) -> None:
    sheets = GROUPS | {"评委": "评委 评委组 姓名\nA01 班子 _\nA02 _ 某\nA03 中层 _"}
    assert activity.refused(sheets).cells == {("评委", "B3")}


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (["班子成员", "班子成员", "班子成员", "班子或员"], ["B5"]),
        (["班子成员", "班子成员", "班子成员", "部门负责人"], []),
        (["第一组", "第一组", "第一组", "第二组"], []),
        (["班子成员", "班子或员"], []),
        (["A组", "A组", "A组", "B组"], []),
    ],
)
def test_a_group_of_one_that_reads_like_another_is_told(activity: Any, groups: list[str], told: list[str]) -> None:
    raters = [["评委", "评委组"], *([f"A{i}", group] for i, group in enumerate(groups))]
    marks = [
        ["评委", "单位", "环境"],
        *([f"A{i}", unit, 80 + i] for i in range(len(groups)) for unit in ("甲村", "乙村")),
    ]
    answer = activity.scored({"评委": raters, "评分": marks})
    assert [warning["cell"] for warning in answer.warnings if warning["sheet"] == "评委"] == told


def test_a_group_of_ballots_that_reads_like_one_of_raters_is_told(activity: Any) -> None:
    sheets = {
        "指标": "指标 满分 计分方式\n环境 100 评委打分\n满意 100 等次测评",
        "评委": "评委 评委组\nA1 班子成员\nA2 班子成员\nA3 班子成员",
        "评分": "评委 单位 环境\nA1 甲村 90\nA2 乙村 80\nA3 甲村 90",
        "等次测评": "单位 指标 评委组 好 较好 一般 较差\n甲村 满意 班子成贝 3 1 0 0\n乙村 满意 群众代表 3 1 0 0\n甲村 满意 班子成员 1 1 1 1",
    }
    answer = activity.scored(sheets)
    assert [warning["cell"] for warning in answer.warnings if warning["sheet"] == "等次测评"] == ["C2"]
