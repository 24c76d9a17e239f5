"""Rules: separators and equal signs of either width, keys with spaces, percentages."""

from fractions import Fraction
from typing import Any

import pytest

from lsb_nb.scheme_sheets import scheme_of

GRADES = {"好": 100, "较好": 85, "一般": 60, "较差": 40}


@pytest.mark.parametrize(
    "text",
    [
        "好=100、较好=85",
        "好＝100，较好＝85",
        "好：100,较好：85",
        "好:１００、 较好 = 85",
        "较好=８５、好=100",
        "较好=85",
    ],
)
def test_separators_of_either_width(office: Any, text: str) -> None:
    office.desk.book({"规则": [["规则", "取值"], ["等次分值", text]]})
    records = office.desk.read()
    assert records.problems.empty, records.problems.to_string()
    assert dict(scheme_of(records).rules["等次分值"]) == {name: Fraction(value) for name, value in GRADES.items()}


@pytest.mark.parametrize(("key", "text", "value"), [
    ("回避", "是", True), ("回 避", " 否 ", False), ("去极值最少评委数", "５", 5), ("去极值最少评委数", 5, 5),
    ("去极值口径", "整 张", "整张"), ("加减分上限", "3.5", Fraction(7, 2)), ("加减分上限", "不计", 0),
])  # fmt: skip
def test_single_values(office: Any, key: str, text: Any, value: Any) -> None:
    office.desk.book({"规则": [["规则", "取值"], [key, text]]})
    records = office.desk.read()
    assert records.problems.empty, records.problems.to_string()
    assert scheme_of(records).rules[key.replace(" ", "")] == value


@pytest.mark.parametrize("text", ["优秀=30%、良好=50%", "优秀＝３０％，良好＝５０％", "优秀：30%, 良好：50%"])
def test_shares(office: Any, text: str) -> None:
    office.desk.book({"规则": [["规则", "取值"], ["等次名额", text]]})
    rules = scheme_of(office.desk.read()).rules["等次名额"]
    assert [Fraction(value) for _name, value in (rules.items() if hasattr(rules, "items") else rules)] == [
        Fraction(3, 10),
        Fraction(1, 2),
    ]
