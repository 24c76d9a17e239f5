"""Other names of headers and sheets."""

from typing import Any

import pytest

from lsb_nb.schema import SHEETS


@pytest.mark.parametrize(
    "unit", ["单位", "村", "社区", "村/社区", "村(社区)", "村（社区）", "村别", "村居", "单位名称"]
)
@pytest.mark.parametrize("rater", ["评委", "评委编号", "评委代码"])
def test_of_units_and_raters(office: Any, unit: str, rater: str) -> None:
    office.holds({"评分": [[rater, unit, "环境", "党建"], *office.wide()]})


@pytest.mark.parametrize(
    ("criterion", "full", "points"),
    [("指标名称", "标准分", "得分"), ("评分项目", "分值上限", "评分"), ("考核项目", "满分", "分数")],
)
def test_of_criteria_full_marks_and_points(office: Any, criterion: str, full: str, points: str) -> None:
    office.holds(
        {
            "指标": [[criterion, full], *office.full.items()],
            "评分": [["评委", "单位", criterion, points], *office.long()],
        }
    )


@pytest.mark.parametrize(
    ("name", "title"), [(name, title) for name, sheet in SHEETS.items() for title in (sheet.title, *sheet.aliases)]
)
def test_every_title_is_known(office: Any, name: str, title: str) -> None:
    """A sheet without its columns is an error of that sheet; an unknown one would only be passed over."""
    found = office.wrong({SHEETS[name].title: None, title: [["别的"], ["甲子村"]]})
    assert (title, None, None) in found


@pytest.mark.parametrize(("due", "until"), [("完成时限", "整改时限"), ("完成期限", "整改期限")])
def test_of_dates(office: Any, due: str, until: str) -> None:
    office.desk.book(
        {
            "承诺事项": [["编号", "村居", "承诺事项", due, "完成情况"], ["1", "甲子村", "修路", "2021-12-3", "已完成"]],
            "问题整改台账": [
                ["编号", "村居", "问题描述", "发现日期", until],
                ["1", "甲子村", "乱堆", "2021-12-3", "2021-12-9"],
            ],
        }
    )
    records = office.desk.read()
    assert records.problems.empty, records.problems.to_string()
    assert (len(records.commitments), len(records.findings)) == (1, 1)
