"""A figure becomes a picture with words; a character without a shape is told, not hidden."""

import base64
import io
import re

import pytest
from PIL import Image

from lsb_nb.figures import theme
from lsb_nb.figures.theme import GlyphWarning, as_figure, missing_glyphs, new_axes
from lsb_nb.tables.heat import POINT_STEPS


def picture(html):
    return Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)\"", html)[1])))


def test_shown_at_the_size_it_is_printed():
    ax = new_axes(7.0, 1.5)
    ax.plot([0, 1], [0, 1])
    html = as_figure(ax, title="标题", subtitle="分", alt="折线图：上升", note="附注")
    assert 'width="672"' in html
    assert picture(html).size == (1400, 300)
    assert html.index("<h3>标题</h3>") < html.index("<figure") < html.index("附注")


def test_a_wide_figure_stays_readable_on_a_phone_in_a_notebook_too():
    widths = {}
    for inches in (7.0, 4.4):
        ax = new_axes(inches, 2.0)
        ax.plot([0, 1])
        widths[inches] = re.findall(r"min-width:(\d+)px", as_figure(ax, title="", subtitle="", alt="图"))
    assert widths == {7.0: ["538"], 4.4: []}


def test_words_are_escaped():
    ax = new_axes(2, 1)
    ax.plot([0, 1], [0, 1])
    html = as_figure(ax, title="<script>", subtitle="a<b", alt='"><img onerror=x>', note="<i>")
    assert "<script" not in html
    assert html.count("<img") == 1
    assert "<i>" not in html


def test_common_and_rare_characters_have_a_shape():
    ax = new_axes(3, 1)
    ax.plot([0, 1], [0, 1])
    ax.text(0, 0, "漷縣 鹿吟村 −1.50 第一—四名 ▲▼■□…")
    as_figure(ax, title="", subtitle="", alt="图")
    assert missing_glyphs() == ""


def test_a_missing_character_is_collected(monkeypatch):
    monkeypatch.setitem(theme._state, "missing", {})
    ax = new_axes(3, 1)
    ax.plot([0, 1], [0, 1])
    ax.text(0, 0, "\U0001faa8村")
    with pytest.warns(GlyphWarning, match="\U0001faa8"):
        html = as_figure(ax, title="", subtitle="", alt="图")
    assert "<img" in html, "the report is made all the same"
    assert missing_glyphs() == "\U0001faa8"


def test_no_figure_stays_open():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    ax = new_axes(2, 1)
    ax.plot([0, 1], [0, 1])
    as_figure(ax, title="", subtitle="", alt="图")
    assert plt.get_fignums() == before


def test_the_same_figure_twice_is_the_same_picture():
    pictures = []
    for _turn in range(2):
        ax = new_axes(2, 1)
        ax.plot([0, 1], [0, 1])
        pictures.append(as_figure(ax, title="", subtitle="", alt="图"))
    assert pictures[0] == pictures[1]


def test_the_drawn_heatmap_and_the_table_shade_alike():
    assert theme.LOSS_STEPS[1:-1] == POINT_STEPS
