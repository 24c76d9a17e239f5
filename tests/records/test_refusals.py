"""Every refusal names the cell as Excel shows it, says what is wrong, and offers a way out."""

from typing import Any, NamedTuple

import pytest

import lsb_nb as lsb

MARKS = ["评委", "单位", "环境", "党建"]
LONG = ["评委", "单位", "指标", "分值"]
PILLARS = ["指标", "满分", "板块", "权重"]
RULES = ["规则", "取值"]
FIX = ["评委", "单位", "指标", "更正为", "理由", "经办"]
DUE = ["编号", "单位", "承诺事项", "完成时限", "完成情况"]
METHOD = ["指标", "满分", "计分方式"]
PHOTO = ["单位", "点位", "阶段", "文件"]
UNITS = [["单位"], ["甲子村"], ["甲子社区"], ["东关街"]]


class Case(NamedTuple):
    """What is written, and the one error it must give: sheet, cell, value, a part of the reason, a part of the hint."""

    name: str
    sheets: dict[str, Any]
    sheet: str | None
    cell: str | None
    value: str | None
    reason: str
    hint: str


def ballots(*row: Any) -> dict[str, Any]:
    head = ["单位", "指标", "评委组", "好", "较好", "一般", "较差"]
    return {"等次测评": [head, list(row)], "指标": [METHOD, ["环境", 25, "等次测评"], ["党建", 20, ""]], "评分": None}


def marks(*row: Any, head: list[str] = MARKS) -> dict[str, Any]:
    return {"评分": [head, list(row)]}


def scheme(*rows: list[Any], head: list[str] = PILLARS) -> dict[str, Any]:
    return {"指标": [head, *rows], "评分": [["评委", "单位", "环境"], ["A1", "甲子村", 3]]}


def rule(name: Any, value: Any) -> dict[str, Any]:
    return {"规则": [RULES, [name, value]]}


