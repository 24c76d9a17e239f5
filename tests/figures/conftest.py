"""Hand-made frames of invented units for the figures: what `lsb_nb.analysis.overview` would give."""

import functools
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb

FIRST = "鹿荷枫雪锦棠月橘溪兰松雁鹤竹杏梅桐麦槐葛青霜苇画笠朴柳蓼砚榆白晴丹星云玉"
SECOND = "吟汀渡桁帆梨塘坪午皋砚落汀涧坪垅荫垄序坞穗溪荡屏泽园浦湾池烟苹岚崖垛锄磬"
STEMS = [a + b for a, b in zip(FIRST, SECOND, strict=True)]
FULL = {"亮承诺": 30.0, "赛实绩": 50.0, "比干劲": 20.0}


def make_frames(n, *, spread=3.2, centre=85.7, seed=7, full=None, vetoed=1):
    """Give ranking, parts and bands of n units; the last `vetoed` of them are vetoed."""
    rng = np.random.default_rng(seed)
    full = full or FULL
    names = [
        f"{STEMS[i % len(STEMS)]}{'甲乙丙丁戊己庚辛'[i // len(STEMS)] if i >= len(STEMS) else ''}村" for i in range(n)
    ]
    rate = np.clip(centre / 100 + rng.normal(0, spread / 100, (n, 1)) + rng.normal(0, 0.02, (n, len(full))), 0, 1)
    points = (rate * np.array(list(full.values()))).round(2)
    score = points.sum(axis=1).round(2)
    order = np.argsort(-score[: n - vetoed], kind="stable").tolist() + list(range(n - vetoed, n))
    ranked = pd.Series(score[: n - vetoed]).rank(method="min", ascending=False).astype(int).tolist()
    ranking = pd.DataFrame(
        {
            "rank": pd.array([ranked[i] if i < n - vetoed else pd.NA for i in order], dtype="Int64"),
            "score": score[order],
            "adjustment": 0.0,
            "band": ["优秀" if s >= 90 else "良好" if s >= 80 else "一般" for s in score[order]],
            "status": ["ranked" if i < n - vetoed else "vetoed" for i in order],
            "previous": pd.array([pd.NA] * n, dtype="Int64"),
            "change": pd.array([pd.NA] * n, dtype="Int64"),
        },
        index=pd.Index([names[i] for i in order], name="unit"),
    )
    parts = pd.DataFrame(
        [
            {"unit": names[i], "part": part, "rank": ranking["rank"].iloc[k], "status": ranking["status"].iloc[k]}
            | {"points": points[i, j], "full_marks": full[part], "exact": True}
            | {"median": float(np.median(points[: n - vetoed, j]))}
            for k, i in enumerate(order)
            for j, part in enumerate(full)
        ]
    )
    low, high = [90.0, 80.0, 60.0, np.nan], [np.nan, 90.0, 80.0, 60.0]
    index = pd.Index(["优秀", "良好", "一般", "较差"], name="band")
    counts = [int((ranking["band"][ranking["status"] == "ranked"] == band).sum()) for band in index]
    bands = pd.DataFrame({"count": counts, "low": low, "high": high}, index=index)
    return ranking, parts, bands


@pytest.fixture
def frames():
    return make_frames


@functools.cache
def _demo(n):
    """A demo activity with `n` units: records, scores by quarter, the latest quarter."""
    folder = Path(__file__).parents[2] / "data" / {11: "demo-street", 20: "demo-town", 36: "demo-sandtable"}[n]
    records = lsb.load_activity(folder)
    quarter = records.quarters[-1]
    return records, lsb.score_history(records, quarter=quarter), quarter


@pytest.fixture
def demo():
    return _demo


def _overlapping(figure):
    """Texts of a figure that meet one another, and texts that leave the page."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = []
    for ax in figure.axes:
        if ax.get_visible():
            labels = [ax.xaxis.label, ax.title, ax._left_title]
            for axis, (low, high) in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
                # a locator makes ticks beyond the limits, too; they are not drawn
                labels += [
                    t.label1 for t in axis.get_major_ticks() if axis.get_visible() and low <= t.get_loc() <= high
                ]
            texts += [t for t in [*ax.texts, *labels] if t.get_text() and t.get_visible()]
    found = [(t.get_text(), t.get_window_extent(renderer)) for t in texts]
    page = figure.bbox
    cut = [w for w, box in found if box.x0 < -1 or box.x1 > page.x1 + 1 or box.y0 < -1 or box.y1 > page.y1 + 1]
    pairs = [(a, b) for i, (a, one) in enumerate(found) for b, two in found[i + 1 :] if one.overlaps(two)]
    return pairs + cut


@pytest.fixture
def overlapping():
    return _overlapping


def _covering(ax):
    """Texts inside the axes that lie over a mark or a line; thin lines that lead to a text are none."""
    ax.figure.canvas.draw()
    renderer = ax.figure.canvas.get_renderer()
    spots = []
    for drawn in ax.collections:
        if hasattr(drawn, "get_segments"):
            paths = [ax.transData.transform(segment) for segment in drawn.get_segments()]
            spots += [a + (b - a) * k / 50 for a, b in paths for k in range(51)]
        elif len(drawn.get_offsets()):
            spots += list(ax.transData.transform(drawn.get_offsets()))
    for line in ax.lines:
        if line.get_lw() > 0.5 and line.get_ls() != "None":
            path = line.get_transform().transform(line.get_xydata())
            spots += [a + (b - a) * k / 50 for a, b in itertools.pairwise(path) for k in range(51)]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in ax.texts if text.get_text()]
    return [words for words, box in boxes if any(box.contains(*spot) for spot in spots)]


@pytest.fixture
def covering():
    return _covering
