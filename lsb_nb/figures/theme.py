"""The look of every figure: font, sizes, colours; and how a figure becomes a picture with words.

Offices print in grey, so no colour tells anything alone. Parts of a bar go by lightness and have a key that shows them
(`PILLARS` dark to light; done is middle, open light, what is wrong dark). Better and worse are one grey: beside them
stand a direction, a sign, another marker or a dashed line. What is missing is a dash or hatching.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from lsb_nb.i18n import _
from lsb_nb.markup import READABLE, WIDE, Markup, text

INK, INK2, INK3 = "#1B1F24", "#4A525B", "#6B737C"
RULE, GRID, WASH = "#D5D9DE", "#ECEEF0", "#F3F5F7"
PILLARS = ("#23456B", "#4F94A8", "#E2B55A")
BETTER, WORSE, RED = "#2B6CA3", "#A95C18", "#B3202A"
CONTEXT, RANGE = "#A9B3BD", "#8CA5BD"
LOSS = ("#FFFFFF", "#FBEBD9", "#F3CDA0", "#DE9A57", "#A95C18", "#733A0C")
LOSS_STEPS = (0.0, 0.3, 0.5, 1.0, 1.5, 2.5, 99.0)

FULL, SIDE, HALF = 7.0, 5.6, 4.4
"""Widths in inches at which figures are drawn and printed: whole column, beside text, half."""
DPI = 200
PIXELS = 96
"""CSS pixels per inch: a figure is shown at the size it is printed."""
SIZE = 9.0
"""Size in points of every text in a figure; none is under 7.5."""

FONTS = Path(__file__).parent.parent / "fonts"
_FALLBACK = "DejaVu Sans"
_GLYPH = re.compile(r"Glyph (\d+) .*missing from")
_state: dict[str, Any] = {"family": None, "missing": {}}


class GlyphWarning(UserWarning):
    """A character has no shape in the font that figures are drawn with."""


def font_family() -> str:
    """Hand the package's own fonts to matplotlib, once, and give their family."""
    if _state["family"] is None:
        for path in sorted(FONTS.glob("*.[ot]tf")):
            font_manager.fontManager.addfont(str(path))
        regular = FONTS / "NotoSansSC-Regular.ttf"
        _state["family"] = font_manager.FontProperties(fname=str(regular)).get_name()
    return str(_state["family"])


def theme() -> dict[str, Any]:
    """Give the settings of matplotlib that every figure is drawn under."""
    return {
        "font.family": [font_family(), _FALLBACK],
        "font.size": SIZE,
        "axes.unicode_minus": True,
        "axes.titlesize": SIZE,
        "axes.titleweight": "normal",
        "axes.titlelocation": "left",
        "axes.labelsize": SIZE,
        "axes.labelcolor": INK2,
        "xtick.labelsize": SIZE,
        "ytick.labelsize": SIZE,
        "xtick.color": INK2,
        "ytick.color": INK,
        "xtick.bottom": True,
        "xtick.major.size": 3,
        "ytick.major.size": 0,
        # a name may hold a dollar sign: nothing is read as a formula
        "text.parse_math": False,
        "text.color": INK,
        "axes.edgecolor": INK2,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.axisbelow": True,
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "legend.frameon": False,
        "legend.fontsize": SIZE,
        "figure.dpi": 100,
        "savefig.dpi": DPI,
        "figure.facecolor": "white",
        "lines.linewidth": 1.6,
        "figure.constrained_layout.use": True,
    }


def use_theme() -> None:
    """Set the theme for everything drawn from now on."""
    sns.set_theme(style="white", rc=theme())


def new_figure(width: float, height: float) -> Figure:
    """Give a figure of a size in inches, under the theme.

    It belongs to no window manager, so that nothing is left open and a notebook shows it only where asked.
    """
    use_theme()
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def new_axes(width: float, height: float, *, ax: Axes | None = None) -> Axes:
    """Give axes to draw on: those handed in, or new ones of a size in inches (see `new_figure`)."""
    if ax is None:
        return new_figure(width, height).subplots()
    use_theme()
    return ax


