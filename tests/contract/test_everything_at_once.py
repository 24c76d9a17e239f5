"""Faults in every sheet of one workbook: each is told at its cell, whatever else is wrong, and nothing beside."""

import copy
from typing import Any

import pytest

UNITS = ["甲村", "乙村", "丙村"]
SHEETS: dict[str, list[list[Any]]] = {
    "活动": [["项目", "内容"], ["活动名称", "试评"], ["季度", "2021Q4"], ["格式版本", 1]],
    "单位": [["单位", "类型", "别名"], ["甲村", "村", "甲"], ["乙村", "村", None], ["丙村", "村", None]],
    "指标": [
        ["指标", "满分", "板块", "计分方式", "权重"], ["环境", 30, "赛实绩", "评委打分", 30], ["测评", 20, "亮承诺", "等次测评", 20],
        ["录入", 30, "赛实绩", "直接录入", 20], ["台账", 20, "亮承诺", "台账计算", 20], ["村貌", 10, "赛实绩", "评委打分", 10],
    ],
    "规则": [["规则", "取值"], ["评委组权重", "班子=60、干部=40"], ["去极值最少评委数", 6], ["去极值口径", "逐项"]],
    "评委": [
        ["评委", "评委组", "回避单位", "姓名"], ["A1", "班子", None, "某"], ["B1", "干部", None, "某"], ["B2", "干部", None, "某"],
    ],
    "评分": [["评委", "单位", "指标", "分值"], *([r, u, "环境", 20 + len(r)] for r in ("A1", "B1") for u in UNITS)],
    "等次测评": [
        ["单位", "指标", "评委组", "好", "较好", "一般", "较差"],
        *([u, "测评", group, 3, 1, 0, 0] for u in UNITS for group in ("班子", "干部")),
    ],
    "直接录入": [["单位", "指标", "分值"], *([u, "录入", 25] for u in UNITS)],
    "加减分": [["单位", "分值", "事由"], ["甲村", 1, "表彰"], ["乙村", 1, "表彰"]],
    "一票否决": [["单位", "事由"], ["丙村", "事故"]],
    "更正": [["评委", "单位", "指标", "更正为", "理由", "经办"], *(["A1", u, "环境", 21, "抄错", "某"] for u in UNITS[:2])],
    "承诺台账": [["编号", "单位", "承诺事项", "完成时限", "完成情况"], *([f"C{u}", u, "修路", "2021-12-1", "已完成"] for u in UNITS)],
    "问题台账": [["编号", "单位", "问题描述", "发现日期", "整改时限"], *([f"W{u}", u, "脏", "2021-10-9", "2021-11-9"] for u in UNITS)],
    "点评": [["单位", "角色", "亮点"], ["甲村", "领导", "好"]],
    "任务清单": [["单位", "任务", "完成时限"], ["甲村", "修", "2022-3-1"]],
    "月排名": [["单位", "月份", "分值"], ["甲村", "2021-10", 90], ["乙村", "2021-10", 80]],
    "照片": [["单位", "点位", "阶段", "文件", "拍摄日期"], *([u, "村口", "整治前", None, "2021-10-1"] for u in UNITS)],
}  # fmt: skip
RATER = [["单位", "环境", "村貌"], ["甲村", 25, 5], ["乙村", 26, 5], ["丙村", 27, 5]]
FAULTS = [
    ("活动", "B3", "2021Q3"), ("活动", "B4", 99), ("单位", "C3", "甲"), ("指标", "B4", "十"), ("指标", "D6", "随便"),
    ("指标", "E2", "重"), ("规则", "B3", "若干"), ("规则", "A4", "无此规则"), ("评委", "B3", None), ("评委", "C2", "丁村"),
    ("评分", "D7", 99), ("评分", "D3", "优"), ("评分", "A4", "Z9"), ("评分", "B5", "丁村"), ("评分", "C6", "没有"),
    ("等次测评", "D2", -1), ("等次测评", "A5", "丁村"), ("等次测评", "B4", "环境"), ("直接录入", "C3", "优"), ("直接录入", "A4", None),
    ("加减分", "B2", "一"), ("加减分", "A3", "丁村"), ("一票否决", "B2", None), ("更正", "D2", 99), ("更正", "A3", "Z8"),
    ("承诺台账", "E2", "差不多"), ("承诺台账", "D3", "某日"), ("承诺台账", "B4", "丁村"), ("问题台账", "D2", "某日"),
    ("问题台账", "B3", "丁村"), ("问题台账", "E4", "2021-13-1"), ("点评", "A2", "丁村"), ("任务清单", "C2", "某日"),
    ("月排名", "B2", "几月"), ("月排名", "C3", "优"), ("照片", "C2", "动工前"), ("照片", "A3", "丁村"), ("照片", "E4", "某日"),
]  # fmt: skip
"""Sheet, cell, and what is written there."""


