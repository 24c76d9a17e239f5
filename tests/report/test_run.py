"""`write_report`: parameters, progress, errors, atomic writing, and a kernel that belongs to nobody else."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from nbformat import v4

from lsb_nb.report.run import ReportError, with_parameters, write_report

QUIET = {"progress": lambda _line: None}


def tagged(source: str, tag: str):
    return v4.new_code_cell(source, metadata={"tags": [tag]})


def test_parameters_follow_the_tagged_cell():
    book = v4.new_notebook(cells=[v4.new_code_cell("a"), tagged("path = 1", "parameters"), v4.new_code_cell("b")])
    with_parameters(book, {"path": "C:\\新 '文件夹'", "scenario": None})
    assert [cell.source for cell in book.cells] == [
        "a",
        "path = 1",
        "path = \"C:\\\\新 '文件夹'\"\nscenario = None",
        "b",
    ]
    with_parameters(book, {"path": "x"})
    assert [cell.source for cell in book.cells] == ["a", "path = 1", "path = 'x'", "b"]


def test_parameters_come_first_without_a_tagged_cell():
    book = v4.new_notebook(cells=[v4.new_code_cell("a")])
    assert [cell.source for cell in with_parameters(book, {"q": "x"}).cells] == ["q = 'x'", "a"]


@pytest.fixture
def activity(tmp_path: Path) -> Path:
    folder = tmp_path / "示例街道"
    folder.mkdir()
    return folder


def test_report_is_run_afresh_and_written(activity, notebook_file, tmp_path, monkeypatch):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("import os; os._exit(3)", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(startup.parents[1]))
    monkeypatch.setenv("PYTHONSTARTUP", str(startup / "00.py"))
    scenario = tmp_path / "突出实绩.toml"
    scenario.write_text("", encoding="utf-8")
    (notebook_file().parent / "beside.txt").write_text("旁边的文件", encoding="utf-8")
    book = notebook_file(
        tagged("path = quarter = scenario = lang = None", "parameters"),
        "import sys, warnings, pathlib\nwarnings.warn('WARNED')\nprint('STDERR', file=sys.stderr)",
        f"assert sys.executable == {sys.executable!r}\nassert lang == 'zh'",
        "## 一、分析员加的一节\n\n分析员加的一段话。",
        "print('参数', quarter, path, pathlib.Path(scenario).name)",
        "print(pathlib.Path('beside.txt').read_text('utf-8'))",
        "import os\nos.environ['HOME'] + ' HOME'",
    )
    before = book.read_bytes()
    lines: list[str] = []
    made = write_report(
        activity, "2021年第四季度", scenario=scenario, notebook=book, out=tmp_path / "out", progress=lines.append
    )
    assert made == tmp_path / "out" / "示例街道" / "2021Q4" / f"report-突出实绩-{book.stem}.html"
    assert lines[-1] == f"已写出 {made.name}；公布方案的中文报告 report.html 不受影响"
    html = made.read_text(encoding="utf-8")
    assert "分析员加的一段话。" in html
    assert "参数 2021Q4 示例街道 突出实绩.toml" in html
    assert "旁边的文件" in html
    for hidden in ("WARNED", "STDERR", "import sys", str(tmp_path), str(Path.home()) + " ", sys.prefix):
        assert hidden not in html
    assert [line for line in lines if "格" in line][-1] == "执行第 7/7 格"
    assert book.read_bytes() == before
    assert [path.name for path in made.parent.iterdir()] == [made.name]
    assert stat.S_IMODE(made.stat().st_mode) & stat.S_IRUSR


def test_failing_cell_is_named_and_the_old_report_stays(activity, notebook_file, tmp_path):
    old = tmp_path / "out" / "示例街道" / "2021Q4" / "report-book.html"
    old.parent.mkdir(parents=True)
    old.write_text("老报告", encoding="utf-8")
    book = notebook_file("1 + 1", "# 说明", "\n# 算错了\nraise ValueError('第一行\\n最后一行')", "2 + 2")
    with pytest.raises(ReportError) as caught:
        write_report(activity, "2021Q4", notebook=book, out=tmp_path / "out", **QUIET)
    text = str(caught.value)
    assert "第 3 格" in text
    assert "# 算错了" in text
    assert "ValueError: 最后一行" in text
    assert "Traceback" not in text
    assert "第一行" not in text
    assert "原有报告未改动" in text
    assert old.read_text(encoding="utf-8") == "老报告"
    assert [path.name for path in old.parent.iterdir()] == [old.name]


def test_dead_kernel_is_an_error(activity, notebook_file, tmp_path):
    book = notebook_file("import os\nos._exit(1)")
    with pytest.raises(ReportError, match="第 2 格出错（import os）：计算进程意外结束"):
        write_report(activity, "2021Q4", notebook=book, out=tmp_path, **QUIET)


def test_interrupt_kills_the_kernel_and_leaves_the_old_report(activity, notebook_file, tmp_path):
    old = tmp_path / "示例街道" / "2021Q4" / "report-book.html"
    old.parent.mkdir(parents=True)
    old.write_text("老报告", encoding="utf-8")
    note = tmp_path / "pid.json"
    book = notebook_file(
        f"import os, json\njson.dump(os.getpid(), open({str(note)!r}, 'w'))", "import time\ntime.sleep(600)"
    )

    def stop(line: str) -> None:
        if "3/3" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(activity, "2021Q4", notebook=book, out=tmp_path, progress=stop)
    with pytest.raises(ProcessLookupError):
        os.kill(json.loads(note.read_text()), 0)
    assert old.read_text(encoding="utf-8") == "老报告"


@pytest.mark.parametrize("content", ["no json", "{}", '{"nbformat": 4, "nbformat_minor": 5, "cells": 3}'])
def test_what_is_no_notebook_is_said(activity, tmp_path, content):
    book = tmp_path / "x.ipynb"
    book.write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=r"“x\.ipynb”不是能用的笔记本文件"):
        write_report(activity, "2021Q4", notebook=book, out=tmp_path, **QUIET)


def test_missing_notebook_is_said(activity, tmp_path):
    with pytest.raises(ReportError, match="找不到笔记本"):
        write_report(activity, "2021Q4", notebook=tmp_path / "no.ipynb", out=tmp_path, **QUIET)


def test_folder_that_cannot_be_made_is_said(activity, notebook_file, tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(ReportError, match="不能写入"):
        write_report(activity, "2021Q4", notebook=notebook_file("1"), out=tmp_path / "out", **QUIET)
