"""Fixes, strengths, teachers and months."""

import pandas as pd
import pytest

import lsb_nb as lsb

SIZES = (11, 20, 36)


@pytest.fixture(params=SIZES)
def quarter(request, demo):
    records, history, code = demo(request.param)
    return records, history[code]


def test_fixes_name_the_first_of_each_unit(quarter, overlapping):
    records, scores = quarter
    fixes = lsb.fix_first(scores, noise=lsb.measure_noise(records, scores))
    ax = lsb.plot_fixes(fixes)
    assert [label.get_text() for label in ax.get_yticklabels()] == list(dict.fromkeys(fixes["unit"]))
    first = fixes[fixes["kept"]].groupby("unit", sort=False).head(1)
    assert len(ax.texts) == len(first)
    assert ax.texts[0].get_text().endswith(f"{first['attainable'].iloc[0]:.2f}")
    assert overlapping(ax.figure) == []


def test_strengths_and_teachers_of_one_unit(quarter, overlapping):
    _records, scores = quarter
    unit = scores.units.index[scores.units["rank"].notna()][-1]
    sides = lsb.measure_strengths(scores)
    own = sides[sides["unit"] == unit]
    ax = lsb.plot_strengths(own)
    assert sorted(text.get_text() for text in ax.texts) == sorted(own["rank"].astype(str))
    assert ax.get_xlim()[0] > ax.get_xlim()[1], "first place is at the right"
    rows = sorted(text.xy[1] for text in ax.texts)
    assert rows == list(range(len(own))), "each number stands on its own row"
    assert min(ax.get_xticks()) == 1
    assert overlapping(ax.figure) == []
    teachers = lsb.find_teachers(scores)
    learns = teachers[teachers["unit"] == unit]
    drawn = lsb.plot_teachers(learns)
    assert [text.get_text().split(" ")[0] for text in drawn.texts] == learns["teacher"].tolist()
    assert overlapping(drawn.figure) == []


def test_months_keep_every_unit(demo, overlapping):
    records, history, code = demo(20)
    months = lsb.compare_months(records, history[code])
    ax = lsb.plot_months(months)
    assert [label.get_text() for label in ax.get_yticklabels()] == list(months.index)
    assert min(ax.get_xticks()) == 1, "there is no place 0"
    assert overlapping(ax.figure) == []


def test_nothing_to_draw_gives_empty_axes(demo):
    records, history, code = demo(11)
    scores = history[code]
    assert not lsb.plot_months(lsb.compare_months(records, scores)).has_data()
    fixes = lsb.fix_first(scores)
    assert not lsb.plot_fixes(fixes.head(0)).has_data()
    assert not lsb.plot_teachers(pd.DataFrame(columns=["criterion", "teacher", "ahead"])).has_data()