def sheets_with(faults: list[tuple[str, str, Any]]) -> dict[str, list[list[Any]]]:
    sheets = copy.deepcopy(SHEETS)
    for row in sheets["照片"][1:]:
        row[3] = "照片/一.gif"
    for sheet, cell, value in faults:
        sheets[sheet][int(cell[1:]) - 1][ord(cell[0]) - ord("A")] = value
    return sheets


def rater_sheet(activity: Any, *, faulty: bool) -> None:
    rows = copy.deepcopy(RATER)
    if faulty:
        rows[1][1], rows[2][0], rows[3][2] = 99, "丁村", "优"
    activity.rater_file("B2.xlsx", rows)


def test_without_faults_all_is_well(activity: Any) -> None:
    activity.photo("一.gif")
    rater_sheet(activity, faulty=False)
    assert activity.check(path=activity.book(sheets_with([]), bare=True)).errors == []


def test_all_faults_are_told_at_once_each_at_its_cell(activity: Any) -> None:
    activity.photo("一.gif", b"no picture")
    rater_sheet(activity, faulty=True)
    answer = activity.refused(sheets_with(FAULTS), bare=True)
    told = {(error["sheet"], error["cell"]) for error in answer.errors if "评分表" not in error["file"]}
    assert told == {(sheet, cell) for sheet, cell, _value in FAULTS}
    theirs = {error["cell"] for error in answer.errors if "评分表" in error["file"]}
    assert theirs == {"B2", "A3", "C4"}
    photos = [warning["cell"] for warning in answer.warnings if warning["sheet"] == "照片"]
    assert photos == ["D2", "D3", "D4"]


def test_rules_are_checked_without_criteria_too(activity: Any) -> None:
    faults = [fault for fault in FAULTS if fault[0] == "规则"]
    answer = activity.refused(sheets_with([*faults, ("指标", "B1", "分")]), bare=True)
    told = {(error["sheet"], error["cell"]) for error in answer.errors}
    assert told >= {("指标", None), *((sheet, cell) for sheet, cell, _value in faults)}


def test_a_rater_without_a_group_leaves_the_weights_of_groups_to_be_checked(activity: Any) -> None:
    faults = [("评委", "B3", None), ("评委", "B4", None)]
    assert activity.refused(sheets_with(faults), bare=True).cells == {("评委", "B3"), ("评委", "B4")}
    answer = activity.refused(sheets_with([*faults, ("规则", "B2", "干部=40")]), bare=True)
    assert answer.cells == {("评委", "B3"), ("评委", "B4"), ("规则", "B2")}


def test_only_marks_of_raters_are_sent_to_the_corrections(activity: Any) -> None:
    answer = activity.refused(sheets_with([("评分", "D7", 99), ("直接录入", "C3", 99), ("更正", "D2", 99)]), bare=True)
    hints = {error["sheet"]: error["hint"] for error in answer.errors}
    assert hints["评分"] == "改为 0 至 30 之间的数，或在“更正”表中更正"
    assert hints["直接录入"] == hints["更正"] == "改为 0 至 30 之间的数"


def test_a_criterion_without_a_name_or_named_twice_hides_none_of_its_faults(activity: Any) -> None:
    for name in (None, "环境"):
        faults = [("指标", "A6", name), ("指标", "D6", "随便"), ("指标", "E6", "重")]
        told = activity.refused(sheets_with(faults), bare=True).cells
        assert told >= {("指标", "A6"), ("指标", "D6"), ("指标", "E6")}


