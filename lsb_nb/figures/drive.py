"""同起点进步: start against change with the expected line, and the 进步榜 with its intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from lsb_nb.figures.labels import along, name_line, name_points
from lsb_nb.figures.rows import SignedTicks, name_rows
from lsb_nb.figures.theme import BETTER, CONTEXT, HALF, INK, INK2, SIDE, SIZE, WORSE, new_axes, text_width
from lsb_nb.i18n import _
from lsb_nb.numbers import signed

FIRST, LAST = 8, 4


def plot_drive(progress: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw change against start with the expected line; only units whose interval leaves 0 are named.

    Parameters
    ----------
    progress : pandas.DataFrame
        From `measure_progress`: ``start, change, expected, shrunk, proven``.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 inches wide; wider for long names.
    """
    rows = progress[progress["expected"].notna()].sort_values("start")
    longest = max((text_width(str(unit)) for unit in rows.index[rows["proven"]]), default=0.0)
    # long names find room beside few marks only
    ax = new_axes(HALF if longest < 1 else SIDE, 4.3, ax=ax)
    if rows.empty:
        return ax
    up, down = rows["proven"] & (rows["shrunk"] > 0), rows["proven"] & (rows["shrunk"] < 0)
    colours = np.select([up, down], [BETTER, WORSE], CONTEXT)
    ax.axhline(0, color="#9AA1A9", lw=0.8)
    ax.vlines(rows["start"], rows["expected"], rows["change"], color=colours, lw=0.9)
    ends = rows.iloc[[0, -1]]
    ax.plot(ends["start"], ends["expected"], color=INK, lw=1.4)
    for chosen, colour, marker in ((~(up | down), CONTEXT, "o"), (up, BETTER, "o"), (down, WORSE, "s")):
        own = rows[chosen]
        ax.scatter(own["start"], own["change"], s=34, color=colour, marker=marker, edgecolors="none", zorder=3)
    span = float(np.ptp(rows["start"])) or 1.0
    low, high = float(min(rows["change"].min(), ends["expected"].min())), float(rows["change"].max())
    room = (max(high, float(ends["expected"].max())) - low or 1.0) * 0.12
    ax.set(xlim=(rows["start"].min() - span * 0.12, rows["start"].max() + span * 0.12), ylim=(low - room, high + room))
    marks = list(zip(rows["start"], rows["change"], strict=True))
    stems = [spot for x, a, b in zip(rows["start"], rows["expected"], rows["change"], strict=True)
             for spot in along((x, a), (x, b))]  # fmt: skip
    line = along(*zip(ends["start"], ends["expected"], strict=True))
    none = along((ax.get_xlim()[0], 0.0), (ax.get_xlim()[1], 0.0))
    named = rows[rows["proven"]]
    points = list(zip(named["start"], named["change"], strict=True))
    taken = name_points(ax, points, list(named.index), avoid=[*marks, *stems, *line, *none])
    name_line(ax, line, _("同起点的平均变化"), avoid=[*marks, *stems, *none], taken=taken)
    ax.yaxis.set_major_formatter(SignedTicks())
    ax.grid(axis="y")
    ax.set(xlabel=_("起点：前期平均分"), ylabel="")
    ax.set_title(_("变化（分）"), fontsize=SIZE, color=INK2, pad=6)
    return ax


def plot_progress(progress: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the 进步榜: first eight and last four with intervals; hollow is not proven, the raw change is a grey tick.

    Parameters
    ----------
    progress : pandas.DataFrame
        From `measure_progress`: ``change, expected, drive, shrunk, lower, upper, proven``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide.
    """
    known = progress[progress["shrunk"].notna()]
    if known["proven"].any():
        known = known.sort_values("shrunk", ascending=False, kind="stable")
    rows = known if len(known) <= FIRST + LAST else pd.concat([known.head(FIRST), known.tail(LAST)])
    n = len(rows)
    ax = new_axes(SIDE, 0.27 * n + 0.6, ax=ax)
    if rows.empty:
        return ax
    at = np.arange(n, dtype=float)
    if len(known) > n:
        at[FIRST:] += 0.6
    colours = np.where(rows["proven"], np.where(rows["shrunk"] > 0, BETTER, WORSE), CONTEXT)
    ax.axvline(0, color=INK2, lw=0.8)
    ax.hlines(at, rows["lower"], rows["upper"], color=colours, lw=2)
    ax.scatter(rows["change"], at, s=40, marker="|", color="#6B737C", lw=1.4, zorder=2)
    for i, (value, proven) in enumerate(zip(rows["shrunk"], rows["proven"], strict=True)):
        ax.scatter(value, at[i], s=34, facecolors=colours[i] if proven else "white", edgecolors=colours[i], lw=1.4,
                   zorder=3)  # fmt: skip
    right = float(max(rows["upper"].max(), rows["change"].max(), 0))
    left = float(min(rows["lower"].min(), rows["change"].min(), 0))
    span = right - left
    for i, value in enumerate(rows["shrunk"]):
        ax.text(right + span * 0.04, at[i], signed(value, 1), va="center", fontsize=SIZE)
    if len(known) > n:
        ax.text(left, FIRST - 0.2, _("…… 中间 {n} 个").format(n=len(known) - n), va="center", color=INK2, fontsize=SIZE)
    words = _("同起点进步值（分），空心为未证实；灰色竖线为原始变化")
    name_rows(ax, rows.index, xlim=(left - span * 0.03, right + span * 0.18), words=words, at=at, grid=True)
    ax.xaxis.set_major_formatter(SignedTicks())
    return ax
