"""The workbook in a real JupyterLab, opened by `lsb lab`: notebooks run, sliders move, export is true."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lsb_nb.records.load import load_activity
from lsb_nb.scenarios import read_scenario
from lsb_nb.scoring.composite import score
from lsb_nb.widgets.explorer import Explorer

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).parent / "shots"
OTHERS = sorted(path.name for path in (ROOT / "notebooks").glob("0[2-5]*.ipynb"))
"""Notebooks that no longer test below runs."""
EVIL = "</script><img src=x onerror=document.title='hacked'>{{7*7}}\u202e村"
HOME = "exports/demo-street/2021Q4/notebooks"
COUNT_CELLS = "window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.length"
READY = "window.jupyterapp?.shell.currentWidget?.context?.isReady"


class Lab:
    """A running `lsb lab` and pages in it."""

    def __init__(self, root: Path, address: str, token: str, chromium: Any) -> None:
        self.root, self.address, self.token, self.chromium = root, address, token, chromium
        self.contexts: list[Any] = []

    def page(self, path: str = "") -> Any:
        """Open a page; its complaints are kept in ``page.broken``."""
        context = self.chromium.new_context(viewport={"width": 1500, "height": 1000})
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.broken = []
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        page.goto(f"{self.address}{f'lab/tree/{path}?reset&' if path else '?'}token={self.token}")
        page.wait_for_function(READY, timeout=120_000)
        return page

    def sessions(self) -> list[dict[str, Any]]:
        """List the kernels that run."""
        return json.loads(self.ask("GET", "api/sessions"))

    def ask(self, method: str, path: str) -> bytes:
        """Ask the server's own interface."""
        request = urllib.request.Request(self.address + path, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def close(self) -> None:
        """Close pages and kernels."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()
        for session in self.sessions():
            self.ask("DELETE", f"api/sessions/{session['id']}")


@pytest.fixture(scope="module")
def server(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """`lsb lab` on a copy of a demo activity, its own settings and a free port."""
    root = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "data" / "demo-street", root / "data" / "demo-street")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    homes = {name: str(root / ".homes" / name) for name in names}
    command = [sys.executable, "-m", "lsb_nb.cli", "lab", "data/demo-street", "--port", str(port), "--no-browser"]
    with (root / "log").open("wb") as log:
        running = subprocess.Popen(command, env=os.environ | homes, stdout=log, stderr=log, cwd=root)
        try:
            told = None
            for _try in range(240):
                told = next((root / ".homes" / "JUPYTER_RUNTIME_DIR").glob("jpserver-*.json"), None)
                if told is not None and told.stat().st_size:
                    break
                assert running.poll() is None, (root / "log").read_text(encoding="utf-8")
                time.sleep(0.5)
            assert told is not None
            facts = json.loads(told.read_text(encoding="utf-8"))
            yield Lab(root, facts["url"], facts["token"], chromium)
        finally:
            if told is not None:
                os.kill(int(told.stem.partition("-")[2]), 15)
            running.wait(30)


@pytest.fixture
def lab(server: Lab) -> Iterator[Lab]:
    """The server, without pages and kernels of an earlier test."""
    yield server
    server.close()


def run_all(page: Any) -> None:
    """Run all cells of the notebook in front and wait for the last one."""
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=120_000
    )
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function(
        """() => {
            const cells = window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells;
            const code = cells.filter((cell) => cell.cell_type === "code").map((cell) => cell.toJSON());
            return code.every((cell) => cell.execution_count) || code.some((cell) =>
                cell.outputs.some((output) => output.output_type === "error"));
        }""",
        timeout=180_000,
    )
    no_error(page)


def no_error(page: Any) -> None:
    """No cell of the notebook in front failed or wrote to stderr, and the page itself did not complain."""
    shown = outputs(page)
    failed = [each for each in shown if each["output_type"] == "error"]
    told = [each["text"] for each in shown if each.get("name") == "stderr"]
    assert failed == []
    assert [text for text in told if "GlyphWarning" not in text] == []  # an emoji in a name is no fault
    assert len(shown) >= 3
    assert page.broken == []


def outputs(page: Any) -> list[dict[str, Any]]:
    """Give all outputs of the notebook in front."""
    cells = page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map((cell) => cell.toJSON())"
    )
    return [output for cell in cells for output in cell.get("outputs", ())]


def run_cell(page: Any, code: str) -> str:
    """Add a cell at the end, run it, give what it prints."""
    page.evaluate(
        """(code) => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            const model = notebook.model.sharedModel;
            model.insertCell(model.cells.length, { cell_type: "code", source: code, metadata: {} });
            notebook.activeCellIndex = model.cells.length - 1;
            notebook.deselectAll();
            return window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        code,
    )
    return "".join(output.get("text", "") for output in outputs(page)[-1:])


