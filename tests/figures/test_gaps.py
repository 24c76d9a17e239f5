"""Heatmap, waterfall and the largest gaps: what is drawn is what the frame says, at 11, 20 and 36 units."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

import lsb_nb as lsb
from lsb_nb.figures.theme import BETTER, WORSE

SIZES = (11, 20, 36)


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.fixture(params=SIZES)
def scores(request, demo):
    _records, history, quarter = demo(request.param)
    return history[quarter]


def test_heatmap_rows_and_numbers(scores, overlapping):
    gaps = lsb.measure_gaps(scores, "full", decimals=1)
    ax = lsb.plot_gaps(gaps)
    names = [label.get_text().split("  ")[-1] for label in ax.get_yticklabels()]
    assert names == [*dict.fromkeys(gaps["unit"]), "平均"]
    shown = texts(ax)
    for value in gaps.loc[gaps["kind"] == "criterion", "shown"].dropna().head(40):
        assert f"{value:.1f}".replace("-", "−") in shown
    assert overlapping(ax.figure) == []


def test_heatmap_cells_are_coloured_as_printed(scores):
    gaps = lsb.measure_gaps(scores, "full", decimals=1)
    ax = lsb.plot_gaps(gaps)
    drawn = np.ma.filled(ax.collections[0].get_array(), np.nan).ravel()
    order = gaps.attrs["order"]
    first = gaps[(gaps["unit"] == gaps["unit"].iloc[0]) & (gaps["kind"] == "criterion")]
    first = first.set_index("criterion")["shown"]
    expected = first.reindex(order).clip(lower=0).to_numpy()
    np.testing.assert_allclose(drawn[: len(order)], expected)


def test_what_is_left_out_is_hatched_not_zero(demo):
    _records, history, quarter = demo(36)
    gaps = lsb.measure_gaps(history[quarter], "full", decimals=1)
    ax = lsb.plot_gaps(gaps)
    missing = int(gaps.loc[gaps["kind"] == "criterion", "shown"].isna().sum())
    assert missing
    assert sum(bool(patch.get_hatch()) for patch in ax.collections) == missing


def test_many_units_are_cut_to_both_ends():
    units = [f"示例{i}村" for i in range(80)]
    frame = [
        {
            "unit": unit,
            "rank": i + 1,
            "pillar": "板块",
            "criterion": "环境",
            "kind": "criterion",
            "shown": 0.5,
            "total": 0.5,
        }
        for i, unit in enumerate(units)
    ]
    import pandas as pd

    ax = lsb.plot_gaps(pd.DataFrame(frame))
    assert len(ax.get_yticklabels()) == 40


def test_waterfall_ends_at_the_published_gap(scores, overlapping):
    gaps = lsb.measure_gaps(scores)
    unit = scores.units.index[scores.units["rank"].notna()][-1]
    falls = lsb.measure_waterfall(gaps, unit)
    ax = lsb.plot_waterfall(falls)
    assert texts(ax)[-1] == f"{falls['points'].iloc[-1]:.2f}"
    lengths = [bar.get_width() for bar in ax.patches]
    np.testing.assert_allclose(lengths, (falls["end"] - falls["start"]).abs())
    assert overlapping(ax.figure) == []


def test_what_is_ahead_has_the_other_colour():
    falls = pd.DataFrame(
        [("环境", "behind", 3.0, 0.0, 3.0), ("ahead", "ahead", -1.0, 3.0, 2.0), ("total", "total", 2.0, 0.0, 2.0)],
        columns=["label", "kind", "points", "start", "end"],
    )
    ax = lsb.plot_waterfall(falls)
    assert [to_hex(bar.get_facecolor()).upper() for bar in ax.patches][:2] == [WORSE, BETTER]
    assert texts(ax) == ["+3.00", "−1.00", "2.00"]


def test_top_gaps(scores, overlapping):
    top = lsb.measure_top_gaps(scores)
    ax = lsb.plot_top_gaps(top)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], top["loss"])
    assert overlapping(ax.figure) == []
    assert all(
        ("共性" in label.get_text()) == bool(c) for label, c in zip(ax.get_yticklabels(), top["common"], strict=True)
    )
