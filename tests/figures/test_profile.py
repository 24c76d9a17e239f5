"""The profile: a lollipop for every ranked unit and pillar, at points minus the median."""

import numpy as np
import pytest

from lsb_nb.figures.profile import plot_profile
from lsb_nb.figures.rows import ENDS
from lsb_nb.numbers import difference

SIZES = (11, 20, 36)


@pytest.mark.parametrize("n", SIZES)
def test_rows_are_the_ranked_units_in_order(frames, n):
    _ranking, parts, _bands = frames(n)
    ax = plot_profile(parts)
    ticks = [label.get_text() for label in ax.get_yticklabels()]
    units = list(dict.fromkeys(parts.loc[parts["status"] == "ranked", "unit"]))
    assert [tick.split("　")[1] for tick in ticks] == units
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first place is on top"


@pytest.mark.parametrize("n", SIZES)
def test_points_minus_median_are_drawn(frames, n):
    _ranking, parts, _bands = frames(n)
    ax = plot_profile(parts)
    ranked = parts[parts["status"] == "ranked"]
    names = list(dict.fromkeys(ranked["part"]))
    low, high = ax.get_xlim()
    step = (high - low) / len(names)
    for i, name in enumerate(names):
        dots = [d.get_offsets() for d in ax.collections if d.get_label().startswith(name)]
        drawn = np.sort(np.concatenate([d[:, 0] for d in dots]).astype(float) - i * step)
        own = ranked[ranked["part"] == name]
        pairs = zip(own["points"], own["median"], strict=True)
        expected = np.sort([float(difference(points, median)) for points, median in pairs])
        assert np.allclose(drawn, expected)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("full", [None, {"总分": 100.0}, {"甲": 20.0, "乙": 20.0, "丙": 20.0, "丁": 20.0, "戊": 20.0},
    {f"第{i}板块工作": 100 / 6 for i in range(6)}])  # fmt: skip
def test_no_texts_touch(frames, n, full, overlapping):
    _ranking, parts, _bands = frames(n, full=full)
    assert overlapping(plot_profile(parts).figure) == []


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("full", [None, {f"第{i}板块工作": 100 / 6 for i in range(6)}])
@pytest.mark.parametrize("long", [False, True])
def test_there_are_numbers_or_a_scale(frames, n, full, long, overlapping):
    _ranking, parts, _bands = frames(n, full=full)
    if long:
        parts["unit"] = "青山绿水示范片区东街联合社" + parts["unit"]
    ax = plot_profile(parts)
    ax.figure.canvas.draw()
    numbers = [text for text in ax.texts if text.get_text()[0] in "+−"]
    scale = [label.get_text() for label in ax.get_xticklabels()]
    columns = parts["part"].nunique()
    assert len(numbers) > n or len(scale) == 2 * columns
    assert full or numbers, "three columns have room for their numbers beside names of 16 characters"
    assert overlapping(ax.figure) == []


def test_the_sign_is_told_twice(frames):
    _ranking, parts, _bands = frames(20)
    ax = plot_profile(parts)
    colours = {
        tuple(np.round(d.get_facecolor()[0], 3)): d.get_paths()[0].vertices.shape
        for d in ax.collections
        if d.get_label()[-2:] in (" 1", "-1")
    }
    assert len(set(colours.values())) == 2, "above and below differ in shape, not only in colour"


def test_a_pillar_left_out_is_a_dash(frames):
    _ranking, parts, _bands = frames(11)
    parts.loc[0, "points"] = np.nan
    assert any(t.get_text() == "—" for t in plot_profile(parts).texts)


def test_of_many_units_both_ends_are_drawn(frames):
    _ranking, parts, _bands = frames(90)
    assert len(plot_profile(parts).get_yticks()) == 2 * ENDS + 1


def test_names_with_signs_are_drawn_as_they_are_written_within_the_picture(frames):
    _ranking, parts, _bands = frames(11)
    odd = ["</script>", "赛|实绩", "**比**", "$\\frac{承诺$", "_比"]
    names = dict(zip(dict.fromkeys(parts["part"]), odd, strict=False))
    ax = plot_profile(parts.assign(part=parts["part"].map(names)))
    figure = ax.get_figure()
    figure.canvas.draw()
    heads = [text for text in ax.texts if "满分" in text.get_text()]
    assert [head.get_text().split("\n")[0] for head in heads] == list(names.values())
    for head in heads:
        assert not head.get_parse_math()
        box = head.get_window_extent()
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