def test_the_workbook_opens_in_chinese_at_the_start_and_without_news(lab: Lab) -> None:
    page = lab.page()
    assert page.evaluate("window.jupyterapp.shell.currentWidget.context.path") == f"{HOME}/00_start.ipynb"
    menu = page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert menu[:2] == ["文件", "编辑"]
    page.wait_for_timeout(2000)
    for bubble in (".jp-Dialog", ".Toastify__toast", ".jp-Notification-Toast"):
        assert page.locator(bubble).count() == 0
    page.screenshot(path=SHOTS / "lab-start.png")
    assert page.broken == []


@pytest.mark.parametrize("name", OTHERS)
def test_a_notebook_runs_from_top_to_bottom(lab: Lab, name: str) -> None:
    page = lab.page(f"{HOME}/{name}")
    run_all(page)
    page.wait_for_timeout(300)
    page.screenshot(path=SHOTS / f"lab-{name.partition('.')[0]}.png")


def test_a_slider_moves_by_mouse_and_by_key_python_sees_it_and_the_widgets_outlive_the_kernel(lab: Lab) -> None:
    page = lab.page(f"{HOME}/01_weights.ipynb")
    run_all(page)
    page.wait_for_selector('.lsb-explorer[data-ready="1"]')
    slider = page.locator("input[data-kind=pillar]").first
    slider.scroll_into_view_if_needed()
    before = float(slider.get_attribute("data-weight"))
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * before / 100, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    by_mouse = float(slider.get_attribute("data-weight"))
    assert by_mouse != before
    slider.focus()
    page.keyboard.press("ArrowRight")
    moved = float(slider.get_attribute("data-weight"))
    assert moved > by_mouse
    pillar = slider.get_attribute("data-name")
    shown = page.eval_on_selector_all("[data-unit]", "rows => rows.map(row => [row.dataset.unit, row.dataset.score])")
    page.click("[data-role=save]")
    cells = page.evaluate(COUNT_CELLS)
    page.locator("[name=scenario]").press_sequentially("a d x z")  # each of them does something in command mode
    assert page.evaluate(COUNT_CELLS) == cells
    page.fill("[name=scenario]", "突出一块 d")
    page.fill("[name=reason]", "班子会议定，供研判")
    page.click("[data-role=confirm]")
    page.wait_for_function("document.querySelector('.lx-say').textContent.includes('突出一块 d')")
    saved = read_scenario(lab.root / "data" / "demo-street" / "情景" / "2021Q4-突出一块-d.toml")
    assert float(saved.pillar_weights[pillar]) == pytest.approx(moved)
    page.screenshot(path=SHOTS / "lab-explorer.png")
    told = run_cell(
        page,
        "import json\nstructure = explorer.scores().structure\n"
        f"mine = explorer.weights[structure['pillar'] == {pillar!r}].sum()\n"
        "rows = {unit: f'{score:.2f}' for unit, score in explorer.ranks()['score'].dropna().items()}\n"
        "print(json.dumps([mine, rows]))",
    )
    weight, scores = json.loads(told)
    assert weight == pytest.approx(moved)
    assert {unit: score for unit, score in shown if score} == scores
    page.evaluate("window.jupyterapp.shell.currentWidget.context.save()")
    lab.close()
    again = lab.page(f"{HOME}/01_weights.ipynb")
    again.wait_for_selector('.lsb-explorer[data-ready="1"]')
    assert float(again.locator("input[data-kind=pillar]").first.get_attribute("data-weight")) == pytest.approx(moved)
    assert run_cell(again, "print('explorer' in globals())").strip() == "False"


