"""The profile: how far each unit lies above or below the median of each pillar."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from lsb_nb.figures.labels import fold
from lsb_nb.figures.rows import ENDS, MOST_ROWS
from lsb_nb.figures.theme import BETTER, CONTEXT, FULL, GRID, INK, INK2, SIZE, WORSE, new_axes, text_width
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, plain, rounded, signed

ROW = 0.195
"""Height of a unit's row, inches."""


def _shown(units: list[str]) -> list[str | None]:
    """List the units to draw; None stands for the gap between the first and the last."""
    return [*units] if len(units) <= MOST_ROWS else [*units[:ENDS], None, *units[-ENDS:]]


def plot_profile(parts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw a column of lollipops per pillar: points minus the median, all columns on one scale.

    Parameters
    ----------
    parts : pandas.DataFrame
        ``unit, part, rank, status, points, full_marks, median``; units in published order. Only ranked units are drawn.
    ax : matplotlib Axes, optional
        Where to draw; else new axes, 7 inches wide and as high as the units need.
    """
    ranked = parts[parts["status"] == "ranked"].dropna(subset=["median"])
    names = list(dict.fromkeys(ranked["part"]))
    units = _shown([str(unit) for unit in dict.fromkeys(ranked["unit"])])
    if not units:
        return new_axes(FULL, 1.0, ax=ax)
    places = {str(line["unit"]): line["rank"] for line in ranked.to_dict("records")}
    ticks = ["…" if unit is None else f"{places[unit]}　{unit}" for unit in units]
    left = max(text_width(tick) for tick in ticks) + 0.15
    lines = {
        (str(line["unit"]), line["part"]): float(rounded(line["points"]) - rounded(line["median"]))
        for line in ranked.to_dict("records")
        if line["points"] == line["points"]
    }
    inches = (FULL - left) / len(names)
    label = max((text_width(signed(value), SIZE - 1) for value in lines.values()), default=0.4) + 0.1
    labelled = inches / 2 - label > 0.25
    reach = max((abs(value) for value in lines.values()), default=0.0) or 1.0
    half = reach * (inches / 2) / (inches / 2 - label) if labelled else reach * 1.08
    heads = [_head(ranked, name, inches - 0.06) for name in names]
    lines_above = max(head.count("\n") for head in heads) - 1
    ax = new_axes(FULL, ROW * len(units) + 0.55 + 0.17 * lines_above + (0.0 if labelled else 0.25), ax=ax)
    step = 2 * half
    for number, name in enumerate(names):
        middle = number * step
        ax.axvline(middle, color=INK2, lw=0.8, zorder=1)
        if number:
            ax.axvline(middle - half, color=GRID, lw=0.8, zorder=0)
        _column(ax, units, name, lines, middle, offset=0.07 / inches * step, labelled=labelled)
        ax.annotate(
            heads[number],
            (middle, -0.5),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            va="bottom",
            linespacing=1.35,
        )
    ax.set(xlim=(-half, (len(names) - 0.5) * step), ylim=(len(units) - 0.5, -0.5), xticks=[], xlabel="", ylabel="")
    if not labelled:
        # without numbers at the dots each column has a scale
        scale = [tick for tick in MaxNLocator(8, steps=[1, 2, 5, 10]).tick_values(0, half) if tick > 0]
        # half way out: room between the two of a column, and beside the next column's
        mark = float(min(scale, key=lambda tick: abs(tick - half / 2)))
        shown = [(number * step + value, signed(value, 0 if mark.is_integer() else 1 if mark >= 0.1 else 2))
                 for number in range(len(names)) for value in (-mark, mark)]  # fmt: skip
        ax.set_xticks([place for place, _words in shown], [words for _place, words in shown])
    ax.set_yticks(range(len(units)), ticks)
    ax.spines["bottom"].set_visible(False)
    ax.hlines([i + 0.5 for i in range(len(units) - 1)], -half, (len(names) - 0.5) * step, color=GRID, lw=0.6, zorder=0)
    return ax


def _head(ranked: pd.DataFrame, name: str, inches: float) -> str:
    """Name a column, with full marks and median below, on lines no wider than the column."""
    full, median = ranked.loc[ranked["part"] == name, ["full_marks", "median"]].iloc[0]
    below = _("满分 {full}，中位 {median}").format(full=plain(round(full, 2)), median=fixed(median))
    if text_width(below) > inches:
        below = below.replace("，", "\n").replace(", ", "\n")
    return f"{fold(str(name), inches, lines=2)}\n{below}"


def _column(
    ax: Axes,
    units: list[str | None],
    name: str,
    lines: dict[tuple[str, str], float],
    middle: float,
    *,
    offset: float,
    labelled: bool,
) -> None:
    """Draw one pillar around its zero line: blue dots above the median, brown squares below, grey on it."""
    rows = [(y, lines[unit, name]) for y, unit in enumerate(units) if unit is not None and (unit, name) in lines]
    for test, colour, marker in ((1, BETTER, "o"), (-1, WORSE, "s"), (0, CONTEXT, "o")):
        chosen = [(y, value) for y, value in rows if (value > 0) - (value < 0) == test]
        if not chosen:
            continue
        ys, values = [y for y, _v in chosen], [value for _y, value in chosen]
        ends = [middle + value for value in values]
        ax.hlines(ys, middle, ends, color=colour, lw=2.2, zorder=2)
        ax.scatter(ends, ys, s=17, color=colour, marker=marker, zorder=3, lw=0, label=f"{name} {test}")
        for y, end, value in zip(ys, ends, values, strict=True) if labelled else ():
            side = "right" if value < 0 else "left"
            ax.text(
                end + (offset if value >= 0 else -offset),
                y,
                signed(value),
                ha=side,
                va="center",
                fontsize=SIZE - 1,
                color=INK if value else INK2,
            )
    for y, unit in enumerate(units):
        if unit is not None and (unit, name) not in lines:
            ax.text(middle, y, "—", ha="center", va="center", color=INK2)
