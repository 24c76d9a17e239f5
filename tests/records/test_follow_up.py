"""Ledgers: rows that cannot both be meant and dates that contradict each other are told, and stop nothing."""

import datetime as dt

from lsb_nb.checking import check_activity

HEAD = ["编号", "单位", "问题描述", "发现日期", "整改时限", "状态", "销号日期", "复发日期"]


def day(month, number):
    return dt.date(2021, month, number)


def row(number, found, due, *more, unit="甲子村"):
    return [number, unit, "路面", found, due, *more]


def test_numbers_dates_and_states_are_told(desk):
    rows = [
        row("W1", day(10, 1), day(10, 9), "已销号", day(10, 8)),
        row("w1", day(10, 1), day(10, 9)),
        row("W1", day(10, 1), day(10, 9), unit="乙丑村"),
        row("W2", dt.date(2022, 1, 5), dt.date(2022, 1, 9)),
        row("W3", day(10, 9), day(10, 1)),
        row("W4", day(10, 9), day(10, 20), None, day(10, 1)),
        row("W5", day(10, 9), day(10, 20), None, day(10, 19), day(10, 2)),
        row("W6", day(10, 9), day(10, 20), "已销号"),
    ]
    desk.book({"问题台账": [HEAD, *([*r, *[None] * (len(HEAD) - len(r))] for r in rows)]})
    cells = [cell for sheet, cell, _value in desk.wrong("warning") if sheet == "问题台账"]
    assert cells == ["D5", "E6", "G7", "H8", "F9"]


def test_a_number_twice_is_told_with_the_other_cell(desk):
    rows = [["C1", "甲子村", "修路", day(12, 1), "推进中"], ["C1", "甲子村", "路灯", day(12, 1), "推进中"]]
    desk.book({"承诺台账": [["编号", "单位", "承诺事项", "完成时限", "完成情况"], *rows]})
    problems = desk.read().problems
    assert problems.loc[problems["sheet"] == "承诺台账", "reason"].tolist() == ["编号“C1”重复（另见 A2）"]


def test_months(desk):
    rows = [["2021年10月", "甲子村", 90], ["10月", "甲子村", 91], ["2021-09", "乙丑村", 90], ["12月", "乙丑村", 90]]
    desk.book({"月排名": [["月份", "单位", "得分"], *rows]})
    assert [cell for sheet, cell, _value in desk.wrong("warning") if sheet == "月排名"] == ["B3", "A4"]


def test_many_of_a_kind_are_counted(desk):
    rows = [row(f"W{i}", day(10, 9), day(10, 1)) for i in range(40)]
    desk.book({"问题台账": [HEAD[:5], *rows]})
    problems = desk.read().problems
    told = problems[problems["sheet"] == "问题台账"]
    assert len(told) == 11
    assert "另有 30 处" in told["reason"].str.cat()


def test_a_photo_that_cannot_be_opened_is_told_by_the_check(desk):
    (desk.folder / "坏.jpg").write_bytes(b"x")
    sheets = {"照片": [["单位", "点位", "阶段", "文件"], ["甲子村", "村口", "整治前", "坏.jpg"]]}
    desk.book(sheets)
    problems = check_activity(desk.folder)
    found = problems[problems["value"] == "坏.jpg"]
    assert found[["severity", "file", "sheet", "cell"]].to_numpy().tolist() == [
        ["warning", "2021Q4.xlsx", "照片", "D2"]
    ]
    assert "另存为 JPG" in found["hint"].iloc[0]
