"""The table of problems and the marked copies: linked, complete, harmless, and the originals untouched."""

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import PIL.Image
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

import lsb_nb as lsb
from lsb_nb import swap
from lsb_nb.records import outcome
from lsb_nb.records.outcome import marked_folder, write_problems

HEAD = ["评委", "单位", "环境"]
RED, YELLOW = "FFFFC7CE", "FFFFEB9C"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "检查" / "problems.xlsx"


def written(desk: Any, table: Path) -> list[Path]:
    return write_problems(lsb.check_activity(desk.folder), table)


def rows_of(table: Path) -> Iterator[dict[str, Any]]:
    page = openpyxl.load_workbook(table).active
    head, *rows = page.iter_rows()
    for row in rows:
        yield {str(name.value): cell for name, cell in zip(head, row, strict=True)}


def aim(table: Path, cell: Any) -> tuple[Path, str | None]:
    """Give the file a link leads to from the table's folder, and the place in it."""
    assert cell.hyperlink.target
    assert not cell.hyperlink.target.startswith(("/", "file:"))
    return (table.parent / cell.hyperlink.target).resolve(), cell.hyperlink.location


def test_rows_are_as_high_as_their_texts_need(desk: Any, table: Path) -> None:
    long = "一个写得很长的名称" * 12
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99], ["A1", long, 20], ["A1", "丁村", 20]]})
    written(desk, table)
    page = openpyxl.load_workbook(table).active
    height = {str(row[4].value): page.row_dimensions[row[4].row].height for row in page.iter_rows(min_row=2)}
    assert height["C2"] is None
    assert height["B3"] >= 15 * 14  # 108 characters of two columns, 16 to a line


def test_the_table_names_every_problem_in_the_order_printed(desk: Any, table: Path) -> None:
    desk.book({"评分": [HEAD, ["A1", "甲子村", 20]]})
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99], ["A1", "丁村", 20], ["A1", "丁村", "优"]]}, quarter="2021Q3")
    desk.rater("B.csv", [["单位", "环境"], ["甲子村", "多"]])
    problems = lsb.check_activity(desk.folder)
    assert write_problems(problems, table)[0] == table
    rows = [{name: cell.value for name, cell in row.items()} for row in rows_of(table)]
    assert len(rows) == len(problems)
    errors = [(row["文件"], row["单元格"]) for row in rows if row["程度"] == "错误"]
    assert errors == [
        ("2021Q3.xlsx", "C2"), ("2021Q3.xlsx", "B3"), ("2021Q3.xlsx", "B4"), ("2021Q3.xlsx", "C4"),
        ("2021Q4/评分表/B.csv", "B2"),
    ]  # fmt: skip
    assert rows[0]["问题"] == "得分 99 超出满分 25"
    assert rows[0]["改法"]
    assert (rows[0]["季度"], rows[0]["工作表"], rows[0]["现值"]) == ("2021Q3", "评分", "99")


def test_links_lead_to_the_cell_in_the_original_and_in_the_copy(desk: Any, table: Path) -> None:
    source = desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    _table, copy = written(desk, table)
    row = next(rows_of(table))
    assert aim(table, row["文件"]) == (source.resolve(), None)
    assert aim(table, row["单元格"]) == (source.resolve(), "'评分'!C2")
    assert aim(table, row["标注副本"]) == (copy.resolve(), "'评分'!C2")
    assert copy == marked_folder(table) / "2021Q4.xlsx"


def test_links_survive_names_that_addresses_must_escape(desk: Any, tmp_path: Path) -> None:
    source = desk.rater("B 1#50%.xlsx", [["单位", "环境"], ["甲子村", 99]])
    desk.book()
    table = tmp_path / "第 1 次.xlsx"
    written(desk, table)
    row = next(rows_of(table))
    target = row["单元格"].hyperlink.target
    assert target.endswith("/B%201%2350%25.xlsx")
    assert (table.parent / target.replace("%20", " ").replace("%23", "#").replace("%25", "%")).samefile(source)


def test_a_sheet_named_with_an_apostrophe(desk: Any, table: Path) -> None:
    desk.book({"评分·环境": [["单位", "C"], ["乙丑村", 1]]})
    source = desk.folder / "2021Q4" / "评分表" / "C.xlsx"
    source.parent.mkdir(parents=True)
    book = openpyxl.Workbook()
    book.active.title = "Li's sheet"
    book.active.append(["单位", "环境"])
    book.active.append(["甲子村", 99])
    book.save(source)
    written(desk, table)
    assert aim(table, next(rows_of(table))["单元格"])[1] == "'Li''s sheet'!B2"


