"""Step 1, reading marks, and its fine print; one column of marks, so each unit shows how its cell was read."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest


def one_rater(cells: Sequence[Any]) -> dict[str, Any]:
    """A wide sheet of one rater who marks unit n with the n-th cell: the cell stands in C(n + 1)."""
    names = [f"第{n}村" for n in range(1, len(cells) + 1)]
    return {
        "单位": [["单位", "类型"], *([name, "村"] for name in names)],
        "评分": [["评委", "单位", "环境"], *(["A01", name, value] for name, value in zip(names, cells, strict=True))],
    }


MEANT = {
    "９２．５": 92.5,
    "92.5分": 92.5,
    "９２．５　分": 92.5,
    "9 2.5": 92.5,
    " 92.5 ": 92.5,
    "+92.5": 92.5,
    "＋92.5": 92.5,
    ".5": 0.5,
    "5.": 5,
    "０": 0,
    "-0": 0,
    "92.3456785": 92.345679,
    "92.3456784999": 92.345678,
    "100.0000004999": 100,
    "-0.0000004999": 0,
    "−0.0000004": 0,
}


def test_spellings_that_are_read_as_the_number_meant(activity: Any) -> None:
    answer = activity.scored(one_rater(list(MEANT)))
    assert list(answer.criterion("环境").values()) == sorted(MEANT.values(), reverse=True)
    assert list(answer.each("score").values()) == [f"{v:.2f}" for v in sorted(MEANT.values(), reverse=True)]
    by_unit = answer.criterion("环境")
    assert [by_unit[f"第{n}村"] for n in range(1, len(MEANT) + 1)] == list(MEANT.values())


def test_number_cells_are_read_half_up_to_six_decimals_as_the_decimal_they_show(activity: Any) -> None:
    cells = [92.3456785, 0.1 + 0.2, 100, 0, 59.9999995, 1.0000005]
    answer = activity.scored(one_rater(cells)).criterion("环境")
    assert [answer[f"第{n}村"] for n in range(1, 7)] == [92.345679, 0.3, 100, 0, 60, 1.000001]


MISSING = [
    None, "", "  ", "　", "—", "——", "–", "-", "－", "−", " — ", "/", "／", "缺席", " 缺席　", "弃权", "回避", "请假",
    "N/A", "n/a", "N/a", "Ｎ／Ａ", "ｎ／ａ",
]  # fmt: skip


def test_every_missing_word_is_missing_and_never_zero(activity: Any) -> None:
    sheets = one_rater(MISSING)
    sheets["评分"] += [["A02", row[1], 80] for row in sheets["评分"][1:]]
    assert set(activity.scored(sheets).criterion("环境").values()) == {80}


def test_units_with_only_missing_marks_are_unrated_with_a_warning(activity: Any) -> None:
    answer = activity.scored(one_rater([90, "缺席", "—"]))
    assert answer.order == ["第1村", "第2村", "第3村"]
    assert answer.units["第2村"]["total"] is None
    assert answer.units["第2村"]["score"] is None
    assert answer.units["第2村"]["rank"] is None
    assert answer.units["第2村"]["criteria"] == {"环境": None}
    assert answer.units["第2村"]["pillars"] == {"总分": None}
    assert answer.warnings


NOT_NUMBERS = [
    "9.2e1", "9E1", "92%", "92％", "1,000", "1，0", "TRUE", "NaN", "nan", "NULL", "None", "inf", "无", "优秀", "九十",
    "92.5.1", "--5", "+-5", "+", ".", "分", "92/100", "0x10", "٩٢", "⑨", "⁹", "———", "90左右", "约90", "90～95", "1_0",
]  # fmt: skip


def test_nothing_else_is_a_number(activity: Any) -> None:
    answer = activity.refused(one_rater(NOT_NUMBERS))
    assert answer.places == {("评分", f"C{n}", text) for n, text in enumerate(NOT_NUMBERS, 2)}
    assert {error["file"] for error in answer.errors} == {"2021Q4.xlsx"}


OUT_OF_RANGE = ["101", "-1", "—5", "–5", "−5", "－5", "100.0000005", "-0.0000005", "１０１", "1000000000"]


def test_numbers_out_of_range_are_errors_after_rounding_to_six_decimals(activity: Any) -> None:
    answer = activity.refused(one_rater(OUT_OF_RANGE))
    assert answer.places == {("评分", f"C{n}", text) for n, text in enumerate(OUT_OF_RANGE, 2)}


def test_number_cells_out_of_range(activity: Any) -> None:
    answer = activity.refused(one_rater([101, -1, 100.0000005, 100.0000004]))
    assert answer.cells == {("评分", "C2"), ("评分", "C3"), ("评分", "C4")}
    assert {place[2] for place in answer.places} >= {"101", "-1"}


def test_a_truth_value_and_a_date_in_a_mark_cell_are_errors(activity: Any) -> None:
    answer = activity.refused(one_rater([True, False, dt.datetime(2021, 12, 3), 90]))
    assert answer.cells == {("评分", "C2"), ("评分", "C3"), ("评分", "C4")}


def test_the_same_reading_holds_in_every_source_of_marks(activity: Any) -> None:
    criteria = "指标 满分 计分方式\n环境 100 评委打分\n支部 100 直接录入"
    sheets = {
        "指标": criteria,
        "评分": [
            ["评委", "单位", "指标", "分值"],
            ["A01", "甲村", "环境", "９０分"],
            ["A01", "乙村", "环境", "１０１"],
        ],
        "直接录入": [["单位", "指标", "分值"], ["甲村", "支部", "8 0"], ["乙村", "支部", "80%"]],
    }
    activity.rater_file("B07.csv", [["单位", "环境"], ["甲村", "＋９０"], ["乙村", "无"]])
    answer = activity.refused(sheets)
    assert {(e["file"], e["sheet"], e["cell"], e["value"]) for e in answer.errors if e["sheet"]} >= {
        ("2021Q4.xlsx", "评分", "D3", "１０１"),
        ("2021Q4.xlsx", "直接录入", "C3", "80%"),
    }
    assert ("2021Q4/评分表/B07.csv", "B3", "无") in {(e["file"], e["cell"], e["value"]) for e in answer.errors}
    assert len(answer.errors) == 3


# Not applicable ----------------------------------------------------------------------------------------------------


def test_not_applicable_is_not_the_same_as_missing(activity: Any) -> None:
    """甲: full marks instead of a re-weighting only where every cell says 不适用."""
    sheets = {
        "规则": {"不适用指标": "计满分"},
        "指标": "指标 满分\n环境 50\n庭院 50",
        "评分": "评委 单位 环境 庭院\nA01 甲村 25 不适用\nA02 甲村 25 不适用\nA01 乙村 25 缺席\nA02 乙村 25 _",
    }
    answer = activity.scored(sheets)
    assert answer.criterion("庭院") == {"甲村": 100, "乙村": None}
    assert answer.each("score") == {"甲村": "75.00", "乙村": "50.00"}


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        (["不适用", "不适用"], "not applicable"),
        (["不适用", None], "not applicable"),
        ([" 不适用　", None], "not applicable"),
        (["不适用", "缺席"], "unrated"),
        ([None, None], "unrated"),
    ],
)
def test_every_source_cell_says_not_applicable_and_blank_cells_do_not_count(
    activity: Any, cells: list[Any], state: str
) -> None:
    sheets = {
        "规则": {"不适用指标": "计满分"},
        "指标": "指标 满分\n环境 50\n庭院 50",
        "评分": [["评委", "单位", "环境", "庭院"]]
        + [[f"A0{n}", "甲村", 25, value] for n, value in enumerate(cells)]
        + [["A01", "乙村", 25, 25]],
    }
    answer = activity.scored(sheets)
    assert answer.criterion("庭院")["甲村"] == (100 if state == "not applicable" else None)
    assert answer.each("score")["甲村"] == ("75.00" if state == "not applicable" else "50.00")


def test_a_mark_of_one_rater_outweighs_not_applicable_of_another(activity: Any) -> None:
    answer = activity.scored({"评分": "评委 单位 环境\nA01 甲村 不适用\nA02 甲村 80\nA01 乙村 90"})
    assert answer.criterion("环境") == {"乙村": 90, "甲村": 80}


def test_not_applicable_of_raters_left_out_by_recusal_or_as_void_does_not_count(activity: Any) -> None:
    """A03 is recused for 甲村 and A04's sheet is void: without their cells only 缺席 is left in 庭院."""
    sheets = {
        "规则": {"不适用指标": "计满分", "回避": "是", "全同分票作废": "是"},
        "指标": "指标 满分\n环境 50\n庭院 50",
        "评委": "评委 评委组 回避单位\nA01 班子 _\nA03 班子 甲村\nA04 班子 _",
        "评分": "评委 单位 环境 庭院\n"
        "A01 甲村 25 _\nA03 甲村 30 不适用\nA04 甲村 40 不适用\nA01 乙村 30 20\nA03 乙村 30 21\nA04 乙村 40 40",
    }
    answer = activity.scored(sheets)
    assert answer.criterion("庭院") == {"乙村": 41, "甲村": None}
    assert answer.criterion("环境") == {"乙村": 60, "甲村": 50}


