"""What would change the picture: tipping weights, one criterion left out, other methods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from lsb_nb.figures.labels import fold
from lsb_nb.figures.rows import name_rows
from lsb_nb.figures.theme import BETTER, CONTEXT, FULL, INK, INK2, RANGE, SIDE, SIZE, WORSE, new_axes, text_width
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed

NAME = 1.5


def plot_tipping(tipping: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw, for each pillar and criterion, its weight now and the nearest weights at which the leader is overtaken.

    Parameters
    ----------
    tipping : pandas.DataFrame
        From `measure_tipping`: ``better, worse, criterion, kind, weight, printed, first``; rows of the leader count.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide.
    """
    rows: Any = tipping[tipping["better"] == tipping["better"].iloc[0]] if len(tipping) else tipping
    sliders = rows.drop_duplicates("criterion")
    ax = new_axes(SIDE, 0.26 * len(sliders) + 0.6, ax=ax)
    if rows.empty:
        return ax
    turns = rows[rows["printed"].notna() & (rows["first"] == rows["worse"])]
    most, longest, before = float(rows["weight"].max()), 0.5, 0.0
    for i, row in enumerate(sliders.itertuples()):
        ax.scatter(row.weight, i, s=90, marker="|", color=INK, lw=2, zorder=3)
        own = turns[turns["criterion"] == row.criterion]
        for up, colour, marker in ((True, BETTER, ">"), (False, WORSE, "<")):
            side = own[(own["printed"] > own["weight"]) == up]
            if side.empty:
                continue
            near = side.iloc[int((side["printed"] - side["weight"]).abs().to_numpy().argmin())]
            at = float(near["printed"])
            most = max(most, at)
            ax.hlines(i, row.weight, at, color=colour, lw=1.4, ls="-" if up else (0, (3, 2)))
            ax.scatter(at, i, s=34, marker=marker, color=colour, zorder=3)
            words = f"{fixed(at, 1)} {near['first']}"
            if up:
                longest = max(longest, text_width(words))
            else:
                before = max(before, text_width(words) + 0.1)
            ax.annotate(words, (at, i), xytext=(6 if up else -6, 0), textcoords="offset points", va="center",
                        ha="left" if up else "right", fontsize=SIZE - 0.5)  # fmt: skip
    names = [
        f"{fold(row.criterion, NAME, lines=1)} {fixed(row.weight, 1)}" if row.kind == "criterion"
        else f"[{fold(row.criterion, NAME, lines=1)}] {fixed(row.weight, 1)}"
        for row in sliders.itertuples()
    ]  # fmt: skip
    left = max(text_width(name) for name in names)
    per = most / max(SIDE - left - longest - before - 0.3, 1.0)
    words = _("权重（分）：竖线为现值，箭头处第一名易位；方括号为板块")
    name_rows(ax, names, xlim=(-before * per, most + longest * per), words=words, grid=True)
    ax.set_xticks([tick for tick in range(0, 101, 20) if tick <= most + 10])
    return ax


def plot_leave_one_out(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many units move when each criterion is left out, and the largest move.

    Parameters
    ----------
    table : pandas.DataFrame
        From `measure_leave_one_out`: ``criterion, moved, largest, first, first_changes``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide.
    """
    n = len(table)
    ax = new_axes(SIDE, 0.26 * n + 0.6, ax=ax)
    if table.empty:
        return ax
    at = np.arange(n)
    ax.barh(at, table["moved"], height=0.62, color=np.where(table["first_changes"], WORSE, CONTEXT))
    longest = 0.5
    row: Any
    for i, row in enumerate(table.itertuples()):
        words = _("{moved} 个变动，最多 {largest} 位").format(moved=row.moved, largest=row.largest)
        words += _("；第一名为{first}").format(first=row.first) if row.first_changes else ""
        longest = max(longest, text_width(words))
        ax.annotate(words, (row.moved, i), xytext=(4, 0), textcoords="offset points", va="center", fontsize=SIZE - 0.5)
    share = max(SIDE - NAME - longest - 0.3, 0.8) / (SIDE - NAME)
    names = [fold(name, NAME, lines=1) for name in table["criterion"]]
    words = _("去掉该指标后名次变动的单位数；深色表示第一名改变")
    name_rows(ax, names, xlim=(0, max(float(table["moved"].max()), 1) / share), words=words)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def plot_methods(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each unit's places under all methods as a range with dots; the place in force is the dark mark.

    Parameters
    ----------
    table : pandas.DataFrame
        From `compare_methods`: units × methods, the one in force first.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide.
    """
    ranked = table[table.iloc[:, 0].notna()].astype(float)
    n = len(ranked)
    ax = new_axes(SIDE, 0.18 * n + 0.6, ax=ax)
    if ranked.empty:
        return ax
    at = np.arange(n)
    ax.hlines(at, ranked.min(axis=1), ranked.max(axis=1), color=RANGE, lw=4, capstyle="round")
    for name in ranked.columns[1:]:
        ax.scatter(ranked[name], at, s=7, color=INK2, zorder=2)
    ax.scatter(ranked.iloc[:, 0], at, s=26, color=INK, edgecolors="white", zorder=3)
    most = float(np.nanmax(ranked.to_numpy()))
    words = _("名次：大点为公布方法，小点为其他 {n} 种").format(n=table.shape[1] - 1)
    name_rows(ax, ranked.index, xlim=(0.2, most + 0.8), words=words, grid=True)
    return ax


def plot_ranks_left_out(ranks: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the table of places with each criterion left out, shaded and marked ▲ where better, ▼ where worse.

    Parameters
    ----------
    ranks : pandas.DataFrame
        From `leave_one_out`: units × (``all``, criteria).
    ax : matplotlib Axes, optional
        Else new axes, 7 inches wide.
    """
    order = ranks.sort_values("all")
    left = max((text_width(str(unit)) for unit in order.index), default=0.5)
    wide = (FULL - left - 0.2) / max(order.shape[1], 1)
    heads = [_("公布") if name == "all" else fold(str(name), wide - 0.02, size=8) for name in order.columns]
    lines = max((head.count("\n") for head in heads), default=0) + 1
    ax = new_axes(FULL, 0.19 * len(order) + 0.15 * lines + 0.2, ax=ax)
    for j, name in enumerate(order.columns):
        ax.text(j, -0.75, heads[j], ha="center", va="bottom", fontsize=8, color=INK2, linespacing=1.1)
        for i, (place, official) in enumerate(zip(order[name], order["all"], strict=True)):
            if pd.isna(place):
                continue
            words = str(place)
            if place != official:
                # Both washes are one grey in print: the arrow tells them apart.
                colour, arrow = ("#DCE8F3", "▲") if place < official else ("#F7E3CC", "▼")
                ax.fill_between([j - 0.48, j + 0.48], i - 0.48, i + 0.48, color=colour, lw=0)
                words += arrow
            ax.text(j, i, words, ha="center", va="center", fontsize=8)
    name_rows(ax, order.index, xlim=(-0.5, order.shape[1] - 0.5))
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    return ax
