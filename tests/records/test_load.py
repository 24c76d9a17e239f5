"""Quarters and activities: which files are read, what is raised, what the records carry."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from lsb_nb import DataProblems, check_activity, load_activity, load_quarter
from lsb_nb.records.files import list_quarters
from lsb_nb.schema import PROBLEM_COLUMNS, SOURCE_COLUMNS

RATER = [
    ["2021年第四季度"],
    ["评委：B07"],
    ["村（社区）", "环境(25)", "党建", "合计"],
    ["甲子", 20, "", 20],
    ["乙丑村", "—", 9, 9],
]
PROGRESS = [["指标", "满分", "计分方式"], ["环境", 25, None], ["党建", 20, "进步计算"]]


def test_a_workbook_and_the_rater_sheets_beside_it(desk: Any) -> None:
    path = desk.book({"活动": [["项目", "内容"], ["活动名称", "示例评比"]]})
    desk.rater("乙.csv", RATER, encoding="gb18030")
    desk.rater("C1.csv", [["单位", "环境"], ["甲子村", "7"]], encoding="utf-8-sig")
    desk.rater("D1.xls", [["单位", "环境"], ["甲子村", 8]])
    desk.rater("E1.xlsx", [["单位", "环境"], ["甲子村", 9]])
    records = load_quarter(path)
    assert (records.name, records.quarters, records.folder) == ("示例评比", ("2021Q4",), desk.folder.resolve())
    assert records.raters["rater"].tolist() == ["A1", "C1", "D1", "E1", "B07"]
    assert set(records.raters["group"]) == {"评委"}
    assert list(records.ratings["rater"].cat.categories) == ["A1", "C1", "D1", "E1", "B07"]
    assert len(records.ratings) == 1 + 3 + 4
    assert list(records.sources.columns) == list(SOURCE_COLUMNS)
    assert records.sources["file"].tolist() == [
        "2021Q4.xlsx",
        *(f"2021Q4/评分表/{name}" for name in ("C1.csv", "D1.xls", "E1.xlsx", "乙.csv")),
    ]
    assert records.sources["sha256"].iloc[0] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert records.sources["bytes"].iloc[0] == path.stat().st_size


def test_a_folder_and_its_workbook_say_the_same(desk: Any) -> None:
    path = desk.book()
    desk.rater("B1.csv", [["单位", "环境"], ["甲子村", "7"]])
    assert load_activity(path).ratings.equals(load_activity(desk.folder).ratings)


@pytest.mark.parametrize("name", ["2021年第四季度", "2021年四季度", "2021q4", "２０２１Ｑ４"])
def test_other_spellings_of_the_file_name(desk: Any, name: str) -> None:
    desk.book(quarter=name)
    desk.rater("B1.csv", [["单位", "环境"], ["甲子村", "7"]], quarter=name)
    records = desk.read()
    assert records.quarters == ("2021Q4",)
    assert records.raters["rater"].tolist() == ["A1", "B1"]


def test_without_a_name_the_folder_names_the_activity(desk: Any) -> None:
    desk.book()
    assert desk.read().name == "示例活动"


def test_errors_are_raised_once_with_all_of_them(desk: Any) -> None:
    desk.book({"评分": [["评委", "单位", "环境"], ["A1", "甲子村", 26], ["A1", "丁卯村", 1], ["A1", "乙丑村", "优"]]})
    with pytest.raises(DataProblems) as caught:
        load_activity(desk.folder)
    assert list(caught.value.problems.columns) == list(PROBLEM_COLUMNS)
    assert caught.value.problems["cell"].tolist() == ["C2", "B3", "C4"]
    assert check_activity(desk.folder).equals(caught.value.problems)


def test_an_option_says_what_is_allowed(desk: Any) -> None:
    path = desk.book()
    for load in (load_activity, load_quarter):
        with pytest.raises(ValueError, match="'raise', 'keep'"):
            load(path, on_error="ignore")


def test_the_quarters_of_a_folder_in_order(desk: Any) -> None:
    for quarter in ("2021Q4", "2020Q4", "2021Q1"):
        desk.book(quarter=quarter)
    records = desk.read()
    assert records.quarters == ("2020Q4", "2021Q1", "2021Q4")
    assert list_quarters(desk.folder) == list(records.quarters)
    assert records.ratings["quarter"].tolist() == list(records.quarters)
    assert len(records.at("2021Q1").ratings) == 1
    assert records.ratings["rater"].cat.categories.tolist() == ["A1"]


def test_names_are_spelt_as_in_the_latest_quarter(desk: Any) -> None:
    desk.book(
        {"单位": [["单位"], ["甲子（新）村"], ["乙丑村"]], "评分": [["评委", "单位", "环境"], ["A1", "乙丑村", 1]]},
        quarter="2021Q4",
    )
    desk.book(
        {"单位": [["单位"], ["甲子(新) 村"], ["乙丑村"]], "评分": [["评委", "单位", "环境"], ["A1", "甲子(新)村", 2]]},
        quarter="2021Q3",
    )
    records = desk.read()
    assert set(records.units["unit"]) == {"甲子（新）村", "乙丑村"}
    assert set(records.ratings["unit"]) == {"甲子（新）村", "乙丑村"}


def test_another_quarter_does_not_stand_in_the_way(desk: Any) -> None:
    desk.book(quarter="2021Q4")
    bad = desk.book({"评分": [["评委", "单位", "环境"], ["A1", "甲子村", 99]]}, quarter="2021Q3")
    assert load_activity(desk.folder, quarters=["2021Q4"]).quarters == ("2021Q4",)
    assert load_activity(bad.with_name("2021Q4.xlsx")).quarters == ("2021Q4",)
    assert not (check_activity(desk.folder, quarter="2021Q4")["severity"] == "error").any()
    with pytest.raises(DataProblems):
        load_activity(desk.folder)


def test_history_is_loaded_where_a_criterion_needs_it(desk: Any) -> None:
    for quarter in ("2019Q2", "2019Q4", "2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3"):
        desk.book(quarter=quarter)
    path = desk.book({"指标": PROGRESS}, quarter="2021Q4")
    expected = ("2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q1", "2021Q2", "2021Q3", "2021Q4")
    assert load_activity(desk.folder, quarters=["2021Q4"]).quarters == expected
    assert load_activity(path).quarters == expected
    assert load_quarter(path).quarters == ("2021Q4",)
    desk.book({"评分": [["评委", "单位", "环境"], ["A1", "甲子村", 99]]}, quarter="2021Q2")
    with pytest.raises(DataProblems):
        load_activity(path)


def test_a_quarter_that_is_not_there(desk: Any) -> None:
    desk.book()
    with pytest.raises(KeyError, match="2021Q4"):
        load_activity(desk.folder, quarters=["2022Q1"])


def test_an_activity_without_a_workbook(desk: Any) -> None:
    with pytest.raises(DataProblems):
        load_activity(desk.folder)


def test_a_workbook_that_cannot_be_read_is_one_error_of_the_activity(desk: Any) -> None:
    desk.book(quarter="2021Q4")
    (desk.folder / "2021Q3.xlsx").write_bytes(b"<html>")
    records = desk.read()
    assert records.quarters == ("2021Q3", "2021Q4")
    assert records.problems[["severity", "file", "quarter"]].to_numpy().tolist() == [["error", "2021Q3.xlsx", "2021Q3"]]
    assert len(records.at("2021Q4").ratings) == 1


def test_two_workbooks_of_one_quarter(desk: Any) -> None:
    desk.book()
    desk.book(suffix=".xls")
    assert (desk.read().problems["severity"] == "error").sum() == 1


def test_an_et_file_beside_the_workbook_saved_from_it(desk: Any) -> None:
    path = desk.book()
    desk.rater("B1.xlsx", [["单位", "环境"], ["甲子村", 7]])
    shutil.copy(path, path.with_suffix(".et"))
    shutil.copy(path, desk.folder / "2021Q4/评分表/B1.et")
    problems = desk.read().problems
    assert problems["severity"].tolist() == ["warning", "warning"]
    path.unlink()
    assert ".et" in desk.read().problems.query("severity == 'error'")["reason"].iloc[0]


def test_files_that_are_passed_over(desk: Any) -> None:
    desk.book()
    for name in ("~$2021Q4.xlsx", "~$2022Q1.xlsx", ".~2021Q4.xlsx", "说明.docx", "2021Q4.toml"):
        (desk.folder / name).write_bytes(b"x")
    assert not len(desk.read().problems)
    (desk.folder / "汇总.xlsx").write_bytes(b"x")
    (desk.folder / "2021Q3" / "评分表").mkdir(parents=True)
    assert desk.read().problems["severity"].tolist() == ["warning", "warning"]


def test_rater_folders_hold_only_sheets(desk: Any) -> None:
    desk.book()
    folder = desk.rater("B1.csv", [["单位", "环境"], ["甲子村", "7"]]).parent
    (folder / "~$B1.xlsx").write_bytes(b"x")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "旧").mkdir()
    assert not len(desk.read().problems)
    (folder / "B2.docx").write_bytes(b"x")
    (folder / "B3.et").write_bytes(b"x")
    assert sorted(desk.read().problems["file"]) == ["2021Q4/评分表/B2.docx", "2021Q4/评分表/B3.et"]


def test_a_rater_book_with_more_than_one_sheet(desk: Any, write_book: Any) -> None:
    desk.book()
    path = desk.folder / "2021Q4" / "评分表" / "B1.xlsx"
    path.parent.mkdir(parents=True)
    write_book(
        path, {"填写说明": [["请独立打分", "谢谢"]], "打分": [["单位", "环境"], ["甲子村", 7]], "Sheet3": []}, {}
    )
    assert desk.marks()["B1", "甲子村", "环境"] == 7
    assert [sheet for sheet, _cell, _value in desk.wrong("warning")] == ["填写说明"]


def test_an_old_workbook(desk: Any) -> None:
    desk.book(suffix=".xls")
    assert desk.marks() == {("A1", "甲子村", "环境"): 20}


def test_an_old_workbook_with_a_far_cell(desk: Any, tmp_path: Path) -> None:
    rows: list[list[Any]] = [["评委", "单位", "指标", "分值"], *([None] for _ in range(65_534)), [*[None] * 255, 1]]
    desk.book({"评分": rows}, suffix=".xls")
    assert "范围过大" in desk.read().problems["reason"].iloc[0]


def test_the_demo_activities_have_nothing_wrong() -> None:
    data = Path(__file__).parents[2] / "data"
    for name in ("demo-street", "demo-town", "demo-sandtable"):
        records = load_activity(data / name)
        assert len(records.quarters) == 6
        assert not len(records.problems)