CASES = [
    Case("above full marks", marks("A1", "甲子村", 25.5, 1), "评分", "C2", "25.5", "超出满分 25", "0 至 25"),
    Case("below zero", marks("A1", "甲子村", -1, 1), "评分", "C2", "-1", "-1", "0 至 25"),
    Case("a dash before digits", marks("A1", "甲子村", "—3", 1), "评分", "C2", "—3", "—3", "0 至 25"),
    Case("a word", marks("A1", "甲子村", 3, "优秀"), "评分", "D2", "优秀", "不是数字", "只填数字"),
    Case("an exponent", marks("A1", "甲子村", "1e1", 1), "评分", "C2", "1e1", "不是数字", "只填数字"),
    Case("a percentage", marks("A1", "甲子村", "20%", 1), "评分", "C2", "20%", "不是数字", "百分号"),
    Case("a thousands comma", marks("A1", "甲子村", "1,000", 1), "评分", "C2", "1,000", "不是数字", "千分位"),
    Case("无", marks("A1", "甲子村", "无", 1), "评分", "C2", "无", "不是数字", "只填数字"),
    Case("a truth value", marks("A1", "甲子村", True, 1), "评分", "C2", "TRUE", "不是数字", "留空"),
    Case("an error value", marks("A1", "甲子村", "#DIV/0!", 1), "评分", "C2", "#DIV/0!", "错误值", "改正公式"),
    Case(
        "a formula without a result", marks("A1", "甲子村", "=1+1", 1),
        "评分", "C2", None, "没有保存", "重新计算",
    ),
    Case(
        "two different marks", {"评分": [LONG, ["A1", "甲子村", "环境", 3], ["A1", "甲子村委会", "环境", 4]]},
        "评分", "D3", "4", "两个不同的分数：4 和 3（2021Q4.xlsx 评分 D2）", "更正",
    ),
    Case("an unknown unit", marks("A1", "甲字村", 1, 1), "评分", "B2", "甲字村", "没有“甲字村”这个单位", "甲子村"),
    Case(
        "never by similarity", {"单位": UNITS, **marks("A1", "东街", 1, 1)},
        "评分", "B2", "东街", "没有“东街”", "东关街",
    ),
    Case(
        "an ambiguous unit", {"单位": UNITS, **marks("A1", "甲子", 1, 1)},
        "评分", "B2", "甲子", "可以是 甲子村、甲子社区", "写全名称",
    ),
    Case("a blank unit", marks("A1", None, 1, 1), "评分", "B2", None, "“单位”不能为空", "补填"),
    Case(
        "an unknown rater", {"评委": [["评委", "评委组"], ["A01", "班子"]], **marks("A1", "甲子村", 1, 1)},
        "评分", "A2", "A1", "没有“A1”", "A01",
    ),
    Case(
        "an unknown criterion", marks("A1", "甲子村", "环保", 1, head=LONG),
        "评分", "C2", "环保", "没有“环保”", "环境",
    ),
    Case("an unknown rule", rule("回避规则", "是"), "规则", "A2", "回避规则", "回避规则", "改正规则名称"),
    Case("a value no rule takes", rule("回避", "也许"), "规则", "B2", "也许", "只能填：是、否", "改正取值"),
    Case(
        "an unknown column", {"评分": [[*MARKS, "卫生"], ["A1", "甲子村", 1, 1, 1]]},
        "评分", "E1", "卫生", "卫生", "备注",
    ),
    Case(
        "a column that is lacking", {"加减分": [["单位", "事由"], ["甲子村", "表彰"]]},
        "加减分", None, None, "缺少“分值”列", "分值",
    ),
    Case(
        "marks for a ledger",
        {"指标": [METHOD, ["环境", 25, "台账计算"], ["党建", 20, ""]], **marks("A1", "甲子村", 3, 3)},
        "评分", "C2", "3", "计分方式是“台账计算”", "计分方式",
    ),
    Case(
        "an entry for raters", {"直接录入": [["单位", "指标", "分值"], ["甲子村", "环境", 3]]},
        "直接录入", "C2", "3", "计分方式是“评委打分”", "计分方式",
    ),
    Case(
        "an unknown method", scheme(["环境", 25, "抽签"], head=METHOD),
        "指标", "C2", "抽签", "抽签", "评委打分",
    ),
    Case(
        "a note that contradicts", marks("A1", "甲子村", 1, 1, head=["评委", "单位", "环境（20分）", "党建"]),
        "评分", "C1", "环境（20分）", "满分 20，“指标”表中为 25", "使两处一致",
    ),
    Case(
        "another quarter", {"活动": [["项目", "内容"], ["季度", "2021年第三季度"]]},
        "活动", "B2", "2021年第三季度", "2021Q3", "文件名",
    ),
    Case("a newer format", {"活动": [["项目", "内容"], ["格式版本", 2]]}, "活动", "B2", "2", "新", "升级"),
    Case(
        "weights on some rows", scheme(["环境", 25, "甲", 3], ["党建", 20, "甲", None]),
        "指标", "D3", None, "权重", "权重",
    ),
    Case(
        "pillars on some rows", scheme(["环境", 25, "甲", 1], ["党建", 20, None, 1]),
        "指标", "C3", None, "板块", "板块",
    ),
    Case("a negative weight", scheme(["环境", 25, "甲", -3]), "指标", "D2", "-3", "权重", "0"),
    Case("no full marks", scheme(["环境", 0, "甲", 1]), "指标", "B2", "0", "满分", "大于 0"),
    Case(
        "half a ballot", ballots("甲子村", "环境", "班子", 1.5, 0, 0, 0),
        "等次测评", "D2", "1.5", "1.5", "整数",
    ),
    Case(
        "a photo elsewhere", {"照片": [PHOTO, ["甲子村", "村口", "整治前", "../../x.jpg"]]},
        "照片", "D2", "../../x.jpg", "不在活动文件夹", "相对路径",
    ),
    Case(
        "a photo on a drive", {"照片": [PHOTO, ["甲子村", "村口", "整治前", "C:\\x.jpg"]]},
        "照片", "D2", "C:\\x.jpg", "不在活动文件夹", "相对路径",
    ),
    Case(
        "no such day", {"承诺台账": [DUE, [1, "甲子村", "修路", "2021-2-30", "已完成"]]},
        "承诺台账", "D2", "2021-2-30", "不是日期", "2021-12-3",
    ),
    Case(
        "no such state", {"承诺台账": [DUE, [1, "甲子村", "修路", "2021-12", "完成了"]]},
        "承诺台账", "E2", "完成了", "完成了", "已完成",
    ),
    Case(
        "a correction out of range", {"更正": [FIX, ["A1", "甲子村", "环境", 26, "看错", "某"]]},
        "更正", "D2", "26", "超出满分 25", "0 至 25",
    ),
    Case(
        "a blank correction", {"更正": [FIX, ["A1", "甲子村", "环境", None, "看错", "某"]]},
        "更正", "D2", None, "不能为空", "补填",
    ),
    Case(
        "points that are none", {"加减分": [["单位", "分值", "事由"], ["甲子村", "两分", "表彰"]]},
        "加减分", "B2", "两分", "不是数字", "只填数字",
    ),
    Case(
        "no reason for a veto", {"一票否决": [["单位", "事由"], ["甲子村", None]]},
        "一票否决", "B2", None, "“事由”不能为空", "补填",
    ),
    Case("no criteria", {"指标": None}, None, None, None, "缺少“指标”表", "满分"),
    Case("a sheet that stands twice", {"村社区": UNITS}, None, None, None, "同一种工作表", "合并"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_refusals(desk: Any, case: Case) -> None:
    desk.book(case.sheets)
    problems = lsb.check_activity(desk.folder)
    errors = problems[problems["severity"] == "error"].to_dict("records")
    assert len(errors) == 1, problems.to_string()
    error = errors[0]
    assert error["file"] == "2021Q4.xlsx"
    assert case.sheet in (error["sheet"], None)
    assert error["cell"] == case.cell
    if case.value is not None or case.cell is None:
        assert error["value"] == case.value
    assert case.reason in error["reason"]
    assert case.hint in error["hint"]


@pytest.mark.parametrize("source", [".xlsx", ".csv", ".xls"])
def test_in_rater_sheets_too(desk: Any, source: str) -> None:
    desk.book()
    desk.rater(
        "A2" + source, [["打分表"], ["单位", "环境", "党建", "卫生"], ["甲子村", "99", "优", 1], ["丁村", 1, 1, 1]]
    )
    found = {cell: (value, hint) for cell, value, hint in errors_of(desk)}
    assert list(found) == ["D2", "B3", "C3", "A4"]
    assert [value for value, _hint in found.values()] == ["卫生", "99", "优", "丁村"]
    assert all(hint for _value, hint in found.values())


def errors_of(desk: Any) -> list[tuple[str, str, str]]:
    problems = lsb.check_activity(desk.folder)
    errors = problems[problems["severity"] == "error"]
    assert set(errors["file"].str.startswith("2021Q4/评分表/A2")) == {True}
    return list(errors[["cell", "value", "hint"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("sheets", "cell", "told"),
    [
        ({"评分": [MARKS, ["A1", "甲子村", 3, 3], ["A1", "甲子村", 3, "缺席"]]}, "C3", "只计一次"),
        ({"评委": [["评委", "评委组", "回避单位"], ["A1", "班子", "甲子村"]]}, "C2", "没有剔除"),
        ({"承诺台账": [DUE, [1, "甲子村", "修路", 2021, "已完成"]]}, "D2", "1905-07-13"),
        ({"照片": [PHOTO, ["甲子村", "村口", "整治前", "照片/1.jpg"]]}, "D2", "找不到照片"),
        ({"单伟": [["单位"], ["甲子村"]]}, None, "没有读取"),
    ],
)  # fmt: skip
def test_warnings_say_what_was_assumed(desk: Any, sheets: dict[str, Any], cell: str | None, told: str) -> None:
    desk.book(sheets)
    problems = desk.read().problems
    assert set(problems["severity"]) == {"warning"}
    assert problems["cell"].tolist()[0] == cell
    assert told in problems["reason"].tolist()[0]


def test_two_wrong_cells_of_one_row_are_told_at_once(desk):
    rows = [["C1", "甲子村", "修路", "三月底前后", "完成了"], ["C2", "甲子村", "路灯", "2021-12-01", "办完"]]
    desk.book({"承诺台账": [DUE, *rows]})
    assert desk.wrong() == [("承诺台账", "D2", "三月底前后"), ("承诺台账", "E2", "完成了"), ("承诺台账", "E3", "办完")]


def test_a_mark_out_of_range_is_told_though_its_unit_is_unknown(desk):
    entries = [["单位", "指标", "分值"], ["东关街", "增收", 999], ["甲子村", "增收", -1]]
    desk.book({"指标": [METHOD, ["增收", 40, "直接录入"]], "直接录入": entries})
    assert [cell for sheet, cell, _value in desk.wrong() if sheet == "直接录入"] == ["A2", "C2", "C3"]
