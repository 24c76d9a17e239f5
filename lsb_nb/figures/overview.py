"""The score strip: where the units of a quarter stand, and the bands they fall into."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import blended_transform_factory

from lsb_nb.figures.theme import CONTEXT, FULL, INK, INK2, SIZE, WASH, new_axes, stack_labels, text_width
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, plain

ROW = 0.2
"""Height of a row of labels, inches."""
LEAST = 4.0
"""The axis spans at least so many points, so that a field close together does not look far apart."""


def _limits(scores: pd.Series) -> tuple[float, float]:
    low, high = float(scores.min()), float(scores.max())
    room = max((LEAST - (high - low)) / 2, 0.06 * (high - low), 0.5)
    return math.floor(low - room), math.ceil(high + room)


def _dots(scores: pd.Series, inches: float, span: float) -> tuple[float, float]:
    """Choose the diameter of a dot in points, and the height in inches that the tallest heap of dots needs."""
    values = np.sort(scores.to_numpy(dtype=float))
    for size in (6.5, 5.5, 4.5, 3.5, 2.5):
        reach = (size + 1.2) / 72 / inches * span
        tallest = int(max(np.searchsorted(values, values + reach, side="left") - np.arange(len(values)), default=1))
        height = max(0.45, (tallest + 1) * (size + 1.2) / 72)
        if height <= 1.1:
            break
    return size, height


def plot_scores(ranking: pd.DataFrame, bands: pd.DataFrame, *, show_last: bool = True, ax: Axes | None = None) -> Axes:
    """Draw the score strip: a dot per ranked unit, the bands as wash, the mean as a line.

    Parameters
    ----------
    ranking : pandas.DataFrame
        Indexed by unit: ``score, rank, status``.
    bands : pandas.DataFrame
        Indexed by band, best first: ``count, low, high``; bands without lines are not drawn.
    show_last : bool
        Whether the last unit is named.
    ax : matplotlib Axes, optional
        Where to draw; else new axes, 7 inches wide.
    """
    ranked = ranking[ranking["status"] == "ranked"]
    scores = ranked["score"].astype(float)
    if scores.empty:
        return new_axes(FULL, 1.0, ax=ax)
    low, high = _limits(scores)
    inches = FULL - 0.3
    unit = (high - low) / inches
    size, heap = _dots(scores, inches, high - low)
    labels = _labels(ranked, low, high, unit, show_last=show_last)
    rows = max((row for *_rest, row in labels), default=0) + 1
    washed = _washed(bands, low, high, unit)
    heads = stack_labels(
        [centre for centre, _words in washed], [text_width(w) * unit for _c, w in washed], gap=0.06 * unit
    )
    top = heap + rows * ROW + (max(heads) + 1 if heads else 0) * ROW + 0.05
    ax = new_axes(FULL, top + 0.32, ax=ax)
    _wash(ax, bands, low, high)
    with warnings.catch_warnings():
        # more dots than fit are drawn over one another; every one is still drawn at its score
        warnings.filterwarnings("ignore", message=".*of the points cannot be placed")
        sns.swarmplot(
            x=scores.to_numpy(), y=[""] * len(scores), size=size, color=CONTEXT, ax=ax, zorder=3, legend=False
        )
        ax.set(xlim=(low, high), ylim=(-heap / 2, top - heap / 2), xlabel="", ylabel="", yticks=[])
        ax.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
        ax.figure.canvas.draw()
    mean = float(fixed(scores.mean()))
    ends = ax.transData
    for centre, words, anchor, row in labels:
        y = heap / 2 + (row + 0.5) * ROW
        if words.startswith(_("平均")):
            ax.plot([mean, mean], [-heap / 2, y - ROW * 0.42], color=INK, lw=1.2, zorder=2, solid_capstyle="butt")
        else:
            ax.plot([anchor, anchor], [heap * 0.1, y - ROW * 0.42], color=INK2, lw=0.6, zorder=2)
            ax.plot([anchor], [0], marker="o", ms=size, color=INK, zorder=4)
        ax.text(centre, y, words, ha="center", va="center", fontsize=SIZE, color=INK, transform=ends)
    for (centre, words), row in zip(washed, heads, strict=True):
        ax.text(centre, top - heap / 2 - (row + 0.5) * ROW, words, ha="center", va="center", color=INK2, fontsize=SIZE)
    return ax


def _labels(
    ranked: pd.DataFrame, low: float, high: float, unit: float, *, show_last: bool
) -> list[tuple[float, str, float, int]]:
    """Place the names of first and last and the mean: centre, words, score, row."""
    scores = ranked["score"].astype(float)
    marked = [(float(scores.max()), ranked.index[ranked["rank"] == ranked["rank"].min()])]
    if show_last and len(ranked) > 1 and scores.min() < scores.max():
        marked.append((float(scores.min()), ranked.index[ranked["rank"] == ranked["rank"].max()]))
    found = []
    for value, names in marked:
        words = str(names[0]) if len(names) == 1 else _("{name}等 {n} 个").format(name=names[0], n=len(names))
        found.append((f"{words} {fixed(value)}", value))
    if len(ranked) > 1:
        found.append((_("平均 {mean}").format(mean=fixed(scores.mean())), float(fixed(scores.mean()))))
    widths = [text_width(words) * unit for words, _value in found]
    centres = [
        min(max(value, low + width / 2), high - width / 2) for (_w, value), width in zip(found, widths, strict=True)
    ]
    rows = stack_labels(centres, widths, gap=0.08 * unit)
    return [(centre, words, value, row) for centre, (words, value), row in zip(centres, found, rows, strict=True)]


def _washed(bands: pd.DataFrame, low: float, high: float, unit: float) -> list[tuple[float, str]]:
    """Name the bands in view, each centred on its part of the axis."""
    found = []
    for band, facts in bands.iterrows():
        if pd.isna(facts["low"]) and pd.isna(facts["high"]):
            continue
        start = low if pd.isna(facts["low"]) else max(float(facts["low"]), low)
        stop = high if pd.isna(facts["high"]) else min(float(facts["high"]), high)
        if stop <= start:
            continue
        if pd.isna(facts["high"]):
            words = _("{band} {low} 以上　{n} 个").format(
                band=_(str(band)), low=plain(facts["low"]), n=int(facts["count"])
            )
        elif pd.isna(facts["low"]):
            words = _("{band} {high} 以下　{n} 个").format(
                band=_(str(band)), high=plain(facts["high"]), n=int(facts["count"])
            )
        else:
            words = f"{_(str(band))} {plain(facts['low'])}—{plain(facts['high'])}　" + _("{n} 个").format(
                n=int(facts["count"])
            )
        width = text_width(words) * unit
        if not facts["count"] and width > stop - start:
            continue
        found.append((min(max((start + stop) / 2, low + width / 2), high - width / 2), words))
    return found


def _wash(ax: Axes, bands: pd.DataFrame, low: float, high: float) -> None:
    """Lay a wash under every other band, counted from the best, so that a band looks the same every quarter."""
    whole = blended_transform_factory(ax.transData, ax.transAxes)
    for number, (_band, facts) in enumerate(bands.iterrows()):
        if number % 2 or (pd.isna(facts["low"]) and pd.isna(facts["high"])):
            continue
        start = low if pd.isna(facts["low"]) else max(float(facts["low"]), low)
        stop = high if pd.isna(facts["high"]) else min(float(facts["high"]), high)
        if stop > start:
            ax.fill_between([start, stop], 0, 1, transform=whole, color=WASH, lw=0, zorder=0)