def test_faulty_cells_are_filled_and_commented(desk: Any, table: Path) -> None:
    desk.book({"评分": [HEAD, ["A1", "甲子村", 20], ["A1", "甲子村", 20], ["A1", "丁村", "优"]]})
    page = openpyxl.load_workbook(written(desk, table)[1])["评分"]
    assert page["C4"].fill.start_color.rgb == page["B4"].fill.start_color.rgb == RED
    assert page["C3"].fill.start_color.rgb == YELLOW
    assert "“优”不是数字" in page["C4"].comment.text
    assert "→ 只填数字" in page["C4"].comment.text
    assert [cell.coordinate for row in page for cell in row if cell.comment] == ["C3", "B4", "C4"]


def test_what_names_no_cell_stands_at_the_top(desk: Any, table: Path) -> None:
    desk.book({"指标": None, "加减分": [["单位", "多少"], ["甲子村", 1]]})
    book = openpyxl.load_workbook(written(desk, table)[1])
    assert "整个文件" in book.worksheets[0]["A1"].comment.text
    assert "缺少“指标”表" in book.worksheets[0]["A1"].comment.text
    assert "整张表" in book["加减分"]["A1"].comment.text
    assert book["加减分"]["A1"].fill.fill_type is None


def test_the_originals_are_not_touched(desk: Any, table: Path) -> None:
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]}, quarter="2021Q3", suffix=".xls")
    desk.rater("B.csv", [["单位", "环境"], ["甲子村", "多"]], encoding="gb18030")

    def state() -> dict[Path, tuple[str, int]]:
        return {
            path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
            for path in desk.folder.rglob("*")
            if path.is_file()
        }

    before = state()
    assert len(written(desk, table)) == 4
    assert state() == before


def test_the_rest_of_a_workbook_is_kept(desk: Any, table: Path) -> None:
    path = desk.book({"评分": [HEAD, ["A1", "甲子村", 99], ["A1", "乙丑村", 7]], "杂记": [["甲", 1], ["乙", 2]]})
    book = openpyxl.load_workbook(path)
    page = book["评分"]
    page["C3"].font = Font(bold=True, color="FF0000FF")
    page["C3"].number_format = "0.000"
    page["A2"].fill = PatternFill("solid", start_color="FF00FF00")
    page["C2"].comment = Comment("先前的批注", "某人")
    page.column_dimensions["B"].width = 33
    page.add_data_validation(DataValidation("decimal", sqref="C2:C9"))
    page.freeze_panes = "A2"
    book["杂记"]["B3"] = "=SUM(B1:B2)"
    book["杂记"].sheet_state = "hidden"
    book.save(path)
    copy = openpyxl.load_workbook(written(desk, table)[1])
    page = copy["评分"]
    assert page["C3"].font.bold
    assert page["C3"].number_format == "0.000"
    assert page["A2"].fill.start_color.rgb == "FF00FF00"
    assert page.column_dimensions["B"].width == 33
    assert page.data_validations.dataValidation[0].sqref == "C2:C9"
    assert page.freeze_panes == "A2"
    assert copy["杂记"]["B3"].value == "=SUM(B1:B2)"
    assert page["C2"].comment.text.startswith("先前的批注\n错误")
    assert copy.sheetnames == book.sheetnames


def test_pictures_charts_and_bold_words_are_kept(desk: Any, table: Path, tmp_path: Path) -> None:
    path = desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    PIL.Image.new("RGB", (40, 30), "red").save(tmp_path / "red.png")
    book = openpyxl.load_workbook(path)
    page = book["单位"]
    page["D1"] = CellRichText("前", TextBlock(InlineFont(b=True), "粗"))
    page.add_image(Image(io.BytesIO((tmp_path / "red.png").read_bytes())), "F2")
    chart = BarChart()
    chart.add_data(Reference(book["评分"], min_col=3, min_row=1, max_row=2))
    page.add_chart(chart, "H2")
    book.save(path)
    copy = openpyxl.load_workbook(written(desk, table)[1], rich_text=True)["单位"]
    assert copy["D1"].value[1].font.b
    assert (len(copy._images), len(copy._charts)) == (1, 1)


def test_a_hidden_sheet_or_row_with_an_error_shows(desk: Any, table: Path) -> None:
    path = desk.book({"评分": [HEAD, ["A1", "甲子村", 99], ["A1", "乙丑村", 1]]})
    book = openpyxl.load_workbook(path)
    book["评分"].sheet_state = "hidden"
    book["评分"].row_dimensions[2].hidden = book["评分"].row_dimensions[3].hidden = True
    book.save(path)
    page = openpyxl.load_workbook(written(desk, table)[1])["评分"]
    assert page.sheet_state == "visible"
    assert not page.row_dimensions[2].hidden
    assert page.row_dimensions[3].hidden