def hostile_workbook(path: Path) -> Path:
    """A quarter whose names try to run something, and one mark above full marks."""
    units = [EVIL, "🏡村", "甲村", "乙村", "丙村", "丁村"]
    book = openpyxl.Workbook()
    book.remove(book.active)
    marks = [
        (rater, unit, criterion, 12 + (5 * r + 3 * u + c) % 8)
        for r, rater in enumerate(("B1", "B2", "B3"))
        for u, unit in enumerate(units)
        for c, criterion in enumerate(("环境<b>", "党建"))
    ]
    marks[0] = (*marks[0][:3], 99)
    sheets = {
        "单位": [("单位", "类型"), *((unit, "村") for unit in units)],
        "指标": [("指标", "满分", "板块"), ("环境<b>", 20, "赛实绩"), ("党建", 20, "亮承诺")],
        "评分": [("评委", "单位", "指标", "分值"), *marks],
        "点评": [("单位", "角色", "亮点"), (EVIL, "包村领导", EVIL)],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_hostile_workbook_goes_the_whole_way(lab: Lab, visit: Any, tmp_path: Path) -> None:
    page = lab.page(f"{HOME}/00_start.ipynb")
    run_all(page)
    page.locator(".lsb-panel .widget-toggle-button").click()
    with page.expect_file_chooser() as chooser:
        page.locator(".lsb-panel .widget-upload").click()
    chooser.value.set_files(hostile_workbook(tmp_path / "2022Q1.xlsx"))
    page.wait_for_function("document.querySelector('.lp-quarter input').value === '2022Q1'")
    page.fill(".lp-folder input", "新镇")
    page.keyboard.press("Tab")
    page.click(".lp-save")
    page.wait_for_selector(".lsb-problems tbody tr.error")
    page.screenshot(path=SHOTS / "lab-problems.png")
    page.locator(".lsb-problems td.act button").click()
    page.locator(".lp-becomes input").wait_for(state="visible")
    page.keyboard.type("19.5")  # the form takes the focus
    page.keyboard.press("Tab")
    page.keyboard.type("多写一笔")
    page.keyboard.press("Tab")
    page.keyboard.type("计分组")
    page.keyboard.press("Tab")
    page.screenshot(path=SHOTS / "lab-correction.png")
    page.click(".lp-write")
    page.wait_for_selector(".lp-copies:visible")
    page.click(".lp-copies")
    page.wait_for_selector(".lsb-door a")
    page.locator(".lsb-door a", has_text="06").click()
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget?.context?.path.endsWith('2022Q1/notebooks/06_report.ipynb')"
    )
    page.wait_for_function(READY)
    run_all(page)
    page.wait_for_selector(".lp-export")
    page.evaluate(
        """() => {
            const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
            const place = model.cells.findIndex((cell) => cell.getSource().startsWith("## 三"));
            model.insertCell(place + 1, { cell_type: "markdown", source: "分析员的话：宜查原因。", metadata: {} });
        }"""
    )
    page.click(".lp-export")
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .lsb-door a", timeout=240_000)
    page.screenshot(path=SHOTS / "lab-export.png")
    assert page.title() != "hacked"
    assert page.broken == []
    report = lab.root / "exports" / "新镇" / "2022Q1" / "report.html"
    text = report.read_text(encoding="utf-8")
    assert "分析员的话：宜查原因。" in text
    assert "多写一笔" in text
    assert "导出报告" not in text
    visited = visit(report)
    visited.page.wait_for_timeout(500)
    assert visited.page.title() != "hacked"
    assert "{{7*7}}" in visited.page.inner_text("body")
    slider = visited.page.locator(".lsb-explorer input[data-kind=pillar]").first
    slider.focus()
    visited.page.keyboard.press("PageUp")
    weights = visited.page.eval_on_selector_all(
        ".lsb-explorer input[data-kind=pillar]", "all => all.map(one => [one.dataset.name, Number(one.dataset.weight)])"
    )
    ranks = visited.page.eval_on_selector_all(
        ".lsb-explorer [data-unit]", "rows => rows.map(row => [row.dataset.unit, Number(row.dataset.rank)])"
    )
    explorer = Explorer(score(load_activity(lab.root / "data" / "新镇"), "2022Q1"))
    explorer.set_weights(dict(weights))
    assert dict(ranks) == {unit.strip(): rank for unit, rank in explorer.ranks()["rank"].items()}
    visited.assert_quiet()
    visited.shot("lab-exported")
