"""One unit beside its peers: what to fix first, strong and weak sides, whom to learn from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from lsb_nb.figures.labels import fit_width, fold
from lsb_nb.figures.rows import beside, cut_rows, mark_places, name_rows, tell_cut
from lsb_nb.figures.theme import BETTER, CONTEXT, HALF, INK2, RANGE, SIDE, WORSE, new_axes, text_width
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, signed

NAME = 1.4


def plot_fixes(fixes: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw what each unit can attain: one row per unit, a dot per kept criterion, the largest named.

    Parameters
    ----------
    fixes : pandas.DataFrame
        From `fix_first`: ``unit, criterion, attainable, kept``; units in the order to draw.
    ax : matplotlib Axes, optional
        Else new axes, 5.6 inches wide; wider for long names. Above 60 units the first and the last 20 are drawn.
    """
    units = list(dict.fromkeys(fixes["unit"]))
    if fixes.empty:
        return new_axes(SIDE, 0.6, ax=ax)
    total, units = len(units), list(cut_rows(pd.DataFrame(index=units)).index)
    fixes = fixes[fixes["unit"].isin(units)]
    first: Any = fixes[fixes["kept"]].groupby("unit", sort=False).head(1)
    said = [f"{fold(row.criterion, NAME, lines=1)} {fixed(row.attainable)}" for row in first.itertuples()]
    longest = max(map(text_width, said), default=0.3)
    width, drawn = fit_width(SIDE, max(map(text_width, units)), longest)
    ax = new_axes(width, 0.19 * len(units) + 0.6, ax=ax)
    at = {unit: i for i, unit in enumerate(units)}
    kept, noise = fixes[fixes["kept"]], fixes[~fixes["kept"]]
    ax.scatter(noise["attainable"], noise["unit"].map(at), s=12, facecolors="none", edgecolors=CONTEXT, lw=0.8)
    ax.scatter(kept["attainable"], kept["unit"].map(at), s=14, color=CONTEXT)
    ax.scatter(first["attainable"], first["unit"].map(at), s=24, color=WORSE, zorder=3)
    reach = float(fixes["attainable"].max())
    for row, words in zip(first.itertuples(), said, strict=True):
        beside(ax, words, row.attainable, at[row.unit])
    words = _("可得分（分）：补到前两成水平；空心点在误差之内")
    name_rows(ax, units, xlim=(-reach * 0.02, reach * (1 + (longest + 0.12) / drawn)), words=words, grid=True)
    tell_cut(ax, total)
    return ax


def plot_strengths(strengths: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw one unit's best and worst criteria by place, first place at the right.

    Parameters
    ----------
    strengths : pandas.DataFrame
        Rows of one unit from `measure_strengths`: ``kind, criterion, rank, of``.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 inches wide.
    """
    n = len(strengths)
    ax = new_axes(HALF, 0.26 * n + 0.55, ax=ax)
    if strengths.empty:
        return ax
    rows = pd.concat(
        [strengths[strengths["kind"] == "strength"], strengths[strengths["kind"] == "weakness"].iloc[::-1]]
    )
    at = np.arange(n)
    ax.hlines(at, 1, rows["of"], color=RANGE, lw=1.2)
    for kind, colour, marker in (("strength", BETTER, "o"), ("weakness", WORSE, "s")):
        own = (rows["kind"] == kind).to_numpy()
        ax.scatter(rows["rank"][own], at[own], s=34, color=colour, marker=marker, zorder=3)
    most = int(rows["of"].max())
    names = [fold(name, NAME, lines=1) for name in rows["criterion"]]
    drawn = HALF - max(map(text_width, names)) - 0.6
    for i, rank in enumerate(rows["rank"]):
        # on its own row, the line hidden around it: above it would lie between two marks, and a rest of line is a minus
        beside(ax, str(rank), rank, i, bbox={"facecolor": "white", "edgecolor": "none", "pad": 3}, zorder=2)
    per = max(most - 1, 1) / drawn
    words = _("名次（右为第一；圆点强项，方点弱项）")
    name_rows(ax, names, xlim=(most + 0.1 * per, 1 - 0.35 * per), words=words)
    ax.set_xticks(mark_places(most))
    return ax


def plot_teachers(teachers: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how far ahead the teachers of one unit are, criterion by criterion.

    Parameters
    ----------
    teachers : pandas.DataFrame
        Rows of one unit from `find_teachers`: ``criterion, teacher, ahead``.
    ax : matplotlib Axes, optional
        Else new axes, 4.4 inches wide; wider for long names.
    """
    n = len(teachers)
    if teachers.empty:
        return new_axes(HALF, 0.55, ax=ax)
    first = ~teachers["criterion"].duplicated()
    names = [fold(name, NAME, lines=1) if new else "" for name, new in zip(teachers["criterion"], first, strict=True)]
    said = [f"{name} {signed(by)}" for name, by in zip(teachers["teacher"], teachers["ahead"], strict=True)]
    longest = max(map(text_width, said))
    width, drawn = fit_width(HALF, max(map(text_width, names)), longest)
    ax = new_axes(width, 0.25 * n + 0.55, ax=ax)
    at = np.arange(n)
    ax.hlines(at, 0, teachers["ahead"], color=CONTEXT, lw=1)
    ax.scatter(teachers["ahead"], at, s=30, color=BETTER, zorder=3)
    reach = float(teachers["ahead"].max())
    for i, (ahead, words) in enumerate(zip(teachers["ahead"], said, strict=True)):
        beside(ax, words, ahead, i)
    for i in np.flatnonzero(first.to_numpy())[1:]:
        ax.axhline(i - 0.5, color=INK2, lw=0.5)
    name_rows(ax, names, xlim=(0, reach * (1 + (longest + 0.15) / drawn)), words=_("比本单位高（分）"))
    return ax
