"""Step 6: the criterion score by 计分方式."""

import datetime as dt
from typing import Any

import pytest

# 评委打分 -------------------------------------------------------------------------------------------------------------


def test_points_over_full_marks_rounded_to_nine_decimals(activity: Any) -> None:
    """(1 + 0 + 0) / 3 of 3 points is 11.111111111; 2/3 of 3 points is 22.222222222."""
    marks = "评委 单位 环境\nA 甲村 1\nB 甲村 0\nC 甲村 0\nA 乙村 2\nB 乙村 0\nC 乙村 0"
    answer = activity.scored({"指标": "指标 满分\n环境 3", "评分": marks})
    assert answer.criterion("环境") == {"乙村": 22.222222222, "甲村": 11.111111111}


def test_full_marks_may_be_broken(activity: Any) -> None:
    answer = activity.scored({"指标": "指标 满分\n环境 12.5", "评分": "评委 单位 环境\nA 甲村 12.5\nA 乙村 2.5"})
    assert answer.criterion("环境") == {"甲村": 100, "乙村": 20}


@pytest.mark.parametrize("value", ["0", "-5", "很多", "10%"])
def test_full_marks_are_a_positive_number(activity: Any, value: str) -> None:
    sheets = {"指标": [["指标", "满分"], ["环境", value], ["支部", 10]], "评分": "评委 单位 支部\nA 甲村 5\nA 乙村 5"}
    assert ("指标", "B2", value) in activity.refused(sheets).places


# 等次测评 -------------------------------------------------------------------------------------------------------------

BALLOTS = "单位 指标 评委组 好 较好 一般 较差"


def ballots(*rows: str, rules: dict | None = None, full: int = 20) -> dict[str, Any]:
    return {
        "规则": rules,
        "指标": f"指标 满分 计分方式\n测评 {full} 等次测评",
        "等次测评": "\n".join([BALLOTS, *rows]),
    }


def test_grades_count_100_80_60_40_whatever_the_full_marks(activity: Any) -> None:
    """(6×100 + 2×80 + 1×60 + 1×40) / 10 = 86; a blank count is 0."""
    answer = activity.scored(ballots("甲村 测评 群众 6 2 1 1", "乙村 测评 群众 _ _ 1 _"))
    assert answer.criterion("测评") == {"甲村": 86, "乙村": 60}


def test_grades_not_named_keep_their_value(activity: Any) -> None:
    """(95 + 80 + 60 + 0) / 4."""
    answer = activity.scored(
        ballots("甲村 测评 群众 1 1 1 1", "乙村 测评 群众 0 1 0 0", rules={"等次分值": "好=95、较差：0"})
    )
    assert answer.criterion("测评") == {"乙村": 80, "甲村": 58.75}


@pytest.mark.parametrize("value", ["好=101", "好=-1", "优=90", "好", "好=九十"])
def test_grade_values_lie_between_0_and_100(activity: Any, value: str) -> None:
    sheets = ballots("甲村 测评 群众 1 1 1 1", "乙村 测评 群众 0 1 0 0", rules={"等次分值": value})
    assert activity.refused(sheets).places == {("规则", "B2", value)}


def test_groups_of_ballots_weigh_the_same_and_groups_without_ballots_are_absent(activity: Any) -> None:
    """甲: (100 + 40)/2, not by head 9:1; 乙: 中层 has no ballots."""
    answer = activity.scored(
        ballots("甲村 测评 群众 9 0 0 0", "甲村 测评 中层 0 0 0 1", "乙村 测评 群众 0 1 0 0", "乙村 测评 中层 0 0 0 0")
    )
    assert answer.criterion("测评") == {"乙村": 80, "甲村": 70}


def test_groups_of_ballots_take_the_group_weights(activity: Any) -> None:
    rows = ("甲村 测评 群众 9 0 0 0", "甲村 测评 中层 0 0 0 1", "乙村 测评 群众 0 1 0 0")
    answer = activity.scored(ballots(*rows, rules={"评委组权重": "群众=1、中层=3"}))
    assert answer.criterion("测评") == {"乙村": 80, "甲村": 55}


def test_no_ballots_at_all_is_unrated(activity: Any) -> None:
    answer = activity.scored(ballots("甲村 测评 群众 1 0 0 0", "乙村 测评 群众 0 _ 0 0"))
    assert answer.criterion("测评") == {"甲村": 100, "乙村": None}
    assert answer.warnings


