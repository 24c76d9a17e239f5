"""Tipping weights, left-out criteria and methods as pictures."""

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb

SIZES = (11, 20, 36)


@pytest.fixture(params=SIZES)
def scores(request, demo):
    _records, history, quarter = demo(request.param)
    return history[quarter]


def test_each_slider_has_its_row_and_only_true_turns_are_marked(scores, overlapping):
    tipping = lsb.measure_tipping(scores)
    ax = lsb.plot_tipping(tipping)
    leader = tipping[tipping["better"] == tipping["better"].iloc[0]]
    assert len(ax.get_yticklabels()) == leader["criterion"].nunique()
    turns = leader[leader["printed"].notna() & (leader["first"] == leader["worse"])]
    sides = turns.assign(up=turns["change"] > 0).drop_duplicates(["criterion", "up"])
    assert len(ax.texts) == len(sides)
    for text in ax.texts:
        weight, first = text.get_text().split(" ")
        assert ((turns["printed"].round(1) == float(weight)) & (turns["first"] == first)).any()
    assert overlapping(ax.figure) == []


def test_left_out_criteria(scores, overlapping):
    table = lsb.measure_leave_one_out(scores)
    ax = lsb.plot_leave_one_out(table)
    drawn = [bar.get_width() for bar in ax.patches]
    np.testing.assert_allclose(drawn, table["mean"])
    assert drawn == sorted(drawn, reverse=True), "the criterion that the title names has the longest bar"
    for text, row in zip(ax.texts, table.itertuples(), strict=True):
        assert text.get_text().startswith(f"{row.moved} 个变动，最多 {row.largest} 位")
    assert overlapping(ax.figure) == []
    ranks = table.attrs["ranks"]
    drawn = lsb.plot_ranks_left_out(ranks)
    cells = [text.get_text() for text in drawn.texts if text.get_text().rstrip("▲▼").isdigit()]
    assert len(cells) == ranks.notna().sum().sum()
    official = ranks["all"]
    assert sum(cell.endswith("▲") for cell in cells) == ranks.lt(official, axis=0).sum().sum()
    assert sum(cell.endswith("▼") for cell in cells) == ranks.gt(official, axis=0).sum().sum()
    shaded = len(drawn.collections)
    assert shaded == ranks.ne(ranks["all"], axis=0).sum().sum()
    assert overlapping(drawn.figure) == []


@pytest.mark.parametrize("n", SIZES)
def test_places_on_the_axis_of_methods_are_whole_from_the_first(demo, n):
    records, _history, quarter = demo(n)
    ticks = lsb.plot_methods(lsb.compare_methods(records, quarter)).get_xticks()
    assert ticks[0] == 1
    assert all(float(tick).is_integer() for tick in ticks)


def test_methods_are_ranges(overlapping):
    table = pd.DataFrame({"满分·算术": [1, 2, pd.NA], "极差·算术": [2, 1, pd.NA]}, index=["甲村", "乙村", "丙村"])
    ax = lsb.plot_methods(table.astype("Int64"))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["甲村", "乙村"]
    assert overlapping(ax.figure) == []


def test_nothing_to_draw():
    columns = ["better", "worse", "criterion", "kind", "weight", "printed", "first"]
    assert not lsb.plot_tipping(pd.DataFrame(columns=columns)).has_data()
