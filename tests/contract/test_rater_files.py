"""评分表/: one .xlsx, .xls or .csv per rater beside the workbook; and workbooks as .xls, .et, encrypted or broken."""

from pathlib import Path
from typing import Any

import pytest
import xlwt

MARKS = "评委 单位 环境\nA01 甲村 90\nA01 乙村 80"
SHEET = "单位 环境\n甲村 70\n乙村 60"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_three_encodings(activity: Any, encoding: str) -> None:
    activity.rater_file("某评委.csv", SHEET, encoding=encoding)
    assert activity.scored({"评委": "评委 评委组\n某评委 班子"}).criterion("环境") == {"甲村": 70, "乙村": 60}


@pytest.mark.parametrize("name", ["B07.csv", "B07.xlsx", "B07.xls"])
def test_the_stem_names_the_rater(activity: Any, name: str) -> None:
    activity.rater_file(name, SHEET)
    activity.book({"评委": "评委 评委组\nB07 班子"})
    assert activity.scored().criterion("环境") == {"甲村": 70, "乙村": 60}
    activity.book({"评委": "评委 评委组\nB08 班子"})
    answer = activity.refused()
    assert {e["file"] for e in answer.errors} == {f"2021Q4/评分表/{name}"}


@pytest.mark.parametrize("cell", ["评委：B07", "评委:B07", " 评 委 ： B 07 ", "评委：Ｂ07"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "xls"])
def test_a_cell_above_the_header_names_the_rater(activity: Any, cell: str, suffix: str) -> None:
    rows = [["某镇打分表", None], [None, cell], ["单位", "环境"], ["甲村", 70], ["乙村", 60]]
    activity.rater_file(f"扫描件.{suffix}", rows)
    assert activity.scored({"评委": "评委 评委组\nB07 班子"}).criterion("环境") == {"甲村": 70, "乙村": 60}


def test_the_cell_beats_the_stem_and_may_stand_below(activity: Any) -> None:
    activity.rater_file("A01.csv", [["单位", "环境"], ["甲村", 70], ["乙村", 60], ["评委：B07", None]])
    answer = activity.scored({"评分": MARKS, "评委": "评委 评委组\nA01 班子\nB07 班子"})
    assert answer.criterion("环境") == {"甲村": 80, "乙村": 70}


@pytest.mark.parametrize("second", ["A01", "B07", "C09"])
def test_a_sheet_that_names_two_raters_is_refused_whichever_file_comes_first(activity: Any, second: str) -> None:
    for name in ("A01", "B07", "C09"):
        activity.rater_file(f"{name}.csv", SHEET)
    sheet = [["评委：B05", None], ["单位", "环境"], ["甲村", 70], ["乙村", 60], [None, f"评委：{second}"]]
    activity.rater_file("B05.xlsx", sheet)
    answer = activity.refused({})
    assert {(e["file"], e["cell"], e["value"]) for e in answer.errors} == {("2021Q4/评分表/B05.xlsx", "B5", second)}


def test_a_second_rater_is_told_beside_a_first_that_nobody_knows(activity: Any) -> None:
    sheet = [["评委：Z9", None], ["单位", "环境"], ["甲村", 70], ["乙村", 60], ["评委：B05", None]]
    activity.rater_file("B05.xlsx", sheet)
    answer = activity.refused({"评委": "评委 评委组\nB05 班子"})
    assert {(error["cell"], error["value"]) for error in answer.errors} == {("A1", "Z9"), ("A5", "B05")}


def test_a_signature_that_is_no_rater_is_told_without_the_name_unless_raters_are_listed(activity: Any) -> None:
    sheet = [["评委：B05", None], ["单位", "环境"], ["甲村", 70], ["乙村", 60], ["评委：某签名人", None]]
    activity.rater_file("B05.xlsx", sheet)
    answer = activity.scored({})
    assert [w["cell"] for w in answer.warnings] == ["A5"]
    assert "B05" in answer.warnings[0]["reason"]
    assert "签名人" not in str(answer.warnings)
    assert activity.scored({"评委": "评委 评委组\nB05 班子"}).warnings == []


def test_rater_files_add_to_the_marks_also_when_the_path_is_the_workbook(activity: Any) -> None:
    activity.rater_file("B07.csv", SHEET)
    path = activity.book({"评分": MARKS})
    for place in (activity.folder, path):
        assert activity.score(path=place).criterion("环境") == {"甲村": 80, "乙村": 70}


def test_rater_files_may_be_the_only_source(activity: Any) -> None:
    activity.rater_file("B07.csv", SHEET)
    activity.rater_file("B08.xlsx", "单位 环境\n甲村 90\n乙村 —")
    assert activity.scored({}).criterion("环境") == {"甲村": 80, "乙村": 60}


def test_errors_in_rater_files_name_file_and_cell(activity: Any) -> None:
    activity.rater_file("B07.csv", [["打分表"], ["单位", "环境", "签名"], ["甲村", "101", "某"], ["丙村", "60", "某"]])
    activity.rater_file("B08.xlsx", [["单位", "环境（90分）"], ["甲村", 70]])
    activity.rater_file("B09.xls", [["单位", "环境"], ["甲村", "优"], [None, 5]])
    answer = activity.refused({"评分": MARKS})
    found = {(e["file"], e["cell"], e["value"]) for e in answer.errors}
    assert found >= {
        ("2021Q4/评分表/B07.csv", "B3", "101"),
        ("2021Q4/评分表/B07.csv", "A4", "丙村"),
        ("2021Q4/评分表/B09.xls", "B2", "优"),
    }
    assert ("2021Q4/评分表/B08.xlsx", "B1") in {(file, cell) for file, cell, _value in found}
    assert len(found) == 4


