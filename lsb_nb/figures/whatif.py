"""What would change the picture: tipping weights, one criterion left out, other methods."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from lsb_nb.figures.labels import fit_width, fold
from lsb_nb.figures.rows import beside, cut_rows, mark_places, name_rows, tell_cut
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
        Else new axes, 5.6 inches wide; wider for long names.
    """
    rows: Any = tipping[tipping["better"] == tipping["better"].iloc[0]] if len(tipping) else tipping
    sliders = rows.drop_duplicates("criterion")
    if rows.empty:
        return new_axes(SIDE, 0.6, ax=ax)
    names = [
        f"{fold(row.criterion, NAME, lines=1)} {fixed(row.weight, 1)}" if row.kind == "criterion"
        else f"[{fold(row.criterion, NAME, lines=1)}] {fixed(row.weight, 1)}"
        for row in sliders.itertuples()
    ]  # fmt: skip
    ends = _nearest_turns(rows)
    words = {key: _turn_words(near) for key, near in ends.items()}
    after, before = (
        max((text_width(line) for (_name, up), said in words.items() if up == side for line in said.split("\n")),
            default=0.0) for side in (True, False)
    )  # fmt: skip
    width, drawn = fit_width(SIDE, max(map(text_width, names)), after + 0.15, before + 0.15)
    row_height = 0.36 if any("\n" in said for said in words.values()) else 0.26
    ax = new_axes(width, row_height * len(sliders) + 0.6, ax=ax)
    at = {name: i for i, name in enumerate(sliders["criterion"])}
    most = max([float(rows["weight"].max()), *(float(near["printed"]) for near in ends.values())])
    ax.scatter(sliders["weight"], list(at.values()), s=90, marker="|", color=INK, lw=2, zorder=3)
    for (name, up), near in ends.items():
        colour, end = BETTER if up else WORSE, float(near["printed"])
        ax.hlines(at[name], near["weight"], end, color=colour, lw=1.4, ls="-" if up else (0, (3, 2)))
        ax.scatter(end, at[name], s=34, marker=">" if up else "<", color=colour, zorder=3)
        beside(ax, words[name, up], end, at[name], size=SIZE - 0.5, left=not up, linespacing=1.05)
    per = most / drawn
    note = _("权重（分）：竖线为现值，箭头处第一名易位；方括号为板块")
    name_rows(ax, names, xlim=(-(before + 0.15) * per, most + (after + 0.15) * per), words=note, grid=True)
    ax.set_xticks([tick for tick in range(0, 101, 20) if tick <= most + 10])
    return ax


def _nearest_turns(rows: pd.DataFrame) -> dict[tuple[str, bool], pd.Series]:
    """Give, by criterion and whether its weight rises, the nearest weight at which the leader is overtaken."""
    turns = rows[rows["printed"].notna() & (rows["first"] == rows["worse"])]
    turns = turns.assign(up=turns["printed"] > turns["weight"], size=(turns["printed"] - turns["weight"]).abs())
    near = turns.sort_values("size", kind="stable").drop_duplicates(["criterion", "up"])
    return {(str(row["criterion"]), bool(row["up"])): row for _at, row in near.iterrows()}


def _turn_words(near: pd.Series) -> str:
    return f"{fixed(near['printed'], 1)} {fold(str(near['first']), 1.15, size=SIZE - 0.5, lines=2)}"


def plot_leave_one_out(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw by how many places units move on average when each criterion is left out; how many and how far in words.

    Parameters
    ----------
    table : pandas.DataFrame
        From `measure_leave_one_out`: ``criterion, moved, largest, mean, first, first_changes``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide; wider for long names.
    """
    n = len(table)
    if table.empty:
        return new_axes(SIDE, 0.6, ax=ax)
    said = []
    row: Any
    for row in table.itertuples():
        words = _("{moved} 个变动，最多 {largest} 位").format(moved=row.moved, largest=row.largest)
        said.append(words + (_("；第一名为{first}").format(first=row.first) if row.first_changes else ""))
    names = [fold(name, NAME, lines=1) for name in table["criterion"]]
    longest = max(map(text_width, said))
    width, drawn = fit_width(SIDE, max(map(text_width, names)), longest)
    ax = new_axes(width, 0.26 * n + 0.6, ax=ax)
    at = np.arange(n)
    ax.barh(at, table["mean"], height=0.62, color=np.where(table["first_changes"], WORSE, CONTEXT))
    for i, (mean, words) in enumerate(zip(table["mean"], said, strict=True)):
        beside(ax, words, mean, i, size=SIZE - 0.5)
    words = _("去掉该指标后名次平均变动（位）；深色表示第一名改变")
    most = max(float(table["mean"].max()), 0.1)
    name_rows(ax, names, xlim=(0, most * (1 + (longest + 0.12) / drawn)), words=words, grid=True)
    return ax


def plot_methods(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each unit's places under all methods as a range with dots; the place in force is the dark mark.

    Parameters
    ----------
    table : pandas.DataFrame
        From `compare_methods`: units × methods, the one in force first.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    field = table[table.iloc[:, 0].notna()].astype(float)
    ranked = cut_rows(field)
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
    ax.set_xticks(mark_places(int(most)))
    tell_cut(ax, len(field))
    return ax


def plot_ranks_left_out(ranks: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the table of places with each criterion left out, shaded and marked ▲ where better, ▼ where worse.

    Parameters
    ----------
    ranks : pandas.DataFrame
        From `leave_one_out`: units × (``all``, criteria).
    ax : matplotlib Axes, optional
        Else new axes, 7 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    order = cut_rows(ranks.sort_values("all"))
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
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    tell_cut(ax, len(ranks))
    return ax