def test_a_header_that_lacks_one_column_hides_no_fault_of_the_others(activity: Any) -> None:
    faults: list[tuple[str, str, Any]] = [
        ("直接录入", "B1", "甲类"), ("直接录入", "A4", "丁村"), ("直接录入", "C3", "优"),
        ("照片", "D1", "甲类"), ("照片", "C2", "动工前"), ("照片", "A3", "丁村"), ("照片", "E4", "某日"),
        ("承诺台账", "B1", "甲类"), ("承诺台账", "D3", "某日"), ("承诺台账", "E2", "差不多"),
        ("等次测评", "B1", "甲类"), ("等次测评", "D2", -1), ("等次测评", "A5", "丁村"),
    ]  # fmt: skip
    told = activity.refused(sheets_with(faults), bare=True).cells
    heads = {(sheet, None) for sheet, _cell, value in faults if value == "甲类"}
    assert told == heads | {(sheet, cell) for sheet, cell, value in faults if value != "甲类"}


def test_names_are_known_though_the_column_beside_them_has_no_header(activity: Any) -> None:
    heads = [("指标", "B1", "甲类"), ("评委", "B1", "甲类")]
    assert activity.refused(sheets_with(heads), bare=True).cells == {("指标", None), ("评委", None)}
    faults = [("更正", "A3", "Z8"), ("评分", "A4", "Z9"), ("评分", "C6", "没有"), ("指标", "D6", "随便")]
    told = activity.refused(sheets_with([*heads, *faults]), bare=True).cells
    assert told == {("指标", None), ("评委", None), *((sheet, cell) for sheet, cell, _value in faults)}


def test_a_list_of_raters_that_names_none_leaves_those_of_the_marks(activity: Any) -> None:
    assert activity.refused(sheets_with([("评委", "A1", "甲类")]), bare=True).cells == {("评委", None)}
    blank = [("评委", f"A{row}", None) for row in (2, 3, 4)]
    told = activity.refused(sheets_with([*blank, ("评委", "C2", "甲村"), ("等次测评", "C2", "班 子")]), bare=True).cells
    assert told >= {(sheet, cell) for sheet, cell, _value in blank}
    sheets = sheets_with([])
    sheets["评委"], sheets["规则"], sheets["等次测评"] = sheets["评委"][:1], [["规则", "取值"]], sheets["等次测评"][:1]
    sheets["指标"].pop(2)
    # nobody is listed: all are one group
    assert activity.check(path=activity.book(sheets, bare=True)).errors == []


@pytest.mark.parametrize("missing", ["A1", "B1", "C1", "D1"])
def test_a_sheet_of_marks_without_one_of_its_columns_hides_no_other_fault(activity: Any, missing: str) -> None:
    faults = [("评分", "A4", "Z9"), ("评分", "B5", "丁村"), ("评分", "C6", "没有"), ("评分", "D3", "优")]
    answer = activity.refused(sheets_with([*faults, ("评分", missing, "别的")]), bare=True)
    told = {cell for sheet, cell in answer.cells if sheet == "评分"}
    assert told == {None, *(cell for _sheet, cell, _value in faults if cell[0] != missing[0])}


def test_a_rule_that_stands_twice_is_read_twice(activity: Any) -> None:
    sheets = sheets_with([])
    sheets["规则"].append(["去极值最少评委数", "几位"])
    answer = activity.check(path=activity.book(sheets, bare=True))
    assert [(error["cell"], error["value"]) for error in answer.errors] == [("A5", "去极值最少评委数"), ("B5", "几位")]


def test_a_sheet_of_a_criterion_that_is_not_listed_hides_no_fault_of_its_cells(activity: Any) -> None:
    sheet = [["单位", "A1", "无此人"], ["甲村", 9, ""], ["无此村", 8, ""], ["乙村", "优", ""]]
    answer = activity.refused(sheets_with([]) | {"评分·没有": sheet}, bare=True)
    assert {(error["sheet"], error["cell"]) for error in answer.errors} == {
        ("评分·没有", None), ("评分·没有", "C1"), ("评分·没有", "A3"), ("评分·没有", "B4"),
    }  # fmt: skip
