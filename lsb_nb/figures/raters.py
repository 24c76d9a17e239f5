"""Raters: severity, agreement, raw against adjusted places, how many raters are enough."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from lsb_nb.figures.labels import NAME as WHOLE
from lsb_nb.figures.labels import fit_width, fold, spread
from lsb_nb.figures.rows import SignedTicks, cut_rows, tell_cut
from lsb_nb.figures.theme import (
    BETTER,
    CONTEXT,
    GRID,
    HALF,
    INK,
    INK2,
    INK3,
    RANGE,
    SIDE,
    SIZE,
    WASH,
    WORSE,
    new_axes,
    text_width,
)  # fmt: skip
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed

NAME = 1.6
GRADES = (0.5, 0.75, 0.9, 1.0)
MARKERS = ("o", "s", "D", "^")
SIGNS = "●■◆▲"


def plot_severity(rows: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many points each rater gives above or below the own group's mean, with intervals.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `audit_raters` (``raters``), one criterion: ``group, rater, severity, low, high, sure``. Raters without
        a severity are left out; filled dots are those that surely differ from 0.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Groups one below the other, mildest first.
    """
    known = rows[rows["severity"].notna()].sort_values("severity", ascending=False, kind="stable")
    groups = list(dict.fromkeys(rows.loc[rows["severity"].notna(), "group"]))
    # A line of its own for the name of each group.
    lines = len(known) + len(groups)
    ax = new_axes(SIDE, 0.18 * lines + 0.5, ax=ax)
    if known.empty:
        return ax
    ticks, names, at = [], [], 0
    for group in groups:
        part = known[known["group"] == group]
        ax.axhspan(at - 0.5, at + 0.5, color=WASH, lw=0, zorder=0)
        ax.annotate(
            str(group), (0, at), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
            va="center", fontsize=SIZE, color=INK2,
        )  # fmt: skip
        y = np.arange(at + 1, at + 1 + len(part))
        sure = part["sure"].to_numpy(bool)
        ax.hlines(y, part["low"], part["high"], color=RANGE, lw=2, zorder=2)
        values = part["severity"].to_numpy(float)
        ax.scatter(values[sure], y[sure], s=26, color=INK, zorder=3)
        ax.scatter(values[~sure], y[~sure], s=22, facecolor="white", edgecolor=INK, linewidth=0.9, zorder=3)
        ticks += y.tolist()
        names += [fold(str(rater), NAME, lines=1) for rater in part["rater"]]
        at += len(part) + 1
    ax.axvline(0, color=INK2, lw=0.8, zorder=1)
    reach = float(np.nanmax(np.abs(known[["severity", "low", "high"]].to_numpy(float))))
    reach = max(reach, 0.5) * 1.08
    ax.set(xlim=(-reach, reach), ylim=(at - 0.5, -0.5), ylabel="")
    ax.set_yticks(ticks, names)
    ax.xaxis.set_major_locator(MaxNLocator(7))
    ax.xaxis.set_major_formatter(SignedTicks())
    ax.set_xlabel(_("← 偏严　　与本组平均相差（分）　　偏宽 →"))
    ax.grid(axis="x")
    return ax


def plot_agreement(groups: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how reliable the joint order of each rater group is, criterion by criterion, with intervals.

    Parameters
    ----------
    groups : pandas.DataFrame
        From `audit_raters` (``groups``): ``group, criterion, order, order_low, order_high``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Groups differ by marker and colour, named below.
    """
    known = groups[groups["order"].notna()]
    criteria, names = list(dict.fromkeys(known["criterion"])), list(dict.fromkeys(known["group"]))
    lane = 0.8 / max(len(names), 1)
    ax = new_axes(SIDE, max(0.26, 0.17 * len(names)) * len(criteria) + 0.75, ax=ax)
    if known.empty:
        return ax
    ends = [0.0, *GRADES]
    for i, word in enumerate((_("偏低"), _("中等"), _("较高"), _("很高"))):
        if i % 2:
            ax.axvspan(ends[i], ends[i + 1], color=WASH, lw=0, zorder=0)
        ax.text(
            (ends[i] + ends[i + 1]) / 2, 1.0, word, transform=ax.get_xaxis_transform(), ha="center", va="bottom",
            fontsize=SIZE, color=INK3,
        )  # fmt: skip
    for k, name in enumerate(names):
        part = known[known["group"] == name]
        y = np.array([criteria.index(c) for c in part["criterion"]]) + (k - (len(names) - 1) / 2) * lane
        colour, marker = (INK, INK3)[k % 2], MARKERS[k % 4]
        ax.hlines(y, part["order_low"].clip(lower=0), part["order_high"], color=RANGE, lw=1.6, zorder=2)
        ax.scatter(part["order"], y, s=24, color=colour, marker=marker, zorder=3, label=str(name))
    ax.set_yticks(
        np.arange(len(criteria)), [fold(_("合计") if c == "合计" else str(c), NAME, lines=1) for c in criteria]
    )
    ax.set(xlim=(0, 1.02), ylim=(len(criteria) - 0.5, -0.5), ylabel="")
    ax.set_xticks([0, 0.25, *GRADES], [fixed(x) for x in (0, 0.25, *GRADES)])
    ax.set_xlabel(_("次序信度　　") + "　".join(f"{SIGNS[k % 4]} {name}" for k, name in enumerate(names)))
    return ax


def plot_adjusted(ranking: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw published places against places had every rater scored every unit.

    Parameters
    ----------
    ranking : pandas.DataFrame
        From `adjusted_ranking`: indexed by unit, ``raw_rank, adjusted_rank, move``, in raw order.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 inches wide; wider for long names. Above 60 units the first and the last 20 are drawn.
    """
    rows = cut_rows(ranking)
    names = [fold(str(unit), WHOLE, lines=1) for unit in rows.index]
    side = max((text_width(f"{name} 100 ▲100") for name in names), default=1.0)
    width, middle = fit_width(HALF, side, side)
    ax = new_axes(width, 0.18 * len(rows) + 0.5, ax=ax)
    if rows.empty:
        return ax
    left = np.arange(len(rows))
    right = np.argsort(np.argsort(rows["adjusted_rank"].to_numpy(), kind="stable"), kind="stable")
    for i, (name, row) in enumerate(zip(names, rows.to_dict("records"), strict=True)):
        move = int(row["move"])
        colour = INK3 if move == 0 else BETTER if move > 0 else WORSE
        style = "--" if move < 0 else "-"
        ax.plot(
            [0, 1], [left[i], right[i]], color=CONTEXT if move == 0 else colour, lw=1 if move == 0 else 1.8, ls=style
        )
        ax.scatter([0, 1], [left[i], right[i]], s=9, color=CONTEXT if move == 0 else colour, zorder=3)
        ink = INK if move else INK2
        ax.text(-0.04, left[i], f"{name} {row['raw_rank']}", ha="right", va="center", fontsize=SIZE, color=ink)
        sign = "" if move == 0 else f" ▲{move}" if move > 0 else f" ▼{-move}"
        words = f"{row['adjusted_rank']} {name}{sign}"
        ax.text(1.04, right[i], words, ha="left", va="center", fontsize=SIZE, color=colour if move else ink)
    ax.set(xlim=(-side / middle, 1 + side / middle), ylim=(len(rows) - 0.4, -0.6), xlabel="", ylabel="")
    ax.set_yticks([])
    ax.set_xticks([0, 1], [_("公布名次"), _("校正后名次")])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)
    tell_cut(ax, len(ranking))
    return ax