def test_counts_are_whole_and_not_negative(activity: Any) -> None:
    sheets = ballots("甲村 测评 群众 1.5 -1 三 不适用", "乙村 测评 群众 0 1 0 1e1")
    assert activity.refused(sheets).places == {
        ("等次测评", "D2", "1.5"),
        ("等次测评", "E2", "-1"),
        ("等次测评", "F2", "三"),
        ("等次测评", "G2", "不适用"),
        ("等次测评", "G3", "1e1"),
    }


def test_a_repeated_unit_criterion_and_group_is_an_error(activity: Any) -> None:
    sheets = ballots("甲村 测评 群众 1 0 0 0", "乙村 测评 群众 0 1 0 0", "甲村村委会 测评 群　众 1 0 0 0")
    answer = activity.refused(sheets)
    assert {sheet for sheet, _cell in answer.cells} == {"等次测评"}
    assert all(cell.endswith("4") for _sheet, cell in answer.cells)


# 台账计算 -------------------------------------------------------------------------------------------------------------

LEDGER = "编号 单位 承诺事项 完成时限 完成情况"


def ledger(*rows: str, header: str = LEDGER, rules: dict | None = None) -> dict[str, Any]:
    return {
        "规则": rules,
        "指标": "指标 满分 计分方式\n承诺 25 台账计算\n环境 75 _",
        "评分": "评委 单位 环境\nA 甲村 60\nA 乙村 45",
        "承诺台账": "\n".join([header, *rows]),
    }


def test_commitments_due_on_or_before_the_last_day_of_the_quarter(activity: Any) -> None:
    """甲: four due, one done; the fifth falls due a day later. 乙: the one due long ago is done."""
    rows = [
        "1 甲村 修路 2021-12-31 已完成", "2 甲村 修桥 2021-10-01 推进中", "3 甲村 改厕 2021-06-30 未启动",
        "4 甲村 种树 2021-12-31 滞后", "5 甲村 装灯 2022-01-01 已完成", "6 乙村 修路 2019-01-01 已完成",
    ]  # fmt: skip
    assert activity.scored(ledger(*rows)).criterion("承诺") == {"乙村": 100, "甲村": 25}


def test_partial_credit_by_state(activity: Any) -> None:
    """(1 + 0.5 + 0.25) / 3 = 58.333333333; 已完成 is 1 whether named or not."""
    rows = ["1 甲村 修路 2021-12-31 已完成", "2 甲村 修桥 2021-10-01 推进中", "3 甲村 改厕 2021-10-01 滞后"]
    for value in ("推进中=0.5、滞后=0.25", "已完成=1，推进中＝０.5，滞后：.25"):
        answer = activity.scored(ledger(*rows, rules={"部分完成计分": value}))
        assert answer.criterion("承诺") == {"甲村": 58.333333333, "乙村": None}


@pytest.mark.parametrize("value", ["推进中=1.5", "推进中=-0.5", "快完成=0.5", "已完成=0.9", "推进中=一半"])
def test_credit_lies_between_0_and_1_for_known_states(activity: Any, value: str) -> None:
    sheets = ledger("1 甲村 修路 2021-12-31 已完成", rules={"部分完成计分": value})
    assert activity.refused(sheets).places == {("规则", "B2", value)}


def test_none_due_is_not_applicable(activity: Any) -> None:
    rows = ["1 甲村 修路 2021-12-31 已完成", "2 乙村 修路 2022-03-31 已完成"]
    answer = activity.scored(ledger(*rows, rules={"不适用指标": "计满分"}))
    assert answer.criterion("承诺") == {"甲村": 100, "乙村": 100}
    answer = activity.scored(ledger(*rows))
    assert answer.criterion("承诺") == {"甲村": 100, "乙村": None}
    assert answer.each("score") == {"甲村": "85.00", "乙村": "60.00"}


def test_with_a_column_of_criteria_only_the_rows_that_name_the_criterion_count(activity: Any) -> None:
    """Rows with a blank or with 环境, which is no 台账计算, count for none."""
    rows = [
        "1 甲村 修路 2021-12-31 已完成 承诺", "2 甲村 修桥 2021-10-01 滞后 承诺", "3 甲村 改厕 2021-10-01 未启动 环境",
        "4 甲村 种树 2021-12-31 滞后 _", "5 乙村 装灯 2021-12-01 滞后 _",
    ]  # fmt: skip
    answer = activity.scored(ledger(*rows, header=LEDGER + " 指标"))
    assert answer.criterion("承诺") == {"甲村": 50, "乙村": None}


