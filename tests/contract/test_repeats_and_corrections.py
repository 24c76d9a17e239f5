"""The same rater, unit and criterion twice, and the sheet 更正."""

from typing import Any

import pytest

TWO = "评委 单位 环境\nA01 甲村 90\nA01 乙村 80"
HEADER = "评委 单位 指标 更正为 理由 经办"


def test_a_mark_beats_a_missing_one_with_a_warning(activity: Any) -> None:
    answer = activity.scored({"评分": TWO + "\nA01 甲村 缺席"})
    assert answer.criterion("环境") == {"甲村": 90, "乙村": 80}
    assert len(answer.warnings) == 1
    assert answer.warnings[0]["sheet"] == "评分"


def test_a_mark_beats_a_missing_one_that_comes_first(activity: Any) -> None:
    answer = activity.scored({"评分": "评委 单位 环境\nA01 甲村 —\nA01 甲村 90\nA01 乙村 80"})
    assert answer.criterion("环境") == {"甲村": 90, "乙村": 80}
    assert len(answer.warnings) == 1


def test_not_applicable_beside_a_mark_of_the_same_rater_counts_as_missing(activity: Any) -> None:
    answer = activity.scored({"评分": TWO + "\nA01 甲村 不适用"})
    assert answer.criterion("环境") == {"甲村": 90, "乙村": 80}
    assert len(answer.warnings) == 1


def test_equal_marks_count_once_with_a_warning(activity: Any) -> None:
    """Equal after reading to six decimals; counted twice the mean would be 280/3 in place of 85."""
    answer = activity.scored({"评分": [*(line.split() for line in TWO.splitlines()), ["A01", "甲村", "90.0000001"],
                                       ["A02", "甲村", 80]]})  # fmt: skip
    assert answer.criterion("环境") == {"甲村": 85, "乙村": 80}
    assert len(answer.warnings) == 1


def test_different_marks_are_an_error_that_names_a_cell_of_the_two(activity: Any) -> None:
    answer = activity.refused({"评分": TWO + "\nA01 甲村 91"})
    assert answer.cells <= {("评分", "C2"), ("评分", "C4")}
    assert len(answer.errors) == 1


def test_repeats_are_found_across_sheets_and_rater_files(activity: Any) -> None:
    activity.rater_file("A01.csv", "单位 环境\n甲村 90\n乙村 缺席")
    answer = activity.scored({"评分": TWO, "评分·环境": "单位 A01\n甲村 90\n乙村 80"})
    assert answer.criterion("环境") == {"甲村": 90, "乙村": 80}
    assert answer.warnings


def test_different_marks_in_a_rater_file_are_an_error(activity: Any) -> None:
    activity.rater_file("A01.csv", "单位 环境\n甲村 91\n乙村 80")
    answer = activity.refused({"评分": TWO})
    assert {(e["file"], e["cell"]) for e in answer.errors} <= {
        ("2021Q4.xlsx", "C2"),
        ("2021Q4/评分表/A01.csv", "B2"),
    }
    assert len(answer.errors) == 1


def test_repeats_are_found_after_names_are_matched(activity: Any) -> None:
    answer = activity.refused({"评分": TWO + "\nＡ01 甲村村委会 91"})
    assert len(answer.errors) == 1


# Corrections ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("becomes", "score"), [("70", 75), ("７０分", 75), ("缺席", 80), ("—", 80), ("N/A", 80), ("不适用", 80)]
)
def test_a_correction_replaces_or_removes_the_mark(activity: Any, becomes: str, score: float) -> None:
    sheets = {
        "评分": "评委 单位 环境\nA01 甲村 90\nA02 甲村 80\nA01 乙村 10",
        "更正": [HEADER.split(), ["A01", "甲村", "环境", becomes, "录入有误", "办公室"]],
    }
    assert activity.scored(sheets).criterion("环境") == {"甲村": score, "乙村": 10}


def test_a_correction_adds_a_mark(activity: Any) -> None:
    sheets = {"评分": TWO, "更正": f"{HEADER}\nA02 甲村 环境 80 补录 办公室"}
    assert activity.scored(sheets).criterion("环境") == {"甲村": 85, "乙村": 80}


def test_a_correction_to_not_applicable(activity: Any) -> None:
    sheets = {
        "规则": {"不适用指标": "计满分"},
        "指标": "指标 满分\n环境 50\n庭院 50",
        "评分": "评委 单位 环境 庭院\nA01 甲村 25 20\nA01 乙村 25 25",
        "更正": f"{HEADER}\nA01 甲村 庭院 不适用 无庭院 办公室",
    }
    assert activity.scored(sheets).criterion("庭院") == {"甲村": 100, "乙村": 50}


@pytest.mark.parametrize("wrong", ["优秀", "101", "-1", "NaN", "9e1"])
def test_a_correction_settles_an_error_of_its_cell(activity: Any, wrong: str) -> None:
    sheets = {
        "评分": [["评委", "单位", "环境"], ["A01", "甲村", wrong], ["A01", "乙村", 80]],
        "更正": f"{HEADER}\nA01 甲村 环境 90 看错 办公室",
    }
    assert activity.scored(sheets).criterion("环境") == {"甲村": 90, "乙村": 80}