def plot_panel_curve(curve: pd.DataFrame, *, aims: tuple[float, ...] = (0.8, 0.9), ax: Axes | None = None) -> Axes:
    """Draw the reliability of panels by their size, today's marked.

    Parameters
    ----------
    curve : pandas.DataFrame
        From `measure_panel_curve` (``raters, relative, absolute, today``: both lines are drawn), or from
        `measure_panel_curves` (also ``group``: one line a group, for the order of units).
    aims : tuple of float
        Reliabilities at which a line is drawn.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 × 3 inches.
    """
    ax = new_axes(HALF, 3.0, ax=ax)
    if curve.empty or curve["relative"].isna().all():
        return ax
    last = float(curve["raters"].max())
    ax.hlines(aims, 0, last, color=GRID, lw=1.2, zorder=0)
    lines, today = _curves(curve), curve[curve["today"]].to_dict("records")
    words, looks = [], []
    for k, (name, values) in enumerate(lines):
        look: dict[str, Any] = {"color": (INK, INK3)[k % 2], "ls": "--" if k % 2 else "-", "marker": MARKERS[k % 4]}
        ax.plot(values.index.to_numpy(float), values.to_numpy(float), **look | {"marker": ""}, zorder=2)
        said = [fold(name, 1.3, lines=1)] if name else []
        for row in today:
            # without groups today's panel stands on the first line only
            if row.get("group", lines[0][0]) == name or not name:
                now, value = float(row["raters"]), float(row["relative"])
                ax.vlines(now, 0, value, color=INK3, lw=0.8, ls=":", zorder=1)
                ax.scatter([now], [value], s=34, color=look["color"], marker=look["marker"], zorder=4)
                said.append(_("现有 {n} 名：{value}").format(n=int(now), value=fixed(value)))
        words.append(said)
        looks.append(look)
    _name_curves(ax, [float(values.iloc[-1]) for _name, values in lines], words, looks, last)
    ax.set(ylim=(0, 1.02), ylabel="")
    ax.set_yticks([0, 0.5, *aims, 1.0], [fixed(y, 1) for y in (0, 0.5, *aims, 1.0)])
    ax.set_xticks([at for at in MaxNLocator(6, integer=True).tick_values(0, last) if at <= last])
    ax.set_xlabel(_("评委人数"))
    return ax


def _name_curves(ax: Axes, ends: list[float], words: list[list[str]], looks: list[dict[str, Any]], last: float) -> None:
    """Name curves right of their ends, each after its own stroke: curves that lie together are told apart there."""
    row = SIZE / 72 * 1.3 / 2.4
    room = max((text_width(line) for said in words for line in said), default=0.0) + 0.5
    per = last / max(HALF - room - 0.5, 1.0)
    spots = spread(ends, row * (max(map(len, words)) + 0.3))
    over = max(max(spots) - 1.0, 0.0)
    for spot, said, look in zip(spots, words, looks, strict=True):
        start = last + 0.12 * per
        if len(words) > 1:
            stroke = [start, start + 0.16 * per, start + 0.32 * per]
            ax.plot(stroke, [spot - over] * 3, ms=4, markevery=[1], **look)
        for k, line in enumerate(said):
            at = start + (0.4 * per if len(words) > 1 else 0.0)
            ax.text(at, spot - over - k * row, line, va="center", fontsize=SIZE)
    ax.set_xlim(0, last + room * per)
    ax.spines["bottom"].set_bounds(0, last)


def _curves(curve: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """Give each line its name, and reliability by number of raters."""
    if "group" not in curve:
        by_size = curve.set_index("raters")
        return [(_("次序"), by_size["relative"]), (_("水平"), by_size["absolute"])]
    parts = [(str(name), part.set_index("raters")["relative"]) for name, part in curve.groupby("group", sort=False)]
    return parts if len(parts) > 1 else [("", part) for _name, part in parts]
