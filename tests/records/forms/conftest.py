"""One small truth that every form of a file must give: three units, two criteria, two raters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

UNITS = ("甲子村", "乙丑村", "丙寅社区")
FULL = {"环境": 25, "党建": 20}
MARKS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    "A1": {"甲子村": (20, 18), "乙丑村": (22.5, "缺席"), "丙寅社区": (15, 12.25)},
    "A2": {"甲子村": (19, 17), "乙丑村": ("不适用", 16.5), "丙寅社区": (0, 20)},
}
STATES = {"缺席": "missing", "不适用": "not_applicable"}


class Office:
    """The truth, and a desk on which a test lays it out in one form."""

    units, full, marks = UNITS, FULL, MARKS

    def __init__(self, desk: Any) -> None:
        self.desk = desk

    @property
    def truth(self) -> dict[tuple[str, str, str], float | str]:
        """Every mark in points, or its state."""
        return {
            (rater, unit, criterion): STATES.get(mark, mark)
            for rater, rows in MARKS.items()
            for unit, marks in rows.items()
            for criterion, mark in zip(FULL, marks, strict=True)
        }

    def long(self) -> list[list[Any]]:
        """One row per mark, without a header."""
        return [
            [rater, unit, criterion, mark]
            for rater, rows in MARKS.items()
            for unit, marks in rows.items()
            for criterion, mark in zip(FULL, marks, strict=True)
        ]

    def wide(self) -> list[list[Any]]:
        """One row per rater and unit, without a header."""
        return [[rater, unit, *marks] for rater, rows in MARKS.items() for unit, marks in rows.items()]

    def by_rater(self, rater: str) -> list[list[Any]]:
        """One row per unit, without a header."""
        return [[unit, *marks] for unit, marks in MARKS[rater].items()]

    def by_criterion(self, criterion: str) -> list[list[Any]]:
        """One row per unit with a column per rater, without a header."""
        at = list(FULL).index(criterion)
        return [[unit, *(MARKS[rater][unit][at] for rater in MARKS)] for unit in UNITS]

    def holds(self, sheets: Mapping[str, Any], **options: Any) -> None:
        """Write the workbook and see that it says the truth, without a word of warning."""
        listed = {
            "单位": [["单位"], *([unit] for unit in UNITS)],
            "指标": [["指标", "满分"], *([name, full] for name, full in FULL.items())],
            "评委": [["评委", "评委组"], *([rater, "班子"] for rater in MARKS)],
            "评分": None,
        }
        self.desk.book(listed | dict(sheets), **options)
        problems = self.desk.read().problems
        assert problems.empty, problems.to_string()
        assert self.desk.marks() == self.truth

    def wrong(self, sheets: Mapping[str, Any], **options: Any) -> Sequence[Any]:
        """Write the workbook; give sheet, cell and value of each error."""
        self.desk.book(dict(sheets), **options)
        return self.desk.wrong()


@pytest.fixture
def office(desk: Any) -> Office:
    """A desk with the truth to lay out."""
    return Office(desk)
