"""Ledgers and photos: commitments, findings, 清零, carry-over, the months, tasks, the contact sheet."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lsb_nb.figures.labels import NAME, fold, spread
from lsb_nb.figures.rows import ENDS, beside, cut_rows, key_row, mark_places, name_rows, tell_cut
from lsb_nb.figures.theme import (
    CONTEXT,
    FULL,
    HALF,
    INK,
    INK2,
    INK3,
    PILLARS,
    RED,
    RULE,
    SIDE,
    SIZE,
    WASH,
    new_axes,
    new_figure,
    text_width,
)  # fmt: skip
from lsb_nb.i18n import _
from lsb_nb.text import capital


def _stack(
    ax: Axes, table: pd.DataFrame, names: list[str], parts: list[tuple[str, str, str]], note: str, width: float,
    beyond: Sequence[str] = (),
) -> Axes:  # fmt: skip
    """Stacked counts, each number inside its bar, or right of the bars with the words `beyond` where it has no room.

    The keys above follow the bars from left to right.
    """
    rows = len(table)
    words_of = cut_rows(pd.DataFrame({"name": names, "extra": list(beyond) or [""] * rows}))
    table, extra = cut_rows(table), list(words_of["extra"])
    at, left = np.arange(len(table)), np.zeros(len(table))
    labels = [fold(name, NAME, lines=1) for name in words_of["name"]]
    counts = table[[column for column, _w, _c in parts]].to_numpy(float)
    sums, size = counts.sum(axis=1), SIZE - 1
    total = float(sums.max()) or 1.0
    room = width - max(map(text_width, labels)) - 0.3
    # words on the right take room, which may leave less for a number inside its bar
    needed = np.vectorize(lambda count: text_width(f"{count:.0f}", size) + 0.03)(counts)
    narrow, before = np.zeros(counts.shape, bool), -1
    while narrow.sum() > before:
        before = narrow.sum()
        said = [
            _("，").join(
                [*(f"{parts[j][1]} {counts[i, j]:.0f}" for j in np.flatnonzero(narrow[i])), *filter(None, [own])]
            )
            for i, own in enumerate(extra)
        ]
        longest = max(text_width(words, size) for words in said)
        drawn = max(room - longest - 0.15, 1.0)
        narrow |= (counts > 0) & (counts / total * drawn < needed)
    for j, (_column, words, colour) in enumerate(parts):
        ax.barh(at, counts[:, j], left=left, height=0.66, color=colour, label=capital(words))
        ink = INK if colour in (PILLARS[2], CONTEXT) else "white"
        for i, count in enumerate(counts[:, j]):
            if count > 0 and not narrow[i, j]:
                middle = left[i] + count / 2
                ax.text(middle, i, f"{count:.0f}", ha="center", va="center", color=ink, fontsize=size)
        left = left + counts[:, j]
    for i, line in enumerate(said):
        if line:
            beside(ax, line, sums[i], i, size=size, color=INK2)
    name_rows(ax, labels, xlim=(0, total * max(1.06, 1 + (longest + 0.15) / drawn)), words=note)
    key_row(ax)
    whole = MaxNLocator(integer=True).tick_values(0, total)
    ax.set_xticks([tick for tick in whole if 0 <= tick <= total])
    tell_cut(ax, rows)
    return ax


def _height(table: pd.DataFrame, row: float) -> float:
    """Give the height of a figure of stacked counts; many rows stand closer."""
    n = len(cut_rows(table))
    return (row if n <= ENDS * 1.5 else 0.2) * n + 0.8


def plot_promises(summary: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw commitments by unit or category: kept, late, not yet due; late ones with the longest delay in words.

    Parameters
    ----------
    summary : pandas.DataFrame
        From `summarise_promises`: a name column first, then ``total, kept, late, later, longest``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    ax = new_axes(SIDE, _height(summary, 0.24), ax=ax)
    if summary.empty:
        return ax
    parts = [("kept", _("兑现"), PILLARS[1]), ("late", _("未兑现"), RED), ("later", _("未到期"), CONTEXT)]
    beyond = [_("最长逾期 {n} 天").format(n=days) if late and days else "" for late, days in
              zip(summary["late"], summary["longest"], strict=True)]  # fmt: skip
    return _stack(ax, summary, list(summary.iloc[:, 0]), parts, _("项"), SIDE, beyond)


def plot_findings(summary: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw findings by category, source or unit: no longer open, open in time, overdue.

    Parameters
    ----------
    summary : pandas.DataFrame
        From `summarise_findings`: a name column first, then ``total, is_open, overdue, repeated``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    ax = new_axes(SIDE, _height(summary, 0.26), ax=ax)
    if summary.empty:
        return ax
    table = summary.assign(done=summary["total"] - summary["is_open"], still=summary["is_open"] - summary["overdue"])
    parts = [("done", _("已销号"), PILLARS[1]), ("still", _("整改中"), PILLARS[2]), ("overdue", _("逾期"), RED)]
    beyond = [_("重复 {n}").format(n=again) if again else "" for again in table["repeated"]]
    return _stack(ax, table, list(summary.iloc[:, 0]), parts, _("项；右注跨季度重复"), SIDE, beyond)


def plot_countdown(countdown: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the open findings of each category month by month, down to zero.

    Parameters
    ----------
    countdown : pandas.DataFrame
        From `measure_countdown`: ``label, day, open``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide.
    """
    ax = new_axes(SIDE, 2.8, ax=ax)
    if countdown.empty:
        return ax
    days = sorted(set(countdown["day"]))
    at = {day: i for i, day in enumerate(days)}
    most = float(countdown["open"].max()) or 1.0
    ends, labels = [], []
    looks: list[dict[str, Any]] = []
    styles = (("-", "o"), ((0, (5, 2)), "s"), ((0, (1.5, 1.5)), "D"))
    for k, (label, own) in enumerate(countdown.groupby("label", sort=False)):
        line, marker = styles[k % 3]
        colour = (PILLARS[0], PILLARS[1], INK3)[k % 3]
        ax.plot([at[day] for day in own["day"]], own["open"], color=colour, ls=line, marker=marker, ms=3.5)
        ends.append(float(own["open"].iloc[-1]))
        labels.append(f"{label} {own['open'].iloc[-1]}")
        looks.append({"color": colour, "ls": line, "marker": marker})
    room = max(text_width(label) for label in labels) + 0.5
    per = max(len(days) - 1, 1) / (SIDE - room - 0.6)
    for spot, label, look in zip(spread(ends, most * 0.075), labels, looks, strict=True):
        # the line's own stroke before its name: lines that end together could not be told apart
        start = len(days) - 1 + 0.12 * per
        ax.plot([start, start + 0.14 * per, start + 0.28 * per], [spot] * 3, ms=3.5, markevery=[1], **look)
        ax.text(start + 0.36 * per, spot, label, va="center", fontsize=SIZE)
    step = max(1, -(-len(days) // 7))
    ticks = list(range(len(days) - 1, -1, -step))
    ax.set_xticks(ticks, [f"{days[i]:%Y-%m}" for i in ticks])
    ax.set(xlim=(-0.2, len(days) - 1 + (room + 0.15) * per), ylim=(-most * 0.14, most * 1.08), xlabel="", ylabel="")
    ax.set_title(_("月末未销号（项）"), fontsize=SIZE, color=INK2, pad=6)
    # room below for the dates' line, and no number there: nothing is less than none
    ax.set_yticks([tick for tick in MaxNLocator(integer=True).tick_values(0, most) if 0 <= tick <= most])
    ax.grid(axis="y")
    return ax


def plot_carry_over(carried: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what became of the findings carried over, unit by unit.

    Parameters
    ----------
    carried : pandas.DataFrame
        From `measure_carry_over`: ``unit, now``.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    if carried.empty:
        return new_axes(HALF, 1.0, ax=ax)
    table = pd.crosstab(carried["unit"], carried["now"]).reindex(columns=["closed", "open", "missing"], fill_value=0)
    table = table.loc[list(dict.fromkeys(carried["unit"]))]
    table = table.sort_values(["open", "missing", "closed"], ascending=False, kind="stable")
    ax = new_axes(HALF, _height(table, 0.24), ax=ax)
    parts = [("closed", _("已销号"), PILLARS[1]), ("open", _("未销号"), PILLARS[2]), ("missing", _("未转入"), INK2)]
    return _stack(ax, table, list(table.index), parts, _("项"), HALF)


def plot_months(months: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the places of the months as dots and the quarter's place as a bar mark.

    Parameters
    ----------
    months : pandas.DataFrame
        From `compare_months`: one column per month, ``rank, apart``; units in published order.
    ax : matplotlib Axes, optional
        Else new axes, 7 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    names = [name for name in months.columns if name not in ("rank", "apart")]
    table = cut_rows(months[[*names, "rank"]].astype(float))
    ax = new_axes(FULL, 0.19 * len(table) + 0.7, ax=ax)
    if not names:
        return ax
    at = np.arange(len(table))
    ax.hlines(at, table.min(axis=1), table.max(axis=1), color=CONTEXT, lw=1)
    shades = ("#A9B3BD", "#6B737C", "#23456B")
    for name, shade, marker in zip(names, shades, ("v", "D", "o"), strict=False):
        ax.scatter(table[name], at, s=20, color=shade, marker=marker, zorder=2, label=str(name))
    ax.scatter(table["rank"], at, s=90, color=INK, marker="|", lw=2, zorder=3, label=_("季度"))
    # Marks of one unit lie too close for names of their own.
    key_row(ax, apart=0.1)
    most = max(len(months), int(np.nanmax(table.to_numpy())))
    name_rows(ax, table.index, xlim=(0.2, most + 0.8), words=_("名次"), grid=True)
    ax.set_xticks(mark_places(most))
    tell_cut(ax, len(months))
    return ax


def plot_tasks(tasks: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many tasks each unit has and from what.

    Parameters
    ----------
    tasks : pandas.DataFrame
        From `draft_tasks`: ``unit, source``.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide. Above 60 units the first and the last 20 are drawn.
    """
    if tasks.empty:
        return new_axes(SIDE, 1.0, ax=ax)
    table = pd.crosstab(tasks["unit"], tasks["source"]).reindex(columns=["finding", "promise", "gap"], fill_value=0)
    table = table.reindex(list(dict.fromkeys(tasks["unit"])))
    ax = new_axes(SIDE, _height(table, 0.2), ax=ax)
    parts = [
        ("finding", _("未销号问题"), PILLARS[0]), ("promise", _("到期承诺"), PILLARS[1]),
        ("gap", _("短板"), PILLARS[2]),
    ]  # fmt: skip
    return _stack(ax, table, list(table.index), parts, _("项"), SIDE)


def plot_photos(photos: pd.DataFrame) -> Figure:
    """Draw one unit's contact sheet: a row per place, a frame per stage; what is missing is an empty frame.

    Parameters
    ----------
    photos : pandas.DataFrame
        Rows of one unit from `prepare_photos`: ``unit, place, stage, status, image``.

    Returns
    -------
    matplotlib.figure.Figure
        7 inches wide.
    """
    # a second photo of a stage stands below the first
    rows = photos.assign(line=photos.groupby(["place", "stage"], sort=False).cumcount())
    lines = [(place, n) for place, own in rows.groupby("place", sort=False) for n in range(own["line"].max() + 1)]
    stages = list(dict.fromkeys(photos["stage"]))
    figure = new_figure(FULL, 1.85 * max(len(lines), 1))
    grid = figure.subplots(max(len(lines), 1), max(len(stages), 1), squeeze=False)
    for ax in grid.ravel():
        ax.set(xticks=[], yticks=[])
        ax.spines["bottom"].set_visible(False)
    row: Any
    for row in rows.itertuples():
        ax = grid[lines.index((row.place, row.line))][stages.index(row.stage)]
        if row.status == "ok" and isinstance(row.image, str):
            ax.imshow(_pixels(row.image))
            ax.set_aspect("equal")
        else:
            ax.set_facecolor(WASH)
            for side in ax.spines.values():
                side.set(visible=True, color=RULE)
            ax.text(0.5, 0.5, photo_state(row.status), ha="center", va="center", color=INK3, transform=ax.transAxes)
        first = stages.index(row.stage) == 0
        words = f"{fold(row.place, 1.4, lines=1)}　{_(row.stage)}" if first else _(row.stage)
        ax.set_title(words, fontsize=SIZE, pad=3)
    return figure


def photo_state(status: str) -> str:
    """Name why there is no picture."""
    texts = {"absent": _("未提供"), "missing": _("找不到文件"), "outside": _("不在活动文件夹内")}
    return {**texts, "oversized": _("过大，未打开"), "broken": _("文件损坏")}.get(status, status)


def _pixels(image: str) -> np.ndarray:
    from matplotlib.image import imread

    return np.asarray(imread(io.BytesIO(base64.b64decode(image)), format="jpg"))