def test_two_ledger_criteria_share_the_commitments_by_their_names(activity: Any) -> None:
    sheets = ledger(
        "1 甲村 修路 2021-12-31 已完成 民生", "2 甲村 修桥 2021-10-01 滞后 党建", "3 乙村 改厕 2021-10-01 已完成 党建",
        header=LEDGER + " 考核项目",
    ) | {"指标": "指标 满分 计分方式\n民生 10 台账计算\n党建 15 台账计算\n环境 75 _"}  # fmt: skip
    answer = activity.scored(sheets)
    assert answer.criterion("民生") == {"乙村": None, "甲村": 100}
    assert answer.criterion("党建") == {"乙村": 100, "甲村": 0}


def test_another_word_or_a_blank_in_the_state_is_an_error(activity: Any) -> None:
    rows = ["1 甲村 修路 2021-12-31 完成", "2 甲村 修桥 2021-10-01 _", "3 乙村 改厕 2021-10-01 基本完成"]
    answer = activity.refused(ledger(*rows))
    assert answer.cells == {("承诺台账", "E2"), ("承诺台账", "E3"), ("承诺台账", "E4")}
    assert ("承诺台账", "E4", "基本完成") in answer.places


# 直接录入 -------------------------------------------------------------------------------------------------------------

ENTRY = {"指标": "指标 满分 计分方式\n平时 40 直接录入\n环境 60 _", "评分": "评委 单位 环境\nA 甲村 60\nA 乙村 30"}


def test_an_entry_over_full_marks(activity: Any) -> None:
    answer = activity.scored(ENTRY | {"直接录入": "单位 指标 分值\n甲村 平时 30\n乙村 平时 —"})
    assert answer.criterion("平时") == {"甲村": 75, "乙村": None}
    assert answer.each("score") == {"甲村": "90.00", "乙村": "50.00"}


def test_entries_may_be_the_only_source(activity: Any) -> None:
    sheets = {"指标": "指标 满分 计分方式\n平时 40 直接录入", "直接录入": "单位 指标 分值\n甲村 平时 30\n乙村 平时 10"}
    assert activity.scored(sheets).each("score") == {"甲村": "75.00", "乙村": "25.00"}


def test_one_entry_per_unit(activity: Any) -> None:
    sheets = ENTRY | {"直接录入": "单位 指标 分值\n甲村 平时 30\n乙村 平时 20\n甲村委会 平时 31"}
    assert {sheet for sheet, _cell in activity.refused(sheets).cells} == {"直接录入"}


def test_an_entry_is_checked_for_range(activity: Any) -> None:
    sheets = ENTRY | {"直接录入": "单位 指标 分值\n甲村 平时 41\n乙村 平时 -1"}
    assert activity.refused(sheets).places == {("直接录入", "C2", "41"), ("直接录入", "C3", "-1")}


def test_an_entry_that_says_not_applicable(activity: Any) -> None:
    answer = activity.scored(
        ENTRY | {"规则": {"不适用指标": "计满分"}, "直接录入": "单位 指标 分值\n甲村 平时 不适用\n乙村 平时 20"}
    )
    assert answer.criterion("平时") == {"甲村": 100, "乙村": 50}


# A source that contradicts the method ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "source", "rows"),
    [
        ("直接录入", "评分", "评委 单位 指标 分值\nA 甲村 支部 5"),
        ("等次测评", "评分", "评委 单位 环境 支部\nA 甲村 30 5"),
        ("台账计算", "评分", "评委 单位 环境 支部\nA 甲村 30 5"),
        ("进步计算", "评分", "评委 单位 环境 支部\nA 甲村 30 5"),
        ("直接录入", "评分·支部", "单位 A B\n甲村 5 6"),
        ("评委打分", "直接录入", "单位 指标 分值\n甲村 支部 5"),
        ("", "直接录入", "单位 指标 分值\n甲村 支部 5"),
        ("等次测评", "直接录入", "单位 指标 分值\n甲村 支部 5"),
        ("台账计算", "直接录入", "单位 指标 分值\n甲村 支部 5"),
        ("进步计算", "直接录入", "单位 指标 分值\n甲村 支部 5"),
        ("评委打分", "等次测评", BALLOTS + "\n甲村 支部 群众 1 0 0 0"),
        ("直接录入", "测评", BALLOTS + "\n甲村 支部 群众 1 0 0 0"),
        ("进步计算", "测评", BALLOTS + "\n甲村 支部 群众 1 0 0 0"),
    ],
)
def test_a_source_that_contradicts_the_method_is_an_error(activity: Any, method: str, source: str, rows: str) -> None:
    sheets = {
        "指标": f"指标 满分 计分方式\n环境 60 _\n支部 40 {method or '_'}",
        "打分表": "评委 单位 环境\nB 甲村 60\nB 乙村 30",
        source: rows,
    }
    answer = activity.refused(sheets)
    assert {sheet for sheet, _cell in answer.cells} == {source}
    assert all(cell for _sheet, cell in answer.cells)


