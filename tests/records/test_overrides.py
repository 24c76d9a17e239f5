"""Corrections written into a workbook: what was wrong is settled, and nothing else in the file changes."""

import shutil
import zipfile

import openpyxl
import pytest

from lsb_nb.records.overrides import Correction, add_corrections, check_correction

BAD = [["评委", "单位", "指标", "分值"], ["A1", "甲子村", "环境", 30], ["A2", "甲子村", "环境", "二十"]]
FIXES = [
    Correction("A1", "甲子村", "环境", "22.5", "录入时多写", "计分组"),
    Correction("A2", "甲子村", "环境", "缺席", "<没有到场> & 未交表", "计分组"),
]


def test_the_marks_at_fault_are_named(desk):
    desk.book({"评分": [*BAD, ["A1", "没有村", "环境", 99]]})
    problems = desk.read().problems
    cells = {where[3]: marks for where, marks in problems.attrs["marks"].items()}
    assert cells == {"D2": (("A1", "甲子村", "环境"),), "D3": (("A2", "甲子村", "环境"),)}
    assert set(problems["cell"]) >= {"D2", "D3", "B4"}


def test_two_different_marks_can_be_settled_too(desk):
    desk.book({"评分": [["评委", "单位", "指标", "分值"], ["A1", "甲子村", "环境", 20], ["A1", "甲子村", "环境", 21]]})
    assert list(desk.read().problems.attrs["marks"].values()) == [(("A1", "甲子村", "环境"),)]


@pytest.mark.parametrize("before", [None, [], [["更正说明"], ["经办", "评委", "单位", "指标", "更正为", "理由"]]])
def test_the_rows_are_read_back_and_settle_the_errors(desk, before):
    path = desk.book({"评分": BAD, "更正": before})
    copy = add_corrections(path, FIXES)
    assert copy.parent.name == "备份"
    assert len(desk.wrong()) == 0
    marks = desk.marks()
    assert marks == {("A1", "甲子村", "环境"): 22.5, ("A2", "甲子村", "环境"): "missing"}
    rows = desk.read().corrections
    assert rows["reason"].tolist() == ["录入时多写", "<没有到场> & 未交表"]
    assert rows["handler"].tolist() == ["计分组", "计分组"]
    assert openpyxl.load_workbook(path)["更正"].max_row == (4 if before else 3)


def test_rows_are_added_below_those_that_stand_there(desk):
    head = ["评委", "单位", "指标", "更正为", "理由", "经办"]
    path = desk.book({"评分": BAD, "更正": [head, ["A1", "甲子村", "环境", 22, "甲", "乙"]]})
    book = openpyxl.load_workbook(path)
    for row in range(3, 8):
        book["更正"].row_dimensions[row].height = 30  # an empty row that is stored
    book.save(path)
    add_corrections(path, FIXES[1:])
    assert desk.marks() == {("A1", "甲子村", "环境"): 22, ("A2", "甲子村", "环境"): "missing"}
    assert openpyxl.load_workbook(path)["更正"]["A3"].value == "A2"


def test_every_other_part_stays_as_it_was(desk):
    path = desk.book({"评分": BAD, "更正": [["评委", "单位", "指标", "更正为", "理由", "经办"]]})
    copy = add_corrections(path, FIXES)
    with zipfile.ZipFile(copy) as old, zipfile.ZipFile(path) as new:
        assert old.namelist() == new.namelist()
        differ = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert len(differ) == 1
    assert differ[0].startswith("xl/worksheets/")


def test_a_template_takes_corrections(tmp_path):
    from lsb_nb.records.load import load_quarter
    from lsb_nb.records.templates import write_templates

    write_templates(tmp_path, "2022Q1", units="甲村、乙村", criteria="环境=25、党建=20", raters="A1、A2")
    path = tmp_path / "2022Q1.xlsx"
    add_corrections(path, [Correction("A1", "甲村", "环境", "20", "补录", "计分组")])
    assert load_quarter(path, on_error="keep").corrections["criterion"].tolist() == ["环境"]


def test_what_cannot_be_written_is_said_and_nothing_changes(desk, tmp_path):
    path = desk.book({"评分": BAD}, suffix=".xls")
    with pytest.raises(ValueError, match="更正"):
        add_corrections(path, FIXES)
    broken = tmp_path / "2021Q3.xlsx"
    broken.write_bytes(b"no workbook")
    with pytest.raises(ValueError, match="写法少见"):
        add_corrections(broken, FIXES)
    assert broken.read_bytes() == b"no workbook"
    odd = shutil.copy(desk.book({"评分": BAD, "更正": [["不", "是"], ["表", "头"]]}), tmp_path / "2021Q2.xlsx")
    with pytest.raises(ValueError, match="写法少见"):
        add_corrections(odd, FIXES)
    assert not (tmp_path / "备份").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"becomes": ""}, "更正为"), ({"reason": " "}, "理由"), ({"handler": ""}, "经办"),
        ({"becomes": "很好"}, "缺席或不适用"), ({"becomes": "26"}, "超出满分 25"), ({"becomes": "-1"}, "小于 0"),
    ],
)  # fmt: skip
def test_a_correction_is_checked_before_it_is_written(change, words):
    with pytest.raises(ValueError, match=words):
        check_correction(FIXES[0]._replace(**change), full=25 * 10**6)
    check_correction(FIXES[0], full=25 * 10**6)
    check_correction(FIXES[1])
