"""The export panel: nothing is exported but the notebook on the page, saved and run again."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from lsb_nb.report.run import ReportError
from lsb_nb.scenarios import Scenario, read_scenario, write_scenario
from lsb_nb.widgets import export_panel as module
from lsb_nb.widgets.explorer import Explorer

SEEN = [["markdown", "# 报告"], ["code", "1"], ["code", "2"]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: Any) -> Path:
    """A working copy with an annex, and its activity."""
    folder = tmp_path / "out" / "甲镇" / "2021Q4" / "notebooks"
    folder.mkdir(parents=True)
    cells = [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in SEEN]
    cells[2]["metadata"] = {"tags": ["annex-raters"]}
    (folder / "06_report.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    write_scenario(Scenario("突出承诺", "会议定", quarter="2021Q4"), tmp_path / "甲镇" / "情景" / "2021Q4-a.toml")
    (tmp_path / "甲镇" / "情景" / "broken.toml").write_text("=", encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "06_report.ipynb"))
    return tmp_path


class Runs:
    """Stands for the run of the report; remembers how it was called."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.error: Exception | None = None

    def __call__(self, path: Path, quarter: str, *, progress: Any, out: Path, **options: Any) -> Path:
        if self.error is not None:
            raise self.error
        for number in range(9):
            progress(f"第 {number} 格")
        self.calls.append({"path": path, "quarter": quarter, "out": out, **options})
        return out / path.name / quarter / "report.html"


@pytest.fixture
def runs(monkeypatch: Any) -> Runs:
    made = Runs()
    monkeypatch.setattr(module, "write_report", made)
    return made


def press(panel: Any, **answer: Any) -> None:
    """Press the button and answer as the page would."""
    asked = panel.links.ask.get("id", 0)
    panel.start.click()
    if panel.links.ask.get("id", 0) != asked:
        told = {"status": "saved", "path": "out/06_report.ipynb", "cells": SEEN} | answer
        panel.links.answer = {"id": panel.links.ask["id"], **told}


def test_the_saved_notebook_is_run_and_linked(place: Path, runs: Runs) -> None:
    panel = module.export_panel(place / "甲镇", "2021Q4")
    assert [text for text, _value in panel.scheme.options] == ["公布方案", "情景：突出承诺"]
    press(panel)
    notebook = place / "out/甲镇/2021Q4/notebooks/06_report.ipynb"
    assert runs.calls == [
        {"path": place / "甲镇", "quarter": "2021Q4", "out": place / "out", "scenario": None, "notebook": notebook}
        | {"lang": "zh", "annexes": []}
    ]
    assert panel.report == place / "out/甲镇/2021Q4/report.html"
    assert panel.links.links[0]["path"] == "../report.html"
    assert panel.links.links[0]["kind"] == "page"
    assert not panel.start.disabled


def test_language_scenario_and_annexes_are_handed_on(place: Path, runs: Runs) -> None:
    panel = module.export_panel(place / "甲镇", "2021Q4", lang="en", annexes=["raters"])
    panel.scheme.value = panel.scheme.options[1][1]
    press(panel)
    call = runs.calls[0]
    assert call["scenario"] == str(place / "甲镇/情景/2021Q4-a.toml")
    assert call["annexes"] == ["raters"]
    assert call["lang"] == "en"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"cells": [*SEEN, ["markdown", "刚写的话"]]}, "不是眼前这一份"),
        ({"status": "dirty"}, "没有存上"), ({"status": "failed", "why": "磁盘已满"}, "磁盘已满"),
        ({"status": "asked", "cells": None}, "比眼前的旧"),
    ],
)  # fmt: skip
def test_a_notebook_that_is_not_the_one_on_the_page_is_refused(
    place: Path, runs: Runs, monkeypatch: Any, answer: dict[str, Any], words: str
) -> None:
    now = time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + 60)
    panel = module.export_panel(place / "甲镇", "2021Q4")
    press(panel, **answer)
    assert runs.calls == []
    assert panel.report is None
    assert words in panel.message.value
    assert "Ctrl+S" in panel.message.value
    assert not panel.start.disabled


def test_without_the_page_a_file_just_written_will_do(place: Path, runs: Runs) -> None:
    panel = module.export_panel(place / "甲镇", "2021Q4")
    press(panel, status="asked", cells=None)
    assert len(runs.calls) == 1


def test_a_renamed_notebook_is_found_and_a_lost_one_is_said(place: Path, runs: Runs) -> None:
    panel = module.export_panel(place / "甲镇", "2021Q4")
    Path("06_report.ipynb").rename("第四季度.ipynb")
    press(panel, path="out/第四季度.ipynb")
    assert runs.calls[0]["notebook"].name == "第四季度.ipynb"
    Path("第四季度.ipynb").unlink()
    press(panel, path="out/第四季度.ipynb")
    assert "找不到这个笔记本" in panel.message.value
    assert len(runs.calls) == 1


def test_a_failed_run_says_where(place: Path, runs: Runs) -> None:
    runs.error = ReportError("报告没有生成。第 3 格出错")
    panel = module.export_panel(place / "甲镇", "2021Q4")
    press(panel)
    assert "第 3 格出错" in panel.message.value
    assert panel.links.links == []
    assert not panel.start.disabled


def test_an_answer_to_an_older_question_is_not_heard(place: Path, runs: Runs) -> None:
    panel = module.export_panel(place / "甲镇", "2021Q4")
    panel.start.click()
    panel.links.answer = {"id": 99, "status": "saved", "path": "", "cells": SEEN}
    assert runs.calls == []


def test_the_explorer_s_weights_are_saved_as_a_scenario(place: Path, runs: Runs, quarters: Any) -> None:
    explorer = Explorer(quarters.make_quarter(12))
    panel = module.export_panel(place / "甲镇", "2021Q4", explorer=explorer)
    panel.scheme.value = module.SLIDERS
    press(panel)
    assert "滑块没有动过" in panel.message.value
    explorer.set_weights({"亮承诺": 50, "赛实绩": 30, "比干劲": 20})
    press(panel)
    assert "名称和理由" in panel.message.value
    panel.name.value, panel.reason.value = "突出承诺", "会议定"
    press(panel)
    file = place / "甲镇/情景/2021Q4-突出承诺.toml"
    assert read_scenario(file).pillar_weights["亮承诺"] == "50"
    assert runs.calls[0]["scenario"] == str(file)
    explorer.set_weights({"亮承诺": 60, "赛实绩": 20, "比干劲": 20})
    panel.scheme.value = module.SLIDERS
    press(panel)
    assert "已存在" in panel.message.value
    assert read_scenario(file).pillar_weights["亮承诺"] == "50"
    panel.replace.value = True
    press(panel)
    assert read_scenario(file).pillar_weights["亮承诺"] == "60"
    assert len(runs.calls) == 2


def test_the_scenario_of_the_notebook_is_chosen_at_first(place: Path) -> None:
    panel = module.export_panel(place / "甲镇", "2021Q4", scenario=place / "甲镇/情景/2021Q4-a.toml")
    assert panel.scheme.value.endswith("2021Q4-a.toml")
    other = module.export_panel(place / "甲镇", "2021Q4", scenario=place / "elsewhere.toml")
    assert other.scheme.value == str(place / "elsewhere.toml")