def test_totals_blanks_and_remarks_in_rater_files(activity: Any) -> None:
    rows = [
        ["序号", "单位", "环境", "合计", "备注"], ["1", "甲村", "70", "70", ""], ["2", "乙村", "缺席", "", "未到"], ["", "合计", "70", "", ""],
        ["填表人：某", "", "", "", ""],
    ]  # fmt: skip
    activity.rater_file("B07.csv", rows)
    assert activity.scored({"评分": MARKS}).criterion("环境") == {"甲村": 80, "乙村": 80}


def test_other_files_in_the_folder_of_rater_sheets(activity: Any) -> None:
    activity.rater_file("B07.csv", SHEET)
    (activity.folder / "2021Q4/评分表/~$B07.xlsx").write_bytes(b"lock")
    activity.rater_file("空.xlsx", [])
    assert activity.scored({"评分": MARKS}).criterion("环境") == {"甲村": 80, "乙村": 70}


def test_rater_files_belong_to_their_quarter(activity: Any) -> None:
    activity.rater_file("B07.csv", SHEET, quarter="2021Q3")
    activity.book({"评分": MARKS}, quarter="2021Q3")
    assert activity.scored({"评分": MARKS}).criterion("环境") == {"甲村": 90, "乙村": 80}
    assert activity.score(quarter="2021Q3").criterion("环境") == {"甲村": 80, "乙村": 70}


# Kinds of files ---------------------------------------------------------------------------------------------------------


def test_an_old_xls_workbook(activity: Any) -> None:
    sheets = {
        "活动": [["项目", "内容"], ["活动名称", "示例评比"]],
        "指标": "指标 满分 计分方式\n承诺 40 台账计算\n环境 60 _",
        "评分": [["评委", "单位", "环境"], ["A01", "甲村", 45.5], ["A01", "乙村", "３０分"]],
        "承诺台账": "编号 单位 承诺事项 完成时限 完成情况\n1 甲村 修路 44561 已完成\n2 乙村 修路 2021年12月 滞后",
    }
    activity.book(sheets, suffix=".xls")
    answer = activity.scored()
    assert answer.criterion("环境") == {"甲村": 75.833333333, "乙村": 50}
    assert answer.criterion("承诺") == {"甲村": 100, "乙村": 0}
    assert answer.content["activity"] == "示例评比"


def test_errors_in_an_xls_workbook(activity: Any) -> None:
    activity.book({"评分": "评委 单位 环境\nA01 甲村 101\nA01 丙村 80"}, suffix=".xls")
    answer = activity.refused()
    assert answer.places == {("评分", "C2", "101"), ("评分", "B3", "丙村")}
    assert {e["file"] for e in answer.errors} == {"2021Q4.xls"}


def says_the_way_out(activity: Any, name: str, *, code: int = 1) -> None:
    answer = activity.lsb("check", activity.folder, "--json")
    assert answer.code == code
    assert [e["file"] for e in answer.errors] == [name]
    assert "另存为" in f"{answer.errors[0]['reason']}{answer.errors[0]['hint']}"
    assert ".xlsx" in f"{answer.errors[0]['reason']}{answer.errors[0]['hint']}"


def test_et_files_are_refused_with_the_way_out(activity: Any) -> None:
    activity.book({"评分": MARKS}, suffix=".xls")
    (activity.folder / "2021Q4.xls").rename(activity.folder / "2021Q4.et")
    says_the_way_out(activity, "2021Q4.et")


def test_an_et_file_among_the_rater_sheets(activity: Any) -> None:
    activity.book({"评分": MARKS})
    activity.rater_file("B07.xls", SHEET).rename(activity.folder / "2021Q4/评分表/B07.et")
    says_the_way_out(activity, "2021Q4/评分表/B07.et")


def encrypt(path: Path) -> None:
    """Make an OLE container whose only stream is named EncryptedPackage, as Office does."""
    book = xlwt.Workbook()
    book.add_sheet("x")
    book.save(str(path))
    data = path.read_bytes()
    name = "Workbook".encode("utf-16-le")
    at = data.index(name + b"\x00\x00")
    secret = "EncryptedPackage".encode("utf-16-le")
    entry = secret.ljust(64, b"\x00") + (len(secret) + 2).to_bytes(2, "little")
    path.write_bytes(data[:at] + entry + data[at + 66 :])


def test_encrypted_files_are_refused_with_the_way_out(activity: Any) -> None:
    activity.folder.mkdir()
    encrypt(activity.folder / "2021Q4.xlsx")
    says_the_way_out(activity, "2021Q4.xlsx")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"just text", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600]
)
def test_broken_files_are_errors_never_a_traceback(activity: Any, content: bytes) -> None:
    activity.folder.mkdir()
    (activity.folder / "2021Q4.xlsx").write_bytes(content)
    assert {e["file"] for e in activity.refused().errors} == {"2021Q4.xlsx"}


def test_a_broken_rater_file_is_an_error(activity: Any) -> None:
    activity.book({"评分": MARKS})
    activity.rater_file("B07.csv", SHEET)
    (activity.folder / "2021Q4/评分表/B08.xlsx").write_bytes(b"PK\x03\x04broken")
    (activity.folder / "2021Q4/评分表/B09.csv").write_bytes(b"\xff\xfe\x00\x81\xff")
    assert {e["file"] for e in activity.refused().errors} == {"2021Q4/评分表/B08.xlsx", "2021Q4/评分表/B09.csv"}