def text_width(words: str, size: float = SIZE) -> float:
    """Estimate the width of a text in inches, a little generously: Han are square, the rest about 0.6 of it."""
    return sum(1.0 if ord(letter) > 0x2E7F or letter in "…—" else 0.62 for letter in words) * size / 72


def stack_labels(centres: list[float], widths: list[float], *, gap: float = 0.0) -> list[int]:
    """Give each label the lowest row in which it overlaps no label placed before it.

    Parameters
    ----------
    centres, widths : list of float
        In one unit; a label reaches half its width to each side.
    gap : float
        Least room between two labels of a row.

    Returns
    -------
    list of int
        Row of each label, 0 the lowest.
    """
    rows: list[list[tuple[float, float]]] = []
    placed = []
    for centre, width in zip(centres, widths, strict=True):
        low, high = centre - width / 2 - gap, centre + width / 2 + gap
        free = [i for i, row in enumerate(rows) if all(high <= left or low >= right for left, right in row)]
        number = free[0] if free else len(rows)
        if not free:
            rows.append([])
        rows[number].append((centre - width / 2, centre + width / 2))
        placed.append(number)
    return placed


def missing_glyphs() -> str:
    """Give the characters that figures could not draw so far, in the order they were met; usually none."""
    return "".join(_state["missing"])


def _render(figure: Figure) -> bytes:
    """Draw a figure as PNG; characters without a shape are kept for a note and told once as a warning."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    fresh = []
    for warning in caught:
        match = _GLYPH.search(str(warning.message))
        if match is None:
            warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
        elif (letter := chr(int(match[1]))) not in _state["missing"]:
            _state["missing"][letter] = True
            fresh.append(letter)
    if fresh:
        warnings.warn(_("字体缺字：{letters}").format(letters="".join(fresh)), GlyphWarning, stacklevel=3)
    return _shrink(buffer)


def _shrink(picture: io.BytesIO) -> bytes:
    """Keep 64 colours, enough for smooth edges of letters: a quarter of the bytes."""
    small = io.BytesIO()
    with Image.open(picture) as full:
        palette = full.convert("RGB").quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(small, "PNG", optimize=True)
    return small.getvalue()


def as_figure(drawn: Axes | Figure, *, title: str, subtitle: str, alt: str, note: str | None = None) -> Markup:
    """Make a figure a picture inside HTML: title and subtitle above, a note below, words for those who do not see it.

    Parameters
    ----------
    drawn : matplotlib Axes or Figure
        What a ``plot_`` function gave. It is closed here.
    title : str
        The finding, as a plain sentence without full stop.
    subtitle : str
        Measure, unit, scope, quarter.
    alt : str
        The type of chart and what it shows.
    note : str, optional
        A plain text below.

    Returns
    -------
    Markup
        ``h3``, ``p.sub``, ``figure.fig`` with a PNG of 200 dpi shown at the size it is printed, ``p.note``. Axes
        without data give the title and one sentence instead of an empty figure, and without a title nothing at all.
    """
    figure = drawn if isinstance(drawn, Figure) else drawn.get_figure(root=True)
    assert isinstance(figure, Figure)
    head = f"<h3>{text(title)}</h3>" + (f'<p class="sub">{text(subtitle)}</p>' if subtitle else "")
    tail = f'<p class="note">{text(note)}</p>' if note else ""
    if not any(axes.has_data() for axes in figure.axes):
        if not title:
            return Markup("")
        return Markup(head + f"<p>{text(_('没有可画的数据，本图从略。'))}</p>" + tail)
    width, height = (round(inches * PIXELS) for inches in figure.get_size_inches())
    least = f";min-width:{round(width * READABLE)}px" if width > WIDE else ""
    picture = base64.b64encode(_render(figure)).decode("ascii")
    plt.close(figure)
    figure.clear()
    return Markup(
        f'{head}<figure class="fig scroll"><img src="data:image/png;base64,{picture}" width="{width}" '
        f'height="{height}" style="max-width:100%;height:auto{least}" alt="{text(alt)}"></figure>{tail}'
    )
