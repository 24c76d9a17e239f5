"""Full marks noted in headers; a note that contradicts 指标 is an error."""

from typing import Any

import pytest

NOTES = ["{}（{}分）", "{}({})", "{}（满分{}分）", "{}\n（{}分）", "{} （ {} 分 ）", "{}（满分：{}）", "{}（{}.0分）"]


@pytest.mark.parametrize("note", NOTES)
def test_notes_in_every_kind_of_sheet(office: Any, note: str) -> None:
    head = [note.format(name, full) for name, full in office.full.items()]
    office.desk.rater("A2.csv", [["单位", *head], *office.by_rater("A2")])
    office.holds({"评分": [["评委", "单位", *head], *(row for row in office.wide() if row[0] == "A1")]})


def test_a_note_that_contradicts(office: Any) -> None:
    assert office.wrong({"评分": [["评委", "单位", "环境（20分）"], ["A1", "甲子村", 3]]}) == [
        ("评分", "C1", "环境（20分）")
    ]


def test_a_note_on_the_sheet_of_a_criterion_that_contradicts(office: Any) -> None:
    found = office.wrong({"评分": None, "评分·环境（20分）": [["单位", "A1"], ["甲子村", 3]]})
    assert found == [("评分·环境（20分）", None, None)]


def test_a_note_on_the_sheet_of_a_criterion(office: Any) -> None:
    office.holds(
        {
            f"评分·{name}（{full}分）": [["单位", "A1", "A2"], *office.by_criterion(name)]
            for name, full in office.full.items()
        }
    )
