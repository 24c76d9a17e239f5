"""Change: places through the quarters, the last quarter, and what made the change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lsb_nb.figures.labels import fit_width, spread
from lsb_nb.figures.rows import SignedTicks, beside, cut_rows, name_rows, tell_cut
from lsb_nb.figures.theme import (
    BETTER,
    CONTEXT,
    FULL,
    HALF,
    INK,
    INK2,
    PILLARS,
    RULE,
    SIDE,
    SIZE,
    WORSE,
    new_axes,
    new_figure,
    text_width,
)  # fmt: skip
from lsb_nb.i18n import _
from lsb_nb.numbers import DASH, signed

FAR, NEAR = 8, 7
"""Places from which a line is coloured: over all quarters, and in the slope of two."""
ROW = 0.165


def _colour(risen: Any, least: int) -> str:
    if pd.isna(risen) or abs(risen) < least:
        return CONTEXT
    return BETTER if risen > 0 else WORSE


def _split(own: pd.DataFrame) -> list[pd.DataFrame]:
    """Cut a unit's line where a quarter is missing, so that no line crosses what is not known."""
    own = own[own["rank"].notna()].sort_values("step")
    gaps = (own["step"].diff() > 1).cumsum()
    return [part for _key, part in own.groupby(gaps)]


def plot_history(history: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the bump chart of places, first place on top; lines coloured from eight places of movement on.

    Parameters
    ----------
    history : pandas.DataFrame
        From `measure_history`: ``quarter, unit, rank, step, risen``.
    ax : matplotlib Axes, optional
        Else new axes, 7 inches wide. Nothing is drawn of one quarter alone.
    """
    if history["quarter"].nunique() < 2:
        return new_axes(FULL, 1.0, ax=ax)
    ranked = history[history["rank"].notna()]
    most = int(ranked["rank"].max()) if len(ranked) else 1
    count = max(history["unit"].nunique(), most)
    ax = new_axes(FULL, ROW * count + 0.55, ax=ax)
    last = int(history["step"].max())
    ends: dict[str, tuple[float, str]] = {}
    for unit, own in history.groupby("unit", sort=False):
        colour = _colour(own["risen"].iloc[0], FAR)
        for part in _split(own):
            worse = colour == WORSE
            ax.plot(
                part["step"], part["rank"].astype(float), color=colour, lw=0.9 if colour == CONTEXT else 1.8,
                ls=(0, (4, 2)) if worse else "-", marker="s" if worse else "o", ms=2.5 if colour == CONTEXT else 4,
                zorder=1 if colour == CONTEXT else 2,
            )  # fmt: skip
        final = own[(own["step"] == last) & own["rank"].notna()]
        if len(final):
            ends[str(unit)] = (float(final["rank"].iloc[0]), colour)
    spots = spread([place for place, _c in ends.values()], 1.0)
    room = max((text_width(f"{name} 00") for name in ends), default=0.5)
    per = max(last, 1) / max(FULL - room - 0.6, 1.0)
    for (name, (place, _c)), spot in zip(ends.items(), spots, strict=True):
        ax.text(last + 0.12 * per, spot, f"{place:.0f}  {name}", va="center", color=INK, fontsize=SIZE - 0.5)
    quarters = history.drop_duplicates("quarter")
    ax.set_xticks(quarters["step"], quarters["quarter"])
    ax.set(xlim=(-0.12 * max(last, 1), last + (room + 0.15) * per), ylim=(max(count, max(spots, default=1)) + 0.7, 0.3))
    ax.set(xlabel="", ylabel="", yticks=[1, *range(5, most + 1, 5)])
    ax.spines["bottom"].set_visible(False)
    return ax


def plot_history_grid(history: pd.DataFrame, *, columns: int = 6) -> Figure:
    """Draw a small chart of places for every unit, all on the same inverted axis.

    Parameters
    ----------
    history : pandas.DataFrame
        From `measure_history`: ``quarter, unit, rank, step, risen``.
    columns : int
        Charts in a row; fewer where names are long.

    Returns
    -------
    matplotlib.figure.Figure
        7 inches wide, units in the order of the latest quarter. Without axes where there is one quarter alone.
    """
    if history["quarter"].nunique() < 2:
        return new_figure(FULL, 1.0)
    latest = history[history["step"] == history["step"].max()]
    units = list(dict.fromkeys([*latest["unit"], *history["unit"]]))
    longest = max(text_width(f"{unit} 00→00", 8) for unit in units)
    columns = max(1, min(columns, int(FULL / (longest + 0.1))))
    rows = -(-len(units) // columns)
    figure = new_figure(FULL, 0.82 * rows + 0.1)
    places = history["rank"].dropna()
    most, last = float(places.max()) if len(places) else 1.0, int(history["step"].max())
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for ax, unit in zip(grid, units, strict=False):
        own = history[history["unit"] == unit]
        colour = _colour(own["risen"].iloc[0], FAR)
        colour = INK2 if colour == CONTEXT else colour
        for place in (1.0, most):
            ax.axhline(place, color=RULE, lw=0.6, zorder=0)
        for part in _split(own):
            ax.plot(part["step"], part["rank"].astype(float), color=colour, lw=1.4, ls="--" if colour == WORSE else "-",
                    marker="o", ms=1.8)  # fmt: skip
        known = own[own["rank"].notna()].sort_values("step")
        # who has no place in the latest quarter does not keep the one before
        now = known["rank"].iloc[-1] if len(known) and known["step"].iloc[-1] == last else DASH
        words = f"{known['rank'].iloc[0]}→{now}" if len(known) > 1 or (len(known) and now == DASH) else str(now)
        ax.set_title(f"{unit} {words}", fontsize=8, pad=2, color=INK)
        ax.set(xlim=(-0.3, last + 0.3), ylim=(most + 1.5, -0.5), xticks=[], yticks=[])
        ax.spines["bottom"].set_visible(False)
    for ax in grid[len(units) :]:
        ax.set_visible(False)
    return figure


def plot_change(change: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the slope between two quarters' places, naming the top three, who moved most and who moved seven or more.

    Parameters
    ----------
    change : pandas.DataFrame
        From `measure_change`: ``rank0, rank1, risen``; ``attrs["quarters"]``.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 inches wide; wider for long names.
    """
    both = change[change["risen"].notna()]
    most = int(max(both["rank0"].max(), both["rank1"].max())) if len(both) else 1
    # the title names who rose most, however little that is in a small field
    ends = both["risen"].isin([both["risen"].max(), both["risen"].min()]) & (both["risen"] != 0)
    moved = both[(both["risen"].abs() >= NEAR) | ends]
    names = list(both.index[both["rank1"] <= 3]) + [unit for unit in moved.index if both["rank1"][unit] > 3]
    room = max((text_width(f"{name}  00") for name in map(str, names)), default=0.8)
    width, drawn = fit_width(HALF, room, room)
    ax = new_axes(width, min(6.2, max(2.4, 0.17 * most + 0.4)), ax=ax)
    for unit, row in both.iterrows():
        far = unit in moved.index
        colour = _colour(row["risen"], 1) if far else CONTEXT
        style: dict[str, Any] = {"lw": 1.8, "ms": 3.5, "zorder": 2} if far else {"lw": 0.8, "ms": 2, "zorder": 1}
        line = (0, (4, 2)) if colour == WORSE else "-"
        ax.plot([0, 1], [float(row["rank0"]), float(row["rank1"])], color=colour, ls=line, marker="o", **style)
    height = ax.get_figure(root=True).get_size_inches()[1] - 0.5  # type: ignore[union-attr]
    gap = SIZE * 1.2 / 72 / height * most
    for x, column, side in ((0, "rank0", "right"), (1, "rank1", "left")):
        places = [float(both[column][unit]) for unit in names]
        for unit, place, spot in zip(names, places, spread(places, gap), strict=True):
            words = f"{unit}  {place:.0f}" if side == "right" else f"{place:.0f}  {unit}"
            beside(ax, words, x, spot, left=side == "right")
    over = (room + 0.12) / drawn
    ax.set(xlim=(-over, 1 + over), ylim=(most + 0.8, 0.2), yticks=[], xlabel="", ylabel="")
    ax.set_xticks([0, 1], [quarter or "" for quarter in change.attrs.get("quarters", ("", ""))])
    ax.spines["bottom"].set_visible(False)
    return ax


def plot_change_parts(change: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw each unit's change split into performance, scheme and adjustments; the total as a mark and a number.

    Parameters
    ----------
    change : pandas.DataFrame
        From `measure_change`: ``change, performance, scheme, adjustment, present``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    both = change[change["present"] == "both"].sort_values("change", ascending=False, kind="stable")
    rows = cut_rows(both)
    n = len(rows)
    ax = new_axes(SIDE, 0.19 * n + 0.75, ax=ax)
    if rows.empty:
        return ax
    at = np.arange(n)
    labels = {"performance": _("工作"), "scheme": _("方案"), "adjustment": _("加减分")}
    rise, fall = np.zeros(n), np.zeros(n)
    shown = [(name, colour) for name, colour in zip(labels, PILLARS, strict=True) if rows[name].abs().max() > 0]
    for name, colour in shown:
        values = rows[name].to_numpy(float)
        ax.barh(at, values, left=np.where(values > 0, rise, fall), height=0.66, color=colour, label=labels[name])
        rise, fall = rise + np.maximum(values, 0), fall + np.minimum(values, 0)
    ax.scatter(rows["change"], at, s=60, marker="|", color="white", lw=4, zorder=3)
    ax.scatter(rows["change"], at, s=60, marker="|", color=INK, lw=1.6, zorder=4)
    span = float(rise.max() - fall.min()) or 1.0
    for i, value in enumerate(rows["change"]):
        ax.text(rise[i] + span * 0.02, i, signed(value), va="center", fontsize=SIZE - 0.5)
    ax.axvline(0, color=INK2, lw=0.8)
    shades = (_("深色"), _("中间色"), _("浅色"))
    names = [
        _("{shade}为{name}").format(shade=shades[list(labels).index(name)], name=labels[name]) for name, _c in shown
    ]
    words = [_("变化（分），竖线为合计"), *(names if len(names) > 1 else [])]
    limits = (float(fall.min()) - span * 0.03, float(rise.max()) + span * 0.2)
    name_rows(ax, rows.index, xlim=limits, words=_("，").join(words), grid=True)
    ax.xaxis.set_major_formatter(SignedTicks())
    tell_cut(ax, len(both))
    return ax
