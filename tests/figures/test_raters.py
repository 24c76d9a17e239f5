"""Severity, agreement, adjusted places, panel size: what is drawn is what the frame says, and no words touch."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from lsb_nb.figures.raters import plot_adjusted, plot_agreement, plot_panel_curve, plot_severity
from lsb_nb.figures.theme import BETTER, WORSE

PANELS = ((3, 0), (11, 0), (11, 29), (8, 19))


def make_raters(leaders, cadres, *, seed=0, scale=3.0):
    rng = np.random.default_rng(seed)
    names = [f"A{i + 1:02d}" for i in range(leaders)] + [f"B{i + 1:02d}" for i in range(cadres)]
    severity = rng.normal(0, scale, len(names))
    half = rng.uniform(0.5, 1.5, len(names)) * scale / 2
    group = ["班子成员"] * leaders + ["中层干部"] * cadres
    return pd.DataFrame(
        {"group": group, "rater": names, "severity": severity, "low": severity - half, "high": severity + half}
        | {"sure": np.abs(severity) > half}
    )


def make_groups(criteria, groups=("班子成员", "中层干部")):
    rng = np.random.default_rng(1)
    rows = []
    for criterion in criteria:
        for group in groups:
            order = rng.uniform(0.3, 0.97)
            rows.append({"group": group, "criterion": criterion, "order": order} | {"order_low": order - 0.4})
            rows[-1]["order_high"] = min(order + 0.1, 1)
    return pd.DataFrame(rows)


def make_ranking(n, *, seed=0, distance=2.0):
    rng = np.random.default_rng(seed)
    raw = np.arange(1, n + 1)
    other = np.argsort(np.argsort(raw + rng.normal(0, distance, n))) + 1
    names = [f"示例{i}村" for i in raw]
    return pd.DataFrame({"raw_rank": raw, "adjusted_rank": other, "move": raw - other}, index=names)


def make_curve(ratio, today, size=40):
    n = np.array(sorted({*range(1, size + 1), today}))
    relative, absolute = n / (n + ratio), n / (n + 1.6 * ratio)
    return pd.DataFrame({"raters": n, "relative": relative, "absolute": absolute, "today": n == today})


@pytest.mark.parametrize(("leaders", "cadres"), PANELS)
def test_severity_is_drawn_group_by_group_mildest_first(leaders, cadres):
    rows = make_raters(leaders, cadres)
    ax = plot_severity(rows)
    expected = [
        rater
        for group in dict.fromkeys(rows["group"])
        for rater in rows[rows["group"] == group].sort_values("severity", ascending=False)["rater"]
    ]
    assert [t.get_text() for t in ax.get_yticklabels()] == expected
    bars = [s for c in ax.collections if hasattr(c, "get_segments") for s in c.get_segments()]
    by = rows.set_index("rater").loc[expected]
    assert [[s[0][0], s[1][0]] for s in bars] == by[["low", "high"]].to_numpy().tolist()
    assert [t.get_text() for t in ax.texts] == list(dict.fromkeys(rows["group"]))


def test_only_proven_raters_are_filled():
    rows = make_raters(11, 29)
    ax = plot_severity(rows)
    filled, hollow = [], []
    for dots in (c for c in ax.collections if not hasattr(c, "get_segments")):
        values = dots.get_offsets()[:, 0].tolist()
        (hollow if np.allclose(dots.get_facecolor()[:1], to_rgba("white")) else filled).extend(values)
    sure = rows["sure"]
    assert sorted(filled) == pytest.approx(sorted(rows.loc[sure, "severity"]))
    assert sorted(hollow) == pytest.approx(sorted(rows.loc[~sure, "severity"]))


def test_raters_without_a_severity_are_left_out():
    rows = make_raters(5, 0)
    rows.loc[2, ["severity", "low", "high"]] = np.nan
    assert len(plot_severity(rows).get_yticklabels()) == 4
    assert not plot_severity(rows.assign(severity=np.nan)).has_data()


@pytest.mark.parametrize(("leaders", "cadres"), PANELS)
@pytest.mark.parametrize("scale", [0.01, 3.0, 40.0])
def test_no_words_touch_in_severity(leaders, cadres, scale, overlapping):
    rows = make_raters(leaders, cadres, scale=scale)
    rows.loc[0, "rater"] = "评委编号特别长的一位示例评委"
    assert overlapping(plot_severity(rows).figure) == []


@pytest.mark.parametrize("n", [1, 8, 15])
@pytest.mark.parametrize("groups", [("班子成员",), ("班子成员", "中层干部"), ("班子", "中层", "书记")])
def test_agreement_has_a_mark_for_each_group_and_criterion(n, groups, overlapping):
    given = make_groups([f"人居环境整治第{i}项" for i in range(n)], groups)
    ax = plot_agreement(given)
    for group in groups:
        dots = next(c for c in ax.collections if c.get_label() == group)
        assert dots.get_offsets()[:, 0].tolist() == pytest.approx(given.loc[given["group"] == group, "order"].tolist())
        assert group in ax.get_xlabel()
    assert overlapping(ax.figure) == []
    assert not plot_agreement(given.assign(order=math.nan)).has_data()


@pytest.mark.parametrize("n", [2, 11, 20, 36])
def test_slopes_join_the_two_places(n, overlapping):
    ranking = make_ranking(n)
    ax = plot_adjusted(ranking)
    ends = [line.get_ydata().tolist() for line in ax.lines]
    assert ends == (ranking[["raw_rank", "adjusted_rank"]].to_numpy() - 1).tolist()
    for line, move in zip(ax.lines, ranking["move"], strict=True):
        assert (line.get_linestyle() == "--") == (move < 0)
        assert (line.get_color() == BETTER) == (move > 0)
        assert (line.get_color() == WORSE) == (move < 0)
    words = [t.get_text() for t in ax.texts]
    assert sum("▲" in w for w in words) == (ranking["move"] > 0).sum()
    assert sum("▼" in w for w in words) == (ranking["move"] < 0).sum()
    assert overlapping(ax.figure) == []


def test_slopes_of_equal_places_and_long_names_do_not_touch(overlapping):
    ranking = make_ranking(11)
    ranking.index = [f"{unit}中心社区居民委员会" for unit in ranking.index]
    ranking["raw_rank"] = [1, 1, 3, 4, 4, 4, 7, 8, 9, 10, 10]
    assert overlapping(plot_adjusted(ranking).figure) == []
    assert len(plot_adjusted(make_ranking(300)).lines) == 40
    assert not plot_adjusted(ranking.head(0)).has_data()


@pytest.mark.parametrize("ratio", [0.1, 2.8, 60.0])
@pytest.mark.parametrize("today", [1, 11, 29, 40])
def test_the_curve_marks_todays_panel(ratio, today, overlapping):
    curve = make_curve(ratio, today)
    ax = plot_panel_curve(curve)
    dot = next(c for c in ax.collections if not hasattr(c, "get_segments")).get_offsets()
    assert dot.tolist() == [[today, pytest.approx(today / (today + ratio))]]
    drawn = [line.get_ydata().tolist() for line in ax.lines if len(line.get_ydata()) == len(curve)]
    assert drawn == [curve["relative"].tolist(), curve["absolute"].tolist()]
    assert any(str(today) in t.get_text() for t in ax.texts)
    assert overlapping(ax.figure) == []


@pytest.mark.parametrize(("leaders", "cadres"), [(3, 3), (11, 29), (8, 9)])
def test_curves_of_groups_are_named_and_marked(leaders, cadres, overlapping, covering):
    parts = [make_curve(2.8, leaders).assign(group="班子成员"), make_curve(1.0, cadres).assign(group="中层干部")]
    curves = pd.concat([part[part["raters"] <= 40] for part in parts])
    ax = plot_panel_curve(curves)
    words = [t.get_text() for t in ax.texts]
    assert {"班子成员", "中层干部"} <= set(words)
    assert sum("现有" in w for w in words) == 2
    assert overlapping(ax.figure) == []
    assert covering(ax) == []
    strokes = [line for line in ax.lines if line.get_marker() not in ("", "None")]
    assert [line.get_ls() for line in strokes] == ["-", "--"], "each name has its line's own stroke before it"
    heights = {t.get_text(): t.get_position()[1] for t in ax.texts}
    assert [heights[name] for name in ("班子成员", "中层干部")] == [line.get_ydata()[0] for line in strokes]
    alone = plot_panel_curve(curves[curves["group"] == "班子成员"])
    assert [t.get_text() for t in alone.texts if "现有" not in t.get_text() and t.get_text()] == []


def test_a_curve_of_units_that_do_not_differ_is_left_out():
    curve = make_curve(1.0, 3).assign(relative=math.nan)
    assert not plot_panel_curve(curve).has_data()
