"""One quarter's sheets to frames: headers, merged cells, marks, corrections, checks."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from lsb_nb.schema import SHEETS, STATES, frame_columns

WIDE = [["评委", "单位", "环境（25分）", "党建"], ["A1", "甲子村", 20, 18], ["A1", "乙丑村", "缺席", None]]


def test_the_frames_have_the_columns_and_types_that_are_promised(desk: Any) -> None:
    desk.book(
        {
            "评委": [["评委", "评委组", "回避单位"], ["A1", "班子", "甲子、乙丑村"]],
            "评分": WIDE,
            "加减分": [["单位", "分值", "事由"], ["甲子", "—1.5", "迟报"]],
            "承诺台账": [
                ["编号", "单位", "承诺事项", "完成时限", "完成情况"], [1, "甲子村", "修路", dt.date(2021, 12, 3),
                "已 完成"],
            ],
            "月排名": [["月份", "单位", "得分"], ["12月", "甲子村", 91.5]],
        }
    )  # fmt: skip
    records = desk.read()
    assert not len(records.problems[records.problems["severity"] == "error"])
    for name in SHEETS:
        frame = records.frames[name]
        assert list(frame.columns) == frame_columns(name)
        for column in ("mark", "becomes", "full_marks", "points", "good"):
            if column in frame:
                assert frame[column].dtype == "Int64", (name, column)
    assert records.criteria["full_marks"].tolist() == [25_000_000, 20_000_000]
    assert records.adjustments["points"].tolist() == [-1_500_000]
    assert records.raters["recused"].tolist() == [("甲子村", "乙丑村")]
    assert records.commitments.loc[0, ["number", "due", "state"]].tolist() == ["1", dt.date(2021, 12, 3), "已完成"]
    assert records.monthly.loc[0, ["month", "points"]].tolist() == ["2021-12", 91_500_000]
    ratings = records.ratings
    assert ratings["mark"].tolist() == [20_000_000, 18_000_000, pd.NA, pd.NA]
    assert ratings["state"].tolist() == ["mark", "mark", "missing", "blank"]
    assert ratings["cell"].tolist() == ["C2", "D2", "C3", "D3"]
    assert list(ratings["unit"].cat.categories) == ["甲子村", "乙丑村", "丙寅社区"]
    assert list(ratings["criterion"].cat.categories) == ["环境", "党建"]
    assert list(ratings["state"].cat.categories) == list(STATES)
    assert set(ratings["file"]) == {"2021Q4.xlsx"}


def test_long_and_wide_say_the_same(desk: Any) -> None:
    desk.book({"评分": WIDE})
    wide = desk.marks()
    long = [["评委", "单位", "指标", "分值"], *([r, u, c, m] for (r, u, c), m in wide.items() if m != "blank")]
    desk.book({"评分": [["" if v == "missing" else v for v in row] for row in long]})
    assert {key: value for key, value in desk.marks().items() if value not in ("blank", "missing")} == {
        key: value for key, value in wide.items() if value not in ("blank", "missing")
    }


def test_a_sheet_per_criterion_says_the_same(desk: Any) -> None:
    desk.book(
        {"评分": None, "评分·环境": [["单位", "A1", "A2"], ["甲子", 20, 19], ["乙丑", "", "不适用"], ["丙寅社区"]]}
    )
    assert desk.marks() == {
        ("A1", "甲子村", "环境"): 20, ("A2", "甲子村", "环境"): 19, ("A1", "乙丑村", "环境"): "blank",
        ("A2", "乙丑村", "环境"): "not_applicable", ("A1", "丙寅社区", "环境"): "blank", ("A2", "丙寅社区",
        "环境"): "blank",
    }  # fmt: skip


def test_a_sheet_per_criterion_with_groups_above_the_raters(desk: Any) -> None:
    rows = [["单位", "班子成员", None, "备注"], [None, "A1", "A2", None], ["甲子村", 20, 19, "无"]]
    desk.book({"评分": None, "评分·环境": rows}, merges={"评分·环境": ["A1:A2", "B1:C1", "D1:D2"]})
    assert desk.marks() == {("A1", "甲子村", "环境"): 20, ("A2", "甲子村", "环境"): 19}


def test_numbers_name_raters_too(desk: Any) -> None:
    desk.book(
        {
            "评委": [["评委", "评委组"], [1, "班子"], [2, "班子"]],
            "评分": None,
            "评分·党建": [["单位", 1, 2], ["甲子村", 3, 4]],
        }
    )
    assert desk.marks() == {("1", "甲子村", "党建"): 3, ("2", "甲子村", "党建"): 4}


def test_a_header_of_two_rows_and_cells_merged_down(desk: Any) -> None:
    rows = [
        ["2021年第四季度"], ["评委", "单位", "赛实绩", None, "合计"], [None, None, "环境\n（25分）", "党 建(20)", None],
        ["A1", "甲子村", 20, 18, 38], [None, "乙丑村", 21, 17, 38], ["平 均", None, 20.5, 17.5, 38],
    ]  # fmt: skip
    desk.book({"评分": rows}, merges={"评分": ["A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "A4:A5"]})
    assert desk.marks() == {
        ("A1", "甲子村", "环境"): 20, ("A1", "甲子村", "党建"): 18, ("A1", "乙丑村", "环境"): 21, ("A1", "乙丑村",
        "党建"): 17,
    }  # fmt: skip


def test_a_ballot_header_of_two_rows(desk: Any) -> None:
    desk.book(
        {
            "指标": [["指标", "满分", "计分方式"], ["测评", 20, "等次测评"], ["环境", 80, None]],
            "等次测评": [
                ["单位", "指标", "评委组", "票数", None, None, None], [None, None, None, "好", "较好", "一般", "较差"],
                ["甲子村", "测评", "群众", 10, None, 0, "２"],
            ],
        },
    )  # fmt: skip
    records = desk.read()
    assert not len(records.problems)
    assert records.ballots.loc[0, ["good", "fairly_good", "fair", "poor"]].tolist() == [10, 0, 0, 2]


def test_a_word_merged_across_counts_for_every_criterion(desk: Any) -> None:
    rows = [["评委", "单位", "环境", "党建"], ["A1", "甲子村", "缺席", None]]
    desk.book({"评分": rows}, merges={"评分": ["C2:D2"]})
    assert set(desk.marks().values()) == {"missing"}


def test_a_row_merged_into_the_one_above_is_not_a_second_row(desk: Any) -> None:
    rows = [["单位", "分值", "事由"], ["甲子村", 2, "表彰"], [None, None, None], ["乙丑村", 1, "表彰"]]
    desk.book({"加减分": rows}, merges={"加减分": ["A2:A3", "B2:B3", "C2:C3"]})
    assert desk.read().adjustments["points"].tolist() == [2_000_000, 1_000_000]


def test_a_mark_in_a_column_without_a_header_is_not_lost(desk: Any) -> None:
    desk.book({"评分": [["评委", "单位", "环境", None], ["A1", "甲子村", 20, 18]]})
    assert desk.wrong() == [("评分", "D2", "18")]


def test_a_header_that_stands_twice_is_an_error(desk: Any) -> None:
    desk.book({"评分": [["评委", "单位", "单位", "环境"], ["A1", "甲子村", "乙丑村", 20]]})
    assert desk.wrong() == [("评分", "C1", "单位")]


def test_the_own_header_goes_before_an_alias(desk: Any) -> None:
    desk.book({"单位": [["村居", "单位"], ["村", "甲子村"], ["社区", "乙丑社区"]]})
    assert desk.read().units["unit"].tolist() == ["甲子村", "乙丑社区"]


@pytest.mark.parametrize("note", ["说明：不含新建小区", "填表人", "审核：某", "以上共 3 个", "注：按行政代码排列"])
def test_notes_below_the_units_are_no_units(desk: Any, note: str) -> None:
    desk.book({"单位": [["单位"], ["甲子村"], ["共和村"], ["日新村"], [note]]})
    assert desk.read().units["unit"].tolist() == ["甲子村", "共和村", "日新村"]


def test_rows_that_hold_only_a_total_are_no_data(desk: Any) -> None:
    rows = [
        ["序号", "评委", "单位", "环境", "合计"],
        [1, "A1", "甲子村", 20, 20],
        [2, None, None, None, 0],
        [None] * 4 + [0],
    ]
    desk.book({"评分": rows})
    assert desk.marks() == {("A1", "甲子村", "环境"): 20}


def formulas(path: Path) -> None:
    """Write a sheet of marks whose cells are formulas with and without a stored value."""
    book = xlsxwriter.Workbook(path)
    for title, rows in {
        "单位": [["单位"], ["甲子村"]],
        "指标": [["指标", "满分"], *([f"项{n}", 25] for n in range(8))],
    }.items():
        sheet = book.add_worksheet(title)
        for y, row in enumerate(rows):
            sheet.write_row(y, 0, row)
    sheet = book.add_worksheet("评分")
    sheet.write_row(0, 0, ["评委", "单位", *(f"项{n}" for n in range(8)), "合计"])
    sheet.write_row(1, 0, ["A1", "甲子村"])
    stored = [20.5, "缺席", "", "#DIV/0!", "#N/A", True]
    for column, value in enumerate(stored, 2):
        sheet.write_formula(1, column, "=1", None, value)
    sheet.write_number(1, 8, 0.8, book.add_format({"num_format": "0.0%"}))
    sheet.write_formula(1, 9, "=2", None, 7)
    sheet.write_formula(1, 10, "=1/0", None, "#DIV/0!")
    sheet.write_row(2, 0, ["合计"])
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    book.close()


def test_formulas_count_by_what_is_stored(desk: Any) -> None:
    path = desk.folder / "2021Q4.xlsx"
    formulas(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet3.xml"
    parts[sheet] = parts[sheet].replace(b"<f>2</f><v>7</v>", b"<f>2</f>")
    parts[sheet] = parts[sheet].replace(b'<c r="E2"><f>1</f><v></v>', b'<c r="E2" t="str"><f>1</f><v></v>')
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert {cell: value for _sheet, cell, value in desk.wrong()} == {
        "F2": "#DIV/0!", "G2": "#N/A", "H2": "TRUE", "I2": "0.8", "J2": "公式",
    }  # fmt: skip
    ratings = desk.read().ratings.set_index("criterion")
    assert ratings.loc["项0", "mark"] == 20_500_000
    assert ratings.loc["项1", "state"] == "missing"
    assert ratings.loc["项2", "state"] == "blank"


def test_corrections_replace_add_remove_and_settle(desk: Any) -> None:
    rows = [
        ["评委", "单位", "环境", "党建"], ["A1", "甲子村", 26, 18], ["A1", "乙丑村", 20, "优"], ["A1", "丙寅社区", 10,
        11],
        ["A1", "丙寅社区", 12, 11],
    ]  # fmt: skip
    fixes = [
        ["评委", "单位", "指标", "更正为", "理由", "经办"], ["A1", "甲子", "环境", 25, "笔误", "办公室"],
        ["A1", "乙丑村", "党建", "缺席", "未到", "办公室"], ["A1", "丙寅社区", "环境", "12分", "重复", "办公室"],
        ["A2", "甲子村", "党建", 5, "补录", "办公室"], ["A1", "甲子村", "党建", "不适用", "误填", "办公室"],
    ]  # fmt: skip
    desk.book({"评分": rows, "更正": fixes})
    assert desk.marks() == {
        ("A1", "甲子村", "环境"): 25, ("A1", "甲子村", "党建"): "not_applicable", ("A1", "乙丑村", "环境"): 20,
        ("A1", "乙丑村", "党建"): "missing", ("A1", "丙寅社区", "环境"): 12, ("A1", "丙寅社区", "党建"): 11,
        ("A2", "甲子村", "党建"): 5,
    }  # fmt: skip
    assert ("更正", "A5", "A2") in desk.wrong("warning")
    row = desk.read().ratings.query("rater == 'A1' and unit == '甲子村' and criterion == '环境'").iloc[0]
    assert (row["sheet"], row["cell"]) == ("更正", "D2")


@pytest.mark.parametrize(
    ("cells", "state", "severity"),
    [
        ((20, 20), 20, "warning"), ((20, 21), None, "error"), ((20, "缺席"), 20, "warning"), (("—", 20), 20, "warning"),
        ((None, 20), 20, "warning"), ((20, "不适用"), 20, "warning"), (("缺席", "不适用"), "missing", "warning"),
        ((None, "不适用"), "not_applicable", None), (("不适用", "不适用"), "not_applicable", "warning"),
        (("缺席", "请假"), "missing", None), ((None, None), "blank", None),
    ],
)  # fmt: skip
def test_the_same_cell_twice(desk: Any, cells: tuple[Any, Any], state: Any, severity: str | None) -> None:
    sheets = [
        [["评委", "单位", "环境", "党建"], ["A1", "甲子村", cell, 1 if n else None]] for n, cell in enumerate(cells)
    ]
    desk.book({"评分": sheets[0], "打分": sheets[1]})
    found = desk.read().problems
    found = found[~found["cell"].isin(["D2"])]
    assert set(found["severity"]) == ({severity} if severity else set())
    if state is not None:
        assert desk.marks()["A1", "甲子村", "环境"] == state


def test_many_equal_repeats_are_counted_in_one_line(desk: Any) -> None:
    rows = [["评委", "单位", "环境"], *([f"A{n}", "甲子村", 20] for n in range(30))]
    desk.book({"评分": rows, "打分": rows})
    found = desk.read().problems
    assert len(found) == 11
    assert "19" in found["reason"].iloc[-1]


def test_a_source_that_contradicts_the_method(desk: Any) -> None:
    desk.book(
        {
            "指标": [
                ["指标", "满分", "计分方式"],
                ["环境", 25, None],
                ["党建", 20, "直接录入"],
                ["测评", 10, "等次测评"],
            ],
            "评分": [["评委", "单位", "环境", "党建"], ["A1", "甲子村", 20, None], ["A1", "乙丑村", 20, 3]],
            "直接录入": [["单位", "指标", "分值"], ["甲子村", "环境", 1], ["甲子村", "党建", 21], ["甲子", "党建", 2]],
            "等次测评": [
                ["单位", "指标", "评委组", "好", "较好", "一般", "较差"],
                ["甲子村", "党建", "群众", 1, 1, 1, 1],
            ],
        }
    )
    assert desk.wrong() == [
        ("评分", "D3", "3"), ("直接录入", "C2", "1"), ("直接录入", "C3", "21"), ("直接录入", "C4", "2"), ("等次测评",
        "B2", "党建"),
    ]  # fmt: skip


def test_commitments_with_and_without_a_column_of_criteria(desk: Any) -> None:
    head = ["编号", "单位", "承诺事项", "完成时限", "完成情况"]
    row = [1, "甲子村", "修路", "12月底", "滞后"]
    desk.book({"承诺台账": [head, row]})
    assert desk.read().commitments["criterion"].tolist() == [None]
    desk.book({"承诺台账": [[*head, "指标"], [*row, None], [*row, "党 建"]]})
    assert desk.read().commitments["criterion"].tolist() == ["", "党建"]


def test_a_day_far_from_the_quarter_is_questioned(desk: Any) -> None:
    head = ["编号", "单位", "承诺事项", "完成时限", "完成情况"]
    desk.book({"承诺台账": [head, [1, "甲子村", "修路", 2021, "滞后"]]})
    assert desk.wrong("warning") == [("承诺台账", "D2", "2021")]
    assert desk.read().commitments["due"].tolist() == [dt.date(1905, 7, 13)]


def test_recused_units_without_the_rule_are_questioned(desk: Any) -> None:
    raters = [["评委", "评委组", "回避单位"], ["A1", "班子", "甲子"]]
    desk.book({"评委": raters})
    assert desk.wrong("warning") == [("评委", "C2", "甲子")]
    desk.book({"评委": raters, "规则": [["规则", "取值"], ["回避", "是"]]})
    assert desk.wrong("warning") == []


def test_photos(desk: Any) -> None:
    (desk.folder / "照片").mkdir()
    (desk.folder / "照片" / "有.jpg").write_bytes(b"x")
    (desk.folder / "链接.jpg").symlink_to("/etc/hostname")
    files = [
        "照片/有.jpg",
        "照片\\有.jpg",
        "照片/无.jpg",
        "../有.jpg",
        "/有.jpg",
        "C:\\有.jpg",
        "http://a/b.jpg",
        "链接.jpg",
    ]
    desk.book({"照片": [["单位", "点位", "阶段", "文件"], *(["甲子村", "村口", "整治 前", name] for name in files)]})
    assert [cell for _sheet, cell, _value in desk.wrong("warning")] == ["D4"]
    assert [cell for _sheet, cell, _value in desk.wrong()] == ["D5", "D6", "D7", "D8", "D9"]
    assert set(desk.read().photos["stage"]) == {"整治前"}
    assert desk.read().photos["file"].tolist() == files


def test_unknown_sheets_are_named(desk: Any) -> None:
    desk.book({"加减份": [["单位", "分值", "事由"], ["甲子村", 1, "表彰"]]})
    found = desk.read().problems.iloc[0]
    assert (found["severity"], found["sheet"]) == ("warning", "加减份")
    assert "加减分" in found["hint"]


def test_everything_wrong_is_told_at_once_errors_first_in_order(desk: Any) -> None:
    desk.book(
        {
            "活动": [["项目", "内容"], ["季度", "2021Q3"], ["格式版本", 2]],
            "指标": [["指标", "满分", "计分方式"], ["环境", 0, None], ["党建", "二十", "抽签"]],
            "评委": [["评委", "评委组", "回避单位"], ["A1", "班子", "丁卯村"], ["A1", "班子", None]],
            "规则": [["规则", "取值"], ["回避", "也许"], ["抽签", "是"]],
            "评分": [["评委", "单位", "环境", "党建", "卫生"], ["A1", "甲子", 1, "优", 1], ["A9", "丁卯村", 1, 2, 1]],
            "加减分": [["单位", "分值", "事由"], ["丁卯村", "多", "表彰"]],
        }
    )  # fmt: skip
    found = desk.read().problems
    errors = found[found["severity"] == "error"]
    cells = list(zip(errors["sheet"], errors["cell"], strict=True))
    assert cells == [
        ("指标", "B2"), ("指标", "B3"), ("指标", "C3"), ("评分", "E1"), ("评分", "D2"), ("评分",
        "A3"), ("评分", "B3"),
        ("活动", "B2"), ("活动", "B3"), ("评委", "C2"), ("评委", "A3"), ("规则", "B2"), ("规则", "A3"), ("加减分",
        "A2"), ("加减分", "B2"),
    ]  # fmt: skip
    assert found["severity"].tolist() == sorted(found["severity"])
    assert errors["hint"].astype(bool).all()


def test_a_note_of_two_cells_on_a_list_of_names_is_told(desk: Any) -> None:
    desk.book(
        {"单位": [["单位", "类型"], ["甲子村", "村"], ["乙丑村", "村"], ["丙寅社区", "社区"], ["制表人：李", "某"]]}
    )
    assert ("单位", "A5", "制表人：李") in desk.wrong("warning")


def test_a_sheet_of_no_known_name_tells_those_there_are(desk: Any) -> None:
    desk.book({"Sheet1": [["评委", "单位", "环境"], ["A1", "甲子村", 1]]})
    told = desk.read().problems
    hint = told.loc[told["sheet"] == "Sheet1", "hint"].iloc[0]
    assert "单位、指标" in hint
