"""Wide: one row per rater and unit, one column per criterion."""

from typing import Any


def test_wide(office: Any) -> None:
    office.holds({"评分": [["评委", "单位", "环境", "党建"], *office.wide()]})


def test_columns_in_another_order_with_what_may_stand_beside_them(office: Any) -> None:
    rows = [[n, b, unit, a, rater, "好"] for n, (rater, unit, a, b) in enumerate(office.wide(), 1)]
    office.holds({"评分": [["序号", "党建", "单位", "环境", "评委", "备注"], *rows]})


def test_wide_and_long_together(office: Any) -> None:
    wide = [row for row in office.wide() if row[0] == "A1"]
    long = [row for row in office.long() if row[0] == "A2"]
    office.holds(
        {
            "评分": [["评委", "单位", "环境", "党建"], *wide],
            "打分": [["评委", "单位", "指标", "分值"], *long],
        }
    )


def test_in_an_old_workbook(office: Any) -> None:
    office.holds({"评分": [["评委", "单位", "环境", "党建"], *office.wide()]}, suffix=".xls")
