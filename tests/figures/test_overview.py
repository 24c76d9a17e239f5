"""The score strip: every dot is a unit at its score, and no two texts touch."""

import warnings

import numpy as np
import pytest

from lsb_nb.figures.overview import plot_scores
from lsb_nb.figures.theme import as_figure, stack_labels, text_width

SIZES = (11, 20, 36)


@pytest.mark.parametrize("n", SIZES)
def test_dots_are_the_ranked_scores(frames, n):
    ranking, _parts, bands = frames(n)
    ax = plot_scores(ranking, bands)
    drawn = np.sort(
        np.concatenate([dots.get_offsets()[:, 0] for dots in ax.collections if len(dots.get_offsets()) > 1])
    )
    expected = np.sort(ranking.loc[ranking["status"] == "ranked", "score"].to_numpy())
    assert np.allclose(drawn.astype(float), expected)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("spread", "centre"), [(3.2, 85.7), (0.01, 89.9), (8, 70), (1, 99)])
def test_no_texts_touch_and_none_is_cut(frames, n, spread, centre, overlapping):
    ranking, _parts, bands = frames(n, spread=spread, centre=centre)
    assert overlapping(plot_scores(ranking, bands).figure) == []


def test_last_is_named_only_where_it_is_published(frames):
    ranking, _parts, bands = frames(20)
    last = ranking.index[ranking["status"] == "ranked"][-1]
    assert any(last in t.get_text() for t in plot_scores(ranking, bands).texts)
    assert not any(last in t.get_text() for t in plot_scores(ranking, bands, show_last=False).texts)


def test_bands_name_their_counts(frames):
    ranking, _parts, bands = frames(36, spread=5)
    words = " ".join(t.get_text() for t in plot_scores(ranking, bands).texts)
    for band, count in bands["count"].items():
        if count:
            assert f"{band}" in words
            assert f"{count} 个" in words


def test_one_unit_and_none(frames):
    ranking, _parts, bands = frames(2)
    plot_scores(ranking, bands)
    empty = plot_scores(ranking.iloc[:0], bands)
    html = as_figure(empty, title="标题", subtitle="", alt="图")
    assert "<img" not in html
    assert "从略" in html


def test_two_hundred_units_draw_without_a_warning(frames):
    ranking, _parts, bands = frames(200, spread=0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = plot_scores(ranking, bands)
    assert ax.figure.get_size_inches()[1] < 4


def test_labels_stack_only_where_they_meet():
    assert stack_labels([0, 10, 0.5], [2, 2, 2]) == [0, 0, 1]
    assert stack_labels([0, 0, 0], [1, 1, 1]) == [0, 1, 2]
    assert text_width("村村") > text_width("ab")