def test_missing_of_raters_left_out_does_not_spoil_not_applicable(activity: Any) -> None:
    sheets = {
        "规则": {"不适用指标": "计满分", "回避": "是"},
        "指标": "指标 满分\n环境 50\n庭院 50",
        "评委": "评委 评委组 回避单位\nA01 班子 _\nA03 班子 甲村",
        "评分": "评委 单位 环境 庭院\nA01 甲村 25 不适用\nA03 甲村 30 缺席\nA01 乙村 30 20\nA03 乙村 30 21",
    }
    assert activity.scored(sheets).criterion("庭院") == {"甲村": 100, "乙村": 41}


# Formulas -----------------------------------------------------------------------------------------------------------


def test_a_formula_counts_by_its_stored_value(activity: Any) -> None:
    formula = activity.Formula
    cells = [formula("=45+45", "90"), formula('="缺"&"席"', "缺席", "str"), formula('=""', "", "str")]
    sheets = one_rater(cells)
    sheets["评分"] += [["A02", row[1], 80] for row in sheets["评分"][1:]]
    assert activity.scored(sheets).criterion("环境") == {"第1村": 85, "第2村": 80, "第3村": 80}


def test_an_error_value_or_no_stored_value_is_an_error(activity: Any) -> None:
    formula = activity.Formula
    cells = [formula("=1/0", "#DIV/0!", "e"), formula("=45+45"), formula("=NA()", "#N/A", "e"), "#REF!"]
    answer = activity.refused(one_rater(cells))
    assert answer.cells == {("评分", f"C{n}") for n in (2, 3, 4, 5)}
    assert ("评分", "C2", "#DIV/0!") in answer.places
    assert ("评分", "C4", "#N/A") in answer.places