def test_hidden_columns_with_an_error_show(desk: Any, table: Path) -> None:
    path = desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    book = openpyxl.load_workbook(path)
    book["评分"].column_dimensions.group("B", "C", hidden=True)
    book["评分"].column_dimensions["E"].hidden = True
    book.save(path)
    columns = openpyxl.load_workbook(written(desk, table)[1])["评分"].column_dimensions
    assert [name for name, column in columns.items() if column.hidden] == ["E"]


def test_merged_cells_are_marked_where_they_show(desk: Any, table: Path) -> None:
    rows = [HEAD, ["A1", "丁村", 1], [None, None, 2]]
    desk.book({"评分": rows}, merges={"评分": ["A2:A3", "B2:B3"]})
    page = openpyxl.load_workbook(written(desk, table)[1])["评分"]
    assert [cell.coordinate for row in page for cell in row if getattr(cell, "comment", None)] == ["B2"]
    assert page["B2"].fill.start_color.rgb == RED


@pytest.mark.parametrize("suffix", [".xls", ".xlsx", ".csv"])
def test_a_copy_holds_the_cells_and_no_formula_that_was_a_text(desk: Any, table: Path, suffix: str) -> None:
    desk.book()
    evil = "=cmd|' /C calc'!A0"
    path = desk.rater("B" + suffix, [["评委：B"], ["单位", "环境", "党建"], ["甲子村", evil, 3]])
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        book.active["B3"].data_type = "s"
        book.save(path)
    elif suffix == ".xls":
        assert path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
    copy = written(desk, table)[1]
    assert copy.name == ("B.xlsx" if suffix == ".xlsx" else f"B{suffix}.xlsx")
    page = openpyxl.load_workbook(copy).active
    assert [cell.value for cell in page[3]] == ["甲子村", evil, "3" if suffix == ".csv" else 3]
    assert page["B3"].data_type == "s"
    assert page["B3"].comment
    for file in (table, copy):
        with zipfile.ZipFile(file) as package:
            sheets = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in xml or b"<f " in xml for xml in sheets)
    row = next(rows_of(table))
    assert row["现值"].value == evil
    assert row["标注副本"].value.startswith("标注副本" if suffix == ".xlsx" else "标注副本（只有")
    assert aim(table, row["标注副本"])[1] == "'Sheet1'!B3"


def test_what_cannot_be_opened_gets_a_row_and_no_copy(desk: Any, table: Path) -> None:
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    desk.rater("B.csv", []).with_suffix(".xlsx").write_bytes(b"not a workbook")
    (desk.folder / "2021Q4" / "评分表" / "C.et").write_bytes(b"x")
    assert [path.name for path in written(desk, table)] == ["problems.xlsx", "2021Q4.xlsx"]
    rows = {row["文件"].value: row for row in rows_of(table) if row["程度"].value == "错误"}
    for name in ("2021Q4/评分表/B.xlsx", "2021Q4/评分表/C.et"):
        assert rows[name]["标注副本"].value.startswith("没有副本：")
        assert rows[name]["标注副本"].hyperlink is None
        assert rows[name]["文件"].hyperlink


def test_a_file_that_is_gone_meanwhile(desk: Any, table: Path) -> None:
    path = desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    problems = lsb.check_activity(desk.folder)
    path.unlink()
    assert write_problems(problems, table) == [table]
    row = next(rows_of(table))
    assert "找不到文件" in row["标注副本"].value
    assert row["单元格"].hyperlink is None


def test_files_without_errors_get_no_copy(desk: Any, table: Path) -> None:
    desk.book({"评分": [HEAD, ["A1", "甲子村", 20], ["A1", "甲子村", 20]]})
    assert written(desk, table) == [table]
    assert {row["程度"].value for row in rows_of(table)} == {"提示"}
    assert not marked_folder(table).exists()


@pytest.mark.parametrize(
    "far",
    [
        '<mergeCells count="1"><mergeCell ref="E9:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink display="x" ref="E9:XFD1048576" location="A1"/></hyperlinks>',
    ],
)
def test_a_range_over_the_whole_sheet_hurts_nobody(desk: Any, table: Path, far: str) -> None:
    """What the reader clips, openpyxl would spread over 17 thousand million cells."""
    bad = desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]}, quarter="2021Q3")
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    with zipfile.ZipFile(bad) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = next(name for name, xml in parts.items() if b"<v>99</v>" in xml)
    parts[name] = parts[name].replace(b"</sheetData>", b"</sheetData>" + far.encode())
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    assert [path.name for path in written(desk, table)] == ["problems.xlsx", "2021Q3.xlsx", "2021Q4.xlsx"]
    said = {row["文件"].value: row["标注副本"].value for row in rows_of(table) if row["程度"].value == "错误"}
    assert said == {"2021Q3.xlsx": "标注副本（只有单元格内容，原格式未保留）", "2021Q4.xlsx": "标注副本"}


