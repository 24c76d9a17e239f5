"""The load panel: what it offers, what it says of errors, corrections and uploads."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lsb_nb.bundles import DataProblems
from lsb_nb.records.load import load_quarter
from lsb_nb.report.copies import out_folder, title_of, working_copies
from lsb_nb.widgets.load_panel import load_panel
from lsb_nb.widgets.loading import save_upload

ROOT = Path(__file__).parents[2]
UNITS = ("甲子村", "乙丑村")
MARKS = {("A1", "甲子村"): 20, ("A1", "乙丑村"): 18, ("A2", "甲子村"): 21, ("A2", "乙丑村"): 19}


def write(path: Path, **marks: Any) -> Path:
    """A small quarter; `marks` replaces the mark of a rater for 甲子村."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    rows = [
        (rater, unit, "环境", marks.get(rater, mark) if unit == UNITS[0] else mark)
        for (rater, unit), mark in MARKS.items()
    ]
    sheets = {"单位": [("单位",), *[(unit,) for unit in UNITS]], "指标": [("指标", "满分"), ("环境", 25)]}
    for title, lines in (sheets | {"评分": [("评委", "单位", "指标", "分值"), *rows]}).items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for quarter in ("2021Q3", "2021Q4"):
        write(tmp_path / "data" / "甲镇" / f"{quarter}.xlsx")
    write(tmp_path / "data" / "乙镇" / "2022Q1.xlsx", A1=30, A2="好")
    (tmp_path / "data" / "空").mkdir()
    return tmp_path / "data"


def test_it_loads_at_once_what_it_is_given(data: Path) -> None:
    panel = load_panel(data / "甲镇", "2021Q4")
    assert [name for name, _path in panel.folders.options] == ["乙镇", "甲镇"]
    assert list(panel.quarters.options) == ["2021Q3", "2021Q4"]
    assert panel.activity == data / "甲镇"
    assert panel.quarter == "2021Q4"
    assert panel.records.quarters == ("2021Q3", "2021Q4")
    assert panel.scores.units["rank"].tolist() == [1, 2]
    assert "2021Q4：2 个单位、1 项指标、2 名评委、4 个评分；0 处错误" in panel.summary()
    assert panel.problems.rows == []


def test_another_activity_is_loaded_when_asked(data: Path) -> None:
    panel = load_panel(data)
    assert "还没有读取" in panel.summary()
    with pytest.raises(ValueError, match="还没有读取"):
        _ = panel.records
    panel.folders.value = str(data / "甲镇")
    assert panel.quarters.value == "2021Q4"
    panel.quarters.value = "2021Q3"
    panel.load.click()
    assert panel.quarter == "2021Q3"
    assert panel.load.description == "重新读取"
    panel.quarters.value = "2021Q4"
    assert panel.load.description == "读取"
    assert panel.quarter == "2021Q3"


def test_errors_stand_in_a_table_and_give_no_scores(data: Path) -> None:
    panel = load_panel(data / "乙镇", "2022Q1")
    for name in ("records", "scores"):
        with pytest.raises(DataProblems):
            getattr(panel, name)
    assert "2 处错误" in panel.summary()
    assert "改正错误以前不能计分" in panel.summary()
    rows = panel.problems.rows
    assert [(row["sheet"], row["cell"], row["value"], row["fix"]) for row in rows] == [
        ("评分", "D2", "30", True), ("评分", "D4", "好", True),
    ]  # fmt: skip
    assert "超出满分 25" in rows[0]["reason"]


def test_an_error_mended_in_excel_is_gone_after_reload(data: Path) -> None:
    panel = load_panel(data / "乙镇", "2022Q1")
    write(data / "乙镇" / "2022Q1.xlsx")
    panel.load.click()
    assert panel.scores.units["score"].tolist() == [82.0, 74.0]
    assert panel.problems.rows == []


def test_an_override_needs_a_reason_and_is_recorded(data: Path) -> None:
    panel = load_panel(data / "乙镇", "2022Q1")
    panel.problems.picked = {"row": 0, "at": 1}
    assert panel.form.layout.display == ""
    assert "评委 A1 给甲子村“环境”的评分，表上是“30”，满分 25" in panel.form.about.value
    panel.form.becomes.value = "24"
    _press(panel.form, "lp-write")
    assert "请填写“理由”" in panel.form.message.value
    panel.form.reason.value, panel.form.handler.value = "多写一笔", "计分组"
    panel.form.becomes.value = "26"
    _press(panel.form, "lp-write")
    assert "超出满分 25" in panel.form.message.value
    panel.form.becomes.value = "24"
    _press(panel.form, "lp-write")
    assert panel.form.layout.display == "none"
    assert "已写入 2022Q1.xlsx 的“更正”表" in panel.message.value
    assert [row["cell"] for row in panel.problems.rows] == ["D4"]
    panel.problems.picked = {"row": 0, "at": 2}
    panel.form.becomes.value, panel.form.reason.value = "缺席", "未交表"
    assert panel.form.handler.value == "计分组"
    _press(panel.form, "lp-write")
    kept = panel.records.corrections
    assert kept[["unit", "criterion", "reason"]].to_numpy().tolist() == [
        ["甲子村", "环境", "多写一笔"], ["甲子村", "环境", "未交表"],
    ]  # fmt: skip
    assert panel.scores.units["score"].tolist() == [96.0, 74.0]


def test_what_no_correction_can_settle_has_no_button(data: Path) -> None:
    path = write(data / "丙镇" / "2021Q4.xlsx")
    book = openpyxl.load_workbook(path)
    book["指标"]["B2"] = "很多"
    book.save(path)
    panel = load_panel(path.parent)
    assert panel.problems.rows
    assert not any(row["fix"] for row in panel.problems.rows)
    panel.problems.picked = {"row": 0, "at": 1}
    panel.problems.picked = {"row": 99, "at": 2}
    assert panel.form.layout.display == "none"


