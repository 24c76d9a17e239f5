"""Long: one row per mark, columns in any order, more than one such sheet."""

from typing import Any

import pytest

HEAD = ["评委", "单位", "指标", "分值"]


def test_long(office: Any) -> None:
    office.holds({"评分": [HEAD, *office.long()]})


@pytest.mark.parametrize("title", ["打分", "打分表", "评 分"])
def test_under_another_title(office: Any, title: str) -> None:
    office.holds({title: [HEAD, *office.long()]})


def test_columns_and_rows_in_another_order_with_remarks_between(office: Any) -> None:
    rows = [[mark, "随便", unit, rater, None, criterion] for rater, unit, criterion, mark in reversed(office.long())]
    office.holds({"评分": [["分值", "说明", "单位", "评委", "核对", "指标"], *rows]})


def test_in_two_sheets(office: Any) -> None:
    rows = office.long()
    office.holds({"评分": [HEAD, *rows[:5]], "打分": [HEAD, *rows[5:]]})


def test_in_an_old_workbook(office: Any) -> None:
    office.holds({"评分": [HEAD, *office.long()]}, suffix=".xls")