def test_an_unknown_method_is_an_error_that_lists_those_there_are(activity: Any) -> None:
    sheets = {"指标": "指标 满分 计分方式\n环境 60 抽签", "评分": "评委 单位 环境\nA 甲村 60\nA 乙村 30"}
    answer = activity.refused(sheets)
    assert {(s, v) for s, _c, v in answer.places} == {("指标", "抽签")}
    assert "评委打分" in answer.errors[0]["hint"]


def test_the_method_may_be_written_with_spaces(activity: Any) -> None:
    sheets = {
        "指标": [["指标", "满分", "计分方式"], ["平时", 40, " 直接 录入"]],
        "直接录入": "单位 指标 分值\n甲村 平时 30\n乙村 平时 10",
    }
    assert activity.scored(sheets).criterion("平时") == {"甲村": 75, "乙村": 25}


# Dates ----------------------------------------------------------------------------------------------------------------

LAST = [
    dt.date(2021, 12, 31), dt.datetime(2021, 12, 31, 23, 59, 59), "2021-12-31", "2021.12.31", "2021/12/31", "2021年12月31日",
    "20211231", 20211231, 44561, 44561.75, "2021年12月", "2021-12", "12月底", "２０２１－１２－３１", " 2021年12月 ",
]  # fmt: skip
LATER = [
    dt.date(2022, 1, 1), "2022-1-1", "2022.1.1", "2022/1/1", "2022年1月1日", "20220101", 20220101, 44562, "2022年1月", "2022-1",
]  # fmt: skip
FIRST = ["2021-1-3", "2021.1.3", "2021/1/3", "2021年1月3日", "2月底", "2021年02月", "2021-01-03"]


def dated(dates: list[Any]) -> dict[str, Any]:
    names = [f"第{n}村" for n in range(1, len(dates) + 1)]
    return {
        "单位": [["单位", "类型"], *([name, "村"] for name in names)],
        "指标": "指标 满分 计分方式\n承诺 25 台账计算\n环境 75 _",
        "评分": [["评委", "单位", "环境"], *(["A", name, 60] for name in names)],
        "承诺台账": [LEDGER.split(), *([n, name, "修路", date, "已完成"] for n, (name, date) in enumerate(zip(names, dates, strict=True)))],
    }  # fmt: skip


def test_every_spelling_of_the_last_day_of_the_quarter_is_due(activity: Any) -> None:
    assert set(activity.scored(dated(LAST)).criterion("承诺").values()) == {100}


def test_every_spelling_of_the_day_after_is_not_due(activity: Any) -> None:
    assert set(activity.scored(dated(LATER)).criterion("承诺").values()) == {None}


def test_a_month_means_its_last_day_and_unpadded_days_are_read(activity: Any) -> None:
    """In 2021Q1, ended on 31 March, all are due; 2021年3月 is 31 March, 4月底 is not due."""
    activity.quarter = "2021Q1"
    answer = activity.scored(dated([*FIRST, "2021年3月", "3月底", "4月底", "2021-4"]), quarter="2021Q1")
    scores = answer.criterion("承诺")
    assert [scores[f"第{n}村"] for n in range(1, 12)] == [100] * 9 + [None] * 2


def test_anything_else_is_not_a_date(activity: Any) -> None:
    wrong = ["2021-13-01", "2021年2月30日", "年底", "尽快", "20211331", "2021-12-3-1", "13月底", "31/12/2021", "一月底"]
    answer = activity.refused(dated(wrong))
    assert answer.places == {("承诺台账", f"D{n}", text) for n, text in enumerate(wrong, 2)}


def test_a_blank_deadline_is_an_error(activity: Any) -> None:
    assert activity.refused(dated([None, "2021-12-31"])).cells == {("承诺台账", "D2")}


def test_the_ninth_decimal_is_rounded_half_up(activity: Any) -> None:
    """The mean of 12345.678900 and 12345.678901 of 100000 is 12.3456789005 of 100, exactly between two."""
    marks = "评委 单位 环境\nA 甲村 12345.678900\nB 甲村 12345.678901\nA 乙村 0.000001\nB 乙村 0"
    answer = activity.scored({"指标": "指标 满分\n环境 100000", "评分": marks})
    assert answer.criterion("环境") == {"甲村": 12.345678901, "乙村": 0.000000001}
