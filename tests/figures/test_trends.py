"""Bump chart, small charts, slope and parts of a change."""

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.figures.theme import BETTER, CONTEXT, WORSE

SIZES = (11, 20, 36)


@pytest.fixture(params=SIZES)
def history(request, demo):
    _records, scored, quarter = demo(request.param)
    return scored, quarter


def small(rows):
    frame = pd.DataFrame(rows, columns=["quarter", "unit", "rank", "step", "risen"])
    return frame.astype({"rank": "Int64", "risen": "Int64"})


def test_bump_chart_names_every_unit_at_its_place(history, overlapping):
    scored, quarter = history
    frame = lsb.measure_history(scored)
    ax = lsb.plot_history(frame)
    ranks = scored[quarter].units["rank"].dropna()
    assert {text.get_text() for text in ax.texts} == {f"{rank}  {unit}" for unit, rank in ranks.items()}
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "first place is on top"
    assert overlapping(ax.figure) == []


def test_no_line_crosses_a_missing_quarter():
    frame = small([("2021Q1", "甲村", 1, 0, 0), ("2021Q2", "甲村", 2, 1, 0), ("2021Q4", "甲村", 1, 3, 0)])
    ax = lsb.plot_history(frame)
    assert [list(line.get_xdata()) for line in ax.lines] == [[0, 1], [3]]


def test_colour_only_from_eight_places():
    rows = [(q, u, r, s, d) for u, d, a, b in (("甲村", 8, 9, 1), ("乙村", -8, 1, 9), ("丙村", 7, 10, 3))
            for q, r, s in (("2021Q3", a, 0), ("2021Q4", b, 1)) for d in (d,)]  # fmt: skip
    ax = lsb.plot_history(small(rows))
    assert {line.get_color() for line in ax.lines} == {BETTER, WORSE, CONTEXT}
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert [line.get_color() for line in dashed] == [WORSE], "down is dashed, too"


def test_small_charts_share_one_axis(history, overlapping):
    scored, _quarter = history
    frame = lsb.measure_history(scored)
    figure = lsb.plot_history_grid(frame)
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert len(shown) == frame["unit"].nunique()
    assert len({ax.get_ylim() for ax in shown}) == 1
    assert overlapping(figure) == []


def test_nothing_is_drawn_of_one_quarter():
    one = small([("2021Q4", "甲村", 1, 0, 0), ("2021Q4", "乙村", pd.NA, 0, pd.NA)])
    assert not lsb.plot_history(one).has_data()
    assert not lsb.plot_history_grid(one).axes


def test_a_late_unit_is_drawn_from_its_first_quarter():
    late = small([("2021Q3", "甲村", 1, 0, 0), ("2021Q4", "甲村", 1, 1, 0), ("2021Q4", "乙村", 2, 1, 0)])
    ax = lsb.plot_history(late)
    assert [text.get_text() for text in ax.texts] == ["1  甲村", "2  乙村"]
    assert [len(line.get_xdata()) for line in ax.lines] == [2, 1]
    assert [axes.get_title(loc="left") for axes in lsb.plot_history_grid(late).axes[:2]] == ["甲村 1→1", "乙村 2"]


def test_a_unit_without_a_place_now_does_not_keep_its_last():
    rows = [("2021Q2", "甲村", 1, 0, 0), ("2021Q3", "甲村", 1, 1, 0), ("2021Q4", "甲村", pd.NA, 2, 0)]
    rows += [("2021Q2", "乙村", 2, 0, 1), ("2021Q3", "乙村", 2, 1, 1), ("2021Q4", "乙村", 1, 2, 1)]
    rows += [("2021Q3", "丙村", 3, 1, 0), ("2021Q4", "丙村", pd.NA, 2, 0)]
    titles = {axes.get_title(loc="left") for axes in lsb.plot_history_grid(small(rows)).axes}
    assert {"甲村 1→—", "乙村 2→1", "丙村 3→—"} <= titles


def test_slope_names_the_top_and_the_far(history, overlapping):
    scored, quarter = history
    before = scored[sorted(scored)[-2]]
    change = lsb.measure_change(before, scored[quarter])
    ax = lsb.plot_change(change)
    both = change[change["risen"].notna()]
    assert len(ax.lines) == len(both)
    words = " ".join(text.get_text() for text in ax.texts)
    assert all(unit in words for unit in both.index[(both["risen"].abs() >= 7) | (both["rank1"] <= 3)])
    most = both["risen"].isin([both["risen"].max(), both["risen"].min()])
    assert all(unit in words for unit in both.index[most]), "who the title names stands in the picture"
    bold = [line for line in ax.lines if line.get_color() != CONTEXT]
    assert len(bold) == (most | (both["risen"].abs() >= 7)).sum()
    assert overlapping(ax.figure) == []


def test_parts_of_a_change_are_drawn_to_length(history, overlapping):
    scored, quarter = history
    change = lsb.measure_change(scored[sorted(scored)[-2]], scored[quarter])
    ax = lsb.plot_change_parts(change)
    both = change[change["present"] == "both"]
    drawn = sum(bar.get_width() for bar in ax.patches)
    assert drawn == pytest.approx(both["change"].sum(), abs=0.01)
    order = [label.get_text() for label in ax.get_yticklabels()]
    assert order == both.sort_values("change", ascending=False, kind="stable").index.tolist()
    assert overlapping(ax.figure) == []
    assert np.isfinite(ax.get_xlim()).all()
