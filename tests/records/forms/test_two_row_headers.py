"""Headers of two rows: a merged group over its columns, or two plain rows, in .csv too."""

from typing import Any

TOP = ["评委", "单位", "赛实绩", None]
BELOW = [None, None, "环境", "党建"]


def test_a_group_merged_over_its_columns(office: Any) -> None:
    office.holds({"评分": [TOP, BELOW, *office.wide()]}, merges={"评分": ["A1:A2", "B1:B2", "C1:D1"]})


def test_without_merged_cells(office: Any) -> None:
    office.holds({"评分": [TOP, BELOW, *office.wide()]})


def test_below_a_title(office: Any) -> None:
    rows = [["打分表", None, None, None], TOP, BELOW, *office.wide()]
    office.holds({"评分": rows}, merges={"评分": ["A1:D1", "A2:A3", "B2:B3", "C2:D2"]})


def test_in_rater_sheets(office: Any) -> None:
    for rater, suffix in zip(office.marks, (".csv", ".xlsx"), strict=True):
        office.desk.rater(rater + suffix, [TOP[1:], BELOW[1:], *office.by_rater(rater)])
    office.holds({})


def test_two_groups_and_a_criterion_over_both_rows(office: Any) -> None:
    rows = [["评委", "单位", "亮承诺", "党建"], [None, None, "环境", None], *office.wide()]
    office.holds({"评分": rows}, merges={"评分": ["A1:A2", "B1:B2", "D1:D2"]})
