"""Gaps: the heatmap of the field, the waterfall of one unit, the largest gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap

from lsb_nb.figures.labels import NAME, fit_width, fold
from lsb_nb.figures.rows import ENDS, beside, cut_rows, name_rows, tell_cut
from lsb_nb.figures.theme import (
    BETTER,
    CONTEXT,
    FULL,
    HALF,
    INK,
    INK2,
    INK3,
    LOSS,
    LOSS_STEPS,
    SIDE,
    SIZE,
    WORSE,
    new_axes,
    text_width,
)  # fmt: skip
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, plain, signed
from lsb_nb.schema import GAP_PARTS

CELL = 8.0


def part_name(label: str) -> str:
    """Name a part of a gap, or the row of means; a criterion has its own name."""
    return _("平均") if label == "mean" else _(GAP_PARTS[label]) if label in GAP_PARTS else label


def _matrix(gaps: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Rows by place, columns as the frame orders them, then what is not a criterion, then the total."""
    criteria = list(gaps.attrs.get("order") or dict.fromkeys(gaps["criterion"].dropna()))
    column = gaps["criterion"].where(gaps["kind"] == "criterion", gaps["kind"])
    table = gaps.assign(column=column).pivot_table(
        index="unit", columns="column", values="shown", dropna=False, sort=False
    )
    table = table.reindex(list(dict.fromkeys(gaps["unit"])))
    others = [kind for kind in ("weights", "adjustment") if kind in table and table[kind].abs().max() > 0]
    table = table[[*criteria, *others]].astype(float)
    table["total"] = gaps.groupby("unit")["total"].first().reindex(table.index)
    return table, criteria


def plot_gaps(gaps: pd.DataFrame, *, tiers: pd.Series | None = None, ax: Axes | None = None) -> Axes:
    """Draw the heatmap of points lost, units by place and criteria by loss within their pillar.

    Parameters
    ----------
    gaps : pandas.DataFrame
        From `measure_gaps`, best with one decimal: ``unit, rank, pillar, criterion, kind, shown, total``.
    tiers : pandas.Series, optional
        Unit -> tier; a rule is drawn where it changes.
    ax : matplotlib Axes, optional
        Else new axes, 7 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    if gaps.empty:
        return new_axes(FULL, 1.0, ax=ax)
    table, criteria = _matrix(gaps)
    total = len(table)
    table = cut_rows(table)
    digits = int(gaps.attrs.get("decimals", 1))
    ranks = gaps.groupby("unit")["rank"].first()
    names = [f"{'—' if pd.isna(ranks[unit]) else ranks[unit]}  {unit}" for unit in table.index]
    means = gaps.attrs.get("means")
    if means:
        table.loc["mean"] = pd.Series(means).reindex(table.columns)
        names.append(part_name("mean"))
    left = max(text_width(name) for name in names) + 0.15
    wide = (FULL - left - 0.1) / len(table.columns)
    points = gaps.attrs.get("points", {})
    heads = [fold(part_name(name), wide - 0.02, size=CELL) for name in table.columns]
    lines = max(head.count("\n") for head in heads) + 2
    full = [plain(round(points[name], 2)) if name in points else "" for name in table.columns]
    ax = new_axes(FULL, 0.35 + lines * 0.145 + 0.19 * len(table), ax=ax)
    shade = table.clip(lower=0.0)
    shade.loc[:, [name for name in table.columns if name not in criteria]] = 0.0
    if means:
        shade.loc["mean"] = shade.loc["mean"].fillna(0.0)
    size = CELL if wide > 0.3 else 7.5
    sns.heatmap(
        shade, cmap=ListedColormap(list(LOSS)), norm=BoundaryNorm(list(LOSS_STEPS), len(LOSS)), cbar=False,
        linewidths=0.7, linecolor="white", ax=ax, xticklabels=False, yticklabels=False,
    )  # fmt: skip
    ax.set_facecolor("#E3E6E9")
    ax.set(xlabel="", ylabel="")
    ax.set_yticks(np.arange(len(table)) + 0.5, names, rotation=0, fontsize=SIZE)
    for i, row in enumerate(table.to_numpy()):
        for j, value in enumerate(row):
            if np.isnan(value):
                if table.columns[j] in criteria and names[i] != part_name("mean"):
                    ax.fill_between([j, j + 1], i, i + 1, facecolor="#E3E6E9", edgecolor="white", hatch="////", lw=0)
                continue
            strong = table.columns[j] in criteria
            colour = (INK3 if value < LOSS_STEPS[1] else "white" if value >= LOSS_STEPS[4] else INK) if strong else INK
            ax.text(j + 0.5, i + 0.5, fixed(value, digits), ha="center", va="center", color=colour, fontsize=size)
    for j, (head, most) in enumerate(zip(heads, full, strict=True)):
        label = f"{head}\n{most}" if most else head
        ax.annotate(
            label, (j + 0.5, 0), xytext=(0, 3.5), textcoords="offset points", ha="center", va="bottom", fontsize=CELL,
            color=INK2, linespacing=1.1,
        )  # fmt: skip
    _pillars(ax, gaps, criteria, lines, wide)
    if tiers is not None:
        known = tiers.reindex(table.index)
        for i in range(1, len(known)):
            if pd.notna(known.iloc[i]) and known.iloc[i] != known.iloc[i - 1]:
                ax.axhline(i, color=INK2, lw=1)
    if means:
        ax.axhline(len(table) - 1, color=INK2, lw=1)
    ax.axvline(len(criteria), color="white", lw=4)
    tell_cut(ax, total, at=ENDS)
    return ax


def _pillars(ax: Axes, gaps: pd.DataFrame, criteria: list[str], lines: int, wide: float) -> None:
    pillars = gaps.dropna(subset=["criterion"]).groupby("criterion")["pillar"].first()
    # in points, not in rows: what stands above a single row would else grow with the room it asks for
    above = (lines * 0.145 + 0.12) * 72
    points = gaps.attrs.get("pillar_points", {})
    for pillar in dict.fromkeys(pillars[name] for name in criteria):
        own = [i for i, name in enumerate(criteria) if pillars[name] == pillar]
        if own[0]:
            ax.axvline(own[0], color="white", lw=4)
        most = plain(round(points[pillar], 2)) if pillar in points else ""
        label = fold(f"{pillar} {most}".strip(), max(len(own) * wide, 0.3), lines=2)
        ax.annotate(
            label, (own[0] + 0.05, 0), xytext=(0, above), textcoords="offset points", ha="left", va="bottom",
            fontsize=SIZE + 0.5,
        )  # fmt: skip


def plot_waterfall(waterfall: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one unit's gap as floating bars, largest first, the total last.

    Parameters
    ----------
    waterfall : pandas.DataFrame
        From `measure_waterfall`: ``label, kind, points, start, end``.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 inches wide; wider for long names.
    """
    n = len(waterfall)
    names = [fold(part_name(label), NAME, lines=1) for label in waterfall["label"]]
    number = text_width("+00.00")
    width, drawn = fit_width(HALF, max(map(text_width, names)), number)
    ax = new_axes(width, 0.25 * n + 0.3, ax=ax)
    colours = {"behind": WORSE, "ahead": BETTER, "total": INK2}
    low = waterfall[["start", "end"]].min(axis=1).to_numpy(float)
    high = waterfall[["start", "end"]].max(axis=1).to_numpy(float)
    at = np.arange(n)
    ax.barh(at, high - low, left=low, height=0.62, color=[colours[kind] for kind in waterfall["kind"]])
    for i in range(n - 1):
        ax.vlines(waterfall["end"].iloc[i], i - 0.31, i + 1.31, color=CONTEXT, lw=0.8, zorder=0)
    reach = max(float(high.max()), 0.01)
    for i, points in enumerate(waterfall["points"]):
        words = fixed(points) if waterfall["kind"].iloc[i] == "total" else signed(points)
        beside(ax, words, high[i], i, color=INK)
    least = min(0.0, float(low.min()))
    name_rows(ax, names, xlim=(least, reach + (reach - least) * (number + 0.1) / drawn))
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    return ax


