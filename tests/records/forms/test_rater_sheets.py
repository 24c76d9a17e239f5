"""One file per rater in 评分表/: .xlsx, .xls, and .csv in three encodings; told by a cell or by the file's name."""

from typing import Any

import pytest

HEAD = ["单位", "环境", "党建"]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_workbooks_told_by_their_names(office: Any, suffix: str) -> None:
    for rater in office.marks:
        office.desk.rater(rater + suffix, [HEAD, *office.by_rater(rater)])
    office.holds({})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(office: Any, encoding: str) -> None:
    for rater in office.marks:
        office.desk.rater(f"{rater}.csv", [HEAD, *office.by_rater(rater)], encoding=encoding)
    office.holds({})


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv"])
@pytest.mark.parametrize("signed", ["评委：{}", "评委:{}", "评 委 ： {} "])
def test_told_by_a_cell(office: Any, suffix: str, signed: str) -> None:
    for n, rater in enumerate(office.marks):
        rows = [["观摩评比打分表"], [None, signed.format(rater)], HEAD, *office.by_rater(rater)]
        office.desk.rater(f"第{n}份{suffix}", rows)
    office.holds({})


def test_some_raters_in_files_and_some_in_the_workbook(office: Any) -> None:
    office.desk.rater("A2.csv", [HEAD, *office.by_rater("A2")])
    office.holds({"评分": [["评委", *HEAD], *(row for row in office.wide() if row[0] == "A1")]})


def test_lock_files_and_empty_sheets_are_passed_over(office: Any) -> None:
    for rater in office.marks:
        office.desk.rater(f"{rater}.xlsx", [HEAD, *office.by_rater(rater)])
    (office.desk.folder / "2021Q4" / "评分表" / "~$A1.xlsx").write_bytes(b"lock")
    (office.desk.folder / "~$2021Q4.xlsx").write_bytes(b"lock")
    office.holds({"Sheet2": [], "加减分": []})
