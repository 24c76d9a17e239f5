"""The explorer in JupyterLab: keys stay in the slider, Python sees what was moved, the button saves a file."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from lsb_nb.scenarios import read_scenario

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """A JupyterLab of its own, with one notebook, on a free port."""
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'tests' / 'widgets')!r})\n"
        "import quarters\nfrom lsb_nb.widgets.explorer import Explorer\n"
        f"explorer = Explorer(quarters.make_quarter(12), folder={str(tmp_path / 'saved')!r})\nexplorer"
    )
    cells = [nbformat.v4.new_code_cell(code), nbformat.v4.new_code_cell("print('W', explorer.weights['现场汇报'])")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), tmp_path / "t.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    homes = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--ServerApp.token=t", f"--ServerApp.root_dir={tmp_path}", "--LabApp.news_url=None"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | homes, stdout=log, stderr=log, cwd=tmp_path)
        try:
            for _second in range(90):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=t", timeout=2).close()
                    break
                time.sleep(1)
            yield f"http://127.0.0.1:{port}/lab/tree/t.ipynb?token=t"
        finally:
            server.terminate()
            server.wait(30)


def test_the_analyst_moves_a_slider_and_python_sees_it(chromium: Any, lab: str, tmp_path: Path) -> None:
    context = chromium.new_context(viewport={"width": 1500, "height": 1000})
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(lab)
    page.wait_for_selector(".jp-Notebook .jp-Cell >> nth=1", timeout=120_000)
    # a cell run before there is a kernel is forgotten
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=120_000)
    page.click(".jp-Notebook .jp-Cell >> nth=0")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector('.lsb-explorer[data-ready="1"]', timeout=120_000)
    slider = page.locator("input[data-kind=pillar][data-name=比干劲]")
    slider.focus()
    for _press in range(5):
        page.keyboard.press("ArrowRight")
    assert float(slider.get_attribute("data-weight")) == pytest.approx(20.5)
    page.keyboard.press("PageUp")
    moved = float(slider.get_attribute("data-weight"))
    assert moved > 25
    page.click("[data-role=save]")
    page.locator("[name=scenario]").press_sequentially("a d x z")  # each of them does something in command mode
    page.fill("[name=reason]", "试算")
    page.click("[data-role=confirm]")
    page.wait_for_function("document.querySelector('.lx-say').textContent.includes('a d x z')")
    assert float(read_scenario(tmp_path / "saved" / "2021Q4-a-d-x-z.toml").pillar_weights["比干劲"]) == moved
    page.click(".jp-Notebook .jp-Cell >> nth=1 >> .cm-content")
    page.keyboard.press("Shift+Enter")
    output = page.locator(".jp-Notebook .jp-Cell >> nth=1").locator(".jp-OutputArea-output")
    output.first.wait_for(timeout=60_000)
    assert float(output.first.inner_text().removeprefix("W ")) == pytest.approx(moved * 6 / 20)
    assert page.locator(".jp-Notebook .jp-Cell").count() == 3  # the two and the new one below: no key slipped through
    assert broken == []
    context.close()
