"""The same marks in every shape a file may have give the same numbers, to the last digit."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
import xlwt

UNITS = ("甲村", "乙村", "丙社区")
FULL = {"环境": 60, "支部": 40}
MARKS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    "A01": {"甲村": (41.5, "缺席"), "乙村": (33.25, 17), "丙社区": (60, 40)},
    "A02": {"甲村": (12.345678, 21), "乙村": ("不适用", 18.5), "丙社区": (0, 39)},
    "A03": {"甲村": (55, 22), "乙村": (44, "—"), "丙社区": (59.9, 38)},
    "A04": {"甲村": (55, 1), "乙村": (7, 33), "丙社区": (31, 37)},
}
REST = {
    "规则": {"去极值最少评委数": 3, "去极值口径": "整张"},
    "单位": [["单位", "类型"], ["甲村", "村"], ["乙村", "村"], ["丙社区", "社区"]],
    "指标": [["指标", "满分"], *FULL.items()],
    "评委": "评委 评委组\nA03 班子\nA01 班子\nA04 班子\nA02 班子",
}


def wide() -> list[list[Any]]:
    rows = [[rater, unit, *MARKS[rater][unit]] for rater in MARKS for unit in UNITS]
    return [["评委", "单位", *FULL], *rows]


def long() -> list[list[Any]]:
    rows = [[r, u, c, MARKS[r][u][k]] for k, c in enumerate(FULL) for u in UNITS for r in MARKS]
    return [["分数", "村居", "评分项目", "评委代码"], *([mark, u, c, r] for r, u, c, mark in rows)]


def by_criterion(at: int) -> list[list[Any]]:
    return [
        ["打分汇总"],
        ["序号", "单位", *MARKS, "平均"],
        *([n, u, *(MARKS[r][u][at] for r in MARKS), "x"] for n, u in enumerate(UNITS)),
    ]


def by_rater(rater: str) -> list[list[Any]]:
    rows = [[unit + "村委会" * unit.endswith("村"), *MARKS[rater][unit], "—"] for unit in reversed(UNITS)]
    return [
        ["某街道", None, None, None],
        [f"评委：{rater}", None, None, None],
        ["村（社区）", "环境\n（60分）", "支 部(40)", "合计"],
        *rows,
    ]


def titled() -> tuple[list[list[Any]], list[str]]:
    """Two title rows, a header of two rows, the rater merged down over the units, a footnote."""
    rows = wide()[1:]
    head = [
        ["观摩评比打分表", None, None, None],
        ["2021年", None, None, None],
        ["评委", "单位", "赛实绩", None],
        [None, None, *FULL],
    ]
    down = [[rater if n % 3 == 0 else None, *rest] for n, (rater, *rest) in enumerate(rows)]
    merges = ["A1:D1", "A3:A4", "B3:B4", "C3:D3", *(f"A{5 + 3 * n}:A{7 + 3 * n}" for n in range(4))]
    return [*head, *down, ["平均", None, 1, 2], ["填表人：某", None, None, None]], merges


def shape(activity: Any, name: str) -> Any:
    merges = {}
    sheets: dict[str, Any] = dict(REST)
    if name == "wide":
        sheets["评分"] = wide()
    elif name == "long":
        sheets["打分"] = long()
    elif name == "titled":
        sheets["打分表"], merges["打分表"] = titled()
    elif name == "by criterion":
        sheets |= {"评分·支部": by_criterion(1), "评分·环境": by_criterion(0)}
    elif name == "two sheets":
        rows = long()
        sheets |= {"打分": rows[:9], "评分": [rows[0], *rows[9:]]}
    else:
        for n, rater in enumerate(MARKS):
            activity.rater_file(f"{n}号.{name}", by_rater(rater), encoding="gb18030")
    activity.book(sheets, merges=merges)
    return activity.scored().content


@pytest.mark.parametrize("name", ["long", "titled", "by criterion", "two sheets", "csv", "xlsx", "xls"])
def test_every_shape_gives_the_same_numbers(activity: Any, tmp_path: Any, name: str) -> None:
    plain = shape(type(activity)(tmp_path / "对照" / "示例活动"), "wide")
    assert shape(activity, name) == plain
    assert len({unit["score"] for unit in plain["units"]}) == 3


def write_old(path: Any, second: Any) -> None:
    """An .xls with a rater merged down over two rows, a date with a time of day, and `second` as 乙村's mark."""
    book = xlwt.Workbook(encoding="utf-8")
    content = {
        "单位": [["单位"], ["甲村"], ["乙村"]],
        "指标": [["指标", "满分", "计分方式"], ["环境", 60, "评委打分"], ["承诺", 40, "台账计算"]],
        "评分": [["评委", "单位", "环境"], [None, "甲村", 30], [None, "乙村", second]],
        "承诺台账": [
            ["编号", "单位", "承诺事项", "完成时限", "完成情况"],
            ["1", "甲村", "修路", dt.datetime(2021, 12, 31, 18, 30), "已完成"],
            ["2", "甲村", "修桥", dt.date(2022, 1, 1), "滞后"],
        ],
    }
    date = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for title, rows in content.items():
        sheet = book.add_sheet(title)
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if value is not None:
                    sheet.write(y, x, value, *([date] if isinstance(value, dt.date) else []))
        if title == "评分":
            sheet.write_merge(1, 2, 0, 0, "A01")
    path.parent.mkdir(exist_ok=True)
    book.save(str(path))


def test_an_xls_workbook_with_dates_merged_cells_and_a_truth_value(activity: Any) -> None:
    path = activity.folder / "2021Q4.xls"
    write_old(path, True)
    assert activity.refused().cells == {("评分", "C3")}
    write_old(path, 12)
    answer = activity.scored()
    assert answer.criterion("承诺") == {"甲村": 100, "乙村": None}
    assert answer.criterion("环境") == {"甲村": 50, "乙村": 20}