def test_the_cells_under_a_range_are_counted_whatever_the_length_of_its_numbers() -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(Path(lsb.__file__).parent / 'records')!r}); import annotate\n"
        "for rows in ('1:B3', '1:B10000000003', '1:B000000000003'):\n"
        "    print(annotate.spread({'sheet': f'<hyperlink ref=\"A{rows}\"/>'.encode()}))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert (said[0], said[2]) == ("6", "6")
    assert int(said[1]) > 500_000


def test_a_child_that_dies_leaves_the_other_copies(desk: Any, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for quarter, mark in (("2021Q2", 97), ("2021Q3", 98), ("2021Q4", 99)):
        desk.book({"评分": [HEAD, ["A1", "甲子村", mark]]}, quarter=quarter)
    problems = lsb.check_activity(desk.folder)
    program = table.parent.parent / "child.py"
    program.write_text(
        "import json, sys\nwhile line := sys.stdin.buffer.readline():\n"
        "    request = json.loads(line)\n    data = sys.stdin.buffer.read(request['size'])\n"
        "    if ' 98 ' in request['notes'][0][4]: sys.exit(1)\n"
        "    sys.stdout.write(json.dumps({'size': 4, 'plain': True}) + '\\ncopy'); sys.stdout.flush()\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(outcome, "CHILD", program)
    assert [path.name for path in write_problems(problems, table)] == ["problems.xlsx", "2021Q2.xlsx", "2021Q4.xlsx"]
    assert (marked_folder(table) / "2021Q4.xlsx").read_bytes() == b"copy"
    said = {row["文件"].value: row["标注副本"].value for row in rows_of(table) if row["程度"].value == "错误"}
    assert said["2021Q3.xlsx"] == "没有副本：读取程序因这个文件异常退出"


def test_nothing_half_written(desk: Any, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    written(desk, table)
    before = {path: path.read_bytes() for path in table.parent.rglob("*") if path.is_file()}

    def fail(*_paths: Any) -> None:
        raise PermissionError(13, "in use", str(table))

    monkeypatch.setattr(swap.os, "replace", fail)
    with pytest.raises(PermissionError):
        written(desk, table)
    assert {path: path.read_bytes() for path in table.parent.rglob("*") if path.is_file()} == before


def test_no_checked_file_is_overwritten(desk: Any) -> None:
    path = desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    before = path.read_bytes()
    with pytest.raises(ValueError, match="覆盖"):
        written(desk, path)
    with pytest.raises(ValueError, match=r"\.xlsx"):
        written(desk, path.with_suffix(".csv"))
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["2021Q4.xlsx", "2021Q1.xlsx", "2021Q4/评分表/问题.xlsx"])
def test_no_place_of_data_is_taken(desk: Any, name: str) -> None:
    """Not even that of a workbook without a problem, nor one that would be read as data the next time."""
    desk.book()
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]}, quarter="2021Q3")
    problems = desk.read().problems
    before = {path: path.read_bytes() for path in desk.folder.rglob("*.xlsx")}
    with pytest.raises(ValueError, match="覆盖"):
        write_problems(problems, desk.folder / name)
    assert {path: path.read_bytes() for path in desk.folder.rglob("*.xlsx")} == before
    assert len(write_problems(problems, desk.folder / "问题.xlsx")) == 2


def test_the_folder_must_be_known(desk: Any, table: Path) -> None:
    desk.book({"评分": [HEAD, ["A1", "甲子村", 99]]})
    with pytest.raises(lsb.DataProblems) as caught:
        lsb.load_activity(desk.folder)
    problems = caught.value.problems
    assert len(write_problems(problems, table)) == 2
    problems.attrs.clear()
    with pytest.raises(ValueError, match="folder="):
        write_problems(problems, table)
    assert len(write_problems(problems, table, folder=desk.folder)) == 2


def test_no_problem_gives_an_empty_table(desk: Any, table: Path) -> None:
    desk.book({"单位": [["单位"], ["甲子村"]], "指标": [["指标", "满分"], ["环境", 25]]})
    assert written(desk, table) == [table]
    assert list(rows_of(table)) == []