def test_an_upload_is_saved_where_the_analyst_says(data: Path, tmp_path: Path) -> None:
    content = write(tmp_path / "2022年第二季度.xlsx").read_bytes()
    panel = load_panel(data / "甲镇")
    upload = panel.upload
    _press(upload, "lp-save")
    assert "请先选择" in upload.message.value
    chosen = {"name": "2022年第二季度.xlsx", "type": "", "size": len(content), "content": memoryview(content)}
    upload.file.value = (chosen | {"last_modified": dt.datetime(2022, 7, 1)},)
    assert upload.quarter.value == "2022Q2"
    upload.folder.value = "新镇"
    _press(upload, "lp-save")
    assert (data / "新镇" / "2022Q2.xlsx").read_bytes() == content
    assert upload.file.value == ()
    assert panel.activity == data / "新镇"
    assert panel.quarter == "2022Q2"


@pytest.mark.parametrize(
    ("folder", "quarter", "name", "words"),
    [
        ("../外", "2022Q1", "a.xlsx", "不含"), ("", "2022Q1", "a.xlsx", "不含"), ("..", "2022Q1", "a.xlsx", "不含"),
        ("甲", "下季度", "a.xlsx", "不是季度"), ("甲", "2022Q1", "a.et", "另存为"),
    ],
)  # fmt: skip
def test_an_upload_that_will_not_do_is_refused(data: Path, folder: str, quarter: str, name: str, words: str) -> None:
    before = sorted(data.rglob("*"))
    with pytest.raises(ValueError, match=words):
        save_upload(data, folder, quarter, name, b"x")
    assert sorted(data.rglob("*")) == before


def test_an_upload_never_replaces_silently(data: Path) -> None:
    old = (data / "甲镇" / "2021Q4.xlsx").read_bytes()
    with pytest.raises(FileExistsError, match=r"2021Q4\.xlsx 已存在"):
        save_upload(data, "甲镇", "2021Q4", "a.xls", b"new")
    assert not (data / "甲镇" / "2021Q4.xls").exists()
    save_upload(data, "甲镇", "2021Q4", "a.xls", b"new", replace=True)
    assert (data / "甲镇" / "2021Q4.xls").read_bytes() == b"new"
    assert not (data / "甲镇" / "2021Q4.xlsx").exists()
    assert [copy.read_bytes() for copy in (data / "甲镇" / "备份").iterdir()] == [old]


def test_links_lead_to_the_quarter_s_own_notebooks(data: Path, tmp_path: Path, monkeypatch: Any) -> None:
    copies = working_copies(data / "甲镇", "2021Q4", tmp_path / "out")
    monkeypatch.chdir(copies[0].parent)
    assert out_folder(Path.cwd()) == tmp_path / "out"
    panel = load_panel("../../../../data/甲镇", "2021Q4")
    assert [link["path"] for link in panel.links.links] == [copy.name for copy in copies[1:]]
    assert panel.links.links[0]["text"] == "01 权重"
    panel.quarters.value = "2021Q3"
    panel.load.click()
    assert panel.links.links == []
    assert not (tmp_path / "out" / "甲镇" / "2021Q3").exists()
    panel.copies.click()
    assert panel.links.links[0]["path"] == "../../2021Q3/notebooks/00_start.ipynb"
    made = json.loads((tmp_path / "out/甲镇/2021Q3/notebooks/00_start.ipynb").read_text("utf-8"))
    assert 'quarter = "2021Q3"' in made["cells"][1]["source"]


def test_notebooks_that_are_no_copies_export_beside_their_folder(tmp_path: Path) -> None:
    assert out_folder(tmp_path / "notebooks") == tmp_path / "exports"
    assert title_of(tmp_path / "none.ipynb") == "none"


def test_corrections_are_told_in_the_report_s_data_notes(data: Path) -> None:
    from lsb_nb.analysis.notes import measure_corrections
    from lsb_nb.records.overrides import Correction, add_corrections

    path = data / "乙镇" / "2022Q1.xlsx"
    add_corrections(path, [Correction(r, "甲子村", "环境", "20", "补录", "张三") for r in ("A1", "A2")])
    told = measure_corrections(load_quarter(path), quarter="2022Q1")
    assert told.to_numpy().tolist() == [["甲子村", "环境", "20", "补录"]] * 2


def _press(form: Any, name: str) -> None:
    found = [each for child in form.children for each in (*getattr(child, "children", ()), child)]
    next(each for each in found if name in getattr(each, "_dom_classes", ())).click()


def test_pure_parts_of_the_modules_run_under_node(node: str) -> None:
    code = (
        f"import {{ join, pathOf }} from {(ROOT / 'lsb_nb/widgets/door.mjs').as_uri()!r};"
        f"import {{ chosen }} from {(ROOT / 'lsb_nb/widgets/problems.mjs').as_uri()!r};"
        "globalThis.window = {location: {}};"
        "const told = [join('a/b', '../c.ipynb'), join('a', '../../x'), join('', './x'),"
        " pathOf(null, '/lab/tree/%E7%94%B2/b.ipynb'), pathOf(null, '/x/lab/workspaces/auto-1/tree/b.ipynb'),"
        " pathOf(null, '/lab'), chosen([{severity:'error'}, {severity:'warning'}], 'warning').map(x => x.place)];"
        "console.log(JSON.stringify(told));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout.strip() == '["a/c.ipynb",null,"x","甲/b.ipynb","b.ipynb","",[1]]'
