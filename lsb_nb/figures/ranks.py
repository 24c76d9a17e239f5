"""How certain ranks are: ranges of places by tier, and places under other weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap

from lsb_nb.figures.labels import NAME, fold
from lsb_nb.figures.rows import ENDS, MOST_ROWS, cut_rows, mark_places, tell_cut
from lsb_nb.figures.theme import FULL, INK, INK2, RANGE, SIDE, SIZE, WASH, new_axes, text_width
from lsb_nb.i18n import _

SHARES = ("#FFFFFF", "#E4EDF5", "#BFD5E8", "#8CB4D6", "#5590C0", "#2B6CA3", "#1B466B")
SHARE_STEPS = (0.0, 0.01, 0.05, 0.15, 0.3, 0.5, 0.8, 1.01)
_NUMERALS = "一二三四五六七八九十"


def name_tier(tier: int) -> str:
    """Name a tier: 第一档, from the eleventh on, and in English, in digits."""
    return _("第{han}档").format(han=_NUMERALS[tier - 1] if tier <= len(_NUMERALS) else tier, n=tier)


def plot_rank_sets(sets: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the places each unit may hold, by place, tiers as wash.

    Parameters
    ----------
    sets : pandas.DataFrame
        From `rank_sets`: indexed by unit, ``rank, low, high, tier``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    rows = cut_rows(sets.sort_values("rank", kind="stable"))
    ax = new_axes(SIDE, 0.18 * len(rows) + 0.45, ax=ax)
    if rows.empty:
        return ax
    n, at = len(sets), np.arange(len(rows))
    names = [fold(str(unit), NAME, lines=1) for unit in rows.index]
    tiers = rows["tier"].to_numpy()
    starts = [i for i in range(len(rows)) if i == 0 or tiers[i] != tiers[i - 1]]
    ends: list[int] = [*starts[1:], len(rows)]
    for start, end in zip(starts, ends, strict=True):
        if tiers[start] % 2:
            ax.axhspan(start - 0.5, end - 0.5, color=WASH, lw=0, zorder=0)
        # where rows are left out, the dashed line of the cut stands instead
        if end < len(rows) and not (end == ENDS and n > MOST_ROWS):
            ax.axhline(end - 0.5, color=INK2, lw=0.8, zorder=1)
    ax.hlines(at, rows["low"], rows["high"], color=RANGE, lw=5.5, capstyle="round", zorder=2)
    ax.scatter(rows["rank"], at, s=26, color=INK, edgecolor="white", linewidth=0.8, zorder=3)
    # The tier stands left of the widest name, in the points of the tick labels.
    left = max(text_width(name) for name in names) * 72 * 1.04 + 10
    for start in starts:
        ax.annotate(
            name_tier(int(tiers[start])), (0, start), xycoords=("axes fraction", "data"), xytext=(-left, 0),
            textcoords="offset points", ha="right", va="center", fontsize=SIZE, color=INK2,
        )  # fmt: skip
    ax.set_yticks(at, names)
    ax.set_xticks(mark_places(n))
    ax.xaxis.tick_top()
    ax.spines["bottom"].set_visible(False)
    ax.grid(axis="x")
    ax.set(xlim=(0.2, n + 0.8), ylim=(len(rows) - 0.5, -0.5), xlabel="", ylabel="")
    tell_cut(ax, n)
    return ax


def plot_acceptability(shares: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the share of draws in which each unit holds each place, as a heatmap.

    Parameters
    ----------
    shares : pandas.DataFrame
        From `rank_acceptability` or `share_ranks`: units × places, drawn in the order given.
    ax : matplotlib Axes, optional
        Else new axes, 7 inches wide. Numbers are percent; under 10% only the colour tells. Above 60 units the first and
        the last 20 are drawn, over all places.
    """
    rows = cut_rows(shares)
    ax = new_axes(FULL, 0.19 * len(rows) + 0.5, ax=ax)
    if rows.empty:
        return ax
    values = rows.to_numpy(float)
    colours = ListedColormap(SHARES)
    ax.pcolormesh(
        np.arange(values.shape[1] + 1) + 0.5, np.arange(len(rows) + 1) - 0.5, values, cmap=colours,
        norm=BoundaryNorm(SHARE_STEPS, len(SHARES)), edgecolor="white", linewidth=0.5,
    )  # fmt: skip
    if values.shape[1] <= MOST_ROWS * 2 / 3:
        for i, j in zip(*np.nonzero(values >= 0.1), strict=True):
            ink = "white" if values[i, j] >= SHARE_STEPS[5] else INK
            # Not quite all is not printed as all.
            words = f"{min(np.floor(values[i, j] * 100 + 0.5), 100 if values[i, j] == 1 else 99):.0f}"
            ax.text(j + 1, i, words, ha="center", va="center_baseline", color=ink, fontsize=7.5)
    ax.set_yticks(np.arange(len(rows)), [fold(str(unit), NAME, lines=1) for unit in rows.index])
    ax.set_xticks(mark_places(values.shape[1]))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)
    ax.set(xlim=(0.5, values.shape[1] + 0.5), ylim=(len(rows) - 0.5, -0.5), xlabel="", ylabel="")
    tell_cut(ax, len(shares))
    return ax
