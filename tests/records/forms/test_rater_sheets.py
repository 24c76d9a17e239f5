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


def told(office: Any) -> list[list[Any]]:
    problems = office.desk.read().problems
    return problems[["severity", "file", "cell", "reason", "hint"]].to_numpy().tolist()


def test_a_file_named_after_another_rater_than_the_sheet_says(office: Any) -> None:
    office.desk.book({"评分": None, "评委": [["评委", "评委组"], ["A1", "班子"], ["A2", "班子"]]})
    office.desk.rater("A1.xlsx", [["评委：A2"], HEAD, *office.by_rater("A2")])
    found = [row for row in told(office) if row[1].endswith("A1.xlsx")]
    assert [row[:3] for row in found] == [["warning", "2021Q4/评分表/A1.xlsx", "A1"]]
    assert "“A1”" in found[0][3]
    assert "“A2”" in found[0][3]
    assert {rater for rater, _unit, _criterion in office.desk.marks()} == {"A2"}


def test_a_file_that_names_nobody_tells_how_to(office: Any) -> None:
    office.desk.book({"评分": None, "评委": [["评委", "评委组"], ["A1", "班子"]]})
    office.desk.rater("打分表.xlsx", [["评委：", "A1"], HEAD, *office.by_rater("A1")])
    hint = next(row[4] for row in told(office) if row[0] == "error")
    assert "评委：名称" in hint


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_that_is_not_separated_by_commas(office: Any, separator: str) -> None:
    office.desk.book({"评分": None})
    office.desk.rater("A1.csv", [[separator.join(map(str, row))] for row in [HEAD, *office.by_rater("A1")]])
    found = next(row for row in told(office) if row[0] == "error")
    assert found[1] == "2021Q4/评分表/A1.csv"
    assert "逗号" in found[4]


def test_a_sheet_turned_on_its_side(office: Any) -> None:
    office.desk.book({"评分": None})
    rows = [HEAD, *office.by_rater("A1")]
    office.desk.rater("A1.xlsx", [list(column) for column in zip(*rows, strict=True)])
    found = [row for row in told(office) if row[0] == "error"]
    assert [row[2] for row in found] == ["B1", "C1", "D1", "A2", "A3"]
    assert all("写反" in row[4] for row in found[:3])


@pytest.mark.parametrize("note", [["制表人：李", None, "2021.12.31"], HEAD])
def test_a_note_or_a_header_among_the_marks_is_an_error_that_tells_what_to_do(office: Any, note: list[Any]) -> None:
    office.desk.book({"评分": None})
    office.desk.rater("A1.xlsx", [HEAD, *office.by_rater("A1"), note])
    found = next(row for row in told(office) if row[0] == "error")
    assert found[2] == "A5"
    assert "表头或说明" in found[4]


@pytest.mark.parametrize(("raters", "recused", "warned"), [(3, None, True), (2, None, False), (3, "丙寅社区", False)])
def test_a_unit_that_one_rater_left_out(office: Any, raters: int, recused: str | None, warned: bool) -> None:
    names = [f"A{n}" for n in range(1, raters + 1)]
    listed = [[name, "班子", recused if name == "A1" else None] for name in names]
    office.desk.book(
        {"评分": None, "评委": [["评委", "评委组", "回避单位"], *listed], "规则": [["规则", "取值"], ["回避", "是"]]}
    )
    for name in names:
        office.desk.rater(f"{name}.xlsx", [HEAD, *office.by_rater("A1")[: 2 if name == "A1" else 3]])
    found = [row for row in told(office) if "其他评委" in row[3]]
    assert [row[:3] for row in found] == [["warning", "2021Q4/评分表/A1.xlsx", None]] * warned
    assert all("丙寅社区" in row[3] for row in found)


def test_a_sheet_that_names_two_raters(office: Any) -> None:
    office.desk.book({"评分": None, "评委": [["评委", "评委组"], ["A1", "班子"], ["A2", "班子"]]})
    office.desk.rater("A1.xlsx", [["评委：A1"], HEAD, *office.by_rater("A1"), ["评委：张三"], ["评委：A2"]])
    found = [row for row in told(office) if row[0] == "error"]
    assert [row[1:3] for row in found] == [["2021Q4/评分表/A1.xlsx", "A7"]]
    assert "“A1”和“A2”" in found[0][3]


@pytest.mark.parametrize("place", ["评分表", "2021Q4", "2021Q4/打分表"])
def test_spreadsheets_where_none_are_read_are_told(office: Any, place: str) -> None:
    office.desk.book()
    (office.desk.folder / place).mkdir(parents=True)
    (office.desk.folder / place / "A1.xlsx").write_bytes(b"PK")
    (office.desk.folder / place / "~$A1.xlsx").write_bytes(b"PK")
    assert [[row[0], row[1], "1 份" in row[3], "2021Q4/评分表/" in row[4]] for row in told(office)] == [
        ["warning", place, True, True]
    ]


def test_rater_sheets_outside_a_quarter_are_sent_to_the_latest(office: Any) -> None:
    for quarter in ("2022Q1", "2022Q2"):
        office.desk.book(quarter=quarter)
    (office.desk.folder / "评分表").mkdir()
    (office.desk.folder / "评分表" / "A1.csv").write_text("单位", encoding="utf-8")
    assert [row[4] for row in told(office) if row[1] == "评分表"] == ["评委表放进 2022Q2/评分表/"]
