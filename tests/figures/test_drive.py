"""The drive picture and the 进步榜."""

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb
from lsb_nb.figures.drive import FIRST, LAST
from lsb_nb.figures.theme import INK

SIZES = (11, 20, 36)


@pytest.fixture(params=SIZES)
def progress(request, demo):
    _records, scored, _quarter = demo(request.param)
    return lsb.measure_progress(scored)


def test_only_proven_units_are_named_and_the_line_is_there(progress, overlapping):
    ax = lsb.plot_drive(progress)
    names = [text.get_text() for text in ax.texts]
    proven = progress.index[progress["proven"]]
    assert sorted(names) == sorted([*proven, "同起点的平均变化"])
    line = next(line for line in ax.lines if line.get_color() == INK)
    rows = progress[progress["expected"].notna()].sort_values("start")
    np.testing.assert_allclose(line.get_ydata(), rows["expected"].iloc[[0, -1]])
    assert overlapping(ax.figure) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_lie_clear_of_marks_stems_and_lines(progress, covering, lang):
    lsb.use_language(lang)
    try:
        assert covering(lsb.plot_drive(progress)) == []
    finally:
        lsb.use_language("zh")


def test_numbers_along_an_axis_of_changes_are_signed_and_have_the_same_decimals(progress):
    axes = [lsb.plot_drive(progress).yaxis, lsb.plot_progress(progress).xaxis]
    for axis in axes:
        axis.figure.canvas.draw()
        words = [tick.get_text() for tick in axis.get_ticklabels() if tick.get_text() != "0"]
        assert len({len(word.partition(".")[2]) for word in words}) == 1
        assert all(word[0] in "+−" for word in words)


def test_list_shows_first_and_last_with_intervals(progress, overlapping):
    ax = lsb.plot_progress(progress)
    known = progress[progress["shrunk"].notna()]
    rows = len(ax.get_yticklabels())
    assert rows == min(len(known), FIRST + LAST)
    low, high = ax.get_xlim()
    assert low < known["lower"].min()
    assert known["upper"].max() < high
    assert overlapping(ax.figure) == []


def test_not_proven_is_hollow():
    columns = ["change", "expected", "drive", "shrunk", "lower", "upper", "proven", "start"]
    frame = pd.DataFrame([[3, 1, 2, 2, 1, 3, True, 70], [1, 1, 0, 0, -1, 1, False, 75]], ["甲村", "乙村"], columns)
    ax = lsb.plot_progress(frame)
    faces = [tuple(c.get_facecolor()[0]) for c in ax.collections[-2:]]
    assert faces[1] == (1.0, 1.0, 1.0, 1.0)
    assert faces[0] != faces[1]


def test_too_few_quarters_give_empty_axes(demo):
    _records, scored, quarter = demo(11)
    short = lsb.measure_progress({quarter: scored[quarter]})
    assert not lsb.plot_drive(short).has_data()
    assert not lsb.plot_progress(short).has_data()
