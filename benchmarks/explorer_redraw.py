"""Move a slider of the explorer in Chromium: arithmetic against 0.1 ms, everything against one frame and a heatmap.

Arithmetic is totals, published scores, places and order under new weights. A redraw is all the main thread does for one
move while dragging: script, style, layout, paint; with every unit in the list, one move a frame, from Chromium's own
count of task time, in processor time of that thread, so that a busy machine does not count.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from run import Row

from lsb_nb.widgets.explorer import Explorer

HERE = Path(__file__).parent
COUNTS = (36, 300)
FRAME, BUDGET = 1 / 60, 1e-4
ARITHMETIC = """async ([source, seed]) => {
  const lsb = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const M = lsb.prepare(seed), open = { pillar: [0, 0, 0], criterion: seed.criteria.map(() => 0) };
  const W = [];
  const slider = { kind: "pillar", index: 0 };
  for (let i = 0; i < 200; i++) W.push(lsb.moved(M, lsb.weightsOf(M), slider, 30 + 20 * Math.sin(i / 7), open));
  let R;
  const times = [];
  // short rounds: what else the machine does falls into few of them, and the median passes those over
  for (let round = 0; round < 600; round++) {
    const start = performance.now();
    for (let i = 0; i < 40; i++) R = lsb.evaluate(M, W[(round * 40 + i) % 200]);
    times.push((performance.now() - start) / 40);
  }
  return times.sort((a, b) => a - b)[300] / 1000;
}"""
DRAG = """(frames) => new Promise((done) => {
  const slider = document.querySelector("input[data-kind=pillar]");
  let i = 0;
  const move = () => {
    slider.value = 30 + 20 * Math.sin(i / 7);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    if (++i < frames) requestAnimationFrame(move);
    else requestAnimationFrame(() => done());
  };
  requestAnimationFrame(move);
})"""


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[path.stem] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _heatmap() -> float:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
    import seaborn as sns

    data = np.random.default_rng(0).uniform(0, 3, (36, 15))
    times = []
    for _run in range(4):
        start = time.perf_counter()
        figure, axes = plt.subplots(figsize=(7, 8.4))
        sns.heatmap(data, annot=True, fmt=".1f", cbar=False, ax=axes)
        figure.canvas.draw()
        plt.close(figure)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def _drag(page: Any, frames: int) -> float:
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = client.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")

    page.evaluate(DRAG, 60)
    runs = []
    for _run in range(5):
        before = spent()
        page.evaluate(DRAG, frames)
        runs.append((spent() - before) / frames)
    return statistics.median(runs)


def measure() -> list[Row]:
    """Measure in the browser that the tests use."""
    from playwright.sync_api import sync_playwright

    tests = HERE.parent / "tests"
    quarters, finder = _load(tests / "widgets" / "quarters.py"), _load(tests / "browser" / "find_browser.py")
    source = (HERE.parent / "lsb_nb" / "widgets" / "explorer.mjs").read_text(encoding="utf-8")
    heatmap = _heatmap()
    rows = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=finder.find_browser(), args=list(finder.FLAGS))
        for count in COUNTS:
            explorer = Explorer(quarters.make_quarter(count))
            blank = browser.new_page()
            arithmetic = blank.evaluate(ARITHMETIC, [source, explorer.seed])
            path = Path(folder) / f"{count}.html"
            path.write_text(quarters.page(explorer.bundle()), encoding="utf-8")
            page = browser.new_page(viewport={"width": 1440, "height": 960})
            page.goto(path.as_uri())
            page.wait_for_selector('.lsb-explorer[data-ready="1"]')
            redraw = _drag(page, 90)
            name = f"slider move, {count} × 15"
            rows += [
                Row(f"{name}: arithmetic", arithmetic, BUDGET, "≤ 0.1 ms", 1.0, "the budget"),
                Row(f"{name}: redraw", redraw, FRAME, "≤ one frame", 1.0, "one frame of 1/60 s"),
                Row(f"{name}: redraw", redraw, heatmap, "≤ 0.1 ×", 0.1, "seaborn heatmap of 36 × 15 drawn again"),
            ]
        browser.close()
    return rows
