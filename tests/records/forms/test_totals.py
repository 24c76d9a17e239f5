"""Rows and columns of totals are no data, whatever stands in them; footnotes below a table neither."""

from typing import Any

import pytest

WORDS = ["合计", "小计", "总计", "平均", "平均分", "总分", "最高分", "最低分", "合  计", "总 分"]


@pytest.mark.parametrize("word", WORDS)
def test_rows_and_columns_of_totals(office: Any, word: str) -> None:
    rows = [[*row, 99999] for row in office.wide()]
    total = [word, None, "#", 77777, None]
    office.holds({"评分": [["评委", "单位", "环境", "党建", word], *rows[:3], total, *rows[3:], [None, word, 1, 2, 3]]})


def test_a_column_of_totals_with_a_note_of_full_marks(office: Any) -> None:
    office.holds({"评分": [["评委", "单位", "环境", "党建", "合计（45分）"], *([*row, "x"] for row in office.wide())]})


@pytest.mark.parametrize("note", ["说明：以上不含试点", "备注", "填表人 张三", "审核：", "签名"])
def test_footnotes(office: Any, note: str) -> None:
    office.holds({"评分": [["评委", "单位", "环境", "党建"], *office.wide(), [note, None, None, None]]})


def test_totals_in_rater_sheets(office: Any) -> None:
    for rater, suffix in zip(office.marks, (".csv", ".xls"), strict=True):
        rows = [[*row, 1] for row in office.by_rater(rater)]
        office.desk.rater(rater + suffix, [["单位", "环境", "党建", "总分"], *rows, ["平均", 1, 2, 3]])
    office.holds({})
