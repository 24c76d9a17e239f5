"""A quarter and its past: an earlier quarter that cannot be read does not stand in the way of a good one."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lsb_nb.bundles import DataProblems
from lsb_nb.records.load import load_activity

DEMO = Path(__file__).parents[2] / "data" / "demo-street"


@pytest.fixture
def activity(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "street"))


def spoil(workbook: Path) -> None:
    """Give the first criterion full marks that are no number."""
    book = load_workbook(workbook)
    page = next(page for page in book if page.title in ("指标", "考核指标", "评分指标"))
    cell = next(
        page.cell(row + 1, column)
        for row in range(1, 9)
        for column in range(1, page.max_column + 1)
        if page.cell(row, column).value in ("满分", "标准分", "分值上限")
    )
    cell.value = "二十"
    book.save(workbook)


def test_a_faulty_earlier_quarter_is_left_out_with_a_warning(activity: Path) -> None:
    spoil(activity / "2021Q2.xlsx")
    with pytest.raises(DataProblems):
        load_activity(activity)
    records = load_activity(activity, until="2021Q4")
    assert records.quarters == ("2020Q3", "2020Q4", "2021Q1", "2021Q3", "2021Q4")
    warning = records.problems[records.problems["file"] == "2021Q2.xlsx"].to_dict("records")
    assert [row["severity"] for row in warning] == ["warning"]
    assert "没有用来比较" in warning[0]["reason"]
    assert (records.at("2021Q4").problems["file"] == "2021Q2.xlsx").any()


def test_the_quarter_itself_must_be_right(activity: Path) -> None:
    spoil(activity / "2021Q4.xlsx")
    with pytest.raises(DataProblems, match="2021Q4"):
        load_activity(activity, until="2021Q4")


def test_later_quarters_are_not_looked_at(activity: Path) -> None:
    (activity / "2021Q4.xlsx").write_bytes(b"not a workbook")
    assert load_activity(activity, until="2021Q3").quarters[-1] == "2021Q3"


def test_a_workbook_brings_its_past_along(activity: Path) -> None:
    folder = load_activity(activity, until="2021Q3")
    assert load_activity(activity / "2021Q3.xlsx", until="2021Q3").quarters == folder.quarters


def test_a_quarter_that_is_not_there(activity: Path) -> None:
    with pytest.raises(KeyError, match="2021Q4"):
        load_activity(activity, until="2022Q1")
