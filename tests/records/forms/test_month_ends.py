"""A month as a deadline means its last day; 12月底 takes the year of the quarter."""

import datetime as dt
from typing import Any

import pytest

HEAD = ["编号", "单位", "承诺事项", "完成时限", "完成情况"]


@pytest.mark.parametrize(
    ("quarter", "value", "day"),
    [
        ("2021Q4", "2021年12月", (2021, 12, 31)), ("2021Q4", "2021-12", (2021, 12, 31)),
        ("2021Q4", "12月底", (2021, 12, 31)), ("2021Q4", " １２ 月底", (2021, 12, 31)),
        ("2021Q4", "2021年11月", (2021, 11, 30)), ("2020Q1", "2月底", (2020, 2, 29)),
        ("2021Q1", "2月底", (2021, 2, 28)), ("2021Q4", "2022-01", (2022, 1, 31)),
    ],
)  # fmt: skip
def test_the_last_day_of_the_month(office: Any, quarter: str, value: str, day: tuple[int, int, int]) -> None:
    office.desk.book({"承诺台账": [HEAD, ["1", "甲子村", "修路", value, "已完成"]]}, quarter=quarter)
    records = office.desk.read()
    assert records.problems.empty, records.problems.to_string()
    assert records.commitments["due"].tolist() == [dt.date(*day)]


@pytest.mark.parametrize("value", ["13月底", "月底", "2021年12月底左右", "0月底"])
def test_no_month(office: Any, value: str) -> None:
    office.desk.book({"承诺台账": [HEAD, ["1", "甲子村", "修路", value, "已完成"]]})
    assert office.desk.wrong() == [("承诺台账", "D2", value)]
