"""Ranges of places and places under other weights: what is drawn is what the frame says, and no words touch."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from lsb_nb import i18n
from lsb_nb.figures.ranks import mark_places, name_tier, plot_acceptability, plot_rank_sets
from lsb_nb.figures.rows import ENDS, cut_rows
from lsb_nb.figures.theme import WASH

SIZES = (2, 11, 20, 36)


def make_sets(names, *, width=4, tie=True):
    n = len(names)
    rank = np.arange(1, n + 1)
    if tie and n > 5:
        rank[4] = rank[3]
    low, high = np.maximum(1, rank - width), np.minimum(n, rank + width)
    tier = 1 + (rank - 1) // (width + 1)
    return pd.DataFrame({"rank": rank, "low": low, "high": high, "tier": tier}, index=pd.Index(names, name="unit"))


def make_shares(names):
    n = len(names)
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    weight = np.exp(-(distance**2) / 3.0)
    return pd.DataFrame(weight / weight.sum(axis=1, keepdims=True), index=names, columns=range(1, n + 1))


@pytest.mark.parametrize("n", SIZES)
def test_bars_run_from_low_to_high(frames, n):
    sets = make_sets(list(frames(n + 1)[0].index[:n]), tie=False)
    ax = plot_rank_sets(sets.sample(frac=1, random_state=0))
    bars = ax.collections[0].get_segments()
    assert [[s[0][0], s[1][0]] for s in bars] == sets[["low", "high"]].to_numpy(float).tolist()
    dots = ax.collections[1].get_offsets()
    assert dots[:, 0].tolist() == sets["rank"].tolist()
    assert [t.get_text() for t in ax.get_yticklabels()] == list(sets.index)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


@pytest.mark.parametrize("n", SIZES)
def test_every_other_tier_is_washed_and_every_tier_named(frames, n):
    sets = make_sets(list(frames(n + 1)[0].index[:n]))
    ax = plot_rank_sets(sets)
    washed = [p for p in ax.patches if p.get_facecolor() == to_rgba(WASH)]
    odd = sorted({tier for tier in sets["tier"] if tier % 2})
    assert [round(p.get_height()) for p in washed] == [int((sets["tier"] == tier).sum()) for tier in odd]
    assert [t.get_text() for t in ax.texts] == [name_tier(tier) for tier in sorted(set(sets["tier"]))]


@pytest.mark.parametrize("n", [*SIZES, 100])
@pytest.mark.parametrize("suffix", ["", "中心社区居民委员会第二党支部"])
@pytest.mark.parametrize("plot", ["sets", "shares"])
def test_no_words_touch(frames, n, suffix, plot, overlapping):
    names = [f"{unit}{suffix}{i if n > 36 else ''}" for i, unit in enumerate(frames(n + 1)[0].index[:n])]
    ax = plot_rank_sets(make_sets(names)) if plot == "sets" else plot_acceptability(make_shares(names))
    assert overlapping(ax.figure) == []


@pytest.mark.parametrize("n", SIZES)
def test_numbers_are_the_shares_from_a_tenth_on(frames, n):
    shares = make_shares(list(frames(n + 1)[0].index[:n]))
    ax = plot_acceptability(shares)
    told = {(int(t.get_position()[1]), int(t.get_position()[0]) - 1): t.get_text() for t in ax.texts}
    values = shares.to_numpy()
    assert set(told) == set(zip(*np.nonzero(values >= 0.1), strict=True))
    assert all(int(words) == np.floor(100 * values[spot] + 0.5) for spot, words in told.items())


def test_not_quite_all_is_not_printed_as_all():
    shares = pd.DataFrame([[0.997, 0.003], [0.0, 1.0]], index=list("甲乙"), columns=[1, 2])
    assert [t.get_text() for t in plot_acceptability(shares).texts] == ["99", "100"]


def test_numbers_can_be_read_on_their_colour(frames):
    shares = make_shares(list(frames(37)[0].index[:36]))
    ax = plot_acceptability(shares)
    ax.figure.canvas.draw()

    def light(rgb):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb[:3]]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    faces = ax.collections[0].get_facecolors().reshape(36, 36, 4)
    for text in ax.texts:
        x, y = text.get_position()
        pair = sorted([light(faces[int(y), int(x) - 1]), light(to_rgba(text.get_color()))])
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def test_long_lists_show_both_ends():
    sets = make_sets([f"示例{i}村" for i in range(200)])
    shown = [t.get_text() for t in plot_rank_sets(sets).get_yticklabels()]
    assert shown == [*sets.index[:ENDS], *sets.index[-ENDS:]]
    assert len(cut_rows(sets.head(60))) == 60


@pytest.mark.parametrize("n", [1, 2, 5, 9, 10, 11, 19, 20, 36, 99, 100, 101, 3000, 600_000])
def test_places_on_the_axis(n):
    places = mark_places(n)
    assert places[0] == 1
    assert places[-1] == n
    assert len(places) <= 10
    assert places == sorted(set(places))
    assert n < 3 or min(np.diff(places)) >= 0.6 * n / 12


def test_empty_frames_draw_nothing():
    assert not plot_rank_sets(make_sets([])).has_data()
    assert not plot_acceptability(pd.DataFrame()).has_data()


def test_frames_are_left_alone(frames):
    sets = make_sets(list(frames(12)[0].index[:11]))
    shares = make_shares(list(sets.index))
    before = sets.copy(), shares.copy()
    plot_rank_sets(sets)
    plot_acceptability(shares)
    pd.testing.assert_frame_equal(sets, before[0])
    pd.testing.assert_frame_equal(shares, before[1])


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ["第一档", "第十档", "第11档"]), ("en", ["tier 1", "tier 10", "tier 11"])]
)
def test_tiers_are_named_in_the_numerals_of_the_language(lang, words):
    before = i18n.language()
    i18n.use_language(lang)
    try:
        assert [name_tier(tier) for tier in (1, 10, 11)] == words
    finally:
        i18n.use_language(before)