def plot_top_gaps(top: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the largest gaps of the field: mean points lost as bars, the worst unit as a named dot.

    Parameters
    ----------
    top : pandas.DataFrame
        From `measure_top_gaps`: ``criterion, loss, sharing, units, common, worst, worst_loss``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide; wider for long names.
    """
    n = len(top)
    if top.empty:
        return new_axes(SIDE, 0.5, ax=ax)
    kind = [_("共性") if common else _("个性") for common in top["common"]]
    names = [f"{fold(name, 1.5, lines=1)}  {word} {share}/{units}" for name, word, share, units in zip(
        top["criterion"], kind, top["sharing"], top["units"], strict=True)]  # fmt: skip
    longest = max(text_width(f"{row.worst} {fixed(row.worst_loss)}", CELL) for row in top.itertuples())
    width, drawn = fit_width(SIDE, max(map(text_width, names)), longest)
    ax = new_axes(width, 0.3 * n + 0.5, ax=ax)
    at = np.arange(n)
    colours = np.where(top["common"], WORSE, CONTEXT)
    ax.hlines(at, top["loss"], top["worst_loss"], color=CONTEXT, lw=0.8)
    ax.barh(at, top["loss"], height=0.6, color=colours)
    ax.scatter(top["worst_loss"], at, s=18, marker="s", color=INK2, zorder=3)
    reach = float(top["worst_loss"].max())
    row: Any
    for i, row in enumerate(top.itertuples()):
        ink = "white" if row.common else INK
        inside = row.loss > reach * 0.12
        ax.text(
            row.loss - reach * 0.012 if inside else reach * 0.005, i, fixed(row.loss), va="center",
            ha="right" if inside else "left", color=ink if inside else INK, fontsize=CELL,
        )  # fmt: skip
        beside(ax, f"{row.worst} {fixed(row.worst_loss)}", row.worst_loss, i, size=CELL)
    words = _("失分（分）：条为平均，方点为失分最多的单位")
    name_rows(ax, names, xlim=(0, reach * (1 + (longest + 0.12) / drawn)), words=words, grid=True)
    return ax