def test_a_formula_out_of_range_by_its_stored_value(activity: Any) -> None:
    assert activity.refused(one_rater([activity.Formula("=45+45", "101")])).places == {("评分", "C2", "101")}


def test_formulas_without_value_are_ignored_in_total_rows_and_columns(activity: Any) -> None:
    formula = activity.Formula
    sheets = {
        "指标": "指标 满分\n环境 60\n支部 40",
        "评分": [
            ["评委", "单位", "环境", "支部", "合计", "平 均"],
            ["A01", "甲村", 50, 30, formula("=C2+D2"), formula("=1/0", "#DIV/0!", "e")],
            ["A01", "乙村", 40, 30, formula("=C3+D3"), None],
            ["平均分", None, formula("=AVERAGE(C2:C3)"), formula("=1/0", "#DIV/0!", "e"), None, None],
        ],
    }
    assert activity.scored(sheets).each("score") == {"甲村": "80.00", "乙村": "70.00"}


def test_a_name_may_come_from_a_formula(activity: Any) -> None:
    formula = activity.Formula
    sheets = {"评分": [["评委", "单位", "环境"], ["A01", formula("=单位!A2", "甲村", "str"), 90], ["A01", "乙村", 80]]}
    assert activity.scored(sheets).criterion("环境") == {"甲村": 90, "乙村": 80}


def test_an_error_value_in_a_name_is_an_error_of_that_cell(activity: Any) -> None:
    formula = activity.Formula
    rows = [["评委", "单位", "环境"], ["A01", formula("=NA()", "#N/A", "e"), 90], ["A01", formula("=单位!A3"), 80]]
    assert activity.refused({"评分": rows}).cells == {("评分", "B2"), ("评分", "B3")}


def test_cells_of_recused_raters_only_leave_the_criterion_unrated_not_inapplicable(activity: Any) -> None:
    sheets = {
        "规则": {"不适用指标": "计满分", "回避": "是"},
        "指标": "指标 满分\n环境 50\n庭院 50",
        "评委": "评委 评委组 回避单位\nA01 班子 _\nA03 班子 甲村",
        "评分": "评委 单位 环境 庭院\nA01 甲村 25 _\nA03 甲村 30 不适用\nA01 乙村 30 20\nA03 乙村 30 21",
    }
    assert activity.scored(sheets).criterion("庭院") == {"乙村": 41, "甲村": None}