def test_a_correction_settles_a_formula_without_value_and_an_error_value(activity: Any) -> None:
    formula = activity.Formula
    sheets = {
        "评分": [
            ["评委", "单位", "环境"],
            ["A01", "甲村", formula("=1+1")],
            ["A01", "乙村", formula("=1/0", "#DIV/0!", "e")],
        ],
        "更正": f"{HEADER}\nA01 甲村 环境 90 看错 办公室\nA01 乙村 环境 80 看错 办公室",
    }
    assert activity.scored(sheets).criterion("环境") == {"甲村": 90, "乙村": 80}


def test_a_correction_settles_two_different_marks(activity: Any) -> None:
    sheets = {"评分": TWO + "\nA01 甲村 91", "更正": f"{HEADER}\nA01 甲村 环境 缺席 两处不一 办公室"}
    assert activity.scored(sheets).criterion("环境") == {"乙村": 80, "甲村": None}


def test_a_correction_settles_errors_in_rater_files_too(activity: Any) -> None:
    activity.rater_file("A02.csv", "单位 环境\n甲村 很好\n乙村 80")
    sheets = {"评分": TWO, "更正": f"{HEADER}\nA02 甲村 环境 80 看错 办公室"}
    assert activity.scored(sheets).criterion("环境") == {"甲村": 85, "乙村": 80}


def test_a_correction_settles_only_its_own_cell(activity: Any) -> None:
    sheets = {
        "评分": "评委 单位 环境\nA01 甲村 优\nA01 乙村 良",
        "更正": f"{HEADER}\nA01 甲村 环境 90 看错 办公室",
    }
    assert activity.refused(sheets).places == {("评分", "C3", "良")}


def test_corrections_are_checked_for_range_blanks_words_and_repeats(activity: Any) -> None:
    sheets = {
        "评分": TWO,
        "更正": [
            HEADER.split(),
            ["A01", "甲村", "环境", 101, "看错", "办公室"],
            ["A02", "甲村", "环境", None, "看错", "办公室"],
            ["A03", "甲村", "环境", "较好", "看错", "办公室"],
            ["A04", "甲村", "环境", 90, None, "办公室"],
            ["A05", "甲村", "环境", 90, "看错", None],
            ["A06", "丙村", "环境", 90, "看错", "办公室"],
            ["A07", "甲村", "卫生", 90, "看错", "办公室"],
        ],
    }
    answer = activity.refused(sheets)
    assert answer.cells == {("更正", c) for c in ("D2", "D3", "D4", "E5", "F6", "B7", "C8")}
    assert answer.places >= {("更正", "D4", "较好"), ("更正", "B7", "丙村"), ("更正", "C8", "卫生")}


def test_the_same_cell_corrected_twice_is_an_error_even_when_equal(activity: Any) -> None:
    sheets = {"评分": TWO, "更正": f"{HEADER}\nA01 甲村 环境 80 甲 办公室\nA01 甲村 环境 80 乙 办公室"}
    answer = activity.refused(sheets)
    assert {sheet for sheet, _cell in answer.cells} == {"更正"}


def test_a_correction_by_a_rater_who_is_not_on_the_list_is_an_error(activity: Any) -> None:
    sheets = {
        "评委": "评委 评委组\nA01 班子",
        "评分": TWO,
        "更正": f"{HEADER}\nA09 甲村 环境 80 补录 办公室",
    }
    assert activity.refused(sheets).places == {("更正", "A2", "A09")}


def test_a_correction_for_a_criterion_that_raters_do_not_mark_contradicts_it(activity: Any) -> None:
    sheets = {
        "指标": "指标 满分 计分方式\n环境 100 _\n支部 100 直接录入",
        "评分": TWO,
        "直接录入": "单位 指标 分值\n甲村 支部 90\n乙村 支部 80",
        "更正": f"{HEADER}\nA01 甲村 支部 80 补录 办公室",
    }
    assert {sheet for sheet, _cell in activity.refused(sheets).cells} == {"更正"}


def test_a_corrected_sheet_is_no_longer_void_and_a_removed_mark_no_longer_trimmed(activity: Any) -> None:
    """Corrections come first: A01 would be void without; of six marks for 甲村 five are left, so 50 60 70 80 90."""
    rows = "\n".join(f"A0{n} 甲村 {mark}\nA0{n} 乙村 50" for n, mark in enumerate((50, 60, 70, 80, 90, 100), 1))
    sheets = {
        "规则": {"全同分票作废": "是"},
        "评分": f"评委 单位 环境\n{rows}",
        "更正": f"{HEADER}\nA06 甲村 环境 缺席 误填 办公室\nA01 乙村 环境 40 误填 办公室",
    }
    assert activity.scored(sheets).criterion("环境")["甲村"] == 70
