"""Every form of a date, in .xlsx, .xls and .csv alike where the form can stand there."""

import datetime as dt
from typing import Any

import pytest

DAY = dt.date(2021, 12, 3)
HEAD = ["编号", "单位", "承诺事项", "完成时限", "完成情况"]


def due(office: Any, value: Any, suffix: str = ".xlsx") -> Any:
    office.desk.book({"承诺台账": [HEAD, ["1", "甲子村", "修路", value, "已完成"]]}, suffix=suffix)
    records = office.desk.read()
    assert records.problems.empty, records.problems.to_string()
    return records.commitments["due"].tolist()


@pytest.mark.parametrize(
    "value",
    [
        DAY, dt.datetime(2021, 12, 3, 17, 30), "2021-12-3", "2021-12-03", "2021.12.3", "2021/12/3", "2021年12月3日",
        " 2021 年 12 月 3 日 ", "２０２１－１２－０３", "20211203", 20211203, 44533, "44533", 44533.75,
    ],
)  # fmt: skip
def test_a_day(office: Any, value: Any) -> None:
    assert due(office, value) == [DAY]


@pytest.mark.parametrize("value", ["2021-12-3", "20211203", 44533, "2021年12月3日"])
def test_in_an_old_workbook(office: Any, value: Any) -> None:
    assert due(office, value, ".xls") == [DAY]


@pytest.mark.parametrize(
    "value",
    [
        "2021-13-1",
        "2021-2-29",
        "12-3",
        "十二月三日",
        "明年",
        "2021-12-3至5",
        0,
        -5,
        "2021.12",
        2021.12,
        "3/12/2021",
        True,
    ],
)
def test_nothing_else_is_one(office: Any, value: Any) -> None:
    office.desk.book({"承诺台账": [HEAD, ["1", "甲子村", "修路", value, "已完成"]]})
    assert [(sheet, cell) for sheet, cell, _value in office.desk.wrong()] == [("承诺台账", "D2")]
